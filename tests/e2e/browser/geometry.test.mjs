// Nothing on the board is cut or covered: bands of state are whole, names fit, the header's parts keep apart. With 20,
// 30 and 95 children, at once and twice the text, on a tablet, a phone and a desk.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startApp } from './app.mjs';
import { openBrowser } from './people.mjs';

let app, browser;
before(async () => {
  [app, browser] = await Promise.all([startApp(), openBrowser()]);
});
after(async () => {
  await browser?.close();
  await app?.stop();
});

async function board(scene, size, text, locale = 'ja') {
  const context = await browser.context(size, {
    locale: 'ja-JP',
    timezoneId: 'Asia/Tokyo',
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  await page.clock.install({ time: new Date('2026-11-24T09:34:20+09:00') });
  await page.addInitScript(
    ([words, chosen]) => {
      localStorage.setItem('PARAGLIDE_LOCALE', words);
      localStorage.setItem('sazanami.text', String(chosen));
    },
    [locale, text],
  );
  const address = new URL('/', app.base);
  address.searchParams.set('scene', scene);
  await page.goto(address.href);
  await page.waitForSelector('.tile');
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
  return page;
}

/** What a person would call cut or covered, in words; runs in the page. */
function cutOrCovered() {
  const box = (one) => one.getBoundingClientRect();
  const inside = (one, whole) =>
    box(one).left >= box(whole).left - 1 &&
    box(one).right <= box(whole).right + 1 &&
    box(one).top >= box(whole).top - 1 &&
    box(one).bottom <= box(whole).bottom + 1;
  const said = (one) => one.textContent.trim().replaceAll(/\s+/g, ' ').slice(0, 40);
  const found = [];
  for (const tile of document.querySelectorAll('.tile')) {
    for (const part of tile.querySelectorAll('.strip, .nm b, .nm i, .al'))
      if (!inside(part, tile)) found.push(`leaves its tile: ${said(part)}`);
    for (const name of tile.querySelectorAll('.nm b, .nm i')) {
      if (name.scrollWidth > name.clientWidth + 1) found.push(`cut: ${said(name)}`);
      if (name.getClientRects().length && box(name).height > 2 * parseFloat(getComputedStyle(name).fontSize))
        found.push(`broken: ${said(name)}`);
    }
    for (const mark of tile.querySelectorAll('.al')) {
      if (mark.scrollWidth > mark.clientWidth + 1) found.push(`cut without a word about it: ${said(mark)}`);
      if ([...mark.querySelectorAll('.i')].some((icon) => box(icon).width < 15)) found.push(`no mark: ${said(mark)}`);
    }
    const [alerts, name, strip] = ['.als', '.nm', '.strip'].map((part) => box(tile.querySelector(part)));
    if (name.bottom > alerts.bottom + 1 || alerts.bottom > strip.top + 1) found.push(`one on another: ${said(tile)}`);
  }
  const head = document.querySelector('.top');
  const parts = [...head.children].filter((one) => box(one).width > 0);
  for (const part of parts) {
    if (!inside(part, document.documentElement)) found.push(`leaves the window: ${said(part)}`);
    for (const word of [part, ...part.querySelectorAll('b, time, small, button')])
      if (word.scrollWidth > word.clientWidth + 1 && getComputedStyle(word).display !== 'inline')
        found.push(`cut in the header: ${said(word)}`);
  }
  parts.forEach((one, at) => {
    for (const other of parts.slice(at + 1)) {
      const [a, b] = [box(one), box(other)];
      const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (across > 1 && down > 1) found.push(`covers: ${said(one)} / ${said(other)}`);
    }
  });
  return [...new Set(found)];
}

for (const text of [100, 200])
  for (const scene of ['board', 'board-crowded', 'board-site'])
    test(`nothing is cut or covered on ${scene} at ${text} % text`, async () => {
      const found = [];
      for (const size of ['tablet', 'phone', 'desktop']) {
        const page = await board(scene, size, text);
        found.push(...(await page.evaluate(cutOrCovered)).map((one) => `${size}: ${one}`));
        await page.context().close();
      }
      // The longest words on the narrowest tiles.
      const page = await board(scene, 'phone', text, 'en');
      found.push(...(await page.evaluate(cutOrCovered)).map((one) => `phone in English: ${one}`));
      await page.context().close();
      assert.deepEqual(found, []);
    });
