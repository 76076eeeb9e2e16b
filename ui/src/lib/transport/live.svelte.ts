import { refusal, type RefusedError } from './contract';
import { transport } from './transport';

/**
 * A question that stays answered: asked now, asked again when a kind it was read from moves, and when `query`
 * itself changes. The last answer stays on the screen meanwhile, so nothing ever shows "loading" twice.
 */
export class Live<A> {
  value = $state.raw<A | null>(null);
  problem = $state.raw<RefusedError | null>(null);
  #query: () => unknown;
  #turn = 0;
  #stop: (() => void) | null = null;
  #kinds = '';

  constructor(query: () => unknown) {
    this.#query = query;
    // The question may depend on what is on the screen (class, day): another one is another subscription.
    $effect(() => {
      void this.#ask(this.#query());
      return () => this.#unwatch();
    });
  }

  /** Asks again at once, for instance after an act of this very screen. */
  again = (): Promise<void> => this.#ask(this.#query());

  async #ask(query: unknown): Promise<void> {
    const turn = ++this.#turn;
    try {
      const { answer, kinds } = await transport().ask<A>(query);
      if (turn !== this.#turn) return;
      this.value = answer;
      this.problem = null;
      this.#watch(kinds);
    } catch (thrown) {
      if (turn === this.#turn) this.problem = refusal(thrown);
    }
  }

  #watch(kinds: string[]): void {
    const key = kinds.join();
    if (key === this.#kinds) return;
    this.#unwatch();
    this.#kinds = key;
    this.#stop = transport().watch(kinds, () => void this.again());
  }

  #unwatch(): void {
    this.#stop?.();
    this.#stop = null;
    this.#kinds = '';
  }
}
