/** Sentences of the families' side: what was announced, for whom and when. */
import type { Announced } from '$lib/generated/Announced';
import type { Reach } from '$lib/generated/Reach';
import { m } from '$lib/i18n/paraglide/messages';
import { dayLong, timeOfDay } from '$lib/i18n/time';
import type { Reach as Rings } from '$shared/ripple/Ripple.svelte';
import { reasonWord, relationWord } from '$shared/words/codes';

/** Who collects, as families say it: 祖母, or a name where no word says who that is. */
export const collectorWord = ({ relation, name }: { relation: string; name: string }): string =>
  relation && relation !== 'other' ? relationWord(relation) : name;

/** Everybody in one sentence: みおと れん. */
export const names = (all: readonly string[]): string =>
  all.reduceRight((rest, first) => (rest ? m.guardian_and({ first, rest }) : first), '');

/** きょう, a day with its date, or from … to …. */
export function when(day: string, until: string | null, today: boolean): string {
  if (until && until !== day)
    return m.guardian_range({ from: today ? m.guardian_today() : dayLong(day), until: dayLong(until) });
  return today ? m.guardian_today() : m.guardian_on({ day: dayLong(day) });
}

/** The button before, as the family says it: みおは きょう 休みます. */
export function say(who: string, days: string, said: Announced): string {
  switch (said.what) {
    case 'absence':
      return m.guardian_say_absence({ who, when: days });
    case 'late':
      return m.guardian_say_late({ who, when: days, time: timeOfDay(said.at) });
    case 'early':
      return m.guardian_say_early({ who, when: days, time: timeOfDay(said.at) });
    case 'pickup':
      return said.at
        ? m.guardian_say_pickup_at({
            who,
            when: days,
            name: collectorWord(said),
            time: timeOfDay(said.at),
          })
        : m.guardian_say_pickup({ who, when: days, name: collectorWord(said) });
  }
}

/** The line afterwards, as a fact: みおは きょう 休み. */
export function told(who: string, days: string, said: Announced): string {
  switch (said.what) {
    case 'absence':
      return m.guardian_told_absence({ who, when: days });
    case 'late':
      return m.guardian_told_late({ who, when: days, time: timeOfDay(said.at) });
    case 'early':
      return m.guardian_told_early({ who, when: days, time: timeOfDay(said.at) });
    case 'pickup':
      return said.at
        ? m.guardian_told_pickup_at({
            who,
            when: days,
            name: collectorWord(said),
            time: timeOfDay(said.at),
          })
        : m.guardian_told_pickup({ who, when: days, name: collectorWord(said) });
  }
}

/** What stands beside the line: 発熱, 通院. */
export function why(said: Announced): string {
  if (said.what === 'absence') return reasonWord(said.reason);
  if (said.what === 'late') return reasonWord(said.why);
  return '';
}

/** The four facts as rings. */
export const rings: Record<Reach, Rings> = {
  device: 'device',
  server: 'server',
  classroom: 'arrived',
  person: 'confirmed',
};

const reached: Record<Reach, () => string> = {
  device: m.reach_device,
  server: m.reach_server,
  classroom: m.reach_arrived,
  person: m.reach_confirmed,
};

export const reachWord = (reach: Reach): string => reached[reach]();
