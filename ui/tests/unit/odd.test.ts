/**
 * What every screen says on a morning on which something does not fit: the views are those that Rust made
 * (`crates/nursery/tests/odd_mornings.rs` compares them with these files), the components are the real ones.
 */
import { readFileSync } from 'node:fs';
import { render } from 'svelte/server';
import { beforeAll, expect, test } from 'vitest';
import type { Component } from 'svelte';
import type { BoardView } from '../../src/lib/generated/BoardView';
import type { ChildSheetView } from '../../src/lib/generated/ChildSheetView';
import type { GuardianHomeView } from '../../src/lib/generated/GuardianHomeView';
import type { OpenEndsView } from '../../src/lib/generated/OpenEndsView';
import type { SiteTodayView } from '../../src/lib/generated/SiteTodayView';
import { overwriteGetLocale } from '../../src/lib/i18n/paraglide/runtime';
import CallCard from '../../src/feature/board/CallCard.svelte';
import ClockNotice from '../../src/feature/board/ClockNotice.svelte';
import ChildSheet from '../../src/feature/child/ChildSheet.svelte';
import Evening from '../../src/feature/evening/Evening.svelte';
import Home from '../../src/feature/guardian/Home.svelte';
import Missing from '../../src/feature/office/Missing.svelte';
import RollTable from '../../src/feature/office/RollTable.svelte';
import Tile from '../../src/shared/child/Tile.svelte';

interface Screens {
  board: BoardView;
  sheet: ChildSheetView;
  evening: OpenEndsView;
  guardian: GuardianHomeView;
  office: SiteTodayView;
}
type Screen = 'tile' | 'sheet' | 'calls' | 'evening' | 'guardian' | 'office' | 'clock';

const nothing = () => {};
const read = (name: string): Screens =>
  JSON.parse(readFileSync(new URL(`../fixture/odd/${name}.json`, import.meta.url), 'utf8')) as Screens;

