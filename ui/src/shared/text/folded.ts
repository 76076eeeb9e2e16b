/**
 * What somebody typed into a search field, made comparable: width, case, katakana and separators. The keys that it is
 * looked for in come folded from Rust, variants of kanji included, where a view carries them.
 */
export const folded = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[\u30a1-\u30f6]/g, (kana) => String.fromCharCode(kana.charCodeAt(0) - 0x60))
    .replaceAll(/[\s\p{P}=]/gu, '');
