import { m } from '$lib/i18n/paraglide/messages';

/** By kind of record, and more closely by what it was where that is told. */
const words: Record<string, () => string> = {
  arrival: m.fact_arrival,
  departure: m.fact_left,
  punch: m.queue_punch,
  sighting: m.queue_sighting,
  movement: m.queue_movement,
  away: m.queue_away,
  away_back: m.fact_back,
  announcement: m.queue_announcement,
  acknowledgement: m.queue_acknowledgement,
  calling: m.queue_calling,
  head_count: m.queue_head_count,
  presence: m.queue_presence,
  guardianship: m.queue_guardianship,
};

export const kindWord = (kind: string, what: string): string =>
  (words[what] ?? words[kind] ?? m.queue_record)();
