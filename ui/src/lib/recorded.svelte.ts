import type { Face } from './generated/Face';

/** What was just recorded, for the toast that can take it back; it outlives the page on which it was done. */
export interface Recorded {
  child: string | null;
  title: string;
  detail: string;
  records: string[];
  face: Face | null;
}

class LastRecorded {
  now = $state.raw<Recorded | null>(null);
}

export const recorded = new LastRecorded();
