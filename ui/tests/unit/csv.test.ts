import { expect, test } from 'vitest';
import { table } from '../../src/feature/office/csv';

test('cells with commas, quotes and line ends stay one cell', () =>
  expect(table([['a,b', 'say "x"', 'two\nlines']])).toBe('"a,b","say ""x""","two\nlines"\r\n'));
test('what begins like a formula is text', () => expect(table([['=1+1', '-2']])).toBe("'=1+1,'-2\r\n"));
