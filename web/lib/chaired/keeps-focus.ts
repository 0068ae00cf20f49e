/** The keyboard stays where it was: when what had the focus goes from the page, what took its place has it. */

/** What may take it: words that are meant to be gone to, and in a step its fields. Never a button, which the same key would press. */
const words = '[tabindex="-1"]';
const fields = `${words}, input, textarea`;

/**
 * Attached to a part of a page that changes by itself. A focus that somebody took elsewhere, or put down by a click
 * beside everything, stays as it is.
 */
export function keepsFocus(part: HTMLElement): () => void {
  let held: Element | null = null;
  const hold = ({ target }: FocusEvent) => {
    held = target instanceof Element ? target : null;
  };
  // What is taken out of the page loses its focus too, and is not in the page any more once this is asked.
  const put = ({ target }: FocusEvent) =>
    queueMicrotask(() => {
      if (target === held && held?.isConnected && document.activeElement !== held) held = null;
    });
  const changes = new MutationObserver((records) => {
    if (!held || held.isConnected) return;
    held = null;
    if (document.activeElement !== document.body) return;
    const added = records.flatMap(({ addedNodes }) => [...addedNodes]).filter((node) => node instanceof HTMLElement);
    const step = document.getElementById('step-heading');
    const takers = step ? fields : words;
    const place = added.map((node) => (node.matches(takers) ? node : node.querySelector<HTMLElement>(takers)));
    const next = place.find(Boolean) ?? step ?? document.querySelector('h1');
    next?.focus();
  });
  part.addEventListener('focusin', hold);
  part.addEventListener('focusout', put);
  changes.observe(part, { childList: true, subtree: true });
  return () => {
    part.removeEventListener('focusin', hold);
    part.removeEventListener('focusout', put);
    changes.disconnect();
  };
}
