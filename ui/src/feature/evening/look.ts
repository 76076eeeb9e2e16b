import type { OpenEnd } from '$lib/generated/OpenEnd';
import type { OpenEndKind } from '$lib/generated/OpenEndKind';
import { m } from '$lib/i18n/paraglide/messages';
import type { IconName } from '$shared/icon/icons';

interface Look {
  icon: IconName;
  tone: 'act' | 'calm';
  word: string;
  /** What closes it, as the button says. */
  act: string;
}

const icons: Record<OpenEndKind, IconName> = {
  no_departure: 'here',
  no_arrival: 'home',
  not_back: 'out',
  nothing_known: 'unknown',
  contradiction: 'clash',
  unread: 'message',
};
const words: Record<OpenEndKind, () => string> = {
  no_departure: m.open_no_departure,
  no_arrival: m.open_no_arrival,
  not_back: m.open_not_back,
  nothing_known: m.open_nothing_known,
  contradiction: m.open_contradiction,
  unread: m.open_unread,
};
const acts: Record<OpenEndKind, () => string> = {
  no_departure: m.close_no_departure,
  no_arrival: m.close_no_arrival,
  not_back: m.close_not_back,
  nothing_known: m.close_nothing_known,
  contradiction: m.close_contradiction,
  unread: m.close_unread,
};

export const openEndLook = ({ kind }: OpenEnd): Look => ({
  icon: icons[kind],
  tone: kind === 'unread' ? 'calm' : 'act',
  word: words[kind](),
  act: acts[kind](),
});
