/** The list of children as the office sorts and filters it. What the state of a child is, Rust says. */
import type { ClassRow } from '$lib/generated/ClassRow';
import type { Counts } from '$lib/generated/Counts';
import type { RollItem } from '$lib/generated/RollItem';
import type { State } from '$lib/generated/State';

export const columns = ['kana', 'class', 'state', 'arrived', 'left'] as const;
export type Column = (typeof columns)[number];

export interface Filter {
  /** Part of a name, as typed. */
  text: string;
  class: string;
  state: string;
  sort: Column;
  down: boolean;
}

/** In the filter by class: children who are placed in none here, but visit. */
export const guests = '-';

/** Children who are here, without those who are out at the moment. */
export const inBuilding = (counts: Counts): number => counts.here - counts.away;

export const missing = (classes: ClassRow[]): number => classes.reduce((sum, row) => sum + row.unreported, 0);

/** Most pressing first, when sorted by state. */
const order: State[] = [
  'unreported',
  'unknown',
  'yet',
  'here',
  'away',
  'elsewhere',
  'left',
  'absent',
  'not_expected',
];

const collator = new Intl.Collator('ja');
const late = '99';

const by: Record<Column, (a: RollItem, b: RollItem, classes: string[]) => number> = {
  kana: (a, b) => collator.compare(a.kana, b.kana),
  class: (a, b, classes) => classes.indexOf(a.class_name) - classes.indexOf(b.class_name),
  state: (a, b) => order.indexOf(a.state) - order.indexOf(b.state),
  arrived: (a, b) => collator.compare(a.arrived ?? late, b.arrived ?? late),
  left: (a, b) => collator.compare(a.left ?? late, b.left ?? late),
};

/** `missing` stands for both words of not knowing; every other state for itself. */
const inState = (item: RollItem, state: string) =>
  state === '' ||
  (state === 'missing' ? item.state === 'unreported' || item.state === 'unknown' : item.state === state);

/**
 * What the table shows: filtered, then sorted, equal ones by kana. `classes` in the order of the site; `finds` says whose
 * name holds what was typed.
 */
export function shown(
  roll: RollItem[],
  filter: Filter,
  classes: string[],
  finds: (item: RollItem) => boolean,
): RollItem[] {
  const found = roll.filter(
    (item) =>
      finds(item) &&
      (filter.class === '' || item.class_name === (filter.class === guests ? '' : filter.class)) &&
      inState(item, filter.state),
  );
  const sign = filter.down ? -1 : 1;
  return found.sort((a, b) => sign * by[filter.sort](a, b, classes) || by.kana(a, b, classes));
}
