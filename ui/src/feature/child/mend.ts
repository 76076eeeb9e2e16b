import type { PunchSort } from '$lib/generated/PunchSort';
import type { TimelineItem } from '$lib/generated/TimelineItem';
import { correctReasons, voidReasons } from './words';

/** As the form stands. */
export interface MendForm {
  /** The fact to mend; `null` enters one that is missing. */
  item: TimelineItem | null;
  sort: PunchSort;
  /** `HH:MM`, or empty. */
  at: string;
  /** Who collected: an id of the list, `unknown`, or `keep` as it was recorded; `null` while nobody is chosen. */
  who: string | null;
  reason: string | null;
}

export interface Mending {
  /** It has a time that can be mended. */
  punch: boolean;
  /** It is a departure, so somebody collected. */
  leaving: boolean;
  /** A correction will be sent; else the fact is taken back. */
  moved: boolean;
  reasons: readonly string[];
  /** The chosen reason, if it is still among those shown. */
  reason: string | null;
  /** The time is missing. */
  timeless: boolean;
  ready: boolean;
}

/** What the button of the form would do: nothing is sent that the form does not show. */
export function mending({ item, sort, at, who, reason }: MendForm): Mending {
  const punch = item === null || item.what.what === 'arrival' || item.what.what === 'departure';
  const leaving = punch && sort === 'departure';
  const moved = punch && (item === null || at !== item.at.slice(0, 5) || (leaving && who !== 'keep'));
  const reasons: readonly string[] = moved ? correctReasons : voidReasons;
  const shown = reason !== null && reasons.includes(reason) ? reason : null;
  const timeless = punch && at === '';
  const ready = shown !== null && !timeless && (!leaving || who !== null);
  return { punch, leaving, moved, reasons, reason: shown, timeless, ready };
}
