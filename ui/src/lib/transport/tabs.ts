/**
 * The tabs of a browser share one session. When it ends, or another one begins, no other tab may go on showing what was
 * for somebody else.
 */
export class Tabs {
  #channel = new BroadcastChannel('sazanami.session');

  /** Tells the other tabs that the session is no longer the one they know. */
  changed(): void {
    this.#channel.postMessage('changed');
  }

  onChanged(heard: () => void): void {
    this.#channel.onmessage = heard;
  }
}

let own: Tabs | null = null;

/** This tab among the others. */
export const tabs = (): Tabs => (own ??= new Tabs());
