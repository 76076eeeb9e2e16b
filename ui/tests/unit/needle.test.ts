/** What is typed is folded by Rust; the screen compares keys, and never shows what an older keystroke would find. */
import { expect, test } from 'vitest';
import type { Query } from '../../src/lib/generated/Query';
import { Needle } from '../../src/lib/transport/needle.svelte';
import { install, type Answered, type Transport } from '../../src/lib/transport/transport';

/** A door whose answers come when the test says so. */
function door() {
  const waiting: { text: string; answer: (key: string) => void; fail: () => void }[] = [];
  const ask = (query: Query) =>
    new Promise<Answered>((resolve, reject) => {
      if (query.query !== 'search_key') throw new Error(query.query);
      const answer = (key: string) => resolve({ view: { view: 'search_key', key } } as Answered);
      waiting.push({ text: query.text, answer, fail: () => reject(new Error('no network')) });
    });
  install({ ask } as unknown as Transport);
  return waiting;
}
const needle = () => new Needle(() => '');
const of = (...search: string[]) => ({ search });

test('nothing typed finds everybody and asks nothing', async () => {
  const waiting = door();
  const nothing = needle();
  await nothing.fold(' ');
  expect(waiting).toEqual([]);
  expect([of('さとうみお', '佐藤澪'), of()].map(nothing.finds)).toEqual([true, true]);
});

test('the folded words are looked for in every spelling', async () => {
  const waiting = door();
  const typed = needle();
  const folded = typed.fold('髙橋');
  waiting[0]!.answer('高橋');
  await folded;
  expect([of('たかはしまこと', '高橋誠'), of('さとうみお', '佐藤澪'), of()].map(typed.finds)).toEqual([
    true,
    false,
    false,
  ]);
});

test('an answer that was overtaken by typing changes nothing', async () => {
  const waiting = door();
  const typed = needle();
  const [first, second] = [typed.fold('さ'), typed.fold('さと')];
  expect(waiting.map((one) => one.text)).toEqual(['さ', 'さと']);
  waiting[1]!.answer('さと');
  await second;
  waiting[0]!.answer('さ');
  await first;
  expect(typed.key).toBe('さと');
});

test('an emptied field shows everybody at once, although an answer is still on its way', async () => {
  const waiting = door();
  const typed = needle();
  const first = typed.fold('さ');
  await typed.fold('');
  waiting[0]!.answer('さ');
  await first;
  expect(typed.key).toBe('');
});

test('where nobody answers, what was typed is looked for as it stands', async () => {
  const waiting = door();
  const typed = needle();
  const folded = typed.fold('さとう');
  waiting[0]!.fail();
  await folded;
  expect([of('さとうみお'), of('あべりく')].map(typed.finds)).toEqual([true, false]);
});
