import type { TileView } from '$shared/child/view';

/** What the board shows of one class or one room, now. */
export interface BoardView {
  day: string;
  mode: 'class' | 'room';
  tiles: TileView[];
  tabs: { all: number; yet: number; here: number; left: number; absent: number; of: number | null };
  call: CallList | null;
  care: CareItem[];
  now: Now;
  /** What may be done for several children from here. */
  together: TogetherAct[];
  rooms: RoomLine[];
  sends: RoomSend[];
}

export type TogetherAct = 'arrive' | 'walk_out' | 'walk_in' | 'room_change';

export interface CallList {
  /** From this time of day a child of whom nothing is known is called about. */
  after: string;
  /** The families' messages are complete up to here. */
  heard_until: string | null;
  /** Set while nothing can be known because messages have not come since then. */
  deaf_since: string | null;
  children: CallEntry[];
}

export interface CallEntry {
  child: string;
  name: string;
  face: 'drawn' | 'initial';
  /** In the order in which to call. */
  numbers: { person: string; relation: string; name: string; phone: string }[];
  /** Who has taken it and is on the telephone. */
  calling: { by: string; mine: boolean } | null;
  last: 'no_answer' | 'calls_back' | null;
}

export interface CareItem {
  child: string;
  name: string;
  kind: 'medicine' | 'temperature' | 'pickup' | 'walk' | 'allergy';
  at: string | null;
  value: number | null;
  next: string | null;
  who: string | null;
  text: string | null;
}

export interface Now {
  here: number;
  out: number;
  staff: number;
  guide: number | null;
  ages: [number, number] | null;
}

export interface RoomLine {
  room: string | null;
  name: string;
  joint: boolean;
  count: number;
  current: boolean;
  staff: { id: string; name: string }[];
  since: string | null;
  opens: string | null;
}

export interface RoomSend {
  room: string;
  classes: string[];
  at: string | null;
}
