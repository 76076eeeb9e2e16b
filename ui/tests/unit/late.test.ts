/** Why somebody comes late is a code: whoever reads it reads it in the language of their own screen. */
import { render } from 'svelte/server';
import { afterEach, expect, test } from 'vitest';
import CarePanel from '../../src/feature/board/CarePanel.svelte';
import { why as familyWhy } from '../../src/feature/guardian/words';
import { saidDetail } from '../../src/feature/messages/look';
import { saidShort } from '../../src/feature/reception/draft';
import type { Announced } from '../../src/lib/generated/Announced';
import type { MessageItem } from '../../src/lib/generated/MessageItem';
import { overwriteGetLocale } from '../../src/lib/i18n/paraglide/runtime';
import { badgeLook } from '../../src/shared/child/badges';
import { announcedWords } from '../../src/shared/words/announced';

const late = (why: string): Announced => ({ what: 'late', at: '10:30', why });
afterEach(() => overwriteGetLocale(() => 'ja'));

/** Every place with room for it: the toast, a tile for the ear, the care list, messages, a form, the family. */
function everywhere(why: string): string[] {
  const badge = { badge: 'late', at: '10:30', why } as const;
  const care = { items: [{ child: 'a', kana: 'あ', badge, note: '' }], open: () => {} };
  return [
    announcedWords(late(why)),
    badgeLook(badge).spoken,
    render(CarePanel, { props: care }).body,
    saidDetail({ announced: late(why), temperature: null, day: '', until: null } as MessageItem),
    saidShort(late(why)),
    familyWhy(late(why)),
  ];
}
const lacking = (why: string, word: string) => everywhere(why).filter((said) => !said.includes(word));

test.each([
  ['ja', 'hospital', '通院'],
  ['en', 'hospital', 'Clinic'],
  ['ja', 'on_the_way', 'いま向かっている'],
  ['en', 'on_the_way', 'On the way'],
] as const)('in %s, %s is read as %s', (locale, code, word) => {
  overwriteGetLocale(() => locale);
  expect(lacking(code, word)).toEqual([]);
  expect(everywhere(code).filter((said) => said.includes(code))).toEqual([]);
});

test('words of an older record stay as they were written', () => {
  overwriteGetLocale(() => 'en');
  expect(lacking('歯医者', '歯医者')).toEqual([]);
});

test('a tile says it in what a tile has room for', () => {
  const text = (why: string) => badgeLook({ badge: 'late', at: '10:30', why }).text;
  expect([text('hospital'), text('on_the_way')]).toEqual(['通院 10:30', '来る途中']);
  overwriteGetLocale(() => 'en');
  expect([text('hospital'), text('on_the_way')]).toEqual(['10:30 Clinic', 'coming']);
});

test('no reason says the time alone', () => {
  expect(badgeLook({ badge: 'late', at: '10:30', why: '' }).text).toBe('10:30');
  expect(saidShort(late(''))).toBe('10:30');
});
