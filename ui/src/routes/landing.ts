import type { MeView } from '$lib/generated/MeView';

/** Pages that somebody who has not joined yet may open. */
export const openToAll = ['/pair', '/join', '/signin'];

/**
 * Where somebody belongs who has opened a staff page or an office's: families on their own side, an office at its
 * overview, staff without an office at their board.
 * `null`: here. Whoever asks for a class screen by name (`?screen`) gets it.
 */
export function landing(me: MeView, path: string, asked: boolean): string | null {
  if (me.side === 'family') return '/family';
  // A class's tablet that was paired just now holds nothing yet, and stays until its records arrive.
  if (me.side === 'nobody') return me.purpose === 'personal' ? '/join' : null;
  // The city has no class of its own: its page says what there is.
  if (me.city && me.places.length === 0) return path.startsWith('/office') ? null : '/office';
  const office = me.purpose === 'personal' && me.office_of.length > 0 && me.home?.place === 'facility';
  if (path.startsWith('/office') && me.office_of.length === 0 && me.places.length > 0) return '/';
  return office && path === '/' && !asked ? '/office' : null;
}
