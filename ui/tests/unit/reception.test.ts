import { expect, test } from 'vitest';
import { announced, type Typed } from '../../src/feature/reception/draft';
import type { EntryChild } from '../../src/lib/generated/EntryChild';
import { entryForm } from '../fixture/messages';

const yuma = entryForm().children[0] as EntryChild;
const typed: Typed = { lateAt: '10:20', earlyAt: '15:45', collector: '' };

test('one press says absent and why', () => {
  expect(announced('absence fever', typed, yuma)).toEqual({ what: 'absence', reason: 'fever' });
});
test('a time that is not offered is typed', () => {
  expect(announced('late 10:00', typed, yuma)).toMatchObject({ what: 'late', at: '10:00' });
  expect(announced('late other', typed, yuma)).toMatchObject({ what: 'late', at: '10:20' });
});
test('a guardian and a registered person are told apart', () => {
  expect(announced('pickup 0', typed, yuma)).toMatchObject({ person: 'm3', pickup: null });
  expect(announced('pickup 2', typed, yuma)).toMatchObject({ person: null, pickup: 'p3' });
});
test('somebody on no list needs a name', () => {
  expect(announced('pickup other', typed, yuma)).toBeNull();
  expect(announced('pickup other', { ...typed, collector: 'グエン タオ' }, yuma)).toMatchObject({
    name: 'グエン タオ',
  });
});
test('nothing pressed announces nothing', () => expect(announced(null, typed, yuma)).toBeNull());
