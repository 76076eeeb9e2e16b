/** The office's page of what waits, from its fixture: words of every row, both groups, and what each button asks. */
import { render } from 'svelte/server';
import { beforeEach, expect, test } from 'vitest';
import type { Component } from 'svelte';
import type { WaitingItem } from '../../src/lib/generated/WaitingItem';
import { locales, overwriteGetLocale } from '../../src/lib/i18n/paraglide/runtime';
import DecideRow from '../../src/feature/office/DecideRow.svelte';
import ToDecide from '../../src/feature/office/ToDecide.svelte';
import { days, following, groups, named, open, says, whose } from '../../src/feature/office/decide';
import { toDecide } from '../fixture/to-decide';

const nothing = () => {};
const html = (component: unknown, props: object) => render(component as Component, { props }).body;
const words = (text: string) =>
  text.replaceAll(/<!--.*?-->|<style.*?<\/style>|<svg.*?<\/svg>|<[^>]+>/gs, '').replaceAll(/\s/g, '');
const page = (items: WaitingItem[]) =>
  html(ToDecide, { items, said: '', accept: nothing, close: nothing, acceptAll: nothing });
const row = (item: WaitingItem) => html(DecideRow, { item, accept: nothing, close: nothing });
const find = (test: (item: WaitingItem) => boolean) => toDecide.find(test) as WaitingItem;
const arrival = find(({ what }) => what.what === 'punch' && what.sort === 'arrival' && !what.void);
const byHand = find((item) => item.by_hand);

beforeEach(() => overwriteGetLocale(() => 'ja'));

test('what came too late and what a restore has lost are two groups, and an empty one is none', () => {
  expect(groups(toDecide).map(({ why, items }) => [why, items.length])).toEqual([
    ['held', 2],
    ['copy', 6],
  ]);
  expect(groups([arrival]).map(({ why }) => why)).toEqual(['copy']);
  const text = words(page(toDecide));
  expect(text).toContain('届いたときには権限が終わっていた記録2');
  expect(text).toContain('サーバー復旧のときに端末から届いた写し6');
});

test('a day is said once, with how many there are, and no day is one too', () =>
  expect(days(toDecide).map(({ day, items }) => [day, items.length])).toEqual([
    [null, 1],
    ['2026-11-20', 1],
    ['2026-11-23', 2],
    ['2026-11-24', 4],
  ]));

test.each([
  ['an arrival with its time', arrival, '登園 8:05'],
  [
    'a departure with its time',
    find(({ what }) => what.what === 'punch' && what.sort === 'departure'),
    '降園 17:42',
  ],
  [
    'an absence with its reason',
    find(({ what }) => what.what === 'announced' && what.announced.what === 'absence'),
    '保護者の連絡 欠席 発熱',
  ],
  [
    'a pick-up with who and when',
    find(({ what }) => what.what === 'announced' && what.announced.what === 'pickup'),
    '保護者の連絡 お迎え 祖母 ホアさん 16:30',
  ],
  ['a text as it was written', find(({ what }) => what.what === 'text'), '人の登録 小野寺 恵 おのでら'],
  ['nothing more than its kind', find(({ kind }) => kind === 'care_note'), '配慮のメモ'],
])('a row says %s', (_, item, said) => expect(words(row(item))).toContain(words(said)));

test('an arrival without a time is an arrival all the same', () =>
  expect(
    says({ ...arrival, what: { what: 'punch', sort: 'arrival', time: null, void: false } }),
  ).toMatchObject({ kind: '登園', more: '' }));

test('what was taken back says so', () => {
  const taken = find(({ what }) => what.what === 'punch' && what.void);
  expect(words(row(taken))).toContain('取り消し済み');
  expect(words(row(arrival))).not.toContain('取り消し済み');
});

test('a row says who wrote it and which device brought it', () => {
  expect(words(row(arrival))).toContain('阿部真由');
  expect(words(row(arrival))).toContain('うさぎ組2から');
  const unknown = words(row(find(({ authors }) => authors.length === 0)));
  expect(unknown).toContain('書いた人はわかりません');
  expect(unknown).toContain('名前のない端末から');
});

test('about no child is the nursery’s, and a child without a name is still a child', () => {
  expect(whose(find(({ child }) => child === null))).toBe('園の記録');
  expect(whose({ ...arrival, child_name: '', face: null })).toBe('名前が わからない子ども');
});

test('each button says for ears what it decides', () => {
  expect(row(arrival)).toContain(`aria-label="取り込む、${named(arrival)}"`);
  expect(row(arrival)).toContain(`aria-label="取り込まない、${named(arrival)}"`);
});

test('what carries rights cannot be let in, only be closed', () => {
  const text = words(row(byHand));
  expect(text).toContain('もう一度手で入力');
  expect(text).toContain('済み');
  expect(text).not.toContain('取り込む');
});

test('all at once leaves out what must be entered by hand', () => {
  expect(open(toDecide)).not.toContain(byHand);
  expect(words(page(toDecide))).toContain('5件をすべて取り込む');
  expect(words(page([arrival, byHand]))).not.toContain('すべて取り込む');
});

test('after a decision the next row below is read, and after the last one the row above', () => {
  const next = (...decided: WaitingItem[]) =>
    following(
      toDecide,
      decided.map((item) => item.record),
    )?.record;
  const [first, second] = groups(toDecide)[0]!.items as [WaitingItem, WaitingItem];
  expect(next(first)).toBe(second.record);
  expect(next(second)).toBe(byHand.record);
  expect(next(toDecide.at(-1)!)).toBe(toDecide.at(-2)!.record);
  expect(next(...open(groups(toDecide)[1]!.items))).toBe(byHand.record);
  expect(next(...toDecide)).toBeUndefined();
});

test('before anything is pressed it stands there that a decision cannot be undone', () =>
  expect(words(page([arrival]))).toContain('元に戻せません'));

test('nothing that waits is well', () => {
  const text = words(page([]));
  expect(text).toContain('いま決めることはありません');
  expect(text).not.toContain('取り込');
});

test.each(locales)('every row has words in %s', (locale) => {
  overwriteGetLocale(() => locale);
  for (const item of toDecide) expect(says(item).kind.trim()).not.toBe('');
});
