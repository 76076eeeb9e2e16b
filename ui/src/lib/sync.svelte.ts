import type { SyncView } from './generated/SyncView';
import { quiet } from './transport/contract';
import { transport } from './transport/transport';

/** The one picture of synchronisation that all frames share. */
class Sync {
  state = $state.raw<SyncView>(quiet);
  #following = false;

  /** Begins to follow the host's reports; harmless when called again. */
  follow(): void {
    if (this.#following) return;
    this.#following = true;
    const show = (state: SyncView) => (this.state = state);
    transport().onSync(show);
    void transport()
      .syncState()
      .then(show, () => (this.#following = false));
  }
}

export const sync = new Sync();
