import { expect, test } from 'vitest';
import { refusal, RefusedError } from '../../src/lib/transport/contract';
import { Watchers } from '../../src/lib/transport/transport';

test('only who watches a kind that moved is called', () => {
  const called: string[] = [];
  const watchers = new Watchers();
  watchers.add(['punch', 'away'], () => called.push('board'));
  const stop = watchers.add(['announcement'], () => called.push('messages'));
  watchers.touched(['punch']);
  watchers.touched(['announcement']);
  stop();
  watchers.touched(['announcement']);
  expect(called).toEqual(['board', 'messages']);
});
test('a poke without kinds may mean anything', () => {
  let calls = 0;
  const watchers = new Watchers();
  watchers.add(['punch'], () => (calls += 1));
  watchers.touched([]);
  expect(calls).toBe(1);
});
test('whatever is thrown has a code and something to read out on the telephone', () => {
  expect(refusal({ code: 'not_allowed', support: 'K3-77' })).toMatchObject({
    code: 'not_allowed',
    support: 'K3-77',
  });
  expect(refusal(new TypeError('Failed to fetch'))).toMatchObject({ code: 'unreachable' });
  expect(refusal(new RefusedError({ code: 'changed' })).support).toBe('CHANGED');
});

test('who does not know yet what to watch is called for every kind', () => {
  const called: string[] = [];
  const watchers = new Watchers();
  watchers.add([], () => called.push('unanswered'));
  watchers.touched(['punch']);
  expect(called).toEqual(['unanswered']);
});
