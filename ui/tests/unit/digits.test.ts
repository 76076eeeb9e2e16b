import { expect, test } from 'vitest';
import { digitRuns } from '../../src/shared/text/digits';

const runs = (text: string) => digitRuns(text).map((run) => (run.digits ? `[${run.text}]` : run.text));

test('times, temperatures and telephone numbers are runs of their own', () => {
  expect(runs('9:30 を過ぎました')).toEqual(['[9:30]', ' を過ぎました']);
  expect(runs('そら 37.6（9:20）')).toEqual(['そら ', '[37.6]', '（', '[9:20]', '）']);
  expect(runs('080-0000-5128')).toEqual(['[080-0000-5128]']);
});
test('a sentence without digits is one run', () => expect(runs('連絡なし')).toEqual(['連絡なし']));
