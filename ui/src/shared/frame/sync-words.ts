import { m } from '$lib/i18n/paraglide/messages';
import type { SyncWord } from '$lib/generated/SyncWord';

const words: Record<SyncWord, () => string> = {
  saved: m.sync_saved,
  waiting: m.sync_waiting,
  sending: m.sync_sending,
  sent: m.sync_sent,
  failed: m.sync_failed,
  review: m.sync_review,
};

export const syncWord = (word: SyncWord): string => words[word]();
