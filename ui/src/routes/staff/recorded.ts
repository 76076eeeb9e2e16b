import type { Acting } from '$lib/acting.svelte';
import type { Face } from '$lib/generated/Face';
import type { MessageItem } from '$lib/generated/MessageItem';
import type { PlaceRef } from '$lib/generated/PlaceRef';
import type { State } from '$lib/generated/State';
import { m } from '$lib/i18n/paraglide/messages';
import { recorded, type Recorded } from '$lib/recorded.svelte';
import { said } from '$lib/said';
import { transport } from '$lib/transport/transport';
import { fullKana } from '$shared/child/badges';
import { looks } from '$shared/child/states';
import { together } from '$shared/words/codes';

/** Where the child is by the records of this moment; what stands on the screen may be a moment behind. */
export async function stateNow(place: PlaceRef | null, child: string | null): Promise<State | null> {
  if (!child || !place) return null;
  const answer = await transport()
    .ask({ query: 'board', place })
    .catch(() => null);
  if (answer?.view.view !== 'board') return null;
  return answer.view.tiles.find((one) => one.child === child)?.state ?? null;
}

/** One child went home, or sisters and brothers together: one toast, which takes all of it back. */
export function recordLeft(
  children: { child: string; name: string }[],
  records: string[],
  face: Face | null,
): void {
  const [first] = children;
  if (!first) return;
  const title = together(children.map((one) => one.name));
  recorded.now = { child: first.child, title, detail: said.left(), records, face, state: 'left' };
}

/** Messages of families were confirmed, one or many at once: no child's state changes, so the toast belongs to none. */
export function recordConfirmed(messages: MessageItem[], records: string[]): void {
  if (records.length === 0) return;
  const detail = said.acted(m.toast_confirmed());
  recorded.now = { ...ofMessages(messages, records.length), detail, records };
}

/** A colleague was faster with all of them: nothing was written here, and the toast says who it was. */
export async function confirmedBefore(messages: MessageItem[], place: PlaceRef | null): Promise<void> {
  const ids = messages.map((one) => one.announcement);
  const done = (await confirmedNow(place)).filter((one) => ids.includes(one.announcement));
  const names = together([...new Set(done.flatMap((one) => one.acknowledged_by ?? []))]);
  const detail = names ? m.toast_confirmed_by({ names }) : m.toast_confirmed_before();
  recorded.now = { ...ofMessages(messages, messages.length), detail, records: [] };
}

async function confirmedNow(place: PlaceRef | null): Promise<MessageItem[]> {
  if (!place) return [];
  const answer = await transport()
    .ask({ query: 'messages', place })
    .catch(() => null);
  return answer?.view.view === 'messages' ? answer.view.done : [];
}

/** A single message has the face and name of its child, many have their number. */
function ofMessages(messages: MessageItem[], count: number): Pick<Recorded, 'child' | 'title' | 'face'> {
  const only = messages.length === 1 ? messages[0] : undefined;
  return {
    child: null,
    title: only ? fullKana(only) : m.toast_messages({ count }),
    face: only?.face ?? null,
  };
}

/** Takes back what the toast shows, wherever it was recorded. */
export function undo(acting: Acting, place: PlaceRef | null): void {
  const last = recorded.now;
  if (!last) return;
  const then = () => void undone(last, place);
  // Where a colleague has taken it back first, it is taken back all the same.
  void acting.do({ command: 'undo', records: last.records }, then, then);
  recorded.now = null;
}

/** Says what is true after taking back: a record of somebody else may still stand. */
async function undone(last: Recorded, place: PlaceRef | null) {
  const state = await stateNow(place, last.child);
  if (recorded.now) return;
  const words = { state: state ? looks[state].word() : '' };
  const detail = !state
    ? m.toast_undone_only()
    : state === last.state
      ? m.toast_undone_still(words)
      : m.toast_undone(words);
  recorded.now = { ...last, detail, records: [] };
}
