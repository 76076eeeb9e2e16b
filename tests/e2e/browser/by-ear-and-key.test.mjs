// The screens as somebody uses them who does not see them or has no pointer: what is heard, in which order, and that
// everything can be done with the keys alone. Against the real server.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hear } from './heard.mjs';
import { story } from './story.mjs';

const here = story('2026-11-24 09:35');

/** Somebody with a screen reader at a page, in Japanese or English. */
async function at(who, size, path, ready, locale = 'ja-JP') {
  const { page, context } = await here.browser.person(here.city.door(who), size, { locale, reducedMotion: 'reduce' });
  await page.goto(here.city.base + path);
  await page.locator(ready).first().waitFor();
  return { page, context, ear: await hear(page) };
}

const board = [
  'button うさぎ組、みなと保育園　2歳児、クラスと部屋を選ぶ',
  'button オンライン、この端末には何も残りません、送信のようすを開く',
  'button 記録する人 阿部 真由',
  'link クラス',
  'link 保護者から 1件',
  'link 夕方の確認',
  'tab みんな 20人',
  'button ゆい、在園、8時10分',
  'button りお、欠席、家の用事',
  'button つむぎ、外出、ひだまり',
  'button ゆうま、連絡なし',
  'button こはる、未登園、10時ごろ 登園予定',
  'button あさひ、在園、7時27分',
  'button うた、在園、8時2分、お迎えは 祖母',
  'button いつき、連絡なし、乳アレルギー',
  'button いおり、在園、7時54分',
  'button みなと、在園、8時15分',
  'button さとう みお、在園、8時46分',
  'button りつ、在園、7時32分、小麦アレルギー',
  'button ひまり、在園、8時5分',
  'button さくら、在園、8時1分',
  'button ちば みお、欠席、発熱',
  'button はると、在園、8時33分、落花生アレルギー',
  'button そら、在園、8時51分',
  'button なぎ、在園、9時34分',
  'button けいすけ、未登園、通院 10時30分ごろ 登園予定',
  'button ことね、在園、7時41分、卵アレルギー',
  'button 登園、まとめて',
  'button 散歩へ、まとめて',
  'button 散歩から、まとめて',
  'link 彩さんに電話 080-0000-5128',
  'button 話せた、ゆうま',
  'button 出ない、ゆうま',
  'button 折り返し待ち、ゆうま',
  'button わたしが電話します、いつき',
  'button 電話で受けた連絡',
  'button うた お迎えは祖母 16:30',
];

const absence = [
  'link もどる',
  'radio れん ぞう組',
  'radio 欠席',
  'radio きょう 24（火）',
  'radio 発熱',
  'button 体温を 0.1 下げる',
  'textbox 体温 書かなくても送れます',
  'button 体温を 0.1 上げる',
  'button ひとこと・受診の予定を書く',
  'button だれの連絡か 選んでください',
];

const office = [
  'button オンライン、この端末には何も残りません、送信のようすを開く',
  'link きょうの状況',
  'link 参加・招待',
  'link 確認待ち',
  'link 端末',
  'link クラスの画面',
  'link 名簿を印刷',
  'button 連絡なし 未登園、2人',
  'link 確認していない連絡、3件',
  'link 閉じていない記録、0件',
  'link 参加を待つ保護者、0人',
  'link 彩さんに電話 080-0000-5128',
  'link 健一さんに電話 080-0000-5129',
  'button 話せた、ゆうま',
  'button 出ない、ゆうま',
  'button 折り返し待ち、ゆうま',
  'button わたしが電話します、いつき',
  'button 電話などで受けた連絡',
  'button ひよこ組の 子どもを見る',
  'button りす組の 子どもを見る',
  'button うさぎ組の 子どもを見る',
  'button きりん組の 子どもを見る',
  'button くま組の 子どもを見る',
  'button ぞう組の 子どもを見る',
  'searchbox 名前でさがす',
  'combobox クラス',
  'combobox 状態',
  'button 表を保存（CSV）',
  'button 名前',
  'button クラス',
  'button 状態',
  'button 登園',
  'button 降園',
];

