// Show 6 of the first slice: no violation of WCAG 2.2 A and AA on any screen, in both languages, by day and by night.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startApp } from './app.mjs';
import { openBrowser, violationsByDayAndNight } from './people.mjs';

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

/** The screen as somebody meets it, at the size that it is for. */
async function open(scene, locale) {
  const context = await browser.context(scene.sizes?.[0] ?? 'tablet', {
    locale: locale === 'ja' ? 'ja-JP' : 'en-GB',
    timezoneId: 'Asia/Tokyo',
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  await page.clock.install({ time: new Date(`2026-11-24T${scene.time}:20+09:00`) });
  await page.addInitScript((words) => localStorage.setItem('PARAGLIDE_LOCALE', words), locale);
  await page.addInitScript((size) => localStorage.setItem('sazanami.text', size), String(scene.text ?? 100));
  const address = new URL(scene.path, app.base);
  address.searchParams.set('scene', scene.scene ?? scene.name);
  await page.goto(address.href);
  await page.waitForSelector(scene.ready);
  await scene.steps?.(page, locale);
  await page.clock.runFor(2100);
  return page;
}

async function lookAt(scene, locale) {
  const page = await open(scene, locale);
  const found = await violationsByDayAndNight(page);
  await page.context().close();
  return found.map((one) => `${scene.name} ${locale} ${one}`);
}

/** Two at a time: the browser draws one while the other is thought about. */
async function inPairs(tasks) {
  const found = [];
  const work = async () => {
    for (let task = tasks.shift(); task; task = tasks.shift()) found.push(...(await task()));
  };
  await Promise.all([work(), work()]);
  return found;
}

test('axe finds nothing on any screen or sheet, in Japanese and English, by day and by night', async () => {
  const scenes = app.scenes.filter((scene) => (wanted ? wanted.includes(scene.name) : !scene.name.includes('-large')));
  const tasks = scenes.flatMap((scene) => ['ja', 'en'].map((locale) => () => lookAt(scene, locale)));
  assert.ok(tasks.length > 0);
  assert.deepEqual(await inPairs(tasks), []);
});
