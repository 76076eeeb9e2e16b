import type { State } from '$lib/generated/State';

export type BoardTab = 'all' | 'yet' | 'here' | 'left' | 'absent';

const states: Record<Exclude<BoardTab, 'all'>, readonly State[]> = {
  yet: ['yet', 'unreported', 'unknown'],
  here: ['here', 'away', 'elsewhere'],
  left: ['left'],
  absent: ['absent', 'not_expected'],
};

/** Which tiles a tab shows; the counts in the tabs come with the view. */
export const inTab = (tab: BoardTab, state: State): boolean => tab === 'all' || states[tab].includes(state);
