/** Many at once, while a colleague records some of the same: nobody is counted who was not written. */
import { expect, test } from 'vitest';
import { manyWords, stillOpen } from '../../src/feature/together/choose';
import type { State } from '../../src/lib/generated/State';
import type { Tile } from '../../src/lib/generated/Tile';
import { m } from '../../src/lib/i18n/paraglide/messages';

const tile = (child: string, state: State) => ({ child, state }) as Tile;

test('who came meanwhile, or left the board, is no longer chosen', () => {
  const tiles = [tile('mio', 'yet'), tile('ren', 'here'), tile('sota', 'unreported')];
  expect(stillOpen(['mio', 'ren', 'sota', 'gone'], tiles, 'arrive')).toEqual(['mio', 'sota']);
  expect(stillOpen(['mio', 'ren'], tiles, 'walk_out')).toEqual(['ren']);
});

test('the toast counts what was written, and names the rest', () => {
  const detail = '9:34 登園';
  expect(manyWords(3, 3, detail)).toEqual({ title: m.toast_many({ count: 3 }), detail });
  expect(manyWords(3, 1, detail)).toEqual({
    title: m.toast_many({ count: 1 }),
    detail: m.toast_rest_already({ detail, count: 2 }),
  });
});
