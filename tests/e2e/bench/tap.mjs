// Tap to paint at a quarter of the processor: from the pointer's release on a child's tile to the first painted frame
// in which the tile looks pressed, which is the line, and to the one in which it is green, which it may be only once the
// arrival is stored and so hangs on the server too. Beside it a bare button that changes one class.
// `node tests/e2e/bench/tap.mjs [taps]`
import { openBrowser } from '../browser/people.mjs';
import { startCity } from '../browser/server.mjs';
import { table } from './figures.mjs';

const taps = Number(process.argv[2] ?? 60);
const SLOWER = 4;
const MOST_MS = 100;
/** For so long a tile takes a second tap for a finger that bounces. */
const BOUNCE_MS = 600;

/** In the page: resolves to the ms from the next release on `element` until its class matched each of `looks` on screen. */
function paints({ element, looks }) {
  const tile = document.querySelector(element);
  const painted = (then) =>
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => then(performance.now());
      port2.postMessage(0);
    });
  window.painted = new Promise((resolve) => {
    const times = {};
    let release = null;
    tile.addEventListener('pointerup', (event) => (release = event.timeStamp), { once: true, capture: true });
    const look = () => {
      for (const [name, words] of Object.entries(looks))
        if (release !== null && !(name in times) && words.some((word) => tile.classList.contains(word))) {
          times[name] = NaN;
          painted((now) => {
            times[name] = now - release;
            if (Object.keys(looks).every((one) => times[one] > 0)) resolve(times);
          });
        }
    };
    new MutationObserver(look).observe(tile, { attributes: true, attributeFilter: ['class'] });
  });
}

async function tap(page, element, looks) {
  const box = await page.locator(element).boundingBox();
  await page.evaluate(paints, { element, looks });
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.up();
  return page.evaluate(() => window.painted);
}

async function slowed(page) {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
}

async function bare(browser) {
  const context = await browser.context('tablet', {});
  const page = await context.newPage();
  await slowed(page);
  await page.setContent(
    `<style>.on { background: green }</style><button id="bare" onclick="this.classList.toggle('on')">·</button>`,
  );
  const times = [];
  for (let at = 0; at < taps; at += 1) {
    await page.evaluate(() => document.getElementById('bare').classList.remove('on'));
    times.push((await tap(page, '#bare', { on: ['on'] })).on);
  }
  await context.close();
  return times;
}

/** Taps the first child who is not here, and takes it back, again and again. */
async function board(browser, city, wide) {
  const { page, context } = await browser.person(city.door('caregiver'), 'tablet', { reducedMotion: 'reduce' });
  await page.goto(`${city.base}/?screen`);
  await page.locator('.tile').first().waitFor();
  if (wide) {
    await page.evaluate(async () => {
      const asked = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"query":"me"}' };
      const { view } = await (await fetch('/v1/app/ask', asked)).json();
      localStorage.setItem('sazanami.place', view.places.find((one) => one.place.place === 'facility').place.facility);
    });
    await page.reload();
    await page.locator('.tile').nth(30).waitFor();
  }
  const tiles = await page.locator('.tile').count();
  const child = await page.locator('.tile.yet').first().getAttribute('id');
  await slowed(page);
  const times = { pressed: [], green: [], act: [], ask: [] };
  for (let at = 0; at < taps; at += 1) {
    await page.evaluate(() => performance.clearResourceTimings());
    const { pressed, green } = await tap(page, `#${child}`, { pressed: ['pressed', 'in'], green: ['in'] });
    times.pressed.push(pressed);
    times.green.push(green);
    for (const [path, took] of await asks(page)) times[path]?.push(took);
    await page.locator('.toast .undo').click();
    await page.locator(`#${child}.yet`).waitFor();
    await page.waitForTimeout(BOUNCE_MS);
  }
  await context.close();
  return { tiles, times };
}

const asks = (page) =>
  page.evaluate(() =>
    performance
      .getEntriesByType('resource')
      .map((one) => [new URL(one.name).pathname.split('/').at(-1), one.responseEnd - one.startTime])
      .filter(([, took]) => took > 0),
  );

const [city, browser] = await Promise.all([startCity('2026-11-24 06:50'), openBrowser()]);
try {
  const baseline = await bare(browser);
  const rows = [{ work: 'bare button: one class', times: baseline }];
  for (const wide of [false, true]) {
    const { tiles, times } = await board(browser, city, wide);
    rows.push(
      { work: `tile looks pressed, ${tiles} tiles`, times: times.pressed, most_ms: MOST_MS, baseline },
      { work: `tile is green (stored), ${tiles} tiles`, times: times.green, baseline },
      { work: '… of this: the act, over HTTP', times: times.act },
      { work: '… of this: the board asked again, over HTTP', times: times.ask },
    );
  }
  console.log(`${SLOWER}× slower processor, server ${process.env.SAZANAMI_BIN ?? 'target/debug'}\n`);
  if (table(rows)) process.exitCode = 1;
} finally {
  await browser.close();
  await city.stop();
}
