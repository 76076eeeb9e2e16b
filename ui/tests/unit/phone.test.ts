import { expect, test } from 'vitest';
import { dial } from '../../src/shared/words/phone';

test('a number is dialled however it was typed', () => {
  for (const typed of [
    '090-1234-5678',
    '０９０−１２３４−５６７８',
    '090ー1234–5678',
    '（090）1234 5678',
    '090‐1234—5678',
  ])
    expect(dial(typed)).toBe('tel:09012345678');
  expect(dial('＋81 90-1234-5678')).toBe('tel:+819012345678');
});
