import type { Contradiction } from '$lib/generated/Contradiction';
import { m } from '$lib/i18n/paraglide/messages';
import { timeOfDay } from '$lib/i18n/time';

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
    case 'out_without_stay':
      return {
        title: m.clash_out(),
        sides: [m.clash_no_stay(), m.clash_went_out({ time: timeOfDay(one.at) })],
      };
    case 'uncertain_clock':
      return {
        title:
          one.minutes === null ? m.clash_clock_unknown() : m.clash_clock({ minutes: Math.abs(one.minutes) }),
        sides: [],
      };
  }
}

/** The one line of it. */
export const contradictionTitle = (one: Contradiction): string => contradictionWords(one).title;
