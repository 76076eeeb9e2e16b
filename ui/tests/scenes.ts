import type { Page } from 'playwright-core';
import { familyScenes } from './scenes-family.ts';
import { officeScenes } from './scenes-office.ts';

export interface Scene {
  name: string;
  /** Which invented world; the name itself if not said. */
  scene?: string;
  path: string;
  time: string;
  /** Shown when the screen stands. */
  ready: string;
  /** Size of text in percent, as the person chose it. */
  text?: number;
  /** Sizes worth a picture; all of them if not said. The first one is the size of `--quick`. */
  sizes?: ('tablet' | 'phone' | 'desktop')[];
  steps?: (page: Page, locale: 'ja' | 'en') => Promise<void>;
}

export const scenes: Scene[] = [
  ...familyScenes,
  ...officeScenes,
  {
    name: 'board',
    path: '/',
    time: '09:34',
    ready: '.tile',
    steps: async (page) => page.locator('.tile', { hasText: 'なぎ' }).click(),
  },
  { name: 'board-offline', path: '/', time: '09:34', ready: '.tile' },
  {
    name: 'board-offline-browser',
    path: '/',
    time: '09:34',
    ready: '.tile',
    steps: async (page) => {
      await page.locator('.tile', { hasText: 'なぎ' }).click();
      await page.locator('[role=alert]').first().waitFor();
    },
  },
  {
    name: 'board-faster',
    path: '/',
    time: '09:34',
    ready: '.tile',
    sizes: ['tablet', 'phone'],
    steps: async (page) => {
      await page.locator('.tile', { hasText: 'なぎ' }).click();
      await page.locator('.toast').waitFor();
    },
  },
  { name: 'board-closed', path: '/', time: '09:34', ready: '.empty' },
  {
    name: 'board-spoke',
    scene: 'board',
    path: '/',
    time: '09:34',
    ready: '.tile',
    sizes: ['tablet'],
    steps: async (page) => {
      await page.locator('.outcomes button').first().click();
      await page.locator('.told button').nth(1).click();
    },
  },
  { name: 'board-godo', path: '/', time: '07:40', ready: '.tile' },
  {
    name: 'board-departure',
    path: '/',
    time: '16:34',
    ready: '.tile',
    steps: async (page) => {
      await page.locator('.tile', { hasText: 'うた' }).click();
      await page.locator('dialog .hand').waitFor();
    },
  },
  {
    name: 'board-departure-other',
    path: '/',
    time: '16:39',
    ready: '.tile',
    steps: async (page) => {
      await page.locator('.tile', { hasText: 'うた' }).click();
      await page.locator('dialog .other').click();
      await page.locator('dialog .hand').click();
      await page.locator('#other-name').fill('グエン タオ');
      await page.locator('#other-relation').fill('叔母');
      await page.locator('form .btn').click();
      await page.locator('.step .yes').first().click();
    },
  },
  {
    name: 'board-departure-stopped',
    path: '/',
    time: '16:39',
    ready: '.tile',
    sizes: ['tablet', 'phone'],
    steps: async (page) => {
      await page.locator('.tile', { hasText: 'うた' }).click();
      await page.locator('dialog .other').click();
      await page.locator('dialog .hand').click();
      await page.locator('#other-name').fill('高橋 誠');
      await page.locator('form .btn').click();
      await page.locator('dialog section[role=alert]').waitFor();
    },
  },
  {
    name: 'board-matome',
    path: '/together/walk_out',
    time: '09:58',
    ready: '.tile',
    steps: async (page) => {
      for (const seat of [0, 5, 6, 8, 9, 10, 12, 13]) await page.locator('.tile').nth(seat).click();
      await page.locator('aside label').first().click();
    },
  },
  {
    name: 'board-matome-count',
    path: '/count?second=staff-tamura',
    time: '10:01',
    ready: '.pad',
    steps: async (page) => {
      await page.keyboard.type('1234');
      await page.waitForSelector('.blind');
    },
  },
  {
    name: 'board-matome-gap',
    path: '/count?second=staff-tamura',
    time: '10:02',
    ready: '.pad',
    sizes: ['tablet', 'phone'],
    steps: async (page) => {
      await page.keyboard.type('1234');
      await page.locator('.again + .btn').click();
      await page.locator('.faces button').nth(1).click();
      await page.locator('.why label').first().click();
    },
  },
  {
    name: 'child-sheet',
    path: '/',
    time: '09:34',
    ready: '.tile',
    steps: async (page) => {
      await page.locator('.tile').nth(15).click({ delay: 900 });
      await page.locator('dialog ol').first().waitFor();
    },
  },
  {
    name: 'child-back',
    scene: 'child-sheet',
    path: '/places',
    time: '09:34',
    ready: 'main li',
    sizes: ['tablet', 'phone'],
    steps: async (page) => {
      const gone = () => page.locator('dialog').waitFor({ state: 'detached' });
      const sheet = async () => {
        await page.locator('.tile').nth(15).click({ delay: 900 });
        await page.locator('dialog ol').first().waitFor();
        await page.clock.runFor(50);
      };
      await page.locator('main li button').first().click();
      await page.locator('.tile').first().waitFor();
      await sheet();
      await page.goBack();
      await gone();
      await sheet();
      await page.keyboard.press('Escape');
      await gone();
      await page.clock.runFor(50);
      if (new URL(page.url()).pathname !== '/') throw new Error('the sheet took the page with it');
      await page.waitForFunction(() => !history.state.sheets);
      await page.goBack();
      await page.locator('.tile').first().waitFor({ state: 'detached' });
    },
  },
  {
    name: 'child-mend',
    path: '/',
    time: '09:34',
    ready: '.tile',
    steps: async (page) => {
      await page.locator('.tile').nth(15).click({ delay: 900 });
      await page.locator('dialog ol .btn').nth(1).click();
    },
  },
  {
    name: 'child-out',
    scene: 'child-sheet',
    path: '/',
    time: '09:34',
    ready: '.tile',
    sizes: ['tablet', 'phone'],
    steps: async (page) => {
      await page.locator('.tile').nth(15).click({ delay: 900 });
      await page.locator('dialog .acts .btn').nth(1).click();
      await page.locator('dialog .chips label').first().click();
      await page.locator('dialog .chips').nth(1).locator('label').first().click();
      await page.locator('dialog .chips').nth(2).locator('label').first().click();
    },
  },
  {
    name: 'child-note',
    scene: 'child-sheet',
    path: '/',
    time: '09:34',
    ready: '.tile',
    sizes: ['tablet', 'phone'],
    steps: async (page) => {
      await page.locator('.tile').nth(15).click({ delay: 900 });
      await page.locator('dialog .sheet > .btn').click();
      await page.keyboard.type('1234');
      await page.locator('dialog section .btn').first().click();
      const words = '午睡のときは 横向きにする。';
      await page.locator('#care-note').fill(words);
      await page.evaluate(() => dispatchEvent(new Event('fixture-pull')));
      await page.locator('dialog .other').waitFor();
      if ((await page.locator('#care-note').inputValue()) !== words) throw new Error('the form was wiped');
    },
  },
  {
    name: 'child-later',
    scene: 'child-sheet',
    path: '/',
    time: '09:34',
    ready: '.tile',
    sizes: ['tablet', 'phone'],
    steps: async (page) => {
      await page.locator('.tile').nth(15).click({ delay: 900 });
      await page.locator('dialog .acts .btn').last().click();
    },
  },
  { name: 'messages-ring', path: '/messages', time: '09:34', ready: '.lists li', sizes: ['tablet', 'phone'] },
  { name: 'board-unreported', path: '/', time: '09:34', ready: '.tile', sizes: ['tablet'] },
  { name: 'morning-messages', path: '/messages', time: '08:54', ready: '.lists li' },
  {
    name: 'messages-confirmed',
    scene: 'morning-messages',
    path: '/messages',
    time: '08:54',
    ready: '.lists li',
    sizes: ['tablet', 'phone'],
    steps: async (page) => {
      await page.locator('.lists header .primary').click();
      await page.locator('.toast .undo').waitFor();
    },
  },
  {
    name: 'messages-confirmed-one',
    scene: 'morning-messages',
    path: '/messages',
    time: '08:54',
    ready: '.lists li',
    sizes: ['tablet', 'phone'],
    steps: async (page) => {
      await page.locator('.lists li .btn').first().click();
      await page.locator('.toast .undo').waitFor();
    },
  },
  {
    name: 'messages-faster',
    path: '/messages',
    time: '08:54',
    ready: '.lists li',
    sizes: ['tablet', 'phone'],
    steps: async (page) => {
      await page.locator('.lists header .primary').click();
      await page.locator('.toast').waitFor();
    },
  },
  {
    name: 'staff-absence',
    path: '/receive',
    time: '09:36',
    ready: '.faces label',
    steps: async (page) => {
      await page.locator('.faces label').first().click();
      await page.locator('.rest .chips label').first().click();
      await page.locator('.from label').first().click();
    },
  },
  { name: 'evening', path: '/evening', time: '18:40', ready: 'main li' },
  {
    name: 'evening-departed',
    scene: 'evening',
    path: '/evening',
    time: '18:40',
    ready: 'main li',
    sizes: ['tablet', 'phone'],
    steps: async (page) => {
      await page.locator('main li .btn').first().click();
      await page.locator('dialog .acts .btn').first().click();
      await page.locator('dialog fieldset label').first().click();
      await page.locator('dialog .hand').click();
      await page.locator('main .toast .undo').waitFor();
    },
  },
  { name: 'queue', path: '/queue', time: '10:08', ready: 'main li' },
  { name: 'people', path: '/people', time: '09:34', ready: 'main li' },
  { name: 'places', path: '/places', time: '09:34', ready: 'main li' },
  {
    name: 'nobody',
    path: '/',
    time: '09:34',
    ready: '.tile',
    steps: async (page) => {
      await page.locator('.tile', { hasText: 'なぎ' }).click();
      await page.locator('dialog li').first().waitFor();
    },
  },
  {
    name: 'pair',
    path: '/pair',
    time: '09:34',
    ready: 'form',
    steps: async (page) => {
      await page.locator('#server').fill('https://sazanami.example');
      await page.locator('#name').fill('うさぎ組 1');
      await page.locator('form .primary').click();
      await page.waitForSelector('.code');
    },
  },
  { name: 'devices', path: '/devices', time: '09:34', ready: 'main li' },
  {
    name: 'board-crowded',
    path: '/',
    time: '09:34',
    ready: '.tile',
    sizes: ['tablet', 'phone'],
    steps: async (page) => page.locator('.tile', { hasText: 'なぎ' }).click(),
  },
  {
    name: 'board-crowded-calls',
    scene: 'board-crowded',
    path: '/',
    time: '09:34',
    ready: '.tile',
    steps: async (page) => {
      await page.locator('.right .call').click();
      await page.locator('dialog .take').first().waitFor();
    },
  },
  { name: 'settings', path: '/settings', time: '09:34', ready: 'main h2' },
  { name: 'page-missing', path: '/nowhere', time: '09:34', ready: 'h1', sizes: ['phone'] },
  {
    name: 'together-arrive',
    path: '/together/arrive',
    time: '09:34',
    ready: '.tile',
    steps: async (page) => page.locator('.tile:enabled').first().click(),
  },
  {
    name: 'together-second',
    path: '/together/walk_out',
    time: '09:58',
    ready: '.tile',
    steps: async (page) => {
      await page.locator('aside button').last().click();
      await page.locator('dialog li').first().waitFor();
    },
  },
  {
    name: 'departure-pin',
    scene: 'board-departure-other',
    path: '/',
    time: '16:39',
    ready: '.tile',
    steps: async (page) => {
      await page.locator('.tile', { hasText: 'うた' }).click();
      await page.locator('dialog .other').click();
      await page.locator('dialog .hand').click();
      await page.locator('#other-name').fill('グエン タオ');
      await page.locator('form .btn').click();
      await page.locator('.step .yes').first().click();
      await page.locator('.step .yes').first().click();
      await page.locator('dialog .pad').waitFor();
    },
  },
  {
    name: 'board-large',
    scene: 'board',
    path: '/',
    time: '09:34',
    ready: '.tile',
    text: 200,
  },
  { name: 'board-site', path: '/', time: '09:34', ready: '.tile' },
  { name: 'board-site-large', scene: 'board-site', path: '/', time: '09:34', ready: '.tile', text: 200 },
];
