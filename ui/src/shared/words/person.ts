import { m } from '$lib/i18n/paraglide/messages';
import { relationWord } from './codes';

export interface Named {
  relation: string;
  name: string;
}

/** 母 リンさん; what is not known is left out. */
export const personWords = ({ relation, name }: Named): string =>
  [relation && relationWord(relation), name && m.person_san({ name })].filter(Boolean).join(' ');

/** 祖母, or the name where no relation is known: for places with little room. */
export const personShort = ({ relation, name }: Named): string =>
  relation ? relationWord(relation) : m.person_san({ name });
