import { wall } from '$lib/clock.svelte';
import type { Query } from '$lib/generated/Query';
import type { View } from '$lib/generated/View';
import { unfound, type RefusedError, type ViewOf } from './contract';
import { share } from './share';
import { transport } from './transport';

/**
 * A question that stays answered: asked now, asked again when a kind it was read from moves, when the clock makes
 * the answer stale, and when `query` itself changes. The last answer stays on the screen meanwhile, so nothing ever
 * shows "loading" twice. `null` asks nothing yet.
 */
export class Live<N extends View['view']> {
  value = $state.raw<ViewOf<N> | null>(null);
  problem = $state.raw<RefusedError | null>(null);
  #query: () => (Query & { query: N }) | null;
  #turn = 0;
  #stop: (() => void) | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #kinds = '';

  constructor(query: () => (Query & { query: N }) | null) {
    this.#query = query;
    // The question may depend on what is on the screen (class, day): another one is another subscription.
    $effect(() => {
      void this.#ask(this.#query());
      return () => this.#unwatch();
    });
  }

  /** Asks again at once, for instance after an act of this very screen. */
  again = (): Promise<void> => this.#ask(this.#query());

  async #ask(query: Query | null): Promise<void> {
    if (!query) return;
    const turn = ++this.#turn;
    try {
      const { view, kinds, stale_in_ms, now_ms } = await transport().ask(query);
      wall.agree(now_ms);
      if (turn !== this.#turn) return;
      this.value = share(this.value, view as ViewOf<N>);
      this.problem = null;
      this.#watch(kinds);
      this.#expire(stale_in_ms);
    } catch (thrown) {
      if (turn !== this.#turn) return;
      this.problem = unfound(thrown);
      // What the answer hangs on is not known yet: anything that moves asks again.
      this.#stop ??= transport().watch([], () => void this.again());
    }
  }

  #watch(kinds: string[]): void {
    const key = kinds.join();
    if (key === this.#kinds) return;
    this.#stop?.();
    this.#kinds = key;
    this.#stop = transport().watch(kinds, () => void this.again());
  }

  /** Never sooner than a second, so that a clock that stands still asks no storm of questions. */
  #expire(stale_in_ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.again(), Math.max(stale_in_ms, 1000));
  }

  #unwatch(): void {
    this.#turn += 1;
    clearTimeout(this.#timer);
    this.#stop?.();
    this.#stop = null;
    this.#kinds = '';
  }
}
