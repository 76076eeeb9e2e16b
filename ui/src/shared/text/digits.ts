export interface Run {
  text: string;
  digits: boolean;
}

/** Splits a sentence into digit runs (8:42, 37.6, 080-0000-5128) and the words between them. */
export function digitRuns(text: string): Run[] {
  return text
    .split(/(\d+(?:[:.,\-–]\d+)*)/)
    .map((part, at) => ({ text: part, digits: at % 2 === 1 }))
    .filter((run) => run.text !== '');
}
