/** Ctrl+F6, as in word processors: from one part of the page to the next, and back with Shift. */

/** Each part, and what in it takes the focus: the first that is there. */
const regions = [
  { of: '.app-notes__main', stops: ['[role="textbox"]', '.app-notes__text'] },
  { of: '.app-comments', stops: ['h2'] },
  { of: 'aside[aria-label="Activity"]', stops: ['summary'] },
] as const;

/** Whether the keys were these and led somewhere. */
export function goToRegion(event: KeyboardEvent): boolean {
  if (event.key !== 'F6' || !(event.ctrlKey || event.metaKey)) return false;
  const there = regions.flatMap(({ of, stops }) => {
    const region = document.querySelector(of);
    const stop = region && stops.map((each) => region.querySelector<HTMLElement>(each)).find(Boolean);
    return stop ? [{ region, stop }] : [];
  });
  const now = there.findIndex(({ region }) => region.contains(document.activeElement));
  const next = event.shiftKey ? (now < 0 ? there.length - 1 : now - 1) : now + 1;
  there.at(next % there.length)?.stop.focus();
  return there.length > 0;
}
