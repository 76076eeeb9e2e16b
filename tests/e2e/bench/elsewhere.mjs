// Shown on another device: from the act of one person to the painted frame in which another person's open board shows
// it, both in real browsers at the real server. Beside it a bare round trip. `node tests/e2e/bench/elsewhere.mjs [acts]`
import { openBrowser } from '../browser/people.mjs';
import { startCity } from '../browser/server.mjs';
import { table } from './figures.mjs';

const acts = Number(process.argv[2] ?? 100);
const MOST_MS = 300;

/** In the page: resolves to the moment (ms since 1970) at which the tile was painted in this state. */
const seen = ({ id, state }) =>
  new Promise((resolve) => {
    const tile = document.getElementById(id);
    const look = () => {
      if (!tile.classList.contains(state)) return;
      watch.disconnect();
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => resolve(performance.timeOrigin + performance.now());
        port2.postMessage(0);
      });
    };
    const watch = new MutationObserver(look);
    watch.observe(tile, { attributes: true, attributeFilter: ['class'] });
    look();
  });

/** In the page: one command, as the page's own transport sends it; the moment of sending and what was recorded. */
async function send(command) {
  const at = performance.timeOrigin + performance.now();
  const body = JSON.stringify({ command, person: null, pin: null });
  const headers = { 'content-type': 'application/json' };
  const reply = await fetch('/v1/app/act', { method: 'POST', headers, body });
  return { at, records: (await reply.json()).records };
}

async function bare(page) {
  const times = [];
  for (let at = 0; at < acts; at += 1)
    times.push(
      await page.evaluate(async () => {
        const start = performance.now();
        await (await fetch('/v1/health')).text();
        return performance.now() - start;
      }),
    );
  return times;
}

const [city, browser] = await Promise.all([startCity('2026-11-24 06:50'), openBrowser()]);
try {
  const people = ['caregiver', 'director'].map((who) => browser.person(city.door(who), 'tablet', { reducedMotion: 'reduce' }));
  const [one, other] = await Promise.all(people);
  const me = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"query":"me"}' };
  const place = await one.page.evaluate(
    async (asked) => (await (await fetch('/v1/app/ask', asked)).json()).view.home,
    me,
  );
  await other.page.evaluate((home) => localStorage.setItem('sazanami.place', home.class ?? home.facility), place);
  await other.page.goto(`${city.base}/?screen`);
  const id = await other.page.locator('.tile.yet').first().getAttribute('id');
  const child = id.replace('seat-', '');
  const baseline = await bare(one.page);
  const times = [];
  for (let at = 0; at < acts; at += 1) {
    const arrival = { command: 'arrive', facility: place.facility, children: [child], room: null };
    const green = other.page.evaluate(seen, { id, state: 'in' });
    const { at: sent, records } = await one.page.evaluate(send, arrival);
    times.push((await green) - sent);
    await one.page.evaluate(send, { command: 'undo', records });
    await other.page.evaluate(seen, { id, state: 'yet' });
  }
  console.log(`server ${process.env.SAZANAMI_BIN ?? 'target/debug'}\n`);
  const missed = table([
    { work: 'bare round trip to the server', times: baseline },
    { work: 'an arrival is painted on another board', times, most_ms: MOST_MS, baseline },
  ]);
  if (missed) process.exitCode = 1;
} finally {
  await browser.close();
  await city.stop();
}
