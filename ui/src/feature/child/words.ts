import type { Announced } from '$lib/generated/Announced';
import type { Contradiction } from '$lib/generated/Contradiction';
import type { TimelineItem } from '$lib/generated/TimelineItem';
import { m } from '$lib/i18n/paraglide/messages';
import { timeOfDay } from '$lib/i18n/time';
import type { IconName } from '$shared/icon/icons';
import { announcedWords } from '$shared/words/announced';
import { personWords } from '$shared/words/person';

const outcomes = { spoke: m.call_reached, no_answer: m.call_no_answer, calls_back: m.call_will_return };

/** A fact of the day as a shape and a sentence. */
export function factLook({ what }: TimelineItem): { icon: IconName; text: string } {
  switch (what.what) {
    case 'arrival':
      return { icon: 'here', text: m.fact_arrival() };
    case 'departure':
      return { icon: 'home', text: m.fact_departure({ who: personWords(what) }) };
    case 'sighting':
      return what.seen ? { icon: 'eye', text: m.fact_seen() } : { icon: 'unknown', text: m.fact_not_seen() };
    case 'movement':
      return { icon: 'room', text: m.fact_moved({ room: what.room }) };
    case 'away':
      return { icon: 'out', text: m.fact_away({ place: what.place }) };
    case 'back':
      return { icon: 'here', text: m.fact_back() };
    case 'announcement':
      return {
        icon: announcedIcon(what.announced),
        text: m.fact_announced({ what: announcedWords(what.announced) }),
      };
    case 'call':
      return {
        icon: 'phone',
        text: m.fact_call({ outcome: what.outcome ? outcomes[what.outcome]() : m.fact_calling() }),
      };
  }
}

const announcedIcon = (announced: Announced): IconName =>
  ({ absence: 'absent', late: 'clock', early: 'home', pickup: 'pickup' })[announced.what] as IconName;

/** What does not fit, as both sides of it: the machine resolves nothing. */
export function contradictionWords(one: Contradiction): { title: string; sides: string[] } {
  const times = (all: string[]) => all.map(timeOfDay);
  switch (one.contradiction) {
    case 'two_arrivals':
      return {
        title: m.clash_two_arrivals(),
        sides: times(one.times).map((time) => m.clash_arrived({ time })),
      };
    case 'two_departures':
      return {
        title: m.clash_two_departures(),
        sides: times(one.times).map((time) => m.clash_left({ time })),
      };
    case 'two_places':
      return { title: m.clash_two_places(), sides: one.facilities };
    case 'left_without_arrival':
      return {
        title: m.clash_no_arrival(),
        sides: [m.clash_nothing(), m.clash_left({ time: timeOfDay(one.at) })],
      };
    case 'absent_but_here':
      return {
        title: m.clash_absent_here(),
        sides: [m.clash_absent(), m.clash_arrived({ time: timeOfDay(one.at) })],
      };
    case 'punched_not_seen':
      return {
        title: m.clash_not_seen(),
        sides: [m.clash_punched(), m.clash_looked({ time: timeOfDay(one.at) })],
      };
    case 'uncertain_clock':
      return {
        title:
          one.minutes === null
            ? m.clash_clock_unknown()
            : m.clash_clock({ minutes: Math.abs(Number(one.minutes)) }),
        sides: [],
      };
  }
}

const reasons: Record<string, () => string> = {
  forgotten: m.why_forgotten,
  wrong_time: m.why_wrong_time,
  wrong_child: m.why_wrong_child,
  wrong_day: m.why_wrong_day,
  was_present: m.why_was_present,
  undo: m.why_undo,
  other: m.why_other,
};

/** Why a fact was taken back or entered later. */
export const whyWord = (code: string): string => reasons[code]?.() ?? code;

export const voidReasons = ['wrong_child', 'wrong_time', 'wrong_day', 'was_present', 'other'] as const;
export const correctReasons = ['forgotten', 'wrong_time', 'wrong_child', 'wrong_day', 'other'] as const;
