/** Photographs each screen in each size, language and theme, and lets axe look at it. Pictures go to `shots/`. */
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium, type Page } from 'playwright-core';
import { build, preview } from 'vite';
import { scenes, type Scene } from './scenes.ts';

const root = process.cwd();
const axe = readFileSync(createRequire(`${root}/package.json`).resolve('axe-core/axe.min.js'), 'utf8');
const sizes = {
  tablet: { width: 1280, height: 800 },
  phone: { width: 390, height: 844 },
  desktop: { width: 1440, height: 900 },
} as const;
type Size = keyof typeof sizes;

const wanted = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const quick = process.argv.includes('--quick');
/** Where pictures and the built site go, so that two runs do not take each other's away. */
const out = process.env['SHOTS'] ?? 'shots';
const skipBuild = process.argv.includes('--built');

interface Look {
  size: Size;
  locale: 'ja' | 'en';
  theme: 'light' | 'dark';
}
let count = 0;
/** `--look=phone-en-dark`, as often as wanted, takes only these. */
const asked = process.argv.flatMap((word) => (word.startsWith('--look=') ? [word.slice(7)] : []));
const looksOf = ({ sizes: worth = ['tablet', 'phone', 'desktop'] }: Scene): Look[] =>
  quick
    ? [{ size: worth[0] ?? 'tablet', locale: 'ja', theme: 'light' }]
    : worth.flatMap((size) =>
        (['ja', 'en'] as const).flatMap((locale) =>
          (['light', 'dark'] as const)
            .map((theme) => ({ size, locale, theme }))
            .filter((look) => !asked.length || asked.includes(`${look.size}-${look.locale}-${look.theme}`)),
        ),
      );

if (!skipBuild)
  await build({
    root,
    mode: 'fixture',
    logLevel: 'error',
    build: { outDir: `${out}/site`, emptyOutDir: true },
  });
const server = await preview({
  root,
  mode: 'fixture',
  build: { outDir: `${out}/site` },
  preview: { port: 0 },
});
const site = server.resolvedUrls?.local[0] ?? '';
const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update'],
});

async function open(scene: Scene, look: Look): Promise<Page> {
  const context = await browser.newContext({
    viewport: sizes[look.size],
    colorScheme: look.theme,
    locale: look.locale === 'ja' ? 'ja-JP' : 'en-GB',
    timezoneId: 'Asia/Tokyo',
    reducedMotion: 'reduce',
    deviceScaleFactor: look.size === 'phone' ? 2 : 1,
  });
  const page = await context.newPage();
  page.on('pageerror', (error) => problems.push(`${scene.name}: ${error.message}`));
  await page.clock.install({ time: new Date(`2026-11-24T${scene.time}:20+09:00`) });
  await page.addInitScript((locale) => localStorage.setItem('PARAGLIDE_LOCALE', locale), look.locale);
  await page.addInitScript((size) => localStorage.setItem('sazanami.text', size), String(scene.text ?? 100));
  const address = new URL(scene.path, site);
  address.searchParams.set('scene', scene.scene ?? scene.name);
  await page.goto(address.href);
  await page.waitForSelector(scene.ready);
  await scene.steps?.(page, look.locale);
  await page.clock.runFor(2100);
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
  return page;
}

const problems: string[] = [];
for (const scene of scenes.filter((one) => wanted.length === 0 || wanted.includes(one.name))) {
  for (const look of looksOf(scene)) {
    count += 1;
    const name = `${scene.name}-${look.size}-${look.locale}-${look.theme}`;
    const page = await open(scene, look).catch((error: Error) => {
      problems.push(`${name}: ${error.message.split('\n')[0]}`);
      return null;
    });
    if (!page) continue;
    mkdirSync(`${root}/${out}`, { recursive: true });
    await page.screenshot({ path: `${root}/${out}/${name}.png`, fullPage: look.size === 'phone' });
    await page.evaluate(axe);
    const found = await page.evaluate(async () => {
      // @ts-expect-error axe was just put on the page
      const result = await window.axe.run(document, {
        runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'],
      });
      return (result.violations as { id: string; nodes: { html: string }[] }[]).map(
        (one) =>
          `${one.id}: ${one.nodes
            .map((node) => node.html.slice(0, 140))
            .slice(0, 3)
            .join(' | ')}`,
      );
    });
    problems.push(...found.map((one) => `${name}: ${one}`));
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    if (wide > 0) problems.push(`${name}: ${wide} px wider than the window`);
    await page.context().close();
  }
}
await browser.close();
await server.close();
console.log(problems.length ? problems.join('\n') : `${count} pictures, nothing found`);
process.exit(problems.length ? 1 : 0);
