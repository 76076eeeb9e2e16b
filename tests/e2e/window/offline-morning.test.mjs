// A morning on 2026-11-24 at みなと保育園: the server is down while children arrive, a mother tells of an absence
// without a network, and everything finds its way.
import assert from 'node:assert/strict';
import { after, before, describe, test as testOnce } from 'node:test';
import { App } from './app.mjs';
import { City } from './city.mjs';
import { until, Wire } from './process.mjs';
import { openBrowser, picture } from '../browser/people.mjs';

const arrivals = 30;
const SENT = '送信済み';
const CALL = '電話で伝えてください';
const IF_URGENT = 'お急ぎは 電話で伝えてください';

// Each part goes on where the one before ended: after a failure the others fail at once.
let broken = null;
const test = (name, body) =>
  testOnce(name, async () => {
    assert.equal(broken, null, `not begun, because this failed: ${broken}`);
    broken = name;
    await body();
    broken = null;
  });

describe('an offline morning', { timeout: 900_000 }, () => {
  let city, wire, tablet, phone, browser, office;
  const saved = new Set();
  let undone, departed, expected, seen;

  before(async () => {
    city = await City.found();
    await city.open('06:58');
    wire = await Wire.to(city.port);
    tablet = new App('class_tablet', city.deviceFile(wire), { x: 0, y: 0, width: 1280, height: 800 });
    phone = new App('guardian_phone', city.deviceFile(), { x: 0, y: 0, width: 390, height: 844 });
    browser = await openBrowser();
  });

  after(async () => {
    await Promise.all([tablet?.close(), phone?.close(), browser?.close()]);
    await city?.close();
  });

  test('tablet and phone fetch what they may hold', async () => {
    await tablet.open('06:58');
    await tablet.reads('うさぎ組', 120_000);
    await tablet.reads(SENT, 120_000);
    await until('tiles', async () => (await tablet.tiles()).length > 10);
    await tablet.picture('1-tablet-before');
    await phone.open('06:58');
    await phone.reads('みお', 120_000);
    await phone.picture('1-phone-before');
    await phone.close();
  });

  test('without the server the whole nursery can be opened', async () => {
    await city.close();
    await tablet.press('button.where');
    await tablet.press('main li button', 'みなと保育園');
    await until('the whole nursery', async () => (await tablet.tiles()).length > 60);
  });

  test('thirty children arrive, each by one tap', async () => {
    const waiting = names(await tablet.tiles(), '未登園');
    assert.ok(waiting.length > arrivals, `only ${waiting.length} are awaited`);
    for (const name of waiting.slice(0, arrivals)) {
      await tablet.press(tile(name, '未登園'));
      if (saved.size === 0) await choosePerson(tablet, '田村 涼');
      await state(tablet, name, '在園');
      await tablet.reads('端末に保存');
      saved.add(name);
    }
    await tablet.reads('オフライン');
    await tablet.reads(`送信待ち ${arrivals}件`);
    await tablet.picture('2-tablet-thirty');
  });

  test('one arrival is taken back', async () => {
    undone = [...saved].at(-1);
    await tablet.press('.toast button.undo');
    await state(tablet, undone, '未登園');
    saved.delete(undone);
  });

  test('one child leaves with a person who may collect it', async () => {
    departed = [...saved][0];
    await tablet.press(tile(departed, '在園'));
    await tablet.reads('だれに引き渡しますか');
    await tablet.picture('3-tablet-departure');
    if ((await tablet.run(`return document.querySelectorAll('input[name=collector]:checked').length`)) === 0)
      await tablet.press('.people label');
    await tablet.press('button.hand', 'に引き渡す');
    await state(tablet, departed, '降園');
    saved.delete(departed);
  });

  test('after power loss in the middle of the next arrival, all that was said to be saved is there', async () => {
    const next = names(await tablet.tiles(), '未登園').find((name) => name !== undone);
    const { fallen } = await tablet.killAtWrite(2);
    await tablet.press(tile(next, '未登園')).catch(() => {}); // the window may go before it has answered
    await fallen;

    await tablet.open('07:20');
    await until('the board', async () => (await tablet.tiles()).length > 60, 60_000);
    for (const name of saved) await state(tablet, name, '在園');
    await state(tablet, departed, '降園');
    await state(tablet, undone, '未登園');
    await state(tablet, next, '未登園'); // of this one nobody was told that it was saved
    await tablet.reads('オフライン 6:5');
    await tablet.reads('送信待ち');
    await tablet.picture('4-tablet-after-power-loss');
  });

  test('a mother tells of an absence at 7:41 without a network', async () => {
    await phone.open('07:41');
    await phone.reads('みお', 60_000);
    await phone.press('a.btn', '欠席・遅刻・お迎えの連絡');
    await phone.choose('みお');
    await phone.choose('欠席');
    await phone.choose('発熱');
    await phone.press('button.primary', 'みおは');
    await phone.reads('この端末に保存', 5_000);
    await phone.reads('まだ この端末にあります', 20_000);
    await phone.reads('に届いていなければ', 20_000);
    expected = /(\d+:\d\d)\s*に届いていなければ/.exec(await phone.text())[1];
    console.log(`# みお is expected at ${expected}`);
    await phone.readsNot('市のサーバーに届きました');
    await phone.picture('5-phone-offline');
  });

  test('the server comes back without the tablet: the phone says the server has it, and no more', async () => {
    wire.cut();
    await city.open('07:42');
    await phone.reads('市のサーバーに届きました', 60_000);
    await phone.readsNot('保育室の端末に届きました');
    await phone.readsNot('園に届きました');
    await phone.picture('6-phone-server');
    await tablet.readsNot('発熱');
  });

  test('at the very minute the child is expected the phone says by itself that the classroom has not got it', async () => {
    await phone.close();
    await city.close();
    await city.open(minuteBefore(expected), 20); // the phone takes the server's word for the time
    await phone.open(expected, 35);
    await phone.press('a[href*="receipt"]');
    await phone.reads('市のサーバーに届きました');
    await phone.reads(IF_URGENT, 20_000);
    await phone.stopsReading(IF_URGENT, 60_000); // not a minute later, although its own clock is some seconds off
    await phone.reads(CALL);
    await phone.reads('保育室の端末が まだ受け取っていません');
    await phone.picture('7-phone-stuck');
  });

  test('the office, which has the phone\'s word, sees thirty children missing whom the tablet has', async () => {
    await city.close();
    await city.open('09:31');
    office = await browser.person(city.door('office'), 'desktop');
    await office.page.getByRole('row', { name: /さとう みお/ }).filter({ hasText: '欠席' }).first().waitFor();
    seen = [...saved].find((name) => name !== undone);
    assert.equal(await officeRow(office, seen, '在園').count(), 0);
    await picture(office.page, '8-office-before');
  });

  test('the list of 9:30 on the deaf tablet says unknown since 7:00', async () => {
    await tablet.close();
    await tablet.open('09:31');
    await until('the board', async () => (await tablet.tiles()).length > 60, 60_000);
    await tablet.press('button.where');
    await tablet.press('main li button', 'うさぎ組');
    await tablet.reads('保護者の連絡を受け取れていません');
    await tablet.reads('連絡がわからない未登園');
    await state(tablet, 'さとう みお', '連絡 不明');
    await tablet.picture('8-tablet-unknown');
  });

  test('the tablet comes back: phone and office change by themselves', async () => {
    await tablet.press('button.sync');
    wire.mend();
    await tablet.press('main button', 'いま送ってみる');
    const begun = Date.now();
    const after = (who) => () => console.log(`# ${who} knew after ${Date.now() - begun} ms`);
    await Promise.all([
      phone.reads('保育室の端末に届きました').then(after('the phone')),
      officeRow(office, seen, '在園').first().waitFor().then(after('the office')),
    ]);
    await picture(office.page, '9-office-after');
    await tablet.press('nav.rail a[href="/"]');
    await state(tablet, 'さとう みお', '欠席');
    await tablet.reads(SENT, 30_000);
    await phone.readsNot('先生が確認しました');
    await tablet.picture('9-tablet-back');
    await phone.picture('9-phone-classroom');
  });

  test('confirmed is said only after a person has confirmed', async () => {
    await tablet.press('nav.rail a[href="/messages"]');
    await tablet.reads('確認していない連絡');
    await tablet.pressIn('main li', 'さとう みお', 'button');
    await choosePerson(tablet, '田村 涼');
    await phone.reads('先生が確認しました', 10_000);
    await tablet.picture('10-tablet-messages');
    await phone.picture('10-phone-confirmed');
  });

  test('a tablet with nothing to send notices by itself that the server is gone', async () => {
    await tablet.press('nav.rail a[href="/"]');
    await tablet.reads(SENT, 30_000);
    await city.close();
    await tablet.reads('オフライン', 60_000);
    await tablet.picture('11-tablet-alone');
  });
});

const minuteBefore = (time) => {
  const [hours, minutes] = time.split(':').map(Number);
  const all = hours * 60 + minutes - 1;
  return `${String(Math.floor(all / 60)).padStart(2, '0')}:${String(all % 60).padStart(2, '0')}`;
};

/** The office's row of a child, if that word stands in it. */
const officeRow = (office, name, word) =>
  office.page.getByRole('row', { name: new RegExp(name) }).filter({ hasText: word });

const tile = (name, word) => `//button[contains(@class, "tile")][starts-with(., "${name}、${word}")]`;

/** Names on the tiles that are in this state. */
const names = (tiles, word) =>
  tiles.filter((label) => label.split('、')[1] === word).map((label) => label.split('、')[0]);

const state = (app, name, word) =>
  until(`${name} is ${word}`, async () => (await app.tiles()).some((label) => isIn(label, name, word)), 10_000);

const isIn = (label, name, word) => {
  const [who, how] = label.split('、');
  return (who === name || who.endsWith(` ${name}`)) && how === word;
};

async function choosePerson(app, name) {
  await app.reads('だれが記録しますか').catch(() => {});
  await app.press('section button', name);
}
