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
  on_the_way: m.reason_on_the_way,
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

/** What a child may be allergic to, in the words of registers: 特定原材料 and those recommended beside them. */
const allergens = [
  m.allergen_egg,
  m.allergen_hen_egg,
  m.allergen_milk,
  m.allergen_cow_milk,
  m.allergen_dairy,
  m.allergen_wheat,
  m.allergen_buckwheat,
  m.allergen_peanut,
  m.allergen_peanuts,
  m.allergen_shrimp,
  m.allergen_crab,
  m.allergen_walnut,
  m.allergen_cashew,
  m.allergen_almond,
  m.allergen_soy,
  m.allergen_sesame,
  m.allergen_salmon_roe,
  m.allergen_kiwi,
  m.allergen_banana,
  m.allergen_peach,
  m.allergen_apple,
  m.allergen_fish,
];

/** An allergy as the register writes it, and in other languages by its word there; what the list lacks stays as written. */
export const allergenWord = (written: string): string =>
  allergens.find((word) => word({}, { locale: 'ja' }) === written)?.() ?? written;

/** Reason of an absence or of coming late; words that came in place of a code are shown as they stand. */
export const reasonWord = (code: string): string => reasons[code]?.() ?? code;

/** 続柄: a code or the family's own words. */
export const relationWord = (code: string): string => relations[code]?.() ?? code;

/** さくら ひなた、在園、8:42 — the sentence that a screen reader hears. */
export const sentence = (parts: readonly (string | null | undefined | false)[]): string =>
  parts.filter(Boolean).join(m.sep_comma());

/** 田村・菊池 */
export const together = (names: readonly string[]): string => names.join(m.sep_dot());
