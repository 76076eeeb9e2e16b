/** The way back closes a sheet, and no sheet leaves an entry behind it. */
import { expect, test } from 'vitest';
import { Entries, type Trail } from '../../src/shared/control/entries';

interface Entry {
  href: string;
  state: object | null;
}

/** A browser's history; the page's own entries say nothing of sheets. It stands at the last of what was walked. */
function browser(walked: Entry[] = [{ href: '/', state: null }]) {
  let at = walked.length - 1;
  let opened: string[] = [];
  const tasks: (() => void)[] = [];
  /** The browser takes its time to go somewhere: longer than a task of ours. */
  const ways: (() => void)[] = [];
  const routed: string[] = [];
  const add = (href: string, state: object | null) =>
    (at = walked.splice(at + 1, walked.length, { href, state }) && at + 1);
  const go = (by: number) => {
    at += by;
    if (!entries.moved()) routed.push(walked[at]!.href);
  };
  const trail: Trail = {
    get state() {
      return walked[at]!.state;
    },
    get href() {
      return walked[at]!.href;
    },
    push: (state) => add(walked[at]!.href, state),
    go: (by) => ways.push(() => go(by)),
  };
  const entries = new Entries(trail, (settle) => tasks.push(settle));
  const settle = () => {
    for (let next; (next = tasks.shift() ?? ways.shift());) next();
  };
  const sheet = (name: string) => {
    opened = [...opened, name];
    const leave = entries.enter(() => close());
    const close = () => {
      opened = opened.filter((one) => one !== name);
      leave();
    };
    return close;
  };
  /** A person's way takes the place of one that is still under way. */
  const walk = (by: number) => {
    ways.length = 0;
    go(by);
    settle();
  };
  return {
    sheet,
    settle,
    step: () => tasks.shift()!(),
    walk,
    page: (href: string) => add(href, null),
    /** What the router was told to draw. */
    routed,
    opened: () => opened,
    stand: () => ({ at, of: walked.length, href: walked[at]!.href }),
  };
}

test('back closes the uppermost sheet and stays on the page', () => {
  const one = browser();
  one.sheet('child');
  one.settle();
  one.sheet('who');
  one.settle();
  expect(one.stand().at).toBe(2);
  one.walk(-1);
  expect(one.opened()).toEqual(['child']);
  one.walk(-1);
  expect(one.opened()).toEqual([]);
  expect(one.stand().at).toBe(0);
  expect(one.routed).toEqual([]);
});

test('a sheet closed by its own button takes its entry back', () => {
  const one = browser();
  const close = one.sheet('child');
  one.settle();
  close();
  one.settle();
  expect(one.stand().at).toBe(0);
  expect(one.routed).toEqual([]);
});

test('a sheet that gives way to another one leaves it its entry', () => {
  const one = browser();
  const close = one.sheet('child');
  one.settle();
  close();
  one.sheet('departure');
  one.settle();
  expect(one.stand()).toMatchObject({ at: 1, of: 2 });
  one.walk(-1);
  expect(one.opened()).toEqual([]);
});

test('a sheet opened while the last one still takes its entry back has one of its own', () => {
  const one = browser();
  const close = one.sheet('child');
  one.settle();
  close();
  one.step();
  one.sheet('other');
  one.settle();
  expect(one.stand().at).toBe(1);
  one.walk(-1);
  expect(one.opened()).toEqual([]);
  expect(one.stand().at).toBe(0);
});

test('an entry under another page is passed over on the way back, and the page is drawn', () => {
  const one = browser();
  const close = one.sheet('child');
  one.settle();
  close();
  one.page('/messages');
  one.settle();
  expect(one.stand()).toMatchObject({ at: 2, href: '/messages' });
  one.walk(-1);
  expect(one.stand()).toMatchObject({ at: 0, href: '/' });
  expect(one.routed).toEqual(['/']);
  one.walk(1);
  expect(one.stand().at).toBe(0);
});

test('loaded anew with a sheet open, the entry of the sheet is taken back with it', () => {
  const one = browser([
    { href: '/', state: null },
    { href: '/', state: { sheets: 1 } },
  ]);
  one.settle();
  expect(one.stand().at).toBe(0);
  expect(one.routed).toEqual([]);
});

test('a sheet that was opened before the entry of a lost one was taken back is closed by the way back', () => {
  const one = browser([
    { href: '/', state: null },
    { href: '/', state: { sheets: 1 } },
  ]);
  one.sheet('child');
  one.settle();
  one.walk(-1);
  expect(one.opened()).toEqual([]);
  expect(one.stand().at).toBe(0);
});

test('whoever goes back to another page while a sheet takes its entry back sees that page', () => {
  const one = browser([
    { href: '/messages', state: null },
    { href: '/', state: null },
  ]);
  const close = one.sheet('child');
  one.settle();
  close();
  one.step();
  one.walk(-2);
  expect(one.routed).toContain('/messages');
});
