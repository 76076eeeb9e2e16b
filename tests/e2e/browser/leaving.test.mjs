// Whoever signs out leaves no child on any screen of that browser: not in another tab, and not behind the way back.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { story } from './story.mjs';

const here = story('2026-11-24 09:35');

const atSignIn = (page) => page.waitForURL(/\/signin/);

test('every tab leaves at once when one signs out, and the way back shows no child', async () => {
  const { page, context } = await here.browser.person(here.city.door('guardian'), 'phone');
  const second = await context.newPage();
  await second.goto(`${here.city.base}/family`);
  await second.getByText('みお').first().waitFor();
  // What the server answers cannot lead this tab away.
  for (const way of ['ask', 'pokes']) await second.route(`**/v1/app/${way}`, (route) => route.abort());
  await page.goto(`${here.city.base}/family`);
  await page.getByText('みお').first().waitFor();
  await page.goto(`${here.city.base}/family/more`);
  await page.getByRole('button', { name: 'サインアウト' }).click();
  await Promise.all([atSignIn(page), atSignIn(second)]);

  await page.goBack();
  await atSignIn(page);
  assert.equal(await page.getByText('みお').count(), 0);
  await context.close();
});

test('a page that the browser has kept comes back without a child on it', async () => {
  const { page, context } = await here.browser.person(here.city.door('guardian'), 'phone');
  await page.getByText('みお').first().waitFor();
  const turn = (name) =>
    page.evaluate((type) => void dispatchEvent(new PageTransitionEvent(type, { persisted: true })), name);
  await turn('pagehide');
  assert.equal(await page.locator('body').isVisible(), false);
  await context.clearCookies();
  await turn('pageshow');
  await atSignIn(page);
  await page.getByRole('button').first().waitFor();
  await context.close();
});

test('somebody else who signs in takes over every tab', async () => {
  const { page, context } = await here.browser.person(here.city.door('caregiver'), 'tablet');
  await page.locator('.tile').first().waitFor();
  const second = await context.newPage();
  await second.goto(here.city.door('guardian'));
  await second.waitForURL(/\/family/);
  await page.waitForURL(/\/family/);
  assert.equal(await page.locator('.tile').count(), 0);
  await context.close();
});
