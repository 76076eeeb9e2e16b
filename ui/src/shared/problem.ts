import { m } from '$lib/i18n/paraglide/messages';

interface ProblemWords {
  happened: string;
  kept: string;
  next: string;
}

const known: Record<string, () => ProblemWords> = {
  unreachable: () => ({
    happened: m.problem_unreachable(),
    kept: m.problem_unreachable_kept(),
    next: m.problem_unreachable_next(),
  }),
  forbidden: () => ({
    happened: m.problem_forbidden(),
    kept: m.problem_nothing_changed(),
    next: m.problem_forbidden_next(),
  }),
  stale: () => ({ happened: m.problem_stale(), kept: m.problem_stale_kept(), next: m.problem_stale_next() }),
  invalid: () => ({
    happened: m.problem_invalid(),
    kept: m.problem_input_kept(),
    next: m.problem_invalid_next(),
  }),
};

/** The sentences for a code of the door; a code that this build does not know gets the general ones. */
export function problemWords(code: string): ProblemWords {
  return (
    known[code]?.() ?? {
      happened: m.problem_general(),
      kept: m.problem_input_kept(),
      next: m.problem_general_next(),
    }
  );
}
