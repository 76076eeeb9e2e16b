// Two people do the same at the same time: nothing has gone wrong, and both screens say what is true.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { story } from './story.mjs';

const here = story('2026-11-24 08:15');

/** A teacher in a here.browser. `deaf`: what others do is not heard of, so that the screen is behind. */
async function teacher({ deaf = false } = {}) {
  const { page, context } = await here.browser.person(here.city.door('caregiver'), 'tablet');
  if (deaf) await context.route('**/v1/app/pokes', (route) => route.abort());
  return { page, context };
}

test('whoever confirms messages that a colleague has confirmed already reads who it was', async () => {
  const [behind, quick] = await Promise.all([teacher({ deaf: true }), teacher()]);
  for (const { page } of [behind, quick]) {
    await page.goto(`${here.city.base}/messages`);
    await page.locator('.lists header .primary').waitFor();
  }
  await quick.page.locator('.lists header .primary').click();
  await quick.page.locator('.toast .undo').waitFor();

  await behind.page.locator('.lists header .primary').click();
  await behind.page.locator('.toast').waitFor();
  assert.match(await behind.page.locator('.toast').innerText(), /が 先に確認しました/);
  assert.equal(await behind.page.getByRole('alert').count(), 0);
  assert.equal(await behind.page.locator('.toast .undo').count(), 0);
  await behind.page.locator('.lists header .primary').waitFor({ state: 'detached' });
  await Promise.all([behind.context.close(), quick.context.close()]);
});

test('as many as were chosen are chosen until the next page is there', async () => {
  const { page, context } = await teacher();
  let open;
  const held = new Promise((resolve) => (open = resolve));
  await page.route(/assets\/Board-.*\.js/, (route) => held.then(() => route.continue()));
  await page.goto(`${here.city.base}/together/arrive`);
  const free = page.locator('.tile:enabled');
  await free.first().waitFor();
  const seats = await free.evaluateAll((all) => all.slice(0, 2).map((one) => one.id));
  for (const seat of seats) await page.locator(`#${seat}`).click();
  const sent = page.waitForResponse('**/v1/app/act');
  await page.locator('.bar .primary').click();
  await sent;
  for (const seat of seats) await page.locator(`#${seat}:disabled`).waitFor();
  assert.equal(await page.locator('.bar .count .num').innerText(), '2');
  open();
  await page.locator('.toast .undo').waitFor();
  await context.close();
});
