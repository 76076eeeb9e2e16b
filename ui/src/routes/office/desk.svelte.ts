import { searchParams } from 'sv-router';
import { session } from '$lib/session.svelte';
import { inAddress } from '../address';

/** Which facility the office looks at: as the address says, else the first that this person may see. */
class Desk {
  facility = $derived.by<string | null>(() => {
    const allowed = session.me?.office_of ?? [];
    const asked = inAddress('facility');
    return allowed.find((id) => id === asked) ?? allowed[0] ?? null;
  });

  facilities = $derived.by(() =>
    (session.me?.office_of ?? []).map((id) => ({
      id,
      name: session.me?.places.find(({ place }) => place.facility === id)?.facility_name ?? id,
    })),
  );

  name = $derived(this.facilities.find((one) => one.id === this.facility)?.name ?? '');

  /** A path of the office that keeps the chosen facility. */
  at = (path: string): string =>
    this.facilities.length > 1 && this.facility ? `${path}?facility=${this.facility}` : path;

  choose = (facility: string): void => searchParams.set('facility', facility);
}

export const desk = new Desk();
