import type { Announced } from '$lib/generated/Announced';
import type { TimelineItem } from '$lib/generated/TimelineItem';
import type { AwayNow } from '$lib/generated/AwayNow';
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
      return { icon: 'out', text: awayFact(what) };
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

const outs: Record<string, () => string> = {
  hospital: m.out_hospital,
  centre: m.out_centre,
  family: m.out_family,
  other: m.out_other,
  walk: m.together_walk,
};
/** Why one child goes out. */
export const outReasons = ['hospital', 'centre', 'family', 'other'] as const;
export const outWord = (code: string): string => outs[code]?.() ?? code;

/** 歯科, or the reason where no place was said; with whom, and back when. */
export function awayWords(away: Out): string {
  const where = away.place || outWord(away.reason);
  const back = away.expected_back ? m.out_until({ time: timeOfDay(away.expected_back) }) : '';
  return [away.with ? m.out_now({ where, who: away.with }) : where, back].filter(Boolean).join(m.sep_comma());
}
type Out = Omit<AwayNow, 'overdue'>;
const awayFact = (away: Out): string => m.fact_away({ why: awayWords(away) });

const announcedIcon = (announced: Announced): IconName =>
  ({ absence: 'absent', late: 'clock', early: 'home', pickup: 'pickup' })[announced.what] as IconName;

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
