/** What a reader has selected in the notes as a page, as a stretch of their run of characters. */
import type { Flat } from '../notes/flat.ts';
import type { Place } from './anchors.ts';

/** `page` holds the notes' text and nothing else. Null when nothing in it is selected. */
export function selectedOnPage(page: HTMLElement, { text }: Flat<unknown>): Place | null {
  const selection = getSelection();
  if (!selection || selection.isCollapsed || selection.rangeCount === 0) return null;
  const range = selection.getRangeAt(0);
  if (!page.contains(range.commonAncestorContainer)) return null;
  const before = document.createRange();
  before.setStart(page, 0);
  before.setEnd(range.startContainer, range.startOffset);
  // The page has no line ends of its own: characters are counted, and breaks are passed over.
  const start = charactersIn(before.toString());
  const length = charactersIn(range.toString());
  const places: number[] = [];
  for (let at = 0; at < text.length; at += 1) if (charactersIn(text[at] as string) > 0) places.push(at);
  const [from, last] = [places[start], places[start + length - 1]];
  return length > 0 && from !== undefined && last !== undefined ? { from, to: last + 1 } : null;
}

function charactersIn(text: string): number {
  return text.replaceAll(/\s/g, '').length;
}
