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

/** Japanese outside comments: comments may name the idea (沖, 浜), words for people live in the catalogue. */
function literals(path: string): string[] {
  const text = read(path)
    .replaceAll(/<!--[\s\S]*?-->|\/\*[\s\S]*?\*\//g, '')
    .replaceAll(/(^|\s)\/\/.*$/gm, '');
  return text.match(/[\u3040-\u30ff\u4e00-\u9fff]+/g) ?? [];
}

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

test('no message is defined twice', () => {
  const keys = readdirSync(join(root, 'messages/ja')).flatMap((file) =>
    catalogue('ja', file).filter((key) => key !== '$schema'),
  );
  expect(keys.filter((key, at) => keys.indexOf(key) !== at)).toEqual([]);
});
