import type { BoardView } from '$lib/generated/BoardView';

export type TogetherAct = 'arrive' | 'walk_out' | 'walk_in' | 'room_change';

/** Offered only where there is somebody to choose: an act without a child to choose would be a dead end. */
export function togetherActs(board: BoardView): TogetherAct[] {
  const { yet, here, away } = board.counts;
  const acts: [TogetherAct, boolean][] = [
    ['arrive', yet > 0],
    ['walk_out', here - away > 0 && !board.joint],
    ['walk_in', away > 0 && !board.joint],
    ['room_change', board.rooms.length > 1 && here > 0],
  ];
  return acts.filter(([, offered]) => offered).map(([act]) => act);
}
