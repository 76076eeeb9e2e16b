import type { OpenEnd } from '$lib/generated/OpenEnd';
import type { OpenEndKind } from '$lib/generated/OpenEndKind';
import { m } from '$lib/i18n/paraglide/messages';
import { timeOfDay } from '$lib/i18n/time';
import type { IconName } from '$shared/icon/icons';

interface Look {
  icon: IconName;
  tone: 'act' | 'calm';
  word: string;
  /** What closes it, as the button says. */
  act: string;
}

const icons: Record<OpenEndKind, IconName> = {
  no_departure: 'alert',
  no_arrival: 'alert',
  not_back: 'out',
  nothing_known: 'unknown',
  contradiction: 'clash',
  unread: 'message',
};
const words: Record<OpenEndKind, () => string> = {
  no_departure: m.open_no_departure,
  no_arrival: m.open_no_arrival,
  not_back: m.open_not_back,
  nothing_known: m.open_nothing_known,
  contradiction: m.open_contradiction,
  unread: m.open_unread,
};
const acts: Record<OpenEndKind, () => string> = {
  no_departure: m.close_no_departure,
  no_arrival: m.close_no_arrival,
  not_back: m.close_not_back,
  nothing_known: m.close_nothing_known,
  contradiction: m.close_contradiction,
  unread: m.close_unread,
};

const planned: Partial<Record<OpenEndKind, (inputs: { time: string }) => string>> = {
  no_departure: m.evening_planned_pickup,
  not_back: m.evening_planned_back,
  nothing_known: m.evening_planned_arrival,
};
const happened: Partial<Record<OpenEndKind, (inputs: { time: string }) => string>> = {
  no_departure: m.evening_arrived,
  no_arrival: m.evening_left,
  not_back: m.evening_went_out,
  unread: m.evening_written,
};

/** What was expected and what happened, each with its own word: お迎えの予定 17:10, 登園 7:38. */
export const openEndTimes = ({ kind, expected, at }: OpenEnd): string[] =>
  [
    expected ? planned[kind]?.({ time: timeOfDay(expected) }) : '',
    at ? happened[kind]?.({ time: timeOfDay(at) }) : '',
  ].filter((text) => text !== undefined && text !== '') as string[];

export const openEndLook = ({ kind }: OpenEnd): Look => ({
  icon: icons[kind],
  tone: kind === 'unread' ? 'calm' : 'act',
  word: words[kind](),
  act: acts[kind](),
});
