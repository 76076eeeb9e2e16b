import type { Code } from '$lib/generated/Code';
import { m } from '$lib/i18n/paraglide/messages';

/** What hosts add to the closed list: the way to the server, its door, and the app's own store. */
export const hostCodes = [
  'unreachable',
  'offline_browser',
  'server',
  'busy',
  'signed_out',
  'too_many',
  'bad_signature',
  'disk_full',
  'store_closed',
  'keyring',
  'unpaired',
] as const;

export interface ProblemWords {
  happened: string;
  kept: string;
  next: string;
}

const words = (happened: () => string, kept: () => string, next: () => string) => (): ProblemWords => ({
  happened: happened(),
  kept: kept(),
  next: next(),
});
const nothing = m.problem_nothing_changed;
const input = m.problem_input_kept;

const known: Record<Code | (typeof hostCodes)[number], () => ProblemWords> = {
  unreachable: words(m.problem_unreachable, m.problem_unreachable_kept, m.problem_unreachable_next),
  offline_browser: words(m.offline_browser, nothing, m.offline_browser_next),
  server: words(m.problem_server, input, m.problem_server_next),
  busy: words(m.problem_busy, input, m.problem_server_next),
  signed_out: words(m.problem_signed_out, input, m.problem_signed_out_next),
  too_many: words(m.problem_too_many, input, m.problem_too_many_next),
  bad_signature: words(m.problem_signature, m.problem_device_kept, m.problem_signature_next),
  not_found: words(m.problem_not_found, nothing, m.problem_not_found_next),
  not_allowed: words(m.problem_forbidden, nothing, m.problem_forbidden_next),
  who_is_there: words(m.problem_who, input, m.problem_who_next),
  pin_needed: words(m.problem_pin, nothing, m.problem_pin_next),
  pin_locked: words(m.problem_pin_locked, nothing, m.problem_pin_locked_next),
  call_director: words(m.problem_director, nothing, m.problem_director_next),
  confirm_date: words(m.problem_date, input, m.problem_date_next),
  bad_input: words(m.problem_invalid, input, m.problem_invalid_next),
  day_not_offered: words(m.problem_day, input, m.problem_day_next),
  day_closed: words(m.problem_closed, input, m.problem_closed_next),
  outside_hours: words(m.problem_hours, input, m.problem_hours_next),
  not_collector: words(m.problem_collector, input, m.problem_collector_next),
  already_done: words(m.problem_already, nothing, m.problem_already_next),
  changed: words(m.problem_stale, m.problem_stale_kept, m.problem_stale_next),
  look_first: words(m.problem_look_first, m.problem_stale_kept, m.problem_stale_next),
  incomplete: words(m.problem_incomplete, m.problem_device_kept, m.problem_incomplete_next),
  bad_head: words(m.problem_bad_head, m.problem_device_kept, m.problem_bad_head_next),
  gone: words(m.problem_gone, nothing, m.problem_gone_next),
  too_large: words(m.problem_too_large, input, m.problem_too_large_next),
  upgrade: words(m.problem_upgrade, m.problem_device_kept, m.problem_upgrade_next),
  recovering: words(m.problem_recovering, input, m.problem_recovering_next),
  invitation_over: words(m.problem_invitation, nothing, m.problem_invitation_next),
  fault: words(m.problem_fault, input, m.problem_general_next),
  store: words(m.problem_store, input, m.problem_store_next),
  disk_full: words(m.problem_store, input, m.problem_disk_next),
  store_closed: words(m.problem_store_closed, m.problem_device_kept, m.problem_contact_next),
  keyring: words(m.problem_store_closed, m.problem_device_kept, m.problem_keyring_next),
  unpaired: words(m.problem_unpaired, nothing, m.problem_unpaired_next),
};

/** Put off by the server, not refused: nothing is to be done, it goes on by itself. */
const putOff: Partial<Record<string, () => string>> = {
  incomplete: m.problem_incomplete_later,
  recovering: m.problem_recovering_later,
};

/** The sentences for a code of the door; a code that this build does not know gets the general ones. */
export const problemWords = (code: string): ProblemWords =>
  (known as Partial<Record<string, () => ProblemWords>>)[code]?.() ?? {
    happened: m.problem_general(),
    kept: m.problem_input_kept(),
    next: m.problem_general_next(),
  };

/** The same for what waits because the server has put it off. */
export function laterWords(code: string): ProblemWords {
  const said = problemWords(code);
  return { ...said, next: putOff[code]?.() ?? said.next };
}
