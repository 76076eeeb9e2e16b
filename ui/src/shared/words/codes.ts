import { m } from '$lib/i18n/paraglide/messages';

const reasons: Record<string, () => string> = {
  fever: m.reason_fever,
  cough: m.reason_cough,
  stomach: m.reason_stomach,
  rash: m.reason_rash,
  injury: m.reason_injury,
  infection: m.reason_infection,
  family: m.reason_family,
  hospital: m.reason_clinic,
  suspension: m.reason_suspension,
  bereavement: m.reason_bereavement,
  other: m.reason_other,
};

const relations: Record<string, () => string> = {
  mother: m.relation_mother,
  father: m.relation_father,
  grandmother: m.relation_grandmother,
  grandfather: m.relation_grandfather,
  aunt: m.relation_aunt,
  uncle: m.relation_uncle,
  sibling: m.relation_sibling,
  foster: m.relation_foster,
  other: m.relation_other,
};

/** Reason of an absence; free words that came in place of a code are shown as they are. */
export const reasonWord = (code: string): string => reasons[code]?.() ?? code;

/** 続柄: a code or the family's own words. */
export const relationWord = (code: string): string => relations[code]?.() ?? code;

/** さくら ひなた、在園、8:42 — the sentence that a screen reader hears. */
export const sentence = (parts: readonly (string | null | undefined | false)[]): string =>
  parts.filter(Boolean).join(m.sep_comma());

/** 田村・菊池 */
export const together = (names: readonly string[]): string => names.join(m.sep_dot());
