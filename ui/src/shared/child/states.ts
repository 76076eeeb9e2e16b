import { m } from '$lib/i18n/paraglide/messages';
import type { IconName } from '../icon/icons';
import type { State } from '$lib/generated/State';

interface Look {
  tone: 'yet' | 'in' | 'out' | 'home' | 'abs' | 'act';
  icon: IconName;
  word: () => string;
}

/** Colour, shape and word of a state, always all three. */
export const looks: Record<State, Look> = {
  yet: { tone: 'yet', icon: 'yet', word: m.state_yet },
  here: { tone: 'in', icon: 'here', word: m.state_here },
  away: { tone: 'out', icon: 'out', word: m.state_out },
  left: { tone: 'home', icon: 'home', word: m.state_left },
  absent: { tone: 'abs', icon: 'absent', word: m.state_absent },
  unreported: { tone: 'act', icon: 'alert', word: m.state_unreported },
  unknown: { tone: 'yet', icon: 'unknown', word: m.state_unknown },
  elsewhere: { tone: 'out', icon: 'out', word: m.state_elsewhere },
  not_expected: { tone: 'home', icon: 'minus', word: m.state_not_expected },
};
