const minute = 60_000;

/**
 * The wall clock of the screen, moving on with each minute. It agrees with the best guess of the time that views
 * carry when this device's own clock is off by more than two minutes. Facts get their time in Rust, never from here.
 */
class WallClock {
  now = $state(new Date());
  /** True once a view has said what time it is: until then nothing should be claimed. */
  known = $state(false);
  #offset = 0;
  #day: string | null = null;

  /** This very moment, for what a toast says was just recorded. */
  exact = (): Date => new Date(Date.now() + this.#offset);

  constructor() {
    const tick = () => {
      this.now = this.exact();
      setTimeout(tick, minute - (this.now.getTime() % minute) + 20);
    };
    setTimeout(tick, minute - (Date.now() % minute) + 20);
  }

  /** A view says which day (or the day said last) and what time it is; after midnight a day counts on: 24:20. */
  agree(time: string, day: string | null = this.#day): void {
    if (!day) return;
    this.#day = day;
    this.known = true;
    const [hours = 0, minutes = 0] = time.split(':').map(Number);
    const said = Date.parse(`${day}T00:00:00+09:00`) + (hours * 60 + minutes) * minute;
    const off = said - Math.floor(Date.now() / minute) * minute;
    this.#offset = Math.abs(off) > 2 * minute ? off : 0;
    this.now = this.exact();
  }
}

export const wall = new WallClock();
