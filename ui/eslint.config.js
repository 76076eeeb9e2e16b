import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';
import svelteConfig from './svelte.config.js';

/** `shared` knows no feature, a feature knows no other feature: only `routes` puts them together. */
const arrows = (layer, patterns, message) => ({
  files: [`src/${layer}/**/*.{ts,svelte}`],
  rules: { 'no-restricted-imports': ['error', { patterns: [{ group: patterns, message }] }] },
});

export default ts.config(
  {
    ignores: ['dist/', 'shots/', 'src/lib/generated/', 'src/lib/i18n/paraglide/', 'node_modules/'],
  },
  ...ts.configs.recommended,
  ...svelte.configs.recommended,
  {
    languageOptions: { globals: { ...globals.browser } },
    rules: {
      'no-console': 'error',
      'no-restricted-syntax': [
        'error',
        {
          selector: 'Literal[value=/[\\u3040-\\u30ff\\u4e00-\\u9fff]/]',
          message: 'Words live in messages/.',
        },
        {
          selector: 'TemplateElement[value.raw=/[\\u3040-\\u30ff\\u4e00-\\u9fff]/]',
          message: 'Words live in messages/.',
        },
        {
          selector: 'SvelteText[value=/[\\u3040-\\u30ff\\u4e00-\\u9fff]/]',
          message: 'Words live in messages/.',
        },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: {
      parserOptions: { parser: ts.parser, extraFileExtensions: ['.svelte'], svelteConfig },
    },
  },
  {
    files: ['tests/**', '**/*.test.ts', '*.config.*'],
    languageOptions: { globals: { ...globals.node } },
    rules: { 'no-restricted-syntax': 'off', 'no-console': 'off' },
  },
  arrows('lib', ['$shared/*', '$feature/*', '**/routes/*'], 'lib stands below everything.'),
  arrows('shared', ['$feature/*', '**/feature/*', '**/routes/*'], 'shared knows no feature.'),
  arrows('feature', ['$feature/*', '**/feature/*', '**/routes/*'], 'A feature imports no other feature.'),
);
