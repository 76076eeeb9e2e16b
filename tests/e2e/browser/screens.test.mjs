// Show 6 of the first slice: no violation of WCAG 2.2 A and AA on any screen, in both languages, by day and by night.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startApp } from './app.mjs';
import { openBrowser, sizes, violationsByDayAndNight } from './people.mjs';

let app, browser;
/** `SCREENS=board,pair` looks at these alone. Large text has pictures of its own and no other colours or names. */
const wanted = process.env.SCREENS?.split(',');

before(async () => {
  [app, browser] = await Promise.all([startApp(), openBrowser()]);
});
after(async () => {
  await browser?.close();
  await app?.stop();
});

/** A window that shows one scene after the other: a browser that has read scripts and fonts once is twice as quick. */
async function openWindow(locale) {
  const context = await browser.context('tablet', {
    locale: locale === 'ja' ? 'ja-JP' : 'en-GB',
    timezoneId: 'Asia/Tokyo',
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  return page;
}

/** The screen as somebody meets it for the first time, at the size that it is for: nothing is left of the one before. */
async function open(page, scene, locale) {
  await page.goto(app.between);
  await page.evaluate(
    ([words, size]) => {
      localStorage.clear();
      sessionStorage.clear();
      localStorage.setItem('PARAGLIDE_LOCALE', words);
      localStorage.setItem('sazanami.text', size);
    },
    [locale, String(scene.text ?? 100)],
  );
  await page.setViewportSize(sizes[scene.sizes?.[0] ?? 'tablet']);
  const time = new Date(`2026-11-24T${scene.time}:20+09:00`);
  await page.clock.install({ time });
  const address = new URL(scene.path, app.base);
  address.searchParams.set('scene', scene.scene ?? scene.name);
  await page.goto(address.href);
  await page.waitForSelector(scene.ready);
  await scene.steps?.(page, locale);
  await page.clock.runFor(2100);
  const late = (await page.evaluate(() => Date.now())) - time;
  assert.ok(late > 2000 && late < 60_000, `${scene.name} stands ${late} ms after its time`);
}

/** All scenes in one language, and what axe finds there. */
async function walk(scenes, locale) {
  const page = await openWindow(locale);
  const found = [];
  for (const scene of scenes) {
    await open(page, scene, locale);
    found.push(...(await violationsByDayAndNight(page)).map((one) => `${scene.name} ${locale} ${one}`));
  }
  await page.context().close();
  return found;
}

test('axe finds nothing on any screen or sheet, in Japanese and English, by day and by night', async () => {
  const scenes = app.scenes.filter((scene) => (wanted ? wanted.includes(scene.name) : !scene.name.includes('-large')));
  assert.ok(scenes.length > 0);
  // Both at once: the browser draws one while the other is thought about.
  const found = await Promise.all(['ja', 'en'].map((locale) => walk(scenes, locale)));
  assert.deepEqual(found.flat(), []);
});
