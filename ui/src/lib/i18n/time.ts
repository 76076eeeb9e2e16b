import { m } from './paraglide/messages';
import { getLocale } from './paraglide/runtime';

/** Times are shown as the clock on the wall says them: 9:34, never 09:34 AM. All sites live in one zone. */
const zone = 'Asia/Tokyo';
const formats = new Map<string, Intl.DateTimeFormat>();

function format(name: string, locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${name} ${locale}`;
  const known = formats.get(key) ?? new Intl.DateTimeFormat(locale, { timeZone: zone, ...options });
  formats.set(key, known);
  return known;
}

const at = (instant: number | Date) => new Date(instant);
const noon = (day: string) => new Date(`${day}T12:00:00+09:00`);
const spoken = () => (getLocale() === 'ja' ? 'ja-JP' : getLocale() === 'en' ? 'en-GB' : getLocale());

/** 9:34 */
export const clock = (instant: number | Date): string =>
  format('clock', 'en-GB', { hour: 'numeric', minute: '2-digit', hourCycle: 'h23' })
    .format(at(instant))
    .replace(/^0(?=\d:)/, '');

/** 9:34 on the day of `now`, 11/23 18:32 of any other. */
export const sinceClock = (instant: number, now: Date): string => {
  const day = (of: number | Date) =>
    format('dayShortest', 'ja-JP', { month: 'numeric', day: 'numeric' }).format(at(of));
  return day(instant) === day(now) ? clock(instant) : `${day(instant)} ${clock(instant)}`;
};

/** 9:34 from the `HH:MM` or `HH:MM:SS` of a local time of day. */
export const timeOfDay = (time: string): string => time.slice(0, 5).replace(/^0(?=\d:)/, '');

/** 9時34分, for ears: a colon is read out as anything but a time. */
export function timeSpoken(time: string): string {
  const [hour = '', minute = ''] = timeOfDay(time).split(':');
  if (minute === '00') return m.spoken_hour({ hour });
  return m.spoken_time({ hour, minute, bare: String(Number(minute)) });
}

/** 11月24日（火） / Tue 24 Nov */
export const dayLong = (day: string | Date): string =>
  format('dayLong', spoken(), { month: 'long', day: 'numeric', weekday: 'short' })
    .format(typeof day === 'string' ? noon(day) : day)
    .replace('(', '（')
    .replace(')', '）');

/** 11/23, before a time of another day */
export const dayShortest = (day: string): string =>
  format('dayShortest', 'ja-JP', { month: 'numeric', day: 'numeric' }).format(noon(day));

/** 24（火） / Tue 24 */
export const dayShort = (day: string): string => {
  const parts = format('dayShort', spoken(), { day: 'numeric', weekday: 'short' }).formatToParts(noon(day));
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? '';
  return spoken() === 'ja-JP'
    ? `${part('day').replace(/\D/g, '')}（${part('weekday')}）`
    : `${part('weekday')} ${part('day')}`;
};

/** A time of day as people type it (8:41, 841, 0841, full width too) as `HH:MM`; `null` if it is none. */
export function readTime(typed: string): string | null {
  const digits = typed.normalize('NFKC').replaceAll(/\D/g, '').padStart(4, '0');
  const [hour, minute] = [Number(digits.slice(0, -2)), Number(digits.slice(-2))];
  if (digits.length !== 4 || !/[0-9０-９]/.test(typed) || hour > 23 || minute > 59) return null;
  return `${digits.slice(0, 2)}:${digits.slice(2)}`;
}