for (const [what, who, size, path, ready, expected] of [
  ["the class's board", 'caregiver', 'tablet', '/?screen', '.tile', board],
  ["the guardian's absence", 'guardian', 'phone', '/family/contact', '#reason', absence],
  ["the office's overview", 'office', 'desktop', '/office', '#roll td', office],
]) {
  test(`Tab leads through ${what} in the order of its questions, and always shows where it is`, async () => {
    const { context, ear } = await at(who, size, path, ready);
    const { heard, unmarked } = await ear.walk();
    assert.deepEqual(heard, expected);
    assert.deepEqual(unmarked, []);
    await context.close();
  });
}

test('the same controls say in English what they are, of whom, and in which state', async () => {
  const { context, ear } = await at('caregiver', 'tablet', '/?screen', '.tile', 'en-GB');
  const { heard } = await ear.walk();
  const expected = [
    'button うさぎ組, みなと保育園, age 2, Choose class or room',
    'button Online, Nothing is kept here, Open the sync queue',
    'link From families 1 waiting',
    'tab All 20 children',
    'button ゆい, Here, 8:10',
    'button りお, Absent, Family matter',
    'button こはる, Due, expected about 10:00',
    'button うた, Here, 8:02, pick-up: grandmother',
    'button けいすけ, Due, expected about 10:30, Clinic',
    'button Reached, ゆうま',
    'button I will call, いつき',
  ];
  assert.deepEqual(
    expected.filter((name) => !heard.includes(name)),
    [],
  );
  await context.close();
});

test('a teacher without a pointer marks an arrival, takes it back twice over, and is still at the child', async () => {
  const { page, context, ear } = await at('caregiver', 'tablet', '/?screen', '.tile');
  const tile = (words) => page.getByRole('button', { name: words });
  await ear.tabTo('button こはる、未登園');
  await page.keyboard.press('Enter');
  await tile(/^こはる、在園、9時\d+分$/).waitFor();
  assert.match(await page.getByRole('status').first().innerText(), /小原 心春、9:\d\d 登園　保存しました/);
  assert.match(await ear.focused(), /^button こはる、在園/);

  await page.keyboard.press('Control+z');
  await tile(/^こはる、未登園/).waitFor();
  assert.match(await ear.focused(), /^button こはる、未登園/);

  await page.keyboard.press('Space');
  await ear.tabTo('button 取り消す');
  await page.keyboard.press('Enter');
  await tile(/^こはる、未登園/).waitFor();
  assert.match(await ear.focused(), /^button こはる、未登園/);
  await context.close();
});

test('a teacher without a pointer hands a child over to the one who came, and is back at the child', async () => {
  const { page, context, ear } = await at('caregiver', 'tablet', '/?screen', '.tile');
  await ear.tabTo('button あさひ、在園');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog', { name: 'あさひ の降園' }).getByRole('radio').first().waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  assert.match(await ear.focused(), /^button あさひ、在園/);

  await page.keyboard.press('Enter');
  await page.getByRole('radio').first().waitFor();
  await ear.tabTo('radio');
  await page.keyboard.press('Space');
  await ear.tabTo('引き渡す');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: /^あさひ、降園、9時\d+分/ }).waitFor();
  assert.match(await ear.focused(), /^button あさひ、降園/);
  await context.close();
});

test('the one who takes a call hears the number next, without looking for it', async () => {
  const { page, context, ear } = await at('caregiver', 'tablet', '/?screen', '.tile');
  await ear.tabTo('わたしが電話します、いつき');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: '話せた、いつき' }).waitFor();
  assert.match(await ear.focused(), /^link 直人さんに電話 0\d0-/);
  await context.close();
});

test('a guardian without a pointer announces an absence', async () => {
  const { page, context, ear } = await at('guardian', 'phone', '/family/contact', '#reason');
  await ear.tabTo('radio れん');
  await page.keyboard.press('ArrowDown');
  assert.equal(await ear.focused(), 'radio みお うさぎ組');
  await ear.tabTo('radio 欠席');
  await page.keyboard.press('Space');
  await ear.tabTo('radio 発熱');
  await page.keyboard.press('Space');
  await ear.tabTo('button みおは きょう 休みます');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: '市のサーバーに届きました' }).waitFor();
  await context.close();
});