/** The words of a component, without marks and spaces: how words are set apart is not what they say. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- as Svelte itself bounds the props of a component
function words<P extends Record<string, any>>(component: Component<P>, props: P): string {
  const html = render(component as unknown as Component, { props }).body;
  return bare(html.replaceAll(/<!--.*?-->|<style.*?<\/style>|<[^>]+>/gs, ''));
}
const bare = (text: string) => text.replaceAll(/\s/g, '');

function screens({ board, sheet, evening, guardian, office }: Screens): Record<Screen, string> {
  const tile = board.tiles.find((one) => one.kana === 'なぎ');
  const roll = office.roll.filter((one) => one.kana === 'なぎ');
  const filter = { text: '', class: '', state: '', sort: 'kana', down: false } as const;
  return {
    tile: tile ? words(Tile, { tile, press: nothing }) : '',
    sheet: words(ChildSheet, {
      view: sheet,
      close: nothing,
      mend: nothing,
      see: nothing,
      back: nothing,
      depart: nothing,
      arrive: nothing,
      goOut: nothing,
      form: null,
      protect: nothing,
    }),
    calls: board.calls
      ? words(CallCard, {
          list: board.calls,
          hearing: board.hearing,
          take: nothing,
          outcome: nothing,
          tell: nothing,
          now: board.now,
        })
      : '',
    evening: words(Evening, { view: evening, close: nothing, day: null, chooseDay: nothing, own: null }),
    guardian: words(Home, { home: guardian }),
    office:
      words(RollTable, { roll, classes: ['うさぎ組'], filter, change: nothing, day: office.day }) +
      (office.calls ? words(Missing, { list: office.calls, take: nothing, end: nothing }) : ''),
    clock: words(ClockNotice, { clock: board.clock, confirm: nothing }),
  };
}

beforeAll(() => overwriteGetLocale(() => 'ja'));

/** What must be read on a screen, and what must not. */
interface Said {
  says?: string[];
  never?: string[];
}
const mornings: [string, Record<Screen, Said>][] = [
  [
    'two-arrivals',
    {
      tile: { says: ['なぎ、在園、8時1分、見直し', '在園 8:01'] },
      sheet: { says: ['在園 8:01', '登園が 2つあります', '8:01 登園', '8:03 登園'] },
      calls: { says: ['連絡なし 未登園 1人', 'ゆうま'], never: ['なぎ'] },
      evening: { says: ['なぎ', '記録が合いません', '登園が 2つあります', '見比べて直す'] },
      // the card says one place and time; below it stand the facts, until the nursery takes one back
      guardian: { says: ['なぎ みなと保育園 うさぎ組 在園 8:01', '登園しました'], never: ['2か所', '2つ'] },
      office: { says: ['在園', '8:01', '見直し', 'ゆうま'], never: ['8:03'] },
      clock: {},
    },
  ],
  [
    'two-arrivals-voided',
    {
      tile: { says: ['なぎ、在園、8時1分', '在園 8:01'], never: ['見直し'] },
      sheet: { says: ['在園 8:01', '取り消し（時刻まちがい）', '8:03'], never: ['2つあります'] },
      calls: { says: ['ゆうま'], never: ['なぎ'] },
      evening: { never: ['なぎ'] },
      guardian: { says: ['在園 8:01'], never: ['8:03'] },
      office: { says: ['在園', '8:01'], never: ['見直し'] },
      clock: {},
    },
  ],
  [
    'two-places',
    {
      tile: { says: ['なぎ、ほかの園', '見直し'] },
      sheet: {
        says: ['ほかの園', '2つの園で 在園になっています', 'みなと保育園', 'さくら保育園', '8:30', '9:00'],
      },
      calls: { says: ['ゆうま'], never: ['なぎ'] },
      evening: { says: ['なぎ', '記録が合いません', '2つの園で 在園になっています'] },
      guardian: { says: ['みなと保育園', 'さくら保育園', '2か所で 記録があります。園が確認しています。'] },
      office: { says: ['ほかの園', '見直し'] },
      clock: {},
    },
  ],
  [
    'after-midnight',
    {
      tile: { says: ['なぎ、降園、24時20分', '降園 24:20'] },
      sheet: { says: ['降園 24:20', '8:30', '降園（母'], never: ['0:20降園', '2つ'] },
      calls: { says: ['ゆうま'], never: ['なぎ'] },
      evening: { never: ['なぎ'] },
      guardian: { says: ['降園 24:20'] },
      office: { says: ['降園', '8:30', '24:20'], never: ['見直し'] },
      clock: {},
    },
  ],
  [
    'slow-clock',
    {
      tile: { says: ['なぎ、在園、8時30分', '在園 8:30'], never: ['8:05', '見直し'] },
      sheet: { says: ['在園 8:30', '端末の時計が 25分 ずれていました', '時計が不確か'], never: ['8:05'] },
      calls: { says: ['9:30', 'ゆうま'], never: ['なぎ'] },
      evening: { never: ['なぎ'] },
      guardian: { says: ['在園 8:30'], never: ['8:05'] },
      office: { says: ['在園', '8:30', '見直し'], never: ['8:05'] },
      clock: { says: ['25分'] },
    },
  ],
  [
    'yesterdays-date',
    {
      tile: { says: ['なぎ、未登園'], never: ['連絡なし'] },
      sheet: { says: ['未登園', 'きょうの記録は まだありません'] },
      calls: { never: ['なぎ', 'ゆうま'] },
      evening: { never: ['なぎ', 'ゆうま'] },
      guardian: { says: ['なぎ', 'これから'], never: ['連絡なし', '未登園'] },
      office: { says: ['連絡なし', 'なぎ', 'ゆうま'] },
      clock: { says: ['11月23日（月）'] },
    },
  ],
];

test.each(mornings)('every screen says what it must on the morning of %s', (name, expected) => {
  const said = screens(read(name));
  for (const screen of Object.keys(expected) as Screen[]) {
    const { says = [], never = [] } = expected[screen];
    for (const one of says) expect(said[screen], `${screen} does not say ${one}`).toContain(bare(one));
    for (const one of never) expect(said[screen], `${screen} says ${one}`).not.toContain(bare(one));
  }
});
