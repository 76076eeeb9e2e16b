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

export const sizes = {
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
    context: (size, options) => browser.newContext({ viewport: sizes[size], ...options }),
    /** Somebody who came in by a sign-in link. */
    async person(link, size, { locale = 'ja-JP', colorScheme = 'light', ...more } = {}) {
      const context = await browser.newContext({ viewport: sizes[size], locale, colorScheme, ...more });
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
 * Violations of WCAG 2.2 A and AA that axe finds, one sentence each: every rule, or only those about `colour`, which are
 * all that light and dark can differ in.
 */
export async function violations(page, only = null) {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe);
  const found = await page.evaluate(
    (rules) =>
      window.axe.run({
        resultTypes: ['violations'],
        ...(rules
          ? { runOnly: { type: 'rule', values: rules } }
          : { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }),
        // called experimental, and so off unless asked for
        rules: { 'label-content-name-mismatch': { enabled: !rules } },
      }),
    only === 'colour' ? ['color-contrast', 'link-in-text-block'] : null,
  );
  return found.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join(', ')}`);
}

/**
 * Light and dark of one page. By night only what colour can change: `data-theme` is all that turns, no component reads
 * it, and the stylesheet sets nothing but colours and shadows for it (`theme.test.ts` of the screens holds that). Names,
 * roles, order, sizes and language of every element are the very same, so any other rule would look at the same
 * document twice.
 */
export async function violationsByDayAndNight(page) {
  const byDay = await violations(page);
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.waitForFunction(() => document.documentElement.dataset.theme === 'dark');
  const byNight = await violations(page, 'colour');
  await page.emulateMedia({ colorScheme: 'light' });
  return [...byDay.map((one) => `light: ${one}`), ...byNight.map((one) => `dark: ${one}`)];
}
