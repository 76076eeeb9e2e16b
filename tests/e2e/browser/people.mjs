// People in real browsers, each with a window of an own size.
import { createRequire } from 'node:module';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ui = join(import.meta.dirname, '..', '..', '..', 'ui');
const require = createRequire(join(ui, 'package.json'));
const { chromium } = require('playwright-core');
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const pictures = join(process.env.OUT ?? join(import.meta.dirname, '..', 'out'), 'browser');
mkdirSync(pictures, { recursive: true });

const sizes = {
  phone: { width: 390, height: 844 },
  tablet: { width: 1280, height: 800 },
  desktop: { width: 1440, height: 900 },
};

export async function openBrowser() {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update', '--disable-quic'],
  });
  return {
    close: () => browser.close(),
    /** Somebody who came in by a sign-in link. */
    async person(link, size, { locale = 'ja-JP', colorScheme = 'light' } = {}) {
      const context = await browser.newContext({ viewport: sizes[size], locale, colorScheme });
      const page = await context.newPage();
      page.setDefaultTimeout(15_000);
      const errors = [];
      page.on('pageerror', (error) => errors.push(String(error)));
      await page.goto(link);
      await page.waitForURL((url) => !url.pathname.startsWith('/signin'));
      return { page, context, errors };
    },
  };
}

/** A picture of what the person sees. */
export const picture = (page, name) => page.screenshot({ path: join(pictures, `${name}.png`) });

/**
 * Violations of WCAG 2.2 A and AA that axe finds, one sentence each. Without `label-content-name-mismatch`: axe calls
 * it experimental, and it wants names word for word where ours leave out what is only seen (a face, the kanji).
 */
export async function violations(page) {
  await page.evaluate(axe);
  const found = await page.evaluate(() =>
    window.axe.run({
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
      rules: { 'label-content-name-mismatch': { enabled: false } },
    }),
  );
  return found.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join(', ')}`);
}
