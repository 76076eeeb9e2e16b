import { expect, test } from 'vitest';
import type { MeView } from '../../src/lib/generated/MeView';
import { landing } from '../../src/routes/landing';

const me = (part: Partial<MeView>): MeView => ({
  side: 'staff',
  purpose: 'class_tablet',
  person: null,
  municipality: '',
  places: [],
  home: { place: 'class', facility: 'minato', class: 'usagi' },
  colleagues: [],
  posts: [],
  city: false,
  office_of: [],
  sandbox: false,
  day: '2026-11-24',
  ...part,
});
const office = me({
  purpose: 'personal',
  home: { place: 'facility', facility: 'minato' },
  office_of: ['minato'],
});

test('a class tablet stays on its board', () => expect(landing(me({}), '/', false)).toBeNull());
test('a family never stays on a staff page', () =>
  expect(landing(me({ side: 'family' }), '/messages', true)).toBe('/family'));
test('who is not yet confirmed waits at the invitation', () =>
  expect(landing(me({ side: 'nobody', purpose: 'personal' }), '/', false)).toBe('/join'));
test('a class tablet that holds nothing yet waits for its records', () =>
  expect(landing(me({ side: 'nobody' }), '/', false)).toBeNull());
test('an office begins at its overview', () => expect(landing(office, '/', false)).toBe('/office'));
test('an office may ask for a class screen', () => expect(landing(office, '/', true)).toBeNull());
test('a family never stays on an office’s page', () =>
  expect(landing(me({ side: 'family', purpose: 'personal' }), '/office/roll', false)).toBe('/family'));
test('a teacher who opens the office comes to the board', () => {
  const usagi = { place: 'class', facility: 'minato', class: 'usagi' } as const;
  const places = [{ place: usagi, title: 'うさぎ組', facility_name: 'みなと保育園', age: 2 }];
  expect(landing(me({ purpose: 'personal', places }), '/office', false)).toBe('/');
});
test('an office stays on its pages', () => expect(landing(office, '/office/roll', false)).toBeNull());
test('an office may read the messages', () => expect(landing(office, '/messages', false)).toBeNull());

test('the city has a page of its own, because it has no class to open', () => {
  const city = me({ purpose: 'personal', city: true, home: null });
  expect(landing(city, '/', false)).toBe('/office');
  // led to where it already stands, it would see nothing for ever
  expect(landing(city, '/office', false)).toBeNull();
  expect(landing(city, '/office/joins', false)).toBeNull();
});
