import { expect, test } from 'vitest';
import { readTime, timeOfDay } from '../../src/lib/i18n/time';

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
