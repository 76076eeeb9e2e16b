import { expect, test } from 'vitest';
import { Draft } from '../../src/feature/guardian/draft.svelte';
import type { AbsenceFormView } from '../../src/lib/generated/AbsenceFormView';
import type { FormChild } from '../../src/lib/generated/FormChild';
import type { ReceiptView } from '../../src/lib/generated/ReceiptView';

const days = ['2026-11-24', '2026-11-25'].map((day, at) => ({
  day,
  weekday: at + 2,
  today: at === 0,
  chosen: at === 0,
}));
const child = (id: string, part: Partial<FormChild> = {}): FormChild => ({
  child: id,
  face: { id, drawn: true, initial: '' },
  kana: id,
  facility: 'minato',
  facility_name: '',
  class_name: '',
  phone: '',
  days,
  cut_off: null,
  after_cut_off: false,
  pickups: [],
  arrived: null,
  said: [],
  ...part,
});
const draft = (...children: FormChild[]) => {
  const form: AbsenceFormView = {
    today: '2026-11-24',
    now: '07:40:00',
    children,
    reasons: ['fever'],
    late_times: [],
    early_times: [],
    last_day: '2027-03-31',
  };
  return new Draft(() => form);
};

test('with two children nobody is chosen beforehand', () => {
  const two = draft(child('mio'), child('ren'));
  expect(two.missing).toBe('who');
  expect(two.command).toBeNull();
});

test('with one child the question does not exist, and a reason alone is enough', () => {
  const one = draft(child('mio'));
  expect(one.missing).toBe('kind');
  one.chooseReason('fever');
  expect(one.command).toMatchObject({
    children: ['mio'],
    facility: 'minato',
    day: '2026-11-24',
    until: null,
    announced: { what: 'absence', reason: 'fever' },
  });
});

test('both children go out in one order, and one child of two facilities once', () => {
  const two = draft(child('mio'), child('ren'), child('ren', { facility: 'centre' }));
  two.chosen = 'all';
  two.chooseReason('fever');
  expect(two.command).toMatchObject({ children: ['mio', 'ren'], facility: null });
});

test('for both only the days are offered on which both are expected', () => {
  const two = draft(child('mio'), child('ren', { days: days.slice(1) }));
  two.chosen = 'all';
  expect(two.days.map((one) => one.day)).toEqual(['2026-11-25']);
  expect(two.dayShown).toBe('2026-11-25');
});

test('a temperature belongs to an absence and to nothing else', () => {
  const one = draft(child('mio'));
  one.temperature = 38.2;
  one.kind = 'early';
  one.earlyAt = '14:00';
  expect(one.command).toMatchObject({ temperature: null });
});

test('dates of one’s own make a range; an earlier last day is no range', () => {
  const one = draft(child('mio'));
  one.chooseReason('fever');
  one.dayChosen = 'other';
  expect(one.missing).toBe('days');
  one.from = '2026-11-26';
  one.until = '2026-11-28';
  expect(one.command).toMatchObject({ day: '2026-11-26', until: '2026-11-28' });
  one.until = '2026-11-20';
  expect(one.command).toMatchObject({ until: null });
});

test('mending begins with what was sent and takes its place', () => {
  const two = draft(child('mio'), child('ren'));
  const sent = {
    announcement: 'a1',
    child: 'ren',
    announced: { what: 'late', at: '10:00:00', why: 'hospital' },
    day: '2026-11-25',
    until: null,
    temperature: null,
    note: 'x',
  } as ReceiptView;
  two.mend(sent);
  expect(two.command).toMatchObject({
    children: ['ren'],
    day: '2026-11-25',
    announced: { what: 'late', at: '10:00:00', why: 'hospital' },
    note: 'x',
    replaces: 'a1',
  });
});

test('after the cut-off time sisters and brothers at one nursery are shown its number once', () => {
  const late = (id: string, facility: string) => child(id, { facility, after_cut_off: true });
  const all = draft(late('mio', 'minato'), late('ren', 'minato'), late('yui', 'sakura'));
  all.chosen = 'all';
  expect(all.late.map((one) => one.facility)).toEqual(['minato', 'sakura']);
  all.dayChosen = '2026-11-25';
  expect(all.late).toEqual([]);
});

test('what counts already is said for the chosen day, and once it is being mended no longer', () => {
  const before = {
    announcement: 'a',
    announced: { what: 'absence', reason: 'fever' } as const,
    day: '2026-11-25',
    until: '2026-11-27',
  };
  const one = draft(child('mio', { said: [before] }));
  expect(one.said).toEqual([]);
  one.dayChosen = '2026-11-25';
  expect(one.said.map((said) => said.before)).toEqual([before]);
  one.dayChosen = 'other';
  one.from = '2026-11-27';
  expect(one.said).toHaveLength(1);
  one.from = '2026-11-28';
  expect(one.said).toEqual([]);
});

test('an absence today of a child who is there is hinted at, of tomorrow not', () => {
  const one = draft(child('mio', { arrived: '08:46:00' }));
  expect(one.there).toEqual([]);
  one.chooseReason('fever');
  expect(one.there.map((there) => there.arrived)).toEqual(['08:46:00']);
  one.dayChosen = '2026-11-25';
  expect(one.there).toEqual([]);
});
