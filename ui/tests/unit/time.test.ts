import { expect, test } from 'vitest';
import { readTime, sinceClock, timeOfDay } from '../../src/lib/i18n/time';

test('a time is read however it is typed', () => {
  expect(['8:41', '841', '0841', '８：４１', '18:05'].map(readTime)).toEqual([
    '08:41',
    '08:41',
    '08:41',
    '08:41',
    '18:05',
  ]);
});
test('what is no time is not taken for one', () => {
  expect(['', '25:00', '8:75', '12345', 'abc:'].map(readTime)).toEqual([null, null, null, null, null]);
});
test('times are shown as the clock on the wall says them', () => {
  expect(['08:05', '16:30', '24:20'].map(timeOfDay)).toEqual(['8:05', '16:30', '24:20']);
});

test('what began on another day is told with its day', () => {
  const at = (text: string) => Date.parse(`${text}:00+09:00`);
  const now = new Date(at('2026-11-24T07:10'));
  expect(sinceClock(at('2026-11-24T06:58'), now)).toBe('6:58');
  expect(sinceClock(at('2026-11-23T18:32'), now)).toBe('11/23 18:32');
});
