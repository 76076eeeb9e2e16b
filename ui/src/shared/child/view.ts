/** Where a child is, as the domain says it; what follows from it (colour, shape, word) is in `states.ts`. */
export type ChildState =
  'yet' | 'here' | 'out' | 'left' | 'absent' | 'unreported' | 'unknown' | 'elsewhere' | 'not_expected';

export interface Alert {
  kind: 'allergy' | 'medicine' | 'temperature' | 'pickup' | 'expected' | 'pickup_at' | 'carries';
  text: string | null;
  value: number | null;
  at: string | null;
}

export interface TileView {
  child: string;
  /** Large: what the child is called. */
  name: string;
  /** Above it when two children of the class are called alike. */
  family: string | null;
  /** Small: as in the register. */
  legal: string;
  face: 'drawn' | 'initial';
  state: ChildState;
  /** When it came or went. */
  at: string | null;
  /** Out: where to. */
  place: string | null;
  /** Absent: why. */
  reason: string | null;
  alerts: Alert[];
  class_name: string | null;
  class_age: number | null;
}
