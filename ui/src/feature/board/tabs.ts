import type { ChildState } from '$shared/child/view';

export type BoardTab = 'all' | 'yet' | 'here' | 'left' | 'absent';

const states: Record<Exclude<BoardTab, 'all'>, readonly ChildState[]> = {
  yet: ['yet', 'unreported', 'unknown'],
  here: ['here', 'out', 'elsewhere'],
  left: ['left'],
  absent: ['absent', 'not_expected'],
};

/** Which tiles a tab shows; the counts in the tabs come with the view. */
export const inTab = (tab: BoardTab, state: ChildState): boolean =>
  tab === 'all' || states[tab].includes(state);
