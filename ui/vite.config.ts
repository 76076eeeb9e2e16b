import { fileURLToPath } from 'node:url';
import { paraglideVitePlugin } from '@inlang/paraglide-js';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import tailwindcss from '@tailwindcss/vite';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Every host that runs this build reads woff2, so the second format of each font stays out of it. */
function onlyWoff2(): Plugin {
  return {
    name: 'only-woff2',
    enforce: 'pre',
    transform(code, id) {
      if (!id.includes('@fontsource')) return null;
      return code.replaceAll(/,\s*url\([^)]*\.woff\) format\(['"]woff['"]\)/g, '');
    },
  };
}

/** `--mode fixture` answers every question from invented records; the ordinary build never holds them. */
function fixtureEntry(mode: string): Plugin {
  return {
    name: 'fixture-entry',
    transformIndexHtml: {
      order: 'pre',
      handler: (html) => (mode === 'fixture' ? html.replace('/src/main.ts', '/tests/fixture/main.ts') : html),
    },
  };
}

/** Recompiles the catalogue while it is edited; `npm run messages` does the same once for build, check and test. */
const liveMessages = () =>
  paraglideVitePlugin({
    project: './project.inlang',
    outdir: './src/lib/i18n/paraglide',
    strategy: ['localStorage', 'preferredLanguage', 'baseLocale'],
  });

export default defineConfig(({ mode, command }) => ({
  plugins: [
    onlyWoff2(),
    fixtureEntry(mode),
    command === 'serve' && !process.env['VITEST'] ? liveMessages() : [],
    tailwindcss(),
    svelte(),
  ],
  resolve: {
    alias: { $lib: here('./src/lib'), $shared: here('./src/shared'), $feature: here('./src/feature') },
  },
  // Nothing is inlined: the page's content policy takes fonts and pictures from its own origin only.
  build: { target: 'es2022', assetsInlineLimit: 0, chunkSizeWarningLimit: 400 },
  test: { include: ['src/**/*.test.ts', 'tests/unit/**/*.test.ts'] },
}));
