/** What a host answers and reports about itself; the questions and acts themselves are generated from Rust. */

/** The six words of synchronisation, on an item and as a count. */
export type SyncWord = 'saved' | 'waiting' | 'sending' | 'sent' | 'failed' | 'review';

export interface SyncState {
  /** A browser keeps nothing: it has no queue, and losing the network ends its use. */
  keeps: boolean;
  online: boolean;
  /** Since when this device has not reached the server, in ms since the epoch; `null` while it does. */
  offline_since: number | null;
  counts: Record<SyncWord, number>;
  last_sync: number | null;
  /** How far the incoming messages of families reach, in ms since the epoch. */
  incoming_until: number | null;
  /** An absence, an allergy or a pick-up has been waiting for more than ten minutes. */
  safety_waiting: boolean;
}

export interface QueueItem {
  id: string;
  word: SyncWord;
  kind: string;
  /** The child or thing it is about, as this device may show it. */
  subject: string | null;
  recorded_at: number;
  person: string | null;
  /** Why the server refused it or holds it, as a code. */
  reason: string | null;
}

/** What goes wrong at the door: a closed code, a short code for the telephone, never text to match on. */
export interface Refusal {
  code: string;
  support: string;
  message?: string | null;
}

export class RefusedError extends Error {
  readonly code: string;
  readonly support: string;

  constructor(refusal: Refusal) {
    super(refusal.message ?? refusal.code);
    this.name = 'RefusedError';
    this.code = refusal.code;
    this.support = refusal.support;
  }
}

/** Anything thrown becomes a refusal, so that a screen has one shape to show. */
export function refusal(thrown: unknown): RefusedError {
  if (thrown instanceof RefusedError) return thrown;
  if (typeof thrown === 'object' && thrown !== null && 'code' in thrown)
    return new RefusedError(thrown as Refusal);
  return new RefusedError({ code: 'unreachable', support: 'U-0', message: String(thrown) });
}
