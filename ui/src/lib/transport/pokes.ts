/** Between two tries of ours, ms: soon enough for a class room, and not all at once when a whole town lost its server. */
const soonest_ms = 1_000;
const latest_ms = 30_000;

/** How long to wait before try number `tries`, 0 for the first: anywhere up to a limit that doubles. `chance` is in [0, 1). */
export function pause_ms(tries: number, chance: number): number {
  const most = Math.min(latest_ms, soonest_ms * 2 ** (tries + 1));
  return soonest_ms + chance * (most - soonest_ms);
}

interface Told {
  online(now: boolean): void;
  /** An empty list says that anything may have moved. */
  touched(kinds: string[]): void;
}

/**
 * Pokes say only that something moved; the data comes by asking again. A connection that broke is taken up again by
 * the browser itself, but after an answer that is no stream, such as a proxy's 502, it gives up for good: then by us.
 */
export class Pokes {
  /** Asked for once; a page without anybody signed in would be refused. */
  wanted = false;
  #open: () => EventSource;
  #told: Told;
  #chance: () => number;
  #source: EventSource | null = null;
  #again: ReturnType<typeof setTimeout> | undefined;
  #tries = 0;
  /** What moved since the stream broke was told to nobody. */
  #missed = false;

  constructor(open: () => EventSource, told: Told, chance: () => number = Math.random) {
    this.#open = open;
    this.#told = told;
    this.#chance = chance;
  }

  /** Now, and from now on; whoever calls again does not wait for the next try. */
  listen(): void {
    this.wanted = true;
    clearTimeout(this.#again);
    // Between a stream closed by us and the next one nobody is told what moves.
    if (this.#source) this.#missed = true;
    this.#source?.close();
    const source = this.#open();
    this.#source = source;
    source.onopen = () => {
      this.#tries = 0;
      if (this.#missed) this.#told.touched([]);
      this.#missed = false;
      this.#told.online(true);
    };
    source.onerror = () => {
      this.#missed = true;
      this.#told.online(false);
      if (source.readyState !== source.CLOSED) return;
      clearTimeout(this.#again);
      this.#again = setTimeout(() => this.listen(), pause_ms(this.#tries++, this.#chance()));
    };
    source.onmessage = (event) => this.#told.touched(JSON.parse(event.data as string) as string[]);
  }
}
