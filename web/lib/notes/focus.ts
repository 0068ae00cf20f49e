/** Where the keyboard goes when it leaves the notes. */

const stops = 'a[href], button:not([disabled]), input:not([disabled]), select, textarea, summary, [tabindex="0"]';

/** Puts the focus on the first thing after `element` that can have it. */
export function focusAfter(element: HTMLElement): void {
  const after = [...document.querySelectorAll<HTMLElement>(stops)].find(
    (stop) =>
      !element.contains(stop) &&
      (element.compareDocumentPosition(stop) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0 &&
      stop.checkVisibility(),
  );
  after?.focus();
}
