/** Somebody was faster, or the same was pressed twice: nothing went wrong, and the screen leads to what is there. */
import { expect, test } from 'vitest';
import { sentBefore } from '../../src/feature/guardian/sent-before';
import { Acting } from '../../src/lib/acting.svelte';
import type { AbsenceFormView } from '../../src/lib/generated/AbsenceFormView';
import type { Announced } from '../../src/lib/generated/Announced';
import type { Command } from '../../src/lib/generated/Command';
import type { SaidBefore } from '../../src/lib/generated/SaidBefore';
import { install, type Transport } from '../../src/lib/transport/transport';

const refusing = (code: string) =>
  install({ act: () => Promise.reject({ code, support: 'T-1' }) } as unknown as Transport);
const arrive = (child: string): Command => ({
  command: 'arrive',
  facility: 'minato',
  children: [child],
  room: null,
});

test('an act that was done already is told to the screen that can say so, and is no problem', async () => {
  refusing('already_done');
  const acting = new Acting();
  const told: string[] = [];
  await acting.do(
    arrive('a'),
    () => told.push('done'),
    () => told.push('already'),
  );
  expect(told).toEqual(['already']);
  expect(acting.problem).toBeNull();
});

test('a screen that has no words for it shows the problem, and so does any other refusal', async () => {
  refusing('already_done');
  const acting = new Acting();
  await acting.do(arrive('b'));
  expect(acting.problem?.code).toBe('already_done');
  refusing('not_allowed');
  const told: string[] = [];
  await acting.do(arrive('c'), undefined, () => told.push('already'));
  expect(told).toEqual([]);
  expect(acting.problem?.code).toBe('not_allowed');
});

const fever: Announced = { what: 'absence', reason: 'fever' };
const said = (
  announcement: string,
  announced: Announced = fever,
  day = '2026-11-24',
  until: string | null = null,
) => ({ announcement, announced, day, until }) satisfies SaidBefore;
const form = (...children: [child: string, facility: string, said: SaidBefore[]][]) =>
  ({
    children: children.map(([child, facility, before]) => ({ child, facility, said: before })),
  }) as unknown as AbsenceFormView;
const announce = (children: string[], more: Partial<Extract<Command, { command: 'announce' }>> = {}) =>
  ({
    command: 'announce',
    children,
    facility: null,
    day: '2026-11-24',
    until: null,
    announced: fever,
    temperature: null,
    note: '',
    channel: 'app',
    caller: null,
    caller_name: '',
    replaces: null,
    ...more,
  }) satisfies Command;

test('the last word of the same sort for the same days is the receipt', () => {
  const late: Announced = { what: 'late', at: '10:00', why: '' };
  const view = form([
    'mio',
    'minato',
    [said('first'), said('late', late), said('last'), said('range', fever, '2026-11-24', '2026-11-26')],
  ]);
  expect(sentBefore(view, announce(['mio']))).toEqual(['last']);
  expect(sentBefore(view, announce(['mio'], { until: '2026-11-26' }))).toEqual(['range']);
  expect(sentBefore(view, announce(['mio'], { announced: late }))).toEqual(['late']);
});

test('sisters and brothers have a receipt each', () => {
  const view = form(['mio', 'minato', [said('of mio')]], ['ren', 'minato', [said('of ren')]]);
  expect(sentBefore(view, announce(['mio', 'ren']))).toEqual(['of mio', 'of ren']);
});

test('a child of two places is looked for where it was announced', () => {
  const view = form(['mio', 'hidamari', [said('there')]], ['mio', 'minato', [said('here')]]);
  expect(sentBefore(view, announce(['mio'], { facility: 'minato' }))).toEqual(['here']);
});

test('without a receipt for everybody there is none to lead to', () => {
  const view = form(['mio', 'minato', [said('of mio')]], ['ren', 'minato', []]);
  expect(sentBefore(view, announce(['mio', 'ren']))).toBeNull();
  expect(sentBefore(view, announce(['sota']))).toBeNull();
});
