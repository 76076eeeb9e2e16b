import type { Scene } from './scenes.ts';

const sizes: Scene['sizes'] = ['desktop', 'tablet', 'phone'];
const time = '09:41';
const waiting = { path: '/office/waiting', time, ready: 'main li' } as const;

export const officeScenes: Scene[] = [
  { name: 'office', path: '/office', time, ready: '#roll td', sizes },
  { name: 'office-large', path: '/office', time, ready: '#roll td', text: 200, sizes: ['desktop', 'phone'] },
  { name: 'office-quiet', path: '/office', time, ready: '#roll td', sizes: ['desktop'] },
  {
    name: 'office-table',
    path: '/office?class=%E3%81%86%E3%81%95%E3%81%8E%E7%B5%84&sort=arrived&down=1',
    time,
    ready: '#roll td',
    sizes: ['desktop'],
    steps: async (page) => page.evaluate(() => document.getElementById('roll')?.scrollIntoView()),
  },
  {
    name: 'office-found',
    path: '/office',
    time,
    ready: '#roll td',
    sizes: ['desktop'],
    steps: async (page) => {
      const box = page.locator('#roll input[type=search]');
      for (const typed of ['　', '012']) {
        await box.fill(typed);
        await page.clock.runFor(100);
        if ((await box.inputValue()) !== typed) throw new Error('what was typed became something else');
      }
      await box.fill('さとう');
      await page.waitForFunction(() => document.querySelectorAll('#roll tbody tr').length < 20);
      await page.evaluate(() => document.getElementById('roll')?.scrollIntoView());
    },
  },
  { name: 'office-roll', path: '/office/roll', time, ready: 'h3', sizes },
  { name: 'office-joins', path: '/office/joins', time, ready: 'li', sizes },
  {
    name: 'office-invitation',
    path: '/office/joins',
    time,
    ready: 'li',
    sizes: ['desktop', 'phone'],
    steps: async (page) => {
      await page.locator('.which ~ ul .btn').first().click();
      await page.locator('img').waitFor();
    },
  },
  {
    name: 'office-refuse',
    path: '/office/joins',
    time,
    ready: 'li',
    sizes: ['desktop'],
    steps: async (page) => page.locator('.acts .btn').first().click(),
  },
  { name: 'office-waiting', ...waiting, sizes },
  {
    name: 'office-waiting-large',
    ...waiting,
    scene: 'office-waiting',
    text: 200,
    sizes: ['desktop', 'phone'],
  },
  { name: 'office-waiting-none', ...waiting, ready: '.none', sizes },
  {
    name: 'office-waiting-all',
    ...waiting,
    scene: 'office-waiting',
    sizes: ['desktop', 'phone'],
    steps: async (page) => {
      await page.locator('header .btn').last().click();
      await page.locator('dialog .primary').waitFor();
    },
  },
  {
    name: 'office-waiting-refuse',
    ...waiting,
    scene: 'office-waiting',
    sizes: ['desktop'],
    steps: async (page) => page.locator('li .quiet').first().click(),
  },
  {
    name: 'office-waiting-accepted',
    ...waiting,
    scene: 'office-waiting',
    sizes: ['desktop'],
    steps: async (page) => {
      const rows = await page.locator('main li').count();
      await page.locator('li .primary').first().focus();
      await page.keyboard.press('Enter');
      await page.waitForFunction((many) => document.querySelectorAll('main li').length < many, rows);
      await page.waitForFunction(() => document.activeElement?.matches('main li'));
    },
  },
  {
    name: 'office-waiting-pin',
    ...waiting,
    sizes: ['desktop'],
    steps: async (page) => {
      await page.locator('li .primary').first().click();
      await page.locator('dialog .dots').waitFor();
    },
  },
  {
    name: 'office-waiting-refused',
    ...waiting,
    sizes: ['desktop'],
    steps: async (page) => {
      await page.locator('li .primary').first().click();
      await page.locator('main [role=alert]').waitFor();
    },
  },
  { name: 'office-devices', path: '/office/devices', time, ready: 'li', sizes },
  {
    name: 'office-code-wrong',
    path: '/office/devices',
    time,
    ready: 'li',
    sizes: ['desktop'],
    steps: async (page) => {
      await page.locator('form input').fill('123 456');
      await page.locator('form .btn').click();
    },
  },
];
