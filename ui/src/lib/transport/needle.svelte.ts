import { transport } from './transport';

/**
 * What somebody types into a search, folded as Rust folds names: width, kana, accents, variants of kanji. The list
 * keeps the key before until the next one is here, and an answer that was overtaken by typing changes nothing.
 */
export class Needle {
  key = $state('');
  #turn = 0;

  constructor(text: () => string) {
    // The door answers later than a keystroke; what is typed is the only thing that this hangs on.
    $effect(() => void this.fold(text()));
  }

  async fold(text: string): Promise<void> {
    const turn = ++this.#turn;
    const key = text.trim() === '' ? '' : await keyOf(text);
    if (turn === this.#turn) this.key = key;
  }

  /** `search` are the spellings of a row, folded. Nothing typed finds also who has no name yet. */
  finds = ({ search }: { search: readonly string[] }): boolean =>
    this.key === '' || search.some((spelling) => spelling.includes(this.key));
}

/** Where nobody answers, what was typed is looked for as it stands. */
async function keyOf(text: string): Promise<string> {
  const answer = await transport()
    .ask({ query: 'search_key', text })
    .catch(() => null);
  return answer?.view.view === 'search_key' ? answer.view.key : text;
}
