/** The night is only another set of colours: what is true of names, roles and sizes by day is true by night. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = new URL('../../src/', import.meta.url).pathname;
const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
  (path) => /\.(css|svelte|ts)$/.test(path) && !/generated|paraglide/.test(path),
);
const sources = files.map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));

const colouring =
  /^(color|color-scheme|background|background-color|border-color|outline-color|box-shadow|fill|stroke|--[\w-]+)$/;
const colour = /#[\da-f]{3,8}\b|rgb\(|var\(--|color-mix\(|currentcolor|transparent|none|inherit|dark/i;

/** `name: value` of every rule for the night. */
const nightly = sources.flatMap(({ path, text }) =>
  [...text.matchAll(/\[data-theme=['"]dark['"]\][^{}]*\{([^{}]*)\}/g)].flatMap(([, body = '']) =>
    body
      .replaceAll(/\/\*[\s\S]*?\*\//g, '')
      .split(';')
      .map((one) => one.trim())
      .filter(Boolean)
      .map((one) => ({ path, one, name: one.split(':')[0]!.trim(), value: one.slice(one.indexOf(':') + 1) })),
  ),
);

test('there is a night', () => expect(nightly.length).toBeGreaterThan(40));

test('the night sets colours and shadows, and nothing else', () => {
  const other = nightly.filter(({ name, value }) => !colouring.test(name) || !colour.test(value));
  expect(other.map(({ path, one }) => `${path}: ${one}`)).toEqual([]);
});

test('only the stylesheet knows that it is night', () => {
  const knows = /dataset\[?['".]*theme|prefers-color-scheme/;
  const strangers = sources.filter(({ path, text }) => !/\.css$/.test(path) && knows.test(text));
  expect(strangers.map(({ path }) => path)).toEqual(['lib/theme.ts']);
});

test('a rule for the night is written in the one way that is read here', () => {
  const odd = sources.filter(({ text }) => /@media[^{]*prefers-color-scheme|light-dark\(/.test(text));
  expect(odd.map(({ path }) => path)).toEqual([]);
});
