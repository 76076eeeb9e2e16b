/** For so long after an act the same press is still the same act: fingers bounce, and an impatient one presses again. */
const settle_ms = 600;

/**
 * One press, one act. The same act asked for again while it is under way, or a moment after it was done, is not done
 * twice: whoever asks gets the answer of the first. A refused act may be tried again at once, and any other act ends
 * the moment, so that doing, taking back and doing again are three.
 */
export class Once<T> {
  #acts = new Map<string, { answer: Promise<T>; done: boolean }>();

  run(key: string, go: () => Promise<T>): Promise<T> {
    const same = this.#acts.get(key);
    if (same) return same.answer;
    for (const [other, { done }] of this.#acts) if (done) this.#acts.delete(other);
    const act = { answer: go(), done: false };
    this.#acts.set(key, act);
    const forget = () => {
      if (this.#acts.get(key) === act) this.#acts.delete(key);
    };
    act.answer.then(() => {
      act.done = true;
      setTimeout(forget, settle_ms);
    }, forget);
    return act.answer;
  }
}
