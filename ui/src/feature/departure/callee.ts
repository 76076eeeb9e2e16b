import type { Callee } from '$lib/generated/Callee';
import { m } from '$lib/i18n/paraglide/messages';
import { relationWord } from '$shared/words/codes';

/** 母 リンさん */
export const calleeName = (one: Pick<Callee, 'relation' | 'name'>): string =>
  `${relationWord(one.relation)} ${m.person_san({ name: one.name })}`.trim();
