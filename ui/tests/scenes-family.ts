import type { Scene } from './scenes.ts';

const sizes: Scene['sizes'] = ['phone', 'desktop'];
const form = { path: '/family/contact', time: '07:41', ready: '.foot .btn', sizes } as const;
const receipt = { path: '/family/receipt/announcement-1', time: '07:44', ready: 'h1', sizes } as const;

const join = { time: '10:00', path: '/join#k7q2', ready: 'h1, h2, form', sizes } as const;

/** Words on the screen differ by language, so steps go by place and value. */
export const familyScenes: Scene[] = [
  { name: 'guardian-home', path: '/family', time: '12:41', ready: '.kid', sizes },
  { name: 'guardian-morning', path: '/family', time: '08:34', ready: '.kid', sizes },
  { name: 'guardian-more', path: '/family/more', time: '12:41', ready: 'h2', sizes },
  { name: 'guardian-browser', path: '/family/more', time: '12:41', ready: 'h2', sizes: ['phone'] },
  { name: 'guardian-absence', ...form, sizes },
  {
    name: 'guardian-absence-ready',
    ...form,
    sizes,
    steps: async (page) => {
      await page.locator('#who label').first().click();
      await page.locator('#reason label').first().click();
      await page.locator('#temperature').fill('38.2');
      await page.locator('#temperature').blur();
    },
  },
  {
    name: 'guardian-one',
    ...form,
    sizes,
    steps: async (page) => {
      await page.locator('#kind label').nth(1).click();
      await page.locator('#time label').nth(1).click();
    },
  },
  {
    name: 'guardian-pickup',
    ...form,
    sizes,
    steps: async (page) => {
      await page.locator('#who label').nth(2).click();
      await page.locator('#kind label').nth(3).click();
      await page.locator('#pickup label').nth(2).click();
    },
  },
  {
    name: 'guardian-range',
    ...form,
    sizes,
    steps: async (page) => {
      await page.locator('#who label').nth(1).click();
      await page.locator('#days label').nth(2).click();
      await page.locator('input[type=date]').first().fill('2026-11-26');
      await page.locator('input[type=date]').nth(1).fill('2026-11-28');
      await page.locator('#reason label').nth(6).click();
    },
  },
  {
    name: 'guardian-large-form',
    ...form,
    text: 200,
    sizes,
    steps: async (page) => {
      await page.locator('#who label').first().click();
      await page.locator('#reason label').first().click();
    },
  },
  { name: 'guardian-large-home', path: '/family', time: '12:41', ready: '.kid', text: 200, sizes: ['phone'] },
  { name: 'guardian-stuck-large', scene: 'guardian-stuck', ...receipt, text: 200, sizes: ['phone'] },
  { name: 'join-large', ...join, scene: 'join', ready: '#name', text: 200, sizes: ['phone'] },
  { name: 'guardian-late', ...form, time: '08:53', sizes },
  {
    name: 'guardian-late-both',
    ...form,
    time: '08:53',
    sizes: ['phone'],
    steps: async (page) => {
      await page.locator('#who label').nth(2).click();
      await page.locator('#reason label').first().click();
    },
  },
  {
    name: 'guardian-again',
    ...form,
    sizes,
    steps: async (page) => {
      await page.locator('#who label').first().click();
      await page.locator('#reason label').first().click();
      await page.locator('.foot .btn').first().click();
      await page.locator('.before').waitFor();
    },
  },
  { name: 'guardian-absence-sent', ...receipt, sizes },
  { name: 'guardian-confirmed', ...receipt, sizes },
  { name: 'guardian-stuck', ...receipt, sizes },
  { name: 'guardian-recovering', ...receipt, sizes },
  {
    name: 'guardian-more-recovering',
    path: '/family/more',
    time: '12:41',
    ready: 'h2',
    sizes: ['phone'],
  },
  { name: 'guardian-stuck-server', ...receipt, sizes },
  { name: 'join', ...join, ready: '#name', sizes },
  {
    name: 'join-ready',
    ...join,
    ready: '#name',
    sizes: ['phone'],
    steps: async (page) => {
      await page.locator('#name').fill('佐藤 彩');
      await page.locator('#kana').fill('さとう あや');
      await page.locator('#relation label').first().click();
      await page.locator('#phone').fill('090-0000-0141');
    },
  },
  { name: 'join-code', ...join, path: '/join', ready: '#token', sizes: ['phone'] },
  { name: 'join-pending', ...join, path: '/join', ready: '.wait', sizes },
  { name: 'join-used', ...join, ready: '#token', sizes: ['phone'] },
  { name: 'join-over', ...join, ready: '#token', sizes: ['phone'] },
  { name: 'join-unknown', ...join, ready: '#token', sizes: ['phone'] },
  { name: 'signin', path: '/signin', time: '10:00', ready: '#token', sizes },
  { name: 'signin-refused', path: '/signin#wrong', time: '10:00', ready: '.ask', sizes: ['phone'] },
  {
    name: 'guardian-change',
    ...receipt,
    sizes: ['phone'],
    steps: async (page) => page.locator('.two .btn').first().click(),
  },
  {
    name: 'guardian-withdrawn',
    ...receipt,
    sizes: ['phone'],
    steps: async (page) => {
      await page.locator('.two .btn').first().click();
      await page.locator('dialog .btn').nth(1).click();
      await page.locator('.two').waitFor({ state: 'detached' });
      if (await page.locator('[role=alert]').count()) throw new Error('a problem where all is well');
    },
  },
];
