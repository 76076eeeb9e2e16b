/** What the joining guardian has typed so far. */
export interface Joiner {
  name: string;
  kana: string;
  relation: string | null;
  phone: string;
}

export const nobody: Joiner = { name: '', kana: '', relation: null, phone: '' };

/** The first field that is still empty, in the order of the form. */
export const missingOf = ({ name, kana, relation, phone }: Joiner): keyof Joiner | null =>
  !name.trim() ? 'name' : !kana.trim() ? 'kana' : !relation ? 'relation' : !phone.trim() ? 'phone' : null;
