import type { Announced } from '$lib/generated/Announced';
import type { Channel } from '$lib/generated/Channel';
import { m } from '$lib/i18n/paraglide/messages';
import { timeOfDay } from '$lib/i18n/time';
import { reasonWord } from './codes';
import { personWords } from './person';

/** What a family said, in a few words: 欠席 発熱 / 10:00 ごろ / 祖母 16:30. */
export function announcedWords(announced: Announced): string {
  switch (announced.what) {
    case 'absence':
      return m.said_absence({ reason: reasonWord(announced.reason) });
    case 'late':
      return m.said_late({ time: timeOfDay(announced.at), why: reasonWord(announced.why) });
    case 'early':
      return m.said_early({ time: timeOfDay(announced.at) });
    case 'pickup':
      return announced.at
        ? m.said_pickup_at({ who: personWords(announced), time: timeOfDay(announced.at) })
        : m.said_pickup({ who: personWords(announced) });
  }
}

const channels: Record<Channel, () => string> = {
  app: m.channel_app,
  phone: m.channel_phone,
  oral: m.channel_oral,
  paper: m.channel_paper,
};

export const channelWord = (channel: Channel): string => channels[channel]();
