import type { QueueItem, SyncState } from './contract';
import { refusal } from './contract';
import { Watchers, type Answered, type Transport } from './transport';

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
  const invoke = <A>(command: string, payload?: Record<string, unknown>) =>
    tauri.invoke<A>(command, payload).catch((thrown: unknown) => Promise.reject(refusal(thrown)));
  const listen = (event: string, heard: (payload: unknown) => void) =>
    void invoke('plugin:event|listen', {
      event,
      target: { kind: 'Any' },
      handler: tauri.transformCallback((told) => heard(told.payload)),
    });
  const syncListeners = new Set<(state: SyncState) => void>();

  listen('touched', (kinds) => watchers.touched(kinds as string[]));
  listen('sync', (state) => syncListeners.forEach((changed) => changed(state as SyncState)));

  return {
    ask: <A>(query: unknown) => invoke<Answered<A>>('ask', { query }),
    act: <A>(command: unknown) => invoke<A>('act', { command }),
    host: <A>(request: unknown) => invoke<A>('host', { request }),
    watch: (kinds, moved) => watchers.add(kinds, moved),
    syncState: () => invoke<SyncState>('host', { request: { type: 'sync_state' } }),
    onSync(changed) {
      syncListeners.add(changed);
      return () => syncListeners.delete(changed);
    },
    queue: () => invoke<QueueItem[]>('host', { request: { type: 'queue' } }),
  };
}
