/** interface.md 21: what happened, what is kept, what to do — for every code, in every language, and no two alike. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { overwriteGetLocale, locales } from '../../src/lib/i18n/paraglide/runtime';
import { unanswered } from '../../src/lib/transport/contract';
import { hostCodes, problemWords } from '../../src/shared/problem';

const generated = readFileSync(new URL('../../src/lib/generated/Code.ts', import.meta.url), 'utf8');
const closed = [...generated.matchAll(/"(\w+)"/g)].map(([, code]) => code as string);

test('the list of codes is read', () => expect(closed).toContain('not_collector'));

test.each(locales)('every code has sentences of its own in %s', (locale) => {
  overwriteGetLocale(() => locale);
  const general = problemWords('of another build');
  const said = [general, ...[...closed, ...hostCodes].map(problemWords)];
  const whole = said.map((words) => Object.values(words).join(' '));
  expect(whole.filter((one, at) => whole.indexOf(one) !== at)).toEqual([]);
  expect(said.flatMap((words) => Object.values(words)).filter((one) => one.trim() === '')).toEqual([]);
});

test('the code of an answer is the server’s, or that of the status where something before the server answered', async () => {
  const of = (body: string, status: number) => unanswered(new Response(body, { status }));
  expect(await of('{"code":"too_many","support":"K1"}', 429)).toMatchObject({
    code: 'too_many',
    support: 'K1',
  });
  expect(await of('<h1>429</h1>', 429)).toMatchObject({ code: 'too_many', support: 'H-429' });
  expect(await of('<h1>502</h1>', 502)).toMatchObject({ code: 'server', support: 'H-502' });
});
