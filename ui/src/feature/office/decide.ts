import type { WaitingItem } from '$lib/generated/WaitingItem';
import { m } from '$lib/i18n/paraglide/messages';
import { timeOfDay } from '$lib/i18n/time';
import { announcedWords } from '$shared/words/announced';
import { kindWord } from '$shared/words/kind';

export interface Group {
  why: WaitingItem['why']['why'];
  items: WaitingItem[];
}

/** What came too late for its rights, then what a restore has lost; a group without anything is not shown. */
export const groups = (items: WaitingItem[]): Group[] =>
  (['held', 'copy'] as const)
    .map((why) => ({ why, items: items.filter((item) => item.why.why === why) }))
    .filter((group) => group.items.length > 0);

/** One heading for each day, in the order in which they came. */
export function days(items: WaitingItem[]): { day: string | null; items: WaitingItem[] }[] {
  const all = new Map<string | null, WaitingItem[]>();
  for (const item of items) all.set(item.day, [...(all.get(item.day) ?? []), item]);
  return [...all].map(([day, of]) => ({ day, items: of }));
}

/** As they stand on the page, from top to bottom. */
const inOrder = (items: WaitingItem[]): WaitingItem[] =>
  groups(items).flatMap((group) => days(group.items).flatMap((one) => one.items));

/** Where to go on once these are decided: the next below, else the last above. */
export function following(items: WaitingItem[], decided: string[]): WaitingItem | undefined {
  const rows = inOrder(items);
  const last = rows.findLastIndex((row) => decided.includes(row.record));
  const stays = (row: WaitingItem) => !decided.includes(row.record);
  return rows.slice(last + 1).find(stays) ?? rows.slice(0, last).findLast(stays);
}

export const rowId = (record: string): string => `decide-${record}`;

/** What can be let in at once; what must be entered by hand stays. */
export const open = (items: WaitingItem[]): WaitingItem[] => items.filter((item) => !item.by_hand);

/** 登園 8:05 / 保護者の連絡 欠席 発熱: the kind, and what it says beyond it. */
export function says({ kind, what }: WaitingItem): {
  kind: string;
  more: string;
  text: string;
  void: boolean;
} {
  switch (what.what) {
    case 'punch':
      return {
        kind: kindWord(kind, what.sort),
        more: what.time ? timeOfDay(what.time) : '',
        text: '',
        void: what.void,
      };
    case 'announced':
      return { kind: kindWord(kind), more: announcedWords(what.announced), text: '', void: what.void };
    case 'text':
      return { kind: kindWord(kind), more: '', text: what.text.trim(), void: false };
    case 'record':
      return { kind: kindWord(kind), more: '', text: '', void: false };
  }
}

export const whose = (item: WaitingItem): string =>
  item.child_name || (item.child ? m.decide_child_unknown() : m.decide_site());

/** 三浦 凪 登園 8:05, for questions and for what was just done. */
export function named(item: WaitingItem): string {
  const { kind, more } = says(item);
  return [whose(item), kind, more].filter(Boolean).join(' ');
}
