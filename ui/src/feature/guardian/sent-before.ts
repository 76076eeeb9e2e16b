import type { AbsenceFormView } from '$lib/generated/AbsenceFormView';
import type { Command } from '$lib/generated/Command';
import type { SaidBefore } from '$lib/generated/SaidBefore';

/**
 * Where the receipts are of what was sent before, when the door says that this announcement is already made: the last
 * of its sort for these days, one per child. `null` if the form does not show them all.
 */
export function sentBefore(form: AbsenceFormView, again: Command): string[] | null {
  if (again.command !== 'announce') return null;
  const same = ({ announced, day, until }: SaidBefore) =>
    announced.what === again.announced.what && day === again.day && until === again.until;
  const found = again.children.map((child) => {
    const places = form.children.filter((one) => one.child === child);
    const asked = places.find((one) => one.facility === again.facility) ?? places[0];
    return asked?.said.findLast(same)?.announcement;
  });
  return found.every((one) => one !== undefined) ? found : null;
}
