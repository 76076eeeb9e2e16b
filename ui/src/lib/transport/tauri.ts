import type { Done } from '$lib/generated/Done';
import type { HostReply } from '$lib/generated/HostReply';
import type { HostRequest } from '$lib/generated/HostRequest';
import type { SyncView } from '$lib/generated/SyncView';
import { refusal } from './contract';
import { hostQueue, hostSync, Watchers, type Answered, type Transport } from './transport';

interface Internals {
  invoke<A>(command: string, payload?: Record<string, unknown>): Promise<A>;
  transformCallback(callback: (event: { payload: unknown }) => void): number;
}

declare global {
  interface Window {
    __TAURI_INTERNALS__?: Internals;
  }
}

/** The installed app: Rust lives in the same process and answers in milliseconds, with or without a network. */
export function tauriTransport(tauri: Internals): Transport {
  const watchers = new Watchers();
  const syncListeners = new Set<(state: SyncView) => void>();
  const invoke = <A>(command: string, payload?: Record<string, unknown>) =>
    tauri.invoke<A>(command, payload).catch((thrown: unknown) => Promise.reject(refusal(thrown)));
  const listen = (event: string, heard: (payload: unknown) => void) =>
    void invoke('plugin:event|listen', {
      event,
      target: { kind: 'Any' },
      handler: tauri.transformCallback((told) => heard(told.payload)),
    });
  const host = (request: HostRequest) => invoke<HostReply>('host', { request });

  listen('touched', (kinds) => watchers.touched(kinds as string[]));
  listen('sync', (state) => syncListeners.forEach((changed) => changed(state as SyncView)));

  return {
    ask: (query) => invoke<Answered>('ask', { query }),
    act: (order) => invoke<Done>('act', { order }),
    host,
    watch: (kinds, moved) => watchers.add(kinds, moved),
    syncState: () => hostSync(host),
    onSync(changed) {
      syncListeners.add(changed);
      return () => syncListeners.delete(changed);
    },
    queue: () => hostQueue(host),
  };
}
