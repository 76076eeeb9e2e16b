/** The address keeps words as they were typed, also those that a number could be read from. */
import { beforeAll, expect, test, vi } from 'vitest';
import type { inAddress as InAddress } from '../../src/routes/address';

let inAddress: typeof InAddress;
beforeAll(async () => {
  const search = new URLSearchParams({ wide: '　', zeros: '012', power: '1e3', space: ' ', yes: 'true' });
  vi.stubGlobal('location', { search: `?${search.toString()}` });
  ({ inAddress } = await import('../../src/routes/address'));
});

test('a space, leading zeros and an exponent come back as they were typed', () => {
  expect(['wide', 'space', 'zeros', 'power', 'yes'].map(inAddress)).toEqual([
    '　',
    ' ',
    '012',
    '1e3',
    'true',
  ]);
});

test('what the address does not say is empty', () => expect(inAddress('text')).toBe(''));
