import type { Code } from '$lib/generated/Code';
import type { SyncView } from '$lib/generated/SyncView';
import type { View } from '$lib/generated/View';

/** One view of the closed list, by its name. */
export type ViewOf<N extends View['view']> = Extract<View, { view: N }>;

/** What goes wrong at the door: a closed code, a short code for the telephone, never text to match on. */
export interface Refusal {
  code: Code | string;
  support?: string | null;
  message?: string | null;
}

export class RefusedError extends Error {
  readonly code: string;
  readonly support: string;

  constructor(refusal: Refusal) {
    super(refusal.message ?? refusal.code);
    this.name = 'RefusedError';
    this.code = refusal.code;
    this.support = refusal.support ?? refusal.code.toUpperCase();
  }
}

/** Anything thrown becomes a refusal, so that a screen has one shape to show. */
export function refusal(thrown: unknown): RefusedError {
  if (thrown instanceof RefusedError) return thrown;
  if (typeof thrown === 'object' && thrown !== null && 'code' in thrown)
    return new RefusedError(thrown as Refusal);
  return new RefusedError({ code: 'unreachable', support: 'U-0', message: String(thrown) });
}

/**
 * What a question is refused with. A question carries nothing that somebody typed and could put right: an id that is none
 * comes from a link, and the screen says the same as where nothing is found.
 */
export function unfound(thrown: unknown): RefusedError {
  const { code, support, message } = refusal(thrown);
  return new RefusedError({ code: code === 'bad_input' ? 'not_found' : code, support, message });
}

/**
 * An answer over HTTP that is none. The server says its code; what stands before it, such as a proxy, says a status alone.
 */
export async function unanswered(reply: Response): Promise<RefusedError> {
  const told: unknown = await reply.json().catch(() => null);
  if (typeof told === 'object' && told !== null && 'code' in told) return refusal(told);
  return new RefusedError({
    code: reply.status === 429 ? 'too_many' : 'server',
    support: `H-${reply.status}`,
  });
}

/** A host that has not said anything yet. */
export const quiet: SyncView = {
  word: 'sent',
  waiting: 0,
  troubles: 0,
  offline_since: null,
  last_sync: null,
  heard: null,
  urgent: false,
  online_only: false,
  sign_in_again: false,
};
