import { searchParams } from 'sv-router';

/**
 * What the address says under this name, as it was written: the router reads values back as numbers where it can, and a
 * space, `012` or `1e3` would come back as another text. Empty if it says nothing.
 */
export function inAddress(name: string): string {
  // Asked first because only this, not the whole text, tells a screen when the address changes.
  if (!searchParams.has(name)) return '';
  return new URLSearchParams(searchParams.toString()).get(name) ?? '';
}
