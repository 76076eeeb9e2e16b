/** Mending a fact: the button does what the form shows, and nothing else. */
import { expect, test } from 'vitest';
import { mending, type MendForm } from '../../src/feature/child/mend';
import { correctReasons, voidReasons } from '../../src/feature/child/words';
import type { TimelineItem } from '../../src/lib/generated/TimelineItem';

const departure = { at: '16:31:00', what: { what: 'departure' } } as TimelineItem;
const form = (more: Partial<MendForm>): MendForm => ({
  item: departure,
  sort: 'departure',
  at: '16:31',
  who: 'keep',
  reason: null,
  ...more,
});
const missing = { item: null, who: 'unknown', reason: 'forgotten' } as const;

test('a missing fact is entered only with a time', () => {
  expect(mending(form({ ...missing, at: '' }))).toMatchObject({ timeless: true, ready: false });
  expect(mending(form({ ...missing, at: '16:30' }))).toMatchObject({
    timeless: false,
    moved: true,
    ready: true,
  });
});

test('a fact without a time of its own is taken back without one', () => {
  const call = { at: '09:00:00', what: { what: 'call' } } as TimelineItem;
  const taken = mending(form({ item: call, sort: 'arrival', at: '', reason: 'other' }));
  expect(taken).toMatchObject({ timeless: false, moved: false, ready: true });
});

test('a reason that is no longer shown is not sent', () => {
  const taken = mending(form({ reason: 'was_present' }));
  expect(taken).toMatchObject({ reasons: voidReasons, reason: 'was_present', ready: true });
  const corrected = mending(form({ reason: 'was_present', at: '16:45' }));
  expect(corrected).toMatchObject({ reasons: correctReasons, reason: null, ready: false });
  expect(mending(form({ reason: 'wrong_time', at: '16:45' }))).toMatchObject({
    reason: 'wrong_time',
    ready: true,
  });
});

test('whoever says another word about who collected takes nothing back', () => {
  for (const who of ['unknown', 'grandmother'])
    expect(mending(form({ who, reason: 'wrong_child' }))).toMatchObject({ moved: true });
  expect(mending(form({ reason: 'wrong_child' }))).toMatchObject({ moved: false });
});
