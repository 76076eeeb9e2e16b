/** What the server has put off is not refused: the queue asks for nothing, and a family is promised nothing. */
import { render } from 'svelte/server';
import { beforeEach, expect, test } from 'vitest';
import type { Component } from 'svelte';
import { overwriteGetLocale } from '../../src/lib/i18n/paraglide/runtime';
import { quiet } from '../../src/lib/transport/contract';
import CallHelp from '../../src/feature/guardian/CallHelp.svelte';
import FourFacts from '../../src/feature/guardian/FourFacts.svelte';
import Queue from '../../src/feature/queue/Queue.svelte';
import { laterWords, problemWords } from '../../src/shared/problem';
import { queue } from '../fixture/evening';
import { receipt } from '../fixture/family';

const nothing = () => {};
const words = (component: unknown, props: object) =>
  render(component as Component, { props })
    .body.replaceAll(/<!--.*?-->|<style.*?<\/style>|<svg.*?<\/svg>|<[^>]+>/gs, '')
    .replaceAll(/\s/g, '');
const row = (change: string) => {
  const items = queue().filter((item) => item.change === change);
  const actions = { syncNow: nothing, exportAll: nothing, dismiss: nothing };
  return words(Queue, { sync: quiet, items, ...actions, busy: false, said: '' });
};

beforeEach(() => overwriteGetLocale(() => 'ja'));

test('what waits for its beginning goes on by itself, and is not to be recorded once more', () => {
  expect(row('change-8')).toContain('はじめの部分が届いたら自分で送ります');
  expect(row('change-8')).not.toContain('もう一度');
  expect(problemWords('incomplete').next).toContain('もう一度');
});

test('what waits for a restore says so, and sends no staff to the telephone', () => {
  expect(row('change-9')).toContain('復旧しているところです');
  expect(row('change-9')).not.toContain('電話');
});

test('what waits without a word of the server needs none', () =>
  expect(row('change-6')).not.toContain('残っています'));

test('what is held is the office’s to decide, and not to be let go of here', () => {
  expect(row('change-10')).toContain('事務室が決めます');
  expect(row('change-10')).not.toContain('見ました');
});

test('every other reason keeps its words', () =>
  expect(laterWords('upgrade')).toEqual(problemWords('upgrade')));

const stuck = { call_now: false, call_from: '08:30:00', phone: '0190-00-0100', told: false };
const waits = { ...receipt, reach: 'device', server_at: null, classroom_at: null } as const;

test('a family hears that the server is being restored, whom to call, and no promise', () => {
  const help = words(CallHelp, { receipt: waits, stuck, recovering: true });
  expect(help).toContain('お急ぎは電話で伝えてください');
  expect(help).toContain('復旧しているところです');
  expect(help).toContain('0190-00-0100');
  expect(help).not.toMatch(/自分で|Wi-Fi/);
  const facts = words(FourFacts, { receipt: waits, tight: true, keeps: true, recovering: true });
  expect(facts).toContain('不明');
  expect(facts).not.toMatch(/まだ|つながるまで/);
});

test('a family without a signal is told to look for one, as before', () =>
  expect(words(CallHelp, { receipt: waits, stuck, recovering: false })).toContain('Wi-Fi'));
