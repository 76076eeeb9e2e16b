const minute = 60_000;
const moment = (ms: number): Date => new Date(ms);

/**
 * The wall clock of the screen, moving on with each minute. What it shows is the host's best guess of the time, which
 * comes with every answer; this device's own clock only counts on from there. Facts get their time in Rust, never here.
 */
export class WallClock {
  #now_ms = $state(Date.now());
  /** False until the host has answered once: nobody is shown a time that may be wrong. */
  known = $state(false);
  #ahead_ms = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** This very moment, for what a toast says was just recorded. */
  exact = (): Date => moment(this.#exact_ms());

  get now(): Date {
    return moment(this.#now_ms);
  }

  /** The host's best guess of now, ms since the epoch. */
  agree(now_ms: number): void {
    const ahead_ms = now_ms - Date.now();
    if (this.known && Math.abs(ahead_ms - this.#ahead_ms) < 1000) return;
    this.known = true;
    this.#ahead_ms = ahead_ms;
    this.#tick();
  }

  #exact_ms = () => Date.now() + this.#ahead_ms;

  #tick(): void {
    clearTimeout(this.#timer);
    this.#now_ms = this.#exact_ms();
    this.#timer = setTimeout(() => this.#tick(), minute - (this.#now_ms % minute) + 20);
  }
}

export const wall = new WallClock();
