import { m } from '$lib/i18n/paraglide/messages';
import { timeOfDay } from '$lib/i18n/time';
import type { IconName } from '../icon/icons';
import { reasonWord, relationWord } from '../words/codes';
import type { Alert } from './view';

interface Badge {
  icon: IconName;
  tone: 'urg' | 'act' | 'plain';
  /** Short, on the tile. */
  text: string;
  /** A full sentence part, for screen readers. */
  spoken: string;
}

/** An alert as a badge: 卵, 37.6, くすり, 祖母, 10:00. */
export function badge(alert: Alert): Badge {
  const time = alert.at ? timeOfDay(alert.at) : '';
  switch (alert.kind) {
    case 'allergy': {
      const name = alert.text ?? '';
      return { icon: 'urgent', tone: 'urg', text: name, spoken: m.tile_allergy({ name }) };
    }
    case 'carries': {
      const name = alert.text ?? '';
      return { icon: 'urgent', tone: 'urg', text: name, spoken: m.tile_carries({ name }) };
    }
    case 'temperature': {
      const value = (alert.value ?? 0).toFixed(1);
      return { icon: 'temperature', tone: 'act', text: value, spoken: m.tile_fever({ value }) };
    }
    case 'medicine':
      return { icon: 'pill', tone: 'plain', text: m.tile_medicine(), spoken: m.tile_medicine() };
    case 'pickup': {
      const who = relationWord(alert.text ?? '');
      return { icon: 'pickup', tone: 'plain', text: who, spoken: m.tile_changed_pickup({ who }) };
    }
    case 'pickup_at': {
      const text = m.tile_pickup_at({ time });
      return { icon: 'clock', tone: 'plain', text, spoken: text };
    }
    case 'expected': {
      const text = alert.text ? m.tile_expected_reason({ reason: reasonWord(alert.text), time }) : time;
      return { icon: 'clock', tone: 'plain', text, spoken: m.tile_expected_spoken({ time: text }) };
    }
  }
}
