/** The editor knows where the caret is before anything rests on it. */

/**
 * The browser tells of a caret that a key or a click has moved only after its task is over, on a busy
 * computer after the next key. Where others' words come in between, the editor would put the caret back
 * to where it last knew it; a key would split, join or replace there. So it is told before either.
 */
export function tellCaret(): void {
  document.dispatchEvent(new Event('selectionchange'));
}
