import type { Command } from '$lib/generated/Command';
import type { Done } from '$lib/generated/Done';
import type { HostReply } from '$lib/generated/HostReply';
import type { HostRequest } from '$lib/generated/HostRequest';
import type { Order } from '$lib/generated/Order';
import type { Query } from '$lib/generated/Query';
import type { QueueItem } from '$lib/generated/QueueItem';
import type { SyncView } from '$lib/generated/SyncView';
import type { View } from '$lib/generated/View';
import { Once } from './once';

/** An answer with the kinds of record it was read from, and after how many ms the clock alone may change it. */
export interface Answered {
  view: View;
  kinds: string[];
  stale_in_ms: number;
  /** The host's best guess of now, ms since the epoch. */
  now_ms: number;
}

/** The one door to Rust. Hosts differ (installed app, browser, fixture); what lies behind the door does not. */
export interface Transport {
  ask(query: Query): Promise<Answered>;
  act(order: Order): Promise<Done>;
  /** What belongs to the host and not to the records: sync, queue, pairing, who records. */
  host(request: HostRequest): Promise<HostReply>;
  /** Calls back when one of the kinds has moved; the caller asks again. */
  watch(kinds: readonly string[], moved: () => void): () => void;
  syncState(): Promise<SyncView>;
  onSync(changed: (state: SyncView) => void): () => void;
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

const once = new Once<Done>();
const order = (given: Order): Promise<Done> => once.run(JSON.stringify(given), () => transport().act(given));

/** A command of the person who records. */
export const act = (command: Command): Promise<Done> => order({ command, person: null, pin: null });

/** A command in the name of somebody who types a PIN for it. */
export const actAs = (command: Command, person: string | null, pin: string): Promise<Done> =>
  order({ command, person, pin });

export async function hostSync(host: Transport['host']): Promise<SyncView> {
  const reply = await host({ request: 'sync' });
  if (reply.reply !== 'sync') throw new Error('unexpected reply');
  return reply;
}

export async function hostQueue(host: Transport['host']): Promise<QueueItem[]> {
  const reply = await host({ request: 'queue' });
  return reply.reply === 'queue' ? reply.items : [];
}

/** Callbacks by kind, shared by all hosts. */
export class Watchers {
  #all = new Set<{ kinds: readonly string[]; moved: () => void }>();

  /** An empty list watches every kind. */
  add(kinds: readonly string[], moved: () => void): () => void {
    const entry = { kinds, moved };
    this.#all.add(entry);
    return () => this.#all.delete(entry);
  }

  /** An empty list says that anything may have moved. */
  touched(kinds: readonly string[]): void {
    for (const entry of [...this.#all])
      if (!kinds.length || !entry.kinds.length || entry.kinds.some((kind) => kinds.includes(kind)))
        entry.moved();
  }
}
