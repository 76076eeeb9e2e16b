import type { State } from './generated/State';
import type { Face } from './generated/Face';

/** What was just recorded, for the toast that can take it back; it outlives the page on which it was done. */
export interface Recorded {
  child: string | null;
  title: string;
  detail: string;
  /** Empty where there is nothing to take back. */
  records: string[];
  face: Face | null;
  /** Where the record put the child; if the child is still there after taking back, another record says so. */
  state?: State;
}

class LastRecorded {
  now = $state.raw<Recorded | null>(null);
}

export const recorded = new LastRecorded();
