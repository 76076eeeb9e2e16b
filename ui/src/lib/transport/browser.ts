import type { Done } from '$lib/generated/Done';
import type { HostReply } from '$lib/generated/HostReply';
import type { HostRequest } from '$lib/generated/HostRequest';
import type { SyncView } from '$lib/generated/SyncView';
import { wall } from '$lib/clock.svelte';
import { quiet, refusal, unanswered } from './contract';
import { Pokes } from './pokes';
import { tabs, type Tabs } from './tabs';
import { Watchers, type Answered, type Transport } from './transport';

/** An office PC or a guardian's browser: the same answers over HTTP, nothing kept, and it says so. */
export function browserTransport(signedOut: () => void, shared: Tabs = tabs()): Transport {
  const watchers = new Watchers();
  const syncListeners = new Set<(state: SyncView) => void>();
  let state: SyncView = { ...quiet, online_only: true };

  function report(online: boolean): void {
    if (online === (state.offline_since === null)) return;
    state = { ...state, offline_since: online ? null : wall.exact().getTime() };
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
    if (!reply.ok) throw await unanswered(reply);
    return (await reply.json()) as A;
  }

  async function host(request: HostRequest): Promise<HostReply> {
    const reply = await post<HostReply>('host', request);
    if (request.request === 'sign_out') shared.changed();
    return reply;
  }

  const pokes = new Pokes(() => new EventSource('/v1/app/pokes', { withCredentials: true }), {
    online: report,
    touched: (kinds) => watchers.touched(kinds),
  });

  // The browser knows at once that the network went or came; its own retry would take some seconds.
  addEventListener('offline', () => report(false));
  addEventListener('online', () => pokes.wanted && pokes.listen());

  return {
    ask: (query) => post<Answered>('ask', query),
    act: (order) => post<Done>('act', order),
    host,
    watch(kinds, moved) {
      // Before the first answer nobody may be signed in, and pokes would be refused for good.
      if (kinds.length && !pokes.wanted) pokes.listen();
      return watchers.add(kinds, moved);
    },
    syncState: () => Promise.resolve(state),
    onSync(changed) {
      syncListeners.add(changed);
      return () => syncListeners.delete(changed);
    },
    queue: () => Promise.resolve([]),
  };
}
