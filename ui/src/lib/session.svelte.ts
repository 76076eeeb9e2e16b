import type { FrameView } from './session';
import { Live } from './transport/live.svelte';

/** Who records here and for which place; one question that every staff page shares. */
class Session {
  #live: Live<FrameView> | null = null;

  get view(): FrameView | null {
    return this.#live?.value ?? null;
  }

  get problem() {
    return this.#live?.problem ?? null;
  }

  /** Called while a staff page is being built; the question lives as long as the first page that asked it. */
  open(): void {
    this.#live = new Live<FrameView>(() => ({ type: 'frame' }));
  }

  again = (): void => void this.#live?.again();
}

export const session = new Session();
