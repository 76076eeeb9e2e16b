import type { MeView } from './generated/MeView';
import type { PlaceChoice } from './generated/PlaceChoice';
import type { PlaceRef } from './generated/PlaceRef';
import type { StaffFace } from './generated/StaffFace';
import { Live } from './transport/live.svelte';
import { transport } from './transport/transport';

const key = 'sazanami.place';

export const placeId = (place: PlaceRef): string =>
  place.place === 'class' ? place.class : place.place === 'room' ? place.room : place.facility;

/** Who records here and which place is open; one question that every staff page shares. */
class Session {
  #live = $state.raw<Live<'me'> | null>(null);
  #chosen = $state(localStorage.getItem(key));
  /** What waits behind the rail's items, as the last page that knew it said. */
  unread = $state(0);
  openEnds = $state(0);
  /** Staff who were present when a page last knew. */
  present = $state.raw<StaffFace[]>([]);

  me = $derived<MeView | null>(this.#live?.value ?? null);
  problem = $derived(this.#live?.problem ?? null);
  choice = $derived.by<PlaceChoice | null>(() => {
    const places = this.me?.places ?? [];
    const home = this.me?.home ? placeId(this.me.home) : null;
    const find = (id: string | null) => places.find((one) => placeId(one.place) === id);
    return find(this.#chosen) ?? find(home) ?? places[0] ?? null;
  });
  place = $derived<PlaceRef | null>(this.choice?.place ?? null);
  facility = $derived<string | null>(this.place?.facility ?? null);

  /** Called while a staff page is being built; the question lives as long as that page. */
  open(): void {
    this.#live = new Live(() => ({ query: 'me' }) as const);
  }

  again = (): Promise<void> => this.#live?.again() ?? Promise.resolve();

  choosePlace(place: PlaceRef): void {
    this.#chosen = placeId(place);
    localStorage.setItem(key, this.#chosen);
  }

  /** Several people hold this device in turn: faces choose who records. In a browser it is who signed in. */
  shared = $derived((this.me?.purpose ?? 'personal') !== 'personal');

  /** This person records from now on; nobody when `null`. */
  async recordAs(person: string | null, pin: string | null = null): Promise<void> {
    await transport().host({ request: 'choose_person', person, pin });
    await this.again();
  }
}

export const session = new Session();
