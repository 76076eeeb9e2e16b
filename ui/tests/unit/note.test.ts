/** Rule 1: a form open while another's text comes. Both are there after saving, and nothing typed is wiped meanwhile. */
import { render } from 'svelte/server';
import { beforeEach, expect, test } from 'vitest';
import CareNotes from '../../src/feature/child/CareNotes.svelte';
import { NoteForm } from '../../src/feature/child/note.svelte';
import type { CareNotesView } from '../../src/lib/generated/CareNotesView';
import { overwriteGetLocale } from '../../src/lib/i18n/paraglide/runtime';

const view = (...versions: [change: string, text: string][]): CareNotesView => ({
  child: 'nagi',
  may_write: true,
  notes: [
    { record: 'note', texts: versions.map(([, text]) => text), seen: versions.map(([change]) => change) },
  ],
});
const before = view(['c0', 'はじめ']);
/** A pull has brought what the director wrote over c0. */
const after = view(['c9', 'えんちょうの文']);

const screen = (shown: CareNotesView, form: NoteForm) =>
  render(CareNotes, { props: { view: shown, form, busy: false, save: () => {} } }).body;
const typed = (html: string) => /<textarea[^>]*>([\s\S]*?)<\/textarea>/.exec(html)?.[1];

let form: NoteForm;
beforeEach(() => {
  overwriteGetLocale(() => 'ja');
  form = new NoteForm();
  form.start(before.notes[0]!);
  form.text = 'はじめと、わたしの文';
});

test('the form begins with what was shown', () => {
  const fresh = new NoteForm();
  fresh.start(before.notes[0]!);
  expect(typed(screen(before, fresh))).toBe('はじめ');
});

test('what is typed stays in the form when another text arrives', () => {
  expect(typed(screen(before, form))).toBe('はじめと、わたしの文');
  expect(typed(screen(after, form))).toBe('はじめと、わたしの文');
});

test('the other text is shown beside the form, with what saving will do', () => {
  expect(screen(before, form)).not.toContain('両方残ります');
  const html = screen(after, form);
  expect(html).toContain('えんちょうの文');
  expect(html).toContain('両方残ります');
});

test('saving names only what the form had shown', () => {
  screen(after, form);
  expect(form.open).toEqual({ record: 'note', seen: ['c0'] });
});

test('both are there after saving', () => {
  form.close();
  const html = screen(view(['c9', 'えんちょうの文'], ['c10', 'はじめと、わたしの文']), form);
  expect(html).toContain('えんちょうの文');
  expect(html).toContain('はじめと、わたしの文');
  expect(html).toContain('同時に書かれたもの');
});

test('a new note meets no other', () => {
  const fresh = new NoteForm();
  fresh.start(null);
  expect(fresh.meanwhile(after.notes)).toEqual([]);
});

test('only the office writes', () => {
  expect(screen({ ...before, may_write: false }, new NoteForm())).not.toContain('<button');
});
