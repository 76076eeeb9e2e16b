import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { WallClock } from '../../src/lib/clock.svelte';
import { clock } from '../../src/lib/i18n/time';

const at = (moment: string) => Date.parse(`${moment}+09:00`);

beforeEach(() => vi.useFakeTimers({ now: at('2026-11-23T08:12:30') }));
afterEach(() => vi.useRealTimers());

test('no time is known before the host has answered', () => {
  expect(new WallClock().known).toBe(false);
});

test('the screen shows the host’s time and day, however wrong this device is', () => {
  const wall = new WallClock();
  wall.agree(at('2026-11-24T08:16:59'));
  expect(wall.known).toBe(true);
  expect(wall.now.getTime()).toBe(at('2026-11-24T08:16:59'));
});

test('it moves on when the host’s minute ends, not when this device’s does', () => {
  const wall = new WallClock();
  wall.agree(at('2026-11-24T08:16:59'));
  vi.advanceTimersByTime(1100);
  expect(clock(wall.now)).toBe('8:17');
});

test('a later answer corrects a clock that ran away', () => {
  const wall = new WallClock();
  wall.agree(at('2026-11-24T08:16:00'));
  wall.agree(at('2026-11-24T08:20:00'));
  expect(clock(wall.now)).toBe('8:20');
});
