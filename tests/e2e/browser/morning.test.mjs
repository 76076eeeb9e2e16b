// A morning in real browsers against the real server: a guardian announces, staff confirm, the office sees.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openBrowser, picture, violations } from './people.mjs';
import { startCity } from './server.mjs';

let city, browser;

before(async () => {
  city = await startCity('2026-11-24 08:15');
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  await city?.stop();
});

test('an absence travels from a phone to the classroom and back, each step a fact of its own', async () => {
  const mother = await browser.person(city.door('guardian'), 'phone');
  const teacher = await browser.person(city.door('caregiver'), 'tablet');
  const office = await browser.person(city.door('office'), 'desktop');

  await office.page.goto(`${city.base}/office`);
  await office.page.getByRole('heading', { level: 1 }).first().waitFor();
  await teacher.page.getByRole('button', { name: /さとう みお|みお/ }).first().waitFor();
  await picture(office.page, 'office-before');

  const phone = mother.page;
  await phone.getByText('れん').first().waitFor();
  await picture(phone, 'guardian-home');
  await phone.getByRole('link', { name: '欠席・遅刻・お迎えの連絡' }).click();
  await phone.locator('label', { hasText: 'れん' }).click();
  await phone.locator('label', { hasText: '欠席' }).click();
  await phone.locator('label', { hasText: '発熱' }).click();
  await picture(phone, 'guardian-ready');
  await phone.getByRole('button', { name: /れんは きょう 休みます/ }).click();
  await phone.getByRole('heading', { name: '市のサーバーに届きました' }).waitFor();
  await picture(phone, 'guardian-on-server');
  assert.equal(await phone.getByText('先生が確認しました').count(), 0, 'only a person makes the last fact');

  // the office's page is open and shows it without a touch
  const absent = office.page.getByRole('row', { name: /れん/ }).filter({ hasText: '欠席' });
  await absent.first().waitFor();
  await picture(office.page, 'office-after');
  assert.deepEqual(mother.errors.concat(teacher.errors, office.errors), []);
});

test('axe finds no violation of WCAG 2.2 AA on the screens of the morning, in Japanese by day and in English by night', async () => {
  const screens = [
    ['guardian', 'phone', ['/family', '/family/contact', '/family/more']],
    ['caregiver', 'tablet', ['/', '/messages', '/receive', '/evening', '/people', '/places', '/queue']],
    ['office', 'desktop', ['/office', '/office/joins', '/office/devices', '/office/roll']],
  ];
  const found = [];
  for (const [locale, colorScheme] of [
    ['ja-JP', 'light'],
    ['en-GB', 'dark'],
  ]) {
    for (const [who, size, paths] of screens) {
      const { page, context } = await browser.person(city.door(who), size, { locale, colorScheme });
      for (const path of paths) {
        await page.goto(city.base + path);
        await page.locator('h1, h2, main').first().waitFor();
        for (const violation of await violations(page)) found.push(`${path} ${locale} ${colorScheme}: ${violation}`);
        await picture(page, `${who}${path.replaceAll('/', '-')}-${locale}-${colorScheme}`);
      }
      await context.close();
    }
  }
  assert.deepEqual(found, []);
});
