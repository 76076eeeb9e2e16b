import type { Announced } from '$lib/generated/Announced';
import type { MessageItem } from '$lib/generated/MessageItem';
import { m } from '$lib/i18n/paraglide/messages';
import { dayShort, timeOfDay } from '$lib/i18n/time';
import type { IconName } from '$shared/icon/icons';
import { reasonWord } from '$shared/words/codes';
import { personWords } from '$shared/words/person';

interface Look {
  tone: 'abs' | 'yet' | 'out';
  icon: IconName;
  word: () => string;
}

const looks: Record<Announced['what'], Look> = {
  absence: { tone: 'abs', icon: 'absent', word: m.state_absent },
  late: { tone: 'yet', icon: 'clock', word: m.said_late_word },
  early: { tone: 'yet', icon: 'home', word: m.said_early_word },
  pickup: { tone: 'out', icon: 'pickup', word: m.said_pickup_word },
};

export const saidLook = (announced: Announced): Look => looks[announced.what];

/** 発熱 38.2 ℃ / 通院 10:30 ごろ / 祖母 ホアさん 16:30, with the days when it is not only for today. */
export function saidDetail({ announced, temperature, day, until }: MessageItem): string {
  const parts: string[] = [];
  if (announced.what === 'absence') parts.push(reasonWord(announced.reason));
  if (announced.what === 'late')
    parts.push(reasonWord(announced.why), m.about_time({ time: timeOfDay(announced.at) }));
  if (announced.what === 'early') parts.push(m.at_time({ time: timeOfDay(announced.at) }));
  if (announced.what === 'pickup')
    parts.push(personWords(announced), announced.at ? timeOfDay(announced.at) : '');
  if (temperature !== null) parts.push(m.degrees({ value: temperature.toFixed(1) }));
  if (until && until !== day) parts.push(m.said_days({ from: dayShort(day), until: dayShort(until) }));
  return parts.filter(Boolean).join('\u2003');
}
