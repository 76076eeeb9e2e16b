import { expect, test } from 'vitest';
import { drawing } from '../../src/shared/face/draw';

test('the same child always has the same face', () => expect(drawing('child-7')).toEqual(drawing('child-7')));

test('the faces of a class of twenty can be told apart', () => {
  const faces = Array.from({ length: 20 }, (_, n) => JSON.stringify(drawing(`0198c0de-0000-7000-8000-${n}`)));
  expect(new Set(faces).size).toBeGreaterThanOrEqual(19);
});
