import { m } from '$lib/i18n/paraglide/messages';

/** Why a link does not let in, as a sentence; `null` when that is not what went wrong. */
export function refusedWords(code: string): { title: string; next: string } | null {
  switch (code) {
    case 'unreachable':
    case 'server':
    case 'busy':
    case 'fault':
    case 'store':
      return null;
    case 'already_done':
    case 'gone':
    case 'invitation_over':
      return { title: m.signin_over(), next: m.signin_over_next() };
    case 'too_many':
      return { title: m.signin_slow(), next: m.signin_slow_next() };
    default:
      return { title: m.signin_unknown(), next: m.signin_unknown_next() };
  }
}
