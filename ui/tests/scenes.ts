import type { Page } from 'playwright-core';

export interface Scene {
  name: string;
  /** Which invented world; the name itself if not said. */
  scene?: string;
  path: string;
  time: string;
  /** Shown when the screen stands. */
  ready: string;
  steps?: (page: Page, locale: 'ja' | 'en') => Promise<void>;
}

export const scenes: Scene[] = [
  {
    name: 'board',
    path: '/',
    time: '09:34',
    ready: '.tile',
    steps: async (page) => page.locator('.tile', { hasText: 'なぎ' }).click(),
  },
  { name: 'board-offline', path: '/', time: '09:34', ready: '.tile' },
  { name: 'board-godo', path: '/', time: '07:40', ready: '.tile' },
];
