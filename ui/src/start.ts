import { mount } from 'svelte';
import { getLocale } from '$lib/i18n/paraglide/runtime';
import { followTextSize } from '$lib/text-size';
import { followTheme } from '$lib/theme';
import { install, type Transport } from '$lib/transport/transport';
import App from './routes/App.svelte';
import { entries } from './shared/control/entries';
import './shared/app.css';

/** Opens the app on a door to Rust; `main.ts` and the fixture bring different doors. */
export function start(door: Transport): void {
  followTheme();
  followTextSize();
  document.documentElement.lang = getLocale();
  install(door);
  entries();
  // The first paint does not wait for the fonts; the words move by a hair when they arrive.
  void import('./shared/fonts');
  mount(App, { target: document.getElementById('app')! });
}
