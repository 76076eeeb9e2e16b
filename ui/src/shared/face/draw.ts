/** A drawn face: invented, kept apart by hair, colour and clothes, and always the same for the same id. */
export interface Drawing {
  ground: string;
  hair: Hair;
  hairColour: string;
  skin: string;
  shirt: string;
  cap: string | null;
  mouth: string;
  smile: boolean;
}

export type Hair = 'short' | 'bob' | 'long' | 'pigtails' | 'bun' | 'spiky' | 'round';

const childGrounds = ['#cfe6e8', '#f3e7b8', '#e4e0f2', '#f7d9d2', '#d6e4f4', '#f6dfc0', '#dcebd2'];
const adultGrounds = ['#e3e7ef', '#e7ece9', '#efe6d8'];
const kanaGrounds = ['#e3ecf7', '#fbe9dc', '#f0e8f7', '#e6f1e4'];
const shirts = ['#8a86b8', '#6d93bf', '#cf7f7a', '#d98e5f', '#7fa66b', '#5c9aa6', '#c9a646'];
const caps = ['#e9b93c', '#6fae8b', '#e98a5b', '#6c9bc4'];
const people = [
  ['#5b3d2b', '#f2cba9'],
  ['#6b4a32', '#d9a577'],
  ['#2e2a33', '#f7d9bf'],
  ['#241f20', '#e8b98f'],
  ['#3a2b25', '#fbe2cc'],
] as const;
const hairs: Hair[] = ['short', 'bob', 'long', 'pigtails', 'bun', 'spiky', 'spiky', 'round'];
const grownHairs: Hair[] = ['short', 'bob', 'long', 'bun', 'spiky', 'round'];
const mouths = [
  'M28 42.5c1.2 1.4 2.5 2 4 2s2.8-.6 4-2',
  'M29.5 43.5c1.6.9 3.4.9 5 0',
  'M27.5 42c.5 2.8 2 4.2 4.5 4.200s4-1.4 4.5-4.200Z',
] as const;

/** 32-bit FNV-1a: spreads ids that differ in one digit over all drawings. */
function spread(id: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < id.length; at += 1) hash = Math.imul(hash ^ id.charCodeAt(at), 0x01000193) >>> 0;
  return Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) >>> 0;
}

/** Takes one of `from`, using up part of the id's number, so that the next choice is independent of this one. */
function chooser(id: string): <T>(from: readonly T[]) => T {
  let rest = spread(id);
  let again = spread(`${id}+`);
  return <T>(from: readonly T[]): T => {
    const at = rest % from.length;
    rest = Math.floor(rest / from.length) ^ (again & 0xffff);
    again = Math.imul(again, 0x5bd1e995) >>> 0;
    return from[at] as T;
  };
}

export function drawing(id: string, adult = false): Drawing {
  const choose = chooser(id);
  const ground = choose(adult ? adultGrounds : childGrounds);
  const [hairColour, skin] = choose(people);
  const hair = choose(adult ? grownHairs : hairs);
  const shirt = choose(shirts);
  const mouth = choose(mouths);
  const capped = !adult && choose([false, false, false, false, true]);
  const cap = capped && hair !== 'bun' && hair !== 'pigtails' ? choose(caps) : null;
  return { ground, hair, hairColour, skin, shirt, cap, mouth, smile: mouth.endsWith('Z') };
}

/** The quiet ground under a kana initial. */
export const kanaGround = (id: string): string => chooser(id)(kanaGrounds);

/** What lies behind the head, for each hair. */
export const behind: Record<Hair, string> = {
  short: 'M14 38c-1-18 7-26 18-26s19 8 18 26c0 6-3 9-5 10H19c-2-1-5-4-5-10Z',
  bob: 'M13.5 36c-1-16 7-24 18.5-24s19.5 8 18.5 24c-2 3-35 3-37 0Z',
  long: 'M13 46c0-4 .5-6 .5-12C13.500 20 21 12 32 12s18.500 8 18.500 22c0 6 .5 8 .5 12-5 3-33 3-38 0Z',
  pigtails:
    'M6 30a6.500 6.500 0 1 0 13 0a6.500 6.500 0 1 0-13 0M45 30a6.500 6.500 0 1 0 13 0a6.500 6.500 0 1 0-13 0M13.500 29a18.500 18.500 0 1 0 37 0a18.500 18.500 0 1 0-37 0',
  bun: 'M25.500 10.500a6.500 6.500 0 1 0 13 0a6.500 6.500 0 1 0-13 0M13.500 29.500a18.500 18.500 0 1 0 37 0a18.500 18.500 0 1 0-37 0',
  spiky: 'M14 29a18 18 0 1 0 36 0a18 18 0 1 0-36 0',
  round: 'M14 29a18 18 0 1 0 36 0a18 18 0 1 0-36 0',
};

/** What falls over the forehead, for each hair. */
export const fringe: Record<Hair, string> = {
  short: 'M16 31c2-12 8-16 16-16s14 4 16 16c-4-1-6-3-7-6-5 4-17 5-25 6Z',
  bob: 'M15 31.500C15 20 22 14 32 14s17 6 17 17.500c-8 1.500-26 1.500-34 0Z',
  long: 'M15.500 33c0-12 6-18 17-18 10 0 16 7 15.500 17-8-1-14-4-18-9-2 5-7 9-14.500 10Z',
  pigtails: 'M16 31c1-11 7-16 16-16s15 5 16 16c-7-1-13-4-16-9-3 5-9 8-16 9Z',
  bun: 'M16 32c0-11 7-17 16-17s16 6 16 17c-3-6-8-9-16-9s-13 3-16 9Z',
  spiky: 'M15.500 31c-1-10 6-18 16.500-18 10 0 17.500 8 16.500 18l-4-5-3 3-4-4-4 4-5-4-4 4-4-3-5 5Z',
  round: 'M15 30c0-10 7-16 17-16s17 6 17 16c-3-4-6-6-9-7-4 2-12 2-16 0-3 1-6 3-9 7Z',
};
