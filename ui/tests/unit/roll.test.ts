import { expect, test } from 'vitest';
import { guests, shown, type Filter } from '../../src/feature/office/roll';
import type { RollItem } from '../../src/lib/generated/RollItem';
import type { State } from '../../src/lib/generated/State';

const child = (kana: string, class_name: string, state: State, arrived: string | null): RollItem => ({
  child: kana,
  face: { id: kana, drawn: true, initial: '' },
  kana,
  kanji: '',
  search: [],
  class_name,
  home: null,
  state,
  arrived,
  left: null,
  reason: null,
  place: null,
  allergies: [],
  contradictions: [],
});
const roll = [
  child('さとう みお', 'うさぎ組', 'here', '08:10:00'),
  child('あべ りく', 'ぞう組', 'unreported', null),
  child('かとう そら', 'うさぎ組', 'unknown', null),
  child('いとう ゆい', 'ぞう組', 'here', '07:40:00'),
];
const every: Filter = { text: '', class: '', state: '', sort: 'kana', down: false };
const anybody = () => true;
const names = (filter: Partial<Filter>, finds: (one: RollItem) => boolean = anybody) =>
  shown(roll, { ...every, ...filter }, ['うさぎ組', 'ぞう組'], finds).map((one) => one.kana.split(' ')[1]);

test('children stand in the order of their kana', () =>
  expect(names({})).toEqual(['りく', 'ゆい', 'そら', 'みお']));
test('classes stand in the order of the site, not of the alphabet', () =>
  expect(names({ sort: 'class' })).toEqual(['そら', 'みお', 'りく', 'ゆい']));
test('who has not arrived comes last', () =>
  expect(names({ sort: 'arrived' })).toEqual(['ゆい', 'みお', 'りく', 'そら']));
test('down turns the order', () => expect(names({ down: true })[0]).toBe('みお'));
test('missing means both: nothing came, and nothing could be heard', () =>
  expect(names({ state: 'missing' })).toEqual(['りく', 'そら']));
test('who is not found by name is not shown, whatever else fits', () =>
  expect(names({ class: 'うさぎ組' }, (one) => one.kana === 'さとう みお')).toEqual(['みお']));

test('children of another site are found by the row that counts them', () => {
  const guest = { ...child('くどう るい', '', 'here', '09:00:00'), home: 'さくら保育園' };
  expect(shown([...roll, guest], { ...every, class: guests }, [], anybody)).toEqual([guest]);
});
