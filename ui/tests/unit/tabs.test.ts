/** One session for all tabs: whoever leaves in one has left in all. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { browserTransport } from '../../src/lib/transport/browser';
import { signIn } from '../../src/lib/transport/sign-in';
import { Tabs, tabs } from '../../src/lib/transport/tabs';

/** Channels between the tabs of one browser; a word reaches every other tab at once. */
const channels: { onmessage: (() => void) | null }[] = [];
let status = 200;

beforeEach(() => {
  channels.length = 0;
  status = 200;
  vi.stubGlobal(
    'BroadcastChannel',
    class {
      onmessage: (() => void) | null = null;
      constructor() {
        channels.push(this);
      }
      postMessage = () => channels.forEach((one) => one !== this && one.onmessage?.());
    },
  );
  vi.stubGlobal('addEventListener', () => {});
  vi.stubGlobal('fetch', () => Promise.resolve(new Response('{"reply":"ok"}', { status })));
});
afterEach(() => vi.unstubAllGlobals());

function anotherTab(): string[] {
  const heard: string[] = [];
  new Tabs().onChanged(() => heard.push('changed'));
  return heard;
}

test('signing out is told to every other tab once it is done, and to this one not at all', async () => {
  const here = new Tabs();
  const told: string[] = [];
  here.onChanged(() => told.push('changed'));
  const door = browserTransport(() => {}, here);
  const [second, third] = [anotherTab(), anotherTab()];
  await door.host({ request: 'sync' });
  expect(second).toEqual([]);
  await door.host({ request: 'sign_out' });
  expect([told, second, third]).toEqual([[], ['changed'], ['changed']]);
});

test('a sign-out that did not reach the server is told to nobody', async () => {
  const door = browserTransport(() => {}, new Tabs());
  const other = anotherTab();
  status = 503;
  await door.host({ request: 'sign_out' }).catch(() => null);
  expect(other).toEqual([]);
});

test('somebody who signs in anew is told to the other tabs, which may show what was for another person', async () => {
  tabs();
  const other = anotherTab();
  await signIn('0'.repeat(26));
  expect(other).toEqual(['changed']);
});
