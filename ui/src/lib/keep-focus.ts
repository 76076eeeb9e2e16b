const focusable =
  'a[href], button:not(:disabled), input:not(:disabled), select:not(:disabled), textarea:not(:disabled), [tabindex="0"]';

/**
 * An attachment: when what has the focus disappears (a button that became another, a child that left the list), the
 * focus goes to what came in its place, or to what follows, and never to the top of the page.
 */
export function keepFocus(region: HTMLElement): () => void {
  let last: Element | null = null;
  const taken = ({ target }: FocusEvent) => (last = target as Element);
  const left = ({ target }: FocusEvent) =>
    queueMicrotask(() => {
      if (last === target && last?.isConnected) last = null;
    });
  const observer = new MutationObserver((changes) => {
    if (!last || last.isConnected || document.activeElement !== document.body) return;
    const gone = changes.find((one) => [...one.removedNodes].some((node) => node.contains(last)));
    last = null;
    if (gone) heir(region, gone, changes).focus();
  });
  region.addEventListener('focusin', taken);
  region.addEventListener('focusout', left);
  observer.observe(region, { childList: true, subtree: true });
  return () => {
    region.removeEventListener('focusin', taken);
    region.removeEventListener('focusout', left);
    observer.disconnect();
  };
}

function heir(region: HTMLElement, gone: MutationRecord, changes: MutationRecord[]): HTMLElement {
  const all = [...region.querySelectorAll<HTMLElement>(focusable)];
  const added = changes.flatMap((one) => (one.target === gone.target ? [...one.addedNodes] : []));
  const place = gone.nextSibling?.isConnected ? gone.nextSibling : gone.target;
  const follows = (one: Node) => place.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING;
  const found =
    all.find((one) => added.some((node) => node.contains(one))) ??
    all.find((one) => place.contains(one) || follows(one)) ??
    all.at(-1);
  if (found) return found;
  region.tabIndex = -1;
  return region;
}
