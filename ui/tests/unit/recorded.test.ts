/** What was recorded can be taken back from whatever page it was recorded on, and the toast says what is true then. */
import { beforeEach, expect, test } from 'vitest';
import { Acting } from '../../src/lib/acting.svelte';
import type { Command } from '../../src/lib/generated/Command';
import type { State } from '../../src/lib/generated/State';
import type { MessageItem } from '../../src/lib/generated/MessageItem';
import { m } from '../../src/lib/i18n/paraglide/messages';
import { recorded } from '../../src/lib/recorded.svelte';
import { install, type Answered, type Transport } from '../../src/lib/transport/transport';
import { recordConfirmed, recordLeft, undo } from '../../src/routes/staff/recorded';
import { looks } from '../../src/shared/child/states';

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

test('what somebody else confirmed first leaves nothing to take back', () => {
  recordConfirmed([{ child: 'mio', kana: 'みお' } as MessageItem], []);
  expect(recorded.now).toBeNull();
});
