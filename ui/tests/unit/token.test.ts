import { beforeAll, expect, test, vi } from 'vitest';
import { safePath } from '../../src/lib/transport/sign-in';
import { readToken } from '../../src/lib/transport/token';

beforeAll(() => {
  vi.stubGlobal('location', new URL('https://nursery.example/join'));
});

test('a link of this server is read as its token', () =>
  expect(readToken(' https://nursery.example/join#7Q2K ')).toEqual({ server: '', token: '7Q2K' }));
test('a link of another server keeps its address', () =>
  expect(readToken('https://other.example/join#7Q2K')).toEqual({
    server: 'https://other.example',
    token: '7Q2K',
  }));
test('a code loses the dashes and spaces it is printed with', () =>
  expect(readToken('7Q2K-M4XT 9RWD').token).toBe('7Q2KM4XT9RWD'));

test('after signing in one goes where one came from', () => expect(safePath('/office')).toBe('/office'));
test.each(['https://evil.example', '//evil.example', '/signin', null])('but not to %s', (from) =>
  expect(safePath(from)).toBe('/'),
);
