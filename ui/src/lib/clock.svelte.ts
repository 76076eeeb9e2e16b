/** The wall clock of the screen, moving on with each minute. Facts get their time in Rust, never from here. */
class WallClock {
  now = $state(new Date());

  /** This very moment, for what a toast says was just recorded. */
  exact = (): Date => new Date();

  constructor() {
    const tick = () => {
      this.now = new Date();
      setTimeout(tick, 60_000 - (Date.now() % 60_000) + 20);
    };
    setTimeout(tick, 60_000 - (Date.now() % 60_000) + 20);
  }
}

export const wall = new WallClock();
