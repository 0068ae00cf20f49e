/** What a reader has selected in the notes as a page, as a stretch of their run of characters. */
import type { Flat } from '../notes/flat.ts';
import type { Place } from './anchors.ts';

/** `page` holds the notes' text, and beside it only what says so (`data-beside`). Null when nothing in it is selected. */
export function selectedOnPage(page: HTMLElement, { text }: Flat<unknown>): Place | null {
  const selection = getSelection();
  if (!selection || selection.isCollapsed || selection.rangeCount === 0) return null;
  const range = selection.getRangeAt(0);
  if (!page.contains(range.commonAncestorContainer)) return null;
  const before = document.createRange();
  before.setStart(page, 0);
  before.setEnd(range.startContainer, range.startOffset);
  // The page has no line ends of its own: characters are counted, and breaks are passed over.
  const start = charactersIn(wordsIn(page, before));
  const length = charactersIn(wordsIn(page, range));
  const places: number[] = [];
  for (let at = 0; at < text.length; at += 1) if (charactersIn(text[at] as string) > 0) places.push(at);
  const [from, last] = [places[start], places[start + length - 1]];
  return length > 0 && from !== undefined && last !== undefined ? { from, to: last + 1 } : null;
}

/** The notes' own words of a stretch of the page. */
function wordsIn(page: HTMLElement, range: Range): string {
  const walker = document.createTreeWalker(page, NodeFilter.SHOW_TEXT);
  let words = '';
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (!range.intersectsNode(node) || node.parentElement?.closest('[data-beside]')) continue;
    const text = node.textContent ?? '';
    const from = node === range.startContainer ? range.startOffset : 0;
    words += text.slice(from, node === range.endContainer ? range.endOffset : undefined);
  }
  return words;
}

function charactersIn(text: string): number {
  return text.replaceAll(/\s/g, '').length;
}
