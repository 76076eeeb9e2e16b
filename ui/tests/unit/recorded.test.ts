/** What was recorded can be taken back from whatever page it was recorded on, and the toast says what is true then. */
import { beforeEach, expect, test } from 'vitest';
import { Acting } from '../../src/lib/acting.svelte';
import type { Command } from '../../src/lib/generated/Command';
import type { State } from '../../src/lib/generated/State';
import type { MessageItem } from '../../src/lib/generated/MessageItem';
import { m } from '../../src/lib/i18n/paraglide/messages';
import { recorded } from '../../src/lib/recorded.svelte';
import { install, transport, type Answered, type Transport } from '../../src/lib/transport/transport';
import { confirmedBefore, recordConfirmed, recordLeft, undo } from '../../src/routes/staff/recorded';
import { looks } from '../../src/shared/child/states';
import { together } from '../../src/shared/words/codes';

const minato = { place: 'facility', facility: 'minato' } as const;
const acted: Command[] = [];

/** A door behind which the child is in this state, whatever is taken back. */
function behind(state: State) {
  install({
    act: async ({ command }: { command: Command }) => {
      acted.push(command);
      return { records: [], text: null };
    },
    ask: async () => ({ view: { view: 'board', tiles: [{ child: 'mio', state }] } }) as unknown as Answered,
  } as unknown as Transport);
}
const settled = () => new Promise((resolve) => setTimeout(resolve));

beforeEach(() => {
  acted.length = 0;
  recorded.now = null;
});

test('sisters and brothers who left together are one toast that takes back all', async () => {
  behind('here');
  const both = [
    { child: 'mio', name: '佐藤 澪' },
    { child: 'ren', name: '佐藤 蓮' },
  ];
  recordLeft(both, ['one', 'two'], null);
  expect(recorded.now).toMatchObject({ child: 'mio', records: ['one', 'two'], state: 'left' });
  expect(recorded.now?.title).toContain('佐藤 蓮');
  undo(new Acting(), minato);
  await settled();
  expect(acted).toEqual([{ command: 'undo', records: ['one', 'two'] }]);
  expect(recorded.now).toMatchObject({
    records: [],
    detail: m.toast_undone({ state: looks.here.word() }),
  });
});

test('a departure that somebody else recorded too still stands, and the toast says so', async () => {
  behind('left');
  recordLeft([{ child: 'mio', name: '佐藤 澪' }], ['one'], null);
  undo(new Acting(), minato);
  await settled();
  expect(recorded.now?.detail).toBe(m.toast_undone_still({ state: looks.left.word() }));
});

test('where the board cannot be read the toast says only what is certain', async () => {
  behind('here');
  recordLeft([{ child: 'elsewhere', name: '林 凛' }], ['one'], null);
  undo(new Acting(), minato);
  await settled();
  expect(recorded.now?.detail).toBe(m.toast_undone_only());
});

test('messages confirmed together are taken back together, and no child is said to have moved', async () => {
  behind('here');
  const message = (child: string) => ({ child, kana: child, face: { id: child } }) as unknown as MessageItem;
  recordConfirmed([message('mio'), message('ren'), message('sota')], ['one', 'two']);
  expect(recorded.now).toMatchObject({ child: null, face: null, title: m.toast_messages({ count: 2 }) });
  undo(new Acting(), minato);
  await settled();
  expect(acted).toEqual([{ command: 'undo', records: ['one', 'two'] }]);
  expect(recorded.now?.detail).toBe(m.toast_undone_only());
});

const said = (child: string, by: string | null = null) =>
  ({ announcement: `of ${child}`, child, kana: child, acknowledged_by: by }) as unknown as MessageItem;
const confirmed = (...done: MessageItem[]) =>
  install({ ask: async () => ({ view: { view: 'messages', done } }) } as unknown as Transport);

test('of two children who are called alike the toast says which', () => {
  recordConfirmed([{ ...said('mio'), kana: 'みお', family_kana: 'ちば' }], ['one']);
  expect(recorded.now?.title).toBe('ちば みお');
});

test('who was faster with a message is named, and there is nothing to take back', async () => {
  confirmed(said('ren', '菊池'), said('mio', '田村'));
  await confirmedBefore([said('mio')], minato);
  expect(recorded.now).toMatchObject({ title: 'mio', records: [] });
  expect(recorded.now?.detail).toBe(m.toast_confirmed_by({ names: '田村' }));
});

test('each who was faster with some of many is named once', async () => {
  confirmed(said('mio', '田村'), said('ren', '菊池'), said('sota', '田村'));
  await confirmedBefore([said('mio'), said('ren'), said('sota')], minato);
  expect(recorded.now?.title).toBe(m.toast_messages({ count: 3 }));
  expect(recorded.now?.detail).toBe(m.toast_confirmed_by({ names: together(['田村', '菊池']) }));
});

test('where nobody is known who was faster, it says that somebody was', async () => {
  confirmed();
  await confirmedBefore([said('mio')], minato);
  expect(recorded.now?.detail).toBe(m.toast_confirmed_before());
});

test('what a colleague has taken back first is taken back, and no problem is shown', async () => {
  behind('yet');
  recordLeft([{ child: 'mio', name: '佐藤 澪' }], ['one'], null);
  install({ ...transport(), act: () => Promise.reject({ code: 'already_done', support: 'T-1' }) });
  const acting = new Acting();
  undo(acting, minato);
  await settled();
  expect(acting.problem).toBeNull();
  expect(recorded.now).toMatchObject({ records: [], detail: m.toast_undone({ state: looks.yet.word() }) });
});

test('what somebody else confirmed first leaves nothing to take back', () => {
  recordConfirmed([{ child: 'mio', kana: 'みお' } as MessageItem], []);
  expect(recorded.now).toBeNull();
});
