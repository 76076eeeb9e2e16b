// What the tests of one file share: a city at a moment, and a browser, begun before them and ended after them.
import { after, before } from 'node:test';
import { openBrowser } from './people.mjs';
import { startCity } from './server.mjs';

/** `city` and `browser` are there once the tests run. */
export function story(at) {
  const here = {};
  before(async () => {
    [here.city, here.browser] = await Promise.all([startCity(at), openBrowser()]);
  });
  after(async () => {
    await here.browser?.close();
    await here.city?.stop();
  });
  return here;
}
