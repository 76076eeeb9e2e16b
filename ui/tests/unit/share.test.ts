import { expect, test } from 'vitest';
import { share } from '../../src/lib/transport/share';

const board = () => ({
  tiles: [
    { child: 'a', state: 'yet' },
    { child: 'b', state: 'here' },
  ],
  now: '9:34',
});

test('an answer that says the same is the same', () => {
  const before = board();
  expect(share(before, board())).toBe(before);
});
test('what has not changed keeps its identity, what has changed is new', () => {
  const before = board();
  const after = board();
  after.tiles[0]!.state = 'here';
  const shared = share(before, after);
  expect(shared).toEqual(after);
  expect(shared.tiles[1]).toBe(before.tiles[1]);
  expect(shared.tiles[0]).not.toBe(before.tiles[0]);
});
test('a list that grows or shrinks is another list of the same parts', () => {
  const before = board();
  const shorter = { ...board(), tiles: board().tiles.slice(0, 1) };
  const shared = share(before, shorter);
  expect(shared.tiles).toHaveLength(1);
  expect(shared.tiles[0]).toBe(before.tiles[0]);
  expect(share(null, shorter)).toBe(shorter);
});
