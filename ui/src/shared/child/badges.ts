import type { Badge } from '$lib/generated/Badge';
import { m } from '$lib/i18n/paraglide/messages';
import { timeOfDay, timeSpoken } from '$lib/i18n/time';
import type { IconName } from '../icon/icons';
import { allergenWord, reasonWord } from '../words/codes';
import { personShort } from '../words/person';

interface Look {
  icon: IconName;
  tone: 'urg' | 'act' | 'plain';
  /** Short, on the tile. */
  text: string;
  /** A full sentence part, for screen readers. */
  spoken: string;
}

const expected = (at: string) => m.tile_expected_spoken({ time: timeSpoken(at) });

/** A small mark: 卵, 37.6, 祖母, 10:00, 通院 10:30. */
export function badgeLook(badge: Badge): Look {
  switch (badge.badge) {
    case 'allergy':
      return {
        icon: 'urgent',
        tone: 'urg',
        text: allergenWord(badge.word),
        spoken: m.tile_allergy({ name: allergenWord(badge.word) }),
      };
    case 'temperature': {
      const value = badge.celsius.toFixed(1);
      return { icon: 'temperature', tone: 'act', text: value, spoken: m.tile_fever({ value }) };
    }
    case 'pickup': {
      const who = personShort(badge);
      return { icon: 'pickup', tone: 'plain', text: who, spoken: m.tile_changed_pickup({ who }) };
    }
    case 'early': {
      const text = m.tile_pickup_at({ time: timeOfDay(badge.at) });
      const spoken = m.tile_pickup_at({ time: timeSpoken(badge.at) });
      return { icon: 'clock', tone: 'plain', text, spoken };
    }
    case 'late': {
      const { at } = badge;
      const why = reasonWord(badge.why);
      const time = timeOfDay(at);
      const withWhy = why ? m.tile_expected_reason({ reason: why, time }) : time;
      return {
        icon: 'clock',
        tone: 'plain',
        // Who is on the way comes about now: the word says more than the time, and a tile has room for one.
        text: badge.why === 'on_the_way' ? m.tile_on_the_way() : withWhy,
        spoken: why ? m.tile_late_spoken({ why, time: timeSpoken(at) }) : expected(at),
      };
    }
    case 'expected': {
      const text = timeOfDay(badge.at);
      return { icon: 'clock', tone: 'plain', text, spoken: expected(badge.at) };
    }
  }
}

/** The name on a tile, with the family name where two are called alike. */
export const fullKana = (named: { kana: string; family_kana: string | null }): string =>
  named.family_kana ? `${named.family_kana} ${named.kana}` : named.kana;
