// The device's way back and forward, with sheets open, closed and lost, against the real server.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { story } from './story.mjs';

const here = story('2026-11-24 09:35');

/** The history stands at an entry with so many sheets. */
const sheets = (page, count) => page.waitForFunction((so) => (history.state?.sheets ?? 0) === so, count);

async function openChild(page) {
  await page.locator('.tile').first().click({ button: 'right' });
  await page.getByRole('dialog').waitFor();
  await sheets(page, 1);
}

test('the way back closes a sheet, and the page under it stays where it was scrolled to', async () => {
  const { page, context } = await here.browser.person(here.city.door('guardian'), 'phone');
  await page.setViewportSize({ width: 390, height: 480 });
  await page.goto(`${here.city.base}/family/contact`);
  await page.locator('label', { hasText: 'みお' }).first().click();
  await page.locator('label', { hasText: '欠席' }).click();
  await page.locator('label', { hasText: '発熱' }).click();
  await page.getByRole('button', { name: /休みます/ }).click();
  await page.getByRole('heading', { name: '市のサーバーに届きました' }).waitFor();

  const change = page.locator('.two .btn').first();
  await change.click();
  await sheets(page, 1);
  const scrolled = await page.evaluate(() => scrollY);
  assert.ok(scrolled > 0);
  await page.goBack();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  assert.equal(await page.evaluate(() => scrollY), scrolled);

  // from the sheet to another page, and back over the sheet's entry
  await change.click();
  await sheets(page, 1);
  await page.getByRole('button', { name: '内容を直す' }).click();
  await page.getByRole('heading', { name: '園への連絡' }).waitFor();
  await page.goBack();
  await page.getByRole('heading', { name: '市のサーバーに届きました' }).waitFor();
  await sheets(page, 0);
  await context.close();
});

test('loaded anew with a sheet open, the page needs one way back and not two', async () => {
  const { page, context } = await here.browser.person(here.city.door('caregiver'), 'tablet');
  await page.goto(`${here.city.base}/messages`);
  await page.getByRole('link', { name: 'クラス' }).click();
  await openChild(page);
  await page.reload();
  await page.locator('.tile').first().waitFor();
  await sheets(page, 0);
  await openChild(page);
  await page.goBack();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.goBack();
  await page.waitForURL(`${here.city.base}/messages`);
  await page.locator('.lists').waitFor();
  await context.close();
});

test('forward leads to no sheet that is gone, and the page stays usable', async () => {
  const { page, context } = await here.browser.person(here.city.door('caregiver'), 'tablet');
  await page.locator('.tile').first().waitFor();
  await openChild(page);
  await page.goBack();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.goForward();
  await sheets(page, 0);
  await openChild(page);
  await page.goBack();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await context.close();
});
