import type { ProtectedNote } from '$lib/generated/ProtectedNote';

/**
 * A protected note while it is being written. What the form showed when it was opened is what saving replaces; whatever
 * arrives meanwhile is neither typed over nor silently taken into the text.
 */
export class NoteForm {
  /** Open on this note, or on a new one; `null` while nothing is being written. */
  open = $state.raw<{ record: string | null; seen: string[] } | null>(null);
  text = $state('');

  start(note: ProtectedNote | null): void {
    this.open = { record: note?.record ?? null, seen: note?.seen ?? [] };
    this.text = (note?.texts ?? []).join('\n\n');
  }

  /** What others wrote into the same note since the form was opened: it stays beside what is saved here. */
  meanwhile(notes: ProtectedNote[]): string[] {
    const { record, seen } = this.open ?? { record: null, seen: [] };
    const now = notes.find((note) => note.record === record);
    return now ? now.texts.filter((_, at) => !seen.includes(now.seen[at] ?? '')) : [];
  }

  close(): void {
    this.open = null;
    this.text = '';
  }
}
