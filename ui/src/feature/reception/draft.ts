import type { Announced } from '$lib/generated/Announced';
import type { Candidate } from '$lib/generated/Candidate';
import type { EntryChild } from '$lib/generated/EntryChild';
import type { Reason } from '$lib/generated/Reason';
import { m } from '$lib/i18n/paraglide/messages';
import { timeOfDay } from '$lib/i18n/time';
import { reasonWord, relationWord } from '$shared/words/codes';
import { personWords } from '$shared/words/person';

/** What was pressed, as one word: `absence fever`, `late 10:00`, `early other`, `pickup 2`, `pickup other`. */
export type Pressed = string;

export interface Typed {
  lateAt: string;
  earlyAt: string;
  collector: string;
}

const pickup = (collector: Candidate): Announced => ({
  what: 'pickup',
  person: collector.collector.who === 'guardian' ? collector.collector.person : null,
  pickup: collector.collector.who === 'registered' ? collector.collector.pickup : null,
  relation: collector.relation,
  name: collector.name,
  at: null,
});

/** The announcement that the pressed chip and the typed words make; `null` while something is missing. */
export function announced(pressed: Pressed | null, typed: Typed, child: EntryChild): Announced | null {
  const [what, value = ''] = pressed?.split(' ') ?? [];
  switch (what) {
    case 'absence':
      return { what: 'absence', reason: value as Reason };
    case 'late':
      return { what: 'late', at: value === 'other' ? typed.lateAt : value, why: '' };
    case 'early':
      return { what: 'early', at: value === 'other' ? typed.earlyAt : value };
    case 'pickup': {
      if (value === 'other') {
        const name = typed.collector.trim();
        return name ? { what: 'pickup', person: null, pickup: null, relation: '', name, at: null } : null;
      }
      const collector = child.collectors[Number(value)];
      return collector ? pickup(collector) : null;
    }
    default:
      return null;
  }
}

/** 休み（発熱）, 10:00 に遅れて来ます: the end of the sentence on the button. */
export function announcedSentence(said: Announced): string {
  switch (said.what) {
    case 'absence':
      return m.say_absent({ reason: reasonWord(said.reason) });
    case 'late':
      return m.say_late({ time: timeOfDay(said.at) });
    case 'early':
      return m.say_early({ time: timeOfDay(said.at) });
    case 'pickup':
      return m.say_pickup({ who: personWords(said) });
  }
}

/** 連絡なし / 10:00 / 通院, under a face. */
export function saidShort(said: Announced | null): string {
  if (!said) return '';
  switch (said.what) {
    case 'absence':
      return reasonWord(said.reason);
    case 'late':
      return reasonWord(said.why) || timeOfDay(said.at);
    case 'early':
      return timeOfDay(said.at);
    case 'pickup':
      return relationWord(said.relation) || said.name;
  }
}
