/** A browser that lost its stream hears again without being loaded anew, whatever stood between it and the server. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { pause_ms, Pokes } from '../../src/lib/transport/pokes';

/** The browser's side of a stream: it says what happened, and closes for good on an answer that is no stream. */
class Stream {
  readonly CLOSED = 2;
  readyState = 0;
  onopen = () => {};
  onerror = () => {};
  onmessage = (_: { data: string }) => {};
  close() {
    this.readyState = this.CLOSED;
  }
  opens() {
    this.readyState = 1;
    this.onopen();
  }
  /** The browser tries again by itself. */
  breaks() {
    this.readyState = 0;
    this.onerror();
  }
  /** 502: the browser never tries again. */
  isRefused() {
    this.readyState = this.CLOSED;
    this.onerror();
  }
}

let streams: Stream[];
let heard: string[];
const latest = () => streams.at(-1)!;

function listening(chance = 0): Pokes {
  streams = [];
  heard = [];
  const open = () => {
    streams.push(new Stream());
    return latest() as unknown as EventSource;
  };
  const told = {
    online: (now: boolean) => heard.push(now ? 'online' : 'offline'),
    touched: (kinds: string[]) => heard.push(`touched ${kinds.join()}`),
  };
  const pokes = new Pokes(open, told, () => chance);
  pokes.listen();
  return pokes;
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

test('a stream that opens tells nobody to ask again, and says what moves', () => {
  listening();
  latest().opens();
  latest().onmessage({ data: '["punch"]' });
  expect(heard).toEqual(['online', 'touched punch']);
});

test('a stream that broke is left to the browser, and everybody asks again when it is back', () => {
  listening();
  latest().opens();
  latest().breaks();
  vi.advanceTimersByTime(120_000);
  expect(streams.length).toBe(1);
  latest().opens();
  expect(heard).toEqual(['online', 'offline', 'touched ', 'online']);
});

test('after one answer of a proxy it listens again by itself, and everybody asks again', () => {
  listening();
  latest().opens();
  latest().isRefused();
  vi.advanceTimersByTime(999);
  expect(streams.length).toBe(1);
  vi.advanceTimersByTime(1);
  expect(streams.length).toBe(2);
  latest().opens();
  expect(heard).toEqual(['online', 'offline', 'touched ', 'online']);
  latest().onmessage({ data: '["away"]' });
  expect(heard.at(-1)).toBe('touched away');
});

test('what was missed before the very first opening is asked for too', () => {
  listening();
  latest().isRefused();
  vi.advanceTimersByTime(1_000);
  latest().opens();
  expect(heard).toEqual(['offline', 'touched ', 'online']);
});

test('a stream taken up because the network came back makes everybody ask again too', () => {
  const pokes = listening();
  latest().opens();
  latest().isRefused();
  pokes.listen();
  latest().opens();
  expect(heard).toEqual(['online', 'offline', 'touched ', 'online']);
});

test('a live stream that is taken up anew makes everybody ask again, for what moved in between', () => {
  const pokes = listening();
  latest().opens();
  pokes.listen();
  expect(streams.map((one) => one.readyState === one.CLOSED)).toEqual([true, false]);
  latest().opens();
  expect(heard).toEqual(['online', 'touched ', 'online']);
});

test('the pauses grow to half a minute, and are short again after a success', () => {
  listening(0.999_999);
  const waited: number[] = [];
  for (let tries = 0; tries < 7; tries += 1) {
    const [before, from] = [streams.length, Date.now()];
    latest().isRefused();
    while (streams.length === before && Date.now() < from + 60_000) vi.advanceTimersByTime(100);
    waited.push(Math.round((Date.now() - from) / 1_000));
  }
  expect(waited).toEqual([2, 4, 8, 16, 30, 30, 30]);
  latest().opens();
  latest().isRefused();
  vi.advanceTimersByTime(2_000);
  expect(streams.length).toBe(9);
});

test('a network that came back is tried at once, and not a second time by the old pause', () => {
  const pokes = listening(0.5);
  latest().isRefused();
  pokes.listen();
  expect(streams.length).toBe(2);
  vi.advanceTimersByTime(60_000);
  expect(streams.length).toBe(2);
});

test('no two browsers need to come at the same moment, and none before a second', () => {
  expect([0, 0.5, 0.999].map((chance) => Math.round(pause_ms(3, chance)))).toEqual([1_000, 8_500, 15_985]);
  expect(pause_ms(2_000, 0.999)).toBeLessThan(30_000);
});
