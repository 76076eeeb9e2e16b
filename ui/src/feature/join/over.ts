import { m } from '$lib/i18n/paraglide/messages';

/** Why an invitation does not open, as a sentence; `null` when that is not what went wrong. */
export function overWords(code: string): { title: string; next: string } | null {
  switch (code) {
    case 'already_done':
      return { title: m.join_used(), next: m.join_used_next() };
    case 'invitation_over':
    case 'gone':
      return { title: m.join_over(), next: m.join_over_next() };
    case 'not_found':
    case 'bad_input':
      return { title: m.join_unknown(), next: m.join_unknown_next() };
    default:
      return null;
  }
}
