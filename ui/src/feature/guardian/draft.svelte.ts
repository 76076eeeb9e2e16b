import type { AbsenceFormView } from '$lib/generated/AbsenceFormView';
import type { Announced } from '$lib/generated/Announced';
import type { Command } from '$lib/generated/Command';
import type { DayChoice } from '$lib/generated/DayChoice';
import type { FormChild } from '$lib/generated/FormChild';
import type { PickupChoice } from '$lib/generated/PickupChoice';
import type { Reason } from '$lib/generated/Reason';
import type { ReceiptView } from '$lib/generated/ReceiptView';
import type { SaidBefore } from '$lib/generated/SaidBefore';

export type Kind = Announced['what'];
/** What is still to be chosen, in the order of the form. */
export type Missing = 'who' | 'kind' | 'days' | 'reason' | 'time' | 'pickup';

/** One entry of the form per child and facility. */
export const seatOf = (child: FormChild): string => `${child.child} ${child.facility}`;

const inCommon = <T>(lists: T[][], key: (one: T) => string): T[] =>
  (lists[0] ?? []).filter((one) => lists.every((list) => list.some((other) => key(other) === key(one))));

/** What the family has chosen so far. Nothing is chosen beforehand but the day that the view proposes. */
export class Draft {
  #view: () => AbsenceFormView;
  /** A seat, or `all`; with one child the question does not exist. */
  chosen = $state<string | null>(null);
  kind = $state<Kind | null>(null);
  /** A day that was offered; `other` for two dates of one's own. */
  dayChosen = $state<string | null>(null);
  from = $state('');
  until = $state('');
  reason = $state<Reason | null>(null);
  lateAt = $state('');
  lateWhy = $state('');
  earlyAt = $state('');
  pickup = $state<string | null>(null);
  pickupAt = $state('');
  temperature = $state<number | null>(null);
  note = $state('');
  replaces: string | null = null;

  constructor(view: () => AbsenceFormView) {
    this.#view = view;
  }

  children = $derived.by<FormChild[]>(() => {
    const all = this.#view().children;
    if (all.length === 1 || this.chosen === 'all') return all;
    return all.filter((child) => seatOf(child) === this.chosen);
  });
  /** Before a child is chosen, what all of them have in common. */
  #asked = $derived.by(() => (this.children.length > 0 ? this.children : this.#view().children));
  days = $derived<DayChoice[]>(
    inCommon(
      this.#asked.map((child) => child.days),
      (one) => one.day,
    ),
  );
  pickups = $derived<PickupChoice[]>(
    inCommon(
      this.#asked.map((child) => child.pickups),
      (one) => JSON.stringify(one.collector),
    ),
  );
  dayShown = $derived(
    this.dayChosen ?? (this.days.find((one) => one.chosen) ?? this.days[0])?.day ?? 'other',
  );
  day = $derived(this.dayShown === 'other' ? this.from : this.dayShown);
  last = $derived(this.dayShown === 'other' && this.until > this.from ? this.until : null);
  today = $derived.by(() => this.day === this.#view().today);
  /** What counts already for the chosen days, each with its child. */
  said = $derived.by<{ child: FormChild; before: SaidBefore }[]>(() => {
    const last = this.last ?? this.day;
    const covers = ({ day, until }: SaidBefore) =>
      this.day !== '' && day <= last && this.day <= (until ?? day);
    const other = (before: SaidBefore) => before.announcement !== this.replaces;
    return this.children.flatMap((child) =>
      child.said.filter((before) => covers(before) && other(before)).map((before) => ({ child, before })),
    );
  });
  /** Who is there already although this would say absent or late. */
  there = $derived.by<FormChild[]>(() => {
    const away = this.kind === 'absence' || this.kind === 'late';
    return away && this.today ? this.children.filter((child) => child.arrived) : [];
  });
  /** Whose cut-off time has passed for the chosen day, once per nursery: sisters and brothers share its number. */
  late = $derived.by<FormChild[]>(() => {
    const all = this.today ? this.children.filter((child) => child.after_cut_off) : [];
    return all.filter((child, at) => all.findIndex((one) => one.facility === child.facility) === at);
  });

  announced = $derived.by<Announced | null>(() => {
    if (this.kind === 'absence') return this.reason && { what: 'absence', reason: this.reason };
    if (this.kind === 'late')
      return this.lateAt ? { what: 'late', at: this.lateAt, why: this.lateWhy } : null;
    if (this.kind === 'early') return this.earlyAt ? { what: 'early', at: this.earlyAt } : null;
    const choice = this.pickups.find((one) => JSON.stringify(one.collector) === this.pickup);
    if (this.kind !== 'pickup' || !choice) return null;
    const { collector } = choice;
    return {
      what: 'pickup',
      person: collector.who === 'guardian' ? collector.person : null,
      pickup: collector.who === 'registered' ? collector.pickup : null,
      relation: choice.relation,
      name: choice.name,
      at: this.pickupAt || null,
    };
  });

  missing = $derived.by<Missing | null>(() => {
    if (this.children.length === 0) return 'who';
    if (!this.kind) return 'kind';
    if (!this.day) return 'days';
    if (this.announced) return null;
    return this.kind === 'absence' ? 'reason' : this.kind === 'pickup' ? 'pickup' : 'time';
  });

  /** What goes out with the button; `null` while something is missing. */
  command = $derived.by<Command | null>(() => {
    if (this.missing || !this.announced) return null;
    const only = this.children.length === 1 ? this.children[0] : null;
    return {
      command: 'announce',
      children: this.children.map((child) => child.child).filter((one, at, all) => all.indexOf(one) === at),
      facility: only?.facility ?? null,
      day: this.day,
      until: this.last,
      announced: this.announced,
      temperature: this.kind === 'absence' ? this.temperature : null,
      note: this.note.trim(),
      channel: 'app',
      caller: null,
      caller_name: '',
      replaces: this.replaces,
    };
  });

  /** A reason belongs to an absence and to nothing else, so one tap says both. */
  chooseReason(reason: Reason): void {
    this.reason = reason;
    this.kind = 'absence';
  }

  /** 直す: begins with what was sent; the new one takes its place. */
  mend(sent: ReceiptView): void {
    const seat = this.#view().children.find((child) => child.child === sent.child);
    this.replaces = sent.announcement;
    this.chosen = seat ? seatOf(seat) : null;
    this.temperature = sent.temperature;
    this.note = sent.note;
    const offered = !sent.until && this.days.some((one) => one.day === sent.day);
    this.dayChosen = offered ? sent.day : 'other';
    this.from = sent.day;
    this.until = sent.until ?? '';
    this.#mendWhat(sent.announced);
  }

  #mendWhat(said: Announced): void {
    this.kind = said.what;
    if (said.what === 'absence') this.reason = said.reason;
    if (said.what === 'early') this.earlyAt = said.at;
    if (said.what === 'late') [this.lateAt, this.lateWhy] = [said.at, said.why];
    if (said.what !== 'pickup') return;
    this.pickupAt = said.at ?? '';
    const same = this.pickups.find(({ collector }) =>
      collector.who === 'guardian'
        ? collector.person === said.person
        : collector.who === 'registered' && collector.pickup === said.pickup,
    );
    this.pickup = same ? JSON.stringify(same.collector) : null;
  }
}
