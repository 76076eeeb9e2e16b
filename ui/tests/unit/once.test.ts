import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Once } from '../../src/lib/transport/once';

let acts: string[];
let end: (refused?: string) => void;

/** An act that stays under way until `end`. */
const act = (name: string) => () => {
  acts.push(name);
  return new Promise<string>((done, refuse) => (end = (refused) => (refused ? refuse(refused) : done(name))));
};

beforeEach(() => {
  acts = [];
  vi.useFakeTimers();
});
afterEach(() => vi.useRealTimers());

test('a second tap while the first is under way is the same act', async () => {
  const once = new Once<string>();
  const taps = [once.run('arrive', act('arrive')), once.run('arrive', act('arrive'))];
  end();
  expect(await Promise.all(taps)).toEqual(['arrive', 'arrive']);
  expect(acts).toEqual(['arrive']);
});

test('a bouncing finger just after the act does nothing, a later press acts', async () => {
  const once = new Once<string>();
  const first = once.run('arrive', act('arrive'));
  end();
  await first;
  await once.run('arrive', act('bounce'));
  expect(acts).toEqual(['arrive']);
  vi.advanceTimersByTime(1000);
  void once.run('arrive', act('later'));
  expect(acts).toEqual(['arrive', 'later']);
});

test('children tapped one after the other all arrive', () => {
  const once = new Once<string>();
  void once.run('yui', act('yui'));
  void once.run('rio', act('rio'));
  expect(acts).toEqual(['yui', 'rio']);
});

test('a refused act may be tried again at once', async () => {
  const once = new Once<string>();
  const first = once.run('arrive', act('arrive'));
  end('unreachable');
  await expect(first).rejects.toBe('unreachable');
  void once.run('arrive', act('again'));
  expect(acts).toEqual(['arrive', 'again']);
});

test('doing, taking back and doing again are three acts', async () => {
  const once = new Once<string>();
  for (const name of ['arrive', 'undo', 'arrive']) {
    const one = once.run(name, act(name));
    end();
    await one;
  }
  expect(acts).toEqual(['arrive', 'undo', 'arrive']);
});
