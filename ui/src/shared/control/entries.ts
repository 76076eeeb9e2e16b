/** What is needed of the browser's history, so that a test can bring one of its own. */
export interface Trail {
  readonly state: unknown;
  readonly href: string;
  push(state: object): void;
  go(by: number): void;
}

/**
 * One entry of the history per open sheet, so that the device's way back closes the sheet and not the page under it.
 * An entry says in its state how many sheets were open at it. A sheet that is closed otherwise takes its entry back; one
 * that lies under another page by then is passed over when the person comes back to it.
 */
export class Entries {
  #trail: Trail;
  #later: (settle: () => void) => void;
  /** The sheets that are open, by what closes them; the uppermost is the last. */
  #open: (() => void)[] = [];
  /** Where the last sheet was opened. */
  #page = '';
  #waits = false;
  /** From where a way of ours is under way; the browser tells when it has come there. */
  #going: string | null = null;

  constructor(trail: Trail, later: (settle: () => void) => void) {
    this.#trail = trail;
    this.#later = later;
    // Loaded anew with a sheet open: its entry is there and the sheet is not.
    if (this.#depth() > 0) this.#soon();
  }

  /** A sheet is open from now on; what comes back is called when it is closed, however that comes about. */
  enter(close: () => void): () => void {
    const mine = () => close();
    this.#open.push(mine);
    this.#soon();
    return () => {
      this.#open = this.#open.filter((one) => one !== mine);
      this.#soon();
    };
  }

  /** The browser has gone somewhere; `true` if only a sheet was left by that and the page stays as it is drawn. */
  moved(): boolean {
    const from = this.#going;
    this.#going = null;
    const { href } = this.#trail;
    const spare = this.#open.length - this.#depth();
    this.#soon();
    if (from !== null) return from === href;
    // At the entry of a sheet that is gone another page may still be drawn.
    if (spare <= 0 || href !== this.#page) return false;
    for (const close of this.#open.slice(-spare).reverse()) close();
    return true;
  }

  #depth(): number {
    const { state } = this.#trail;
    const told = typeof state === 'object' && state !== null && 'sheets' in state ? state.sheets : 0;
    return typeof told === 'number' ? told : 0;
  }

  /** Not at once: a sheet that gives way to another one leaves it its entry, and a page that follows lies on top. */
  #soon(): void {
    if (this.#waits) return;
    this.#waits = true;
    this.#later(() => {
      this.#waits = false;
      this.#settle();
    });
  }

  #settle(): void {
    const missing = this.#open.length - this.#depth();
    if (this.#going !== null) return;
    if (missing < 0) {
      this.#going = this.#trail.href;
      this.#trail.go(missing);
      return;
    }
    if (this.#open.length > 0) this.#page = this.#trail.href;
    for (let step = 0; step < missing; step += 1)
      this.#trail.push({ ...(this.#trail.state as object | null), sheets: this.#depth() + 1 });
  }
}

let shared: Entries | null = null;

/** The entries of this window; first asked for before the router listens, for a window calls its listeners in turn. */
export function entries(): Entries {
  if (shared) return shared;
  const made = new Entries(
    {
      get state() {
        return history.state as unknown;
      },
      get href() {
        return location.href;
      },
      push: (state) => history.pushState(state, ''),
      go: (by) => history.go(by),
    },
    (settle) => setTimeout(settle),
  );
  // The router would draw the page anew and scroll it to its top.
  const heard = (event: PopStateEvent) => made.moved() && event.stopImmediatePropagation();
  addEventListener('popstate', heard, { capture: true });
  return (shared = made);
}
