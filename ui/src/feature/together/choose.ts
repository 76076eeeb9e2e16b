import type { State } from '$lib/generated/State';
import type { Tile } from '$lib/generated/Tile';
import type { Transition } from '$lib/generated/Transition';
import { m } from '$lib/i18n/paraglide/messages';
import type { IconName } from '$shared/icon/icons';
import { allergenWord } from '$shared/words/codes';

export type TogetherAct = 'arrive' | 'walk_out' | 'walk_in' | 'room_change';

interface Plan {
  icon: IconName;
  title: () => string;
  hint: () => string;
  /** Who can be chosen at all; the others keep their seats, dimmed. */
  from: readonly State[];
  /** Counted by two people, or plainly done. */
  transition: Transition | null;
}

export const plans: Record<TogetherAct, Plan> = {
  arrive: {
    icon: 'here',
    title: m.together_arrive,
    hint: m.together_arrive_hint,
    from: ['yet', 'unreported', 'unknown'],
    transition: null,
  },
  walk_out: {
    icon: 'walk',
    title: m.together_walk,
    hint: m.together_walk_hint,
    from: ['here'],
    transition: 'walk_out',
  },
  walk_in: {
    icon: 'home',
    title: m.together_back,
    hint: m.together_back_hint,
    from: ['away'],
    transition: 'walk_in',
  },
  room_change: {
    icon: 'room',
    title: m.together_room,
    hint: m.together_room_hint,
    from: ['here'],
    transition: 'room_change',
  },
};

/** いつき（乳）: who among the chosen must not eat what, to be known on the way. */
export const allergiesOf = (tiles: Tile[]): { name: string; words: string[] }[] =>
  tiles
    .map((tile) => ({
      name: tile.kana,
      words: tile.badges.flatMap((one) => (one.badge === 'allergy' ? [allergenWord(one.word)] : [])),
    }))
    .filter((one) => one.words.length > 0);

/** Of the chosen, those who can still be chosen: a colleague may have recorded some of them meanwhile. */
export const stillOpen = (picked: string[], tiles: Tile[], act: TogetherAct): string[] =>
  picked.filter((child) => tiles.some((one) => one.child === child && plans[act].from.includes(one.state)));

/** What a toast says of many: as many as were written, and that the others were there already. */
export function manyWords(
  chosen: number,
  written: number,
  detail: string,
): { title: string; detail: string } {
  const rest = chosen - written;
  return {
    title: m.toast_many({ count: written }),
    detail: rest > 0 ? m.toast_rest_already({ detail, count: rest }) : detail,
  };
}
