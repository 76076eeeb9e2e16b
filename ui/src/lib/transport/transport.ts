import type { QueueItem, SyncState } from './contract';

/** An answer with the kinds of record it was read from. */
export interface Answered<A> {
  answer: A;
  kinds: string[];
}

/** The one door to Rust. Hosts differ (installed app, browser, fixture); what lies behind the door does not. */
export interface Transport {
  ask<A>(query: unknown): Promise<Answered<A>>;
  act<A>(command: unknown): Promise<A>;
  /** What belongs to the host and not to the records: PIN, pairing, printing, export, sign-in. */
  host<A>(request: unknown): Promise<A>;
  /** Calls back when one of the kinds has moved; the caller asks again. */
  watch(kinds: readonly string[], moved: () => void): () => void;
  syncState(): Promise<SyncState>;
  onSync(changed: (state: SyncState) => void): () => void;
  queue(): Promise<QueueItem[]>;
}

let door: Transport | null = null;

export function install(transport: Transport): void {
  door = transport;
}

export function transport(): Transport {
  if (!door) throw new Error('no transport installed');
  return door;
}

/** Callbacks by kind, shared by all hosts. */
export class Watchers {
  #all = new Set<{ kinds: readonly string[]; moved: () => void }>();

  add(kinds: readonly string[], moved: () => void): () => void {
    const entry = { kinds, moved };
    this.#all.add(entry);
    return () => this.#all.delete(entry);
  }

  touched(kinds: readonly string[]): void {
    for (const entry of [...this.#all]) if (entry.kinds.some((kind) => kinds.includes(kind))) entry.moved();
  }
}
