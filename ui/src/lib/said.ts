import { wall } from './clock.svelte';
import { m } from './i18n/paraglide/messages';
import { clock } from './i18n/time';
import { sync } from './sync.svelte';

/** When, and where it is now: on this device, or, in a browser, with the server. */
const now = () => ({
  time: clock(wall.exact()),
  kept: sync.state.online_only ? m.kept_server() : m.kept_device(),
});

/** The lines of a toast. */
export const said = {
  arrived: (): string => m.toast_arrived(now()),
  left: (): string => m.toast_left(now()),
  acted: (what: string): string => m.toast_acted({ ...now(), what }),
};
