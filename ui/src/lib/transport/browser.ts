import type { QueueItem, SyncState } from './contract';
import { RefusedError, refusal } from './contract';
import { Watchers, type Answered, type Transport } from './transport';

const nothingKept: SyncState = {
  keeps: false,
  online: true,
  offline_since: null,
  counts: { saved: 0, waiting: 0, sending: 0, sent: 0, failed: 0, review: 0 },
  last_sync: null,
  incoming_until: null,
  safety_waiting: false,
};

/** An office PC or a guardian's browser: the same answers over HTTP, nothing kept, and it says so. */
export function browserTransport(signedOut: () => void): Transport {
  const watchers = new Watchers();
  const syncListeners = new Set<(state: SyncState) => void>();
  let state = nothingKept;

  function report(online: boolean): void {
    if (online === state.online) return;
    const since = online ? null : Date.now();
    state = { ...state, online, offline_since: since };
    syncListeners.forEach((changed) => changed(state));
  }

  async function post<A>(path: string, body: unknown): Promise<A> {
    const reply = await fetch(`/v1/app/${path}`, {
      method: 'POST',
      credentials: 'same-origin',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify(body),
    }).catch((thrown: unknown) => {
      report(false);
      throw refusal(thrown);
    });
    report(true);
    if (reply.status === 401) signedOut();
    if (!reply.ok) {
      const told: unknown = await reply.json().catch(() => null);
      throw told ? refusal(told) : new RefusedError({ code: 'server', support: `H-${reply.status}` });
    }
    return (await reply.json()) as A;
  }

  /** Pokes say only that something moved; the data comes by asking again. The browser reconnects by itself. */
  function listen(): void {
    const pokes = new EventSource('/v1/app/pokes', { withCredentials: true });
    pokes.onopen = () => report(true);
    pokes.onerror = () => report(false);
    pokes.onmessage = (event) => watchers.touched(JSON.parse(event.data as string) as string[]);
  }
  let listening = false;

  return {
    ask: <A>(query: unknown) => post<Answered<A>>('ask', query),
    act: <A>(command: unknown) => post<A>('act', command),
    host: <A>(request: unknown) => post<A>('host', request),
    watch(kinds, moved) {
      if (!listening) listen();
      listening = true;
      return watchers.add(kinds, moved);
    },
    syncState: () => Promise.resolve(state),
    onSync(changed) {
      syncListeners.add(changed);
      return () => syncListeners.delete(changed);
    },
    queue: () => Promise.resolve<QueueItem[]>([]),
  };
}
