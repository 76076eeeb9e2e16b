import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = new URL('../../', import.meta.url).pathname;
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const catalogue = (locale: string, file: string) =>
  Object.keys(JSON.parse(read(`messages/${locale}/${file}`)));

function sources(folder: string): string[] {
  return readdirSync(join(root, folder)).flatMap((name) => {
    const path = `${folder}/${name}`;
    if (path.includes('lib/generated') || path.includes('i18n/paraglide')) return [];
    if (statSync(join(root, path)).isDirectory()) return sources(path);
    return /\.(svelte|ts)$/.test(name) ? [path] : [];
  });
}

const withoutComments = (path: string): string =>
  read(path)
    .replaceAll(/<!--[\s\S]*?-->|\/\*[\s\S]*?\*\//g, '')
    .replaceAll(/(^|\s)\/\/.*$/gm, '');

/** Japanese outside comments: comments may name the idea (沖, 浜), words for people live in the catalogue. */
const literals = (path: string): string[] =>
  withoutComments(path).match(/[\u3040-\u30ff\u4e00-\u9fff]+/g) ?? [];

/** Keys as they are written in the sources; none is put together from parts. */
const used = new Set(
  sources('src').flatMap((path) =>
    [...withoutComments(path).matchAll(/\bm\.(\w+)/g)].map(([, key]) => key as string),
  ),
);

test('no word for people stands outside the message catalogue', () => {
  const found = sources('src').flatMap((path) => literals(path).map((word) => `${path}: ${word}`));
  expect(found).toEqual([]);
});

test.each(readdirSync(join(root, 'messages/ja')))(
  'English says everything that Japanese says in %s',
  (file) => {
    expect(catalogue('en', file).sort()).toEqual(catalogue('ja', file).sort());
  },
);

const keys = readdirSync(join(root, 'messages/ja')).flatMap((file) =>
  catalogue('ja', file).filter((key) => key !== '$schema'),
);

test('no message is defined that no screen says', () => {
  expect(keys.filter((key) => !used.has(key))).toEqual([]);
});

test('every message that a screen says is defined', () => {
  expect([...used].filter((key) => !keys.includes(key))).toEqual([]);
});

test('no message is asked for by a key that is put together', () => {
  expect(sources('src').filter((path) => /\bm\[/.test(withoutComments(path)))).toEqual([]);
});

test('no message is defined twice', () => {
  expect(keys.filter((key, at) => keys.indexOf(key) !== at)).toEqual([]);
});
