/** Where the words of a comment stand now: kept with the words while the notes change around and within them. */
import {
  createAbsolutePositionFromRelativePosition,
  createRelativePositionFromTypeIndex,
  decodeRelativePosition,
  encodeRelativePosition,
  getItem,
  type RelativePosition,
  XmlElement,
  type XmlFragment,
  type XmlText,
} from 'yjs';
import type { Anchor } from '#schema/comment.ts';
import { pieceAt, sectionOf, type Flat } from '../notes/flat.ts';
import { keyOf } from '../notes/page.ts';

/** From the first character to after the last, as offsets in the notes' run of characters. */
export type Place = { from: number; to: number };

/** What to keep of the words from `from` up to `to`; null when there are none. */
export function anchorOf(flat: Flat<XmlText>, { from, to }: Place): Anchor | null {
  const characters = flat.pieces.flatMap((piece) => {
    const [start, end] = [Math.max(from, piece.from), Math.min(to, piece.from + piece.length)];
    return start < end ? [{ start, end }] : [];
  });
  const [first, last] = [characters[0], characters.at(-1)];
  if (!first || !last) return null;
  const [start, end] = [positionAt(flat, first.start), positionAt(flat, last.end - 1)];
  if (!start || !end) return null;
  return {
    start: toBase64(encodeRelativePosition(start)),
    end: toBase64(encodeRelativePosition(end)),
    quote: flat.text.slice(first.start, last.end),
    section: sectionOf(flat, first.start),
  };
}

/**
 * Where the words stand now; null when they are gone. First and last character are followed by
 * their identity in the shared document, so that whatever is typed, before, within or after, they
 * keep their words. Splitting or joining a paragraph, moving words, and undoing a deletion make the
 * characters anew: then the words themselves are looked for, nearest to where they were.
 */
export function placeOf(notes: XmlFragment, flat: Flat<XmlText>, anchor: Anchor): Place | null {
  const [start, end] = decoded(anchor).map((position) => endOf(notes, flat, position));
  if (start?.isThere && end?.isThere && start.at <= end.at) return { from: start.at, to: end.at + 1 };
  const near = start?.at ?? end?.at ?? sectionStart(flat, anchor.section);
  const found = find(flat, anchor.quote, near);
  if (found) return found;
  if (!start || !end) return null;
  const to = end.isThere ? end.at + 1 : end.at;
  return flat.text.slice(start.at, to).trim() === '' ? null : { from: start.at, to };
}

/** Threads as their words stand in the notes; then those about the whole, and those whose words are gone. */
export function inOrder<About extends { seq: number }>(
  threads: readonly About[],
  places: ReadonlyMap<number, Place | null> | null,
): About[] {
  const at = ({ seq }: About) => places?.get(seq)?.from ?? Number.MAX_SAFE_INTEGER;
  return [...threads].sort((a, b) => at(a) - at(b) || a.seq - b.seq);
}

/** The whole of the paragraph with this key; null where it is gone, or has no words. */
export function placeOfParagraph({ pieces }: Flat<XmlText>, key: string): Place | null {
  const own = pieces.filter(({ source }) => source.parent instanceof XmlElement && keyOf(source.parent) === key);
  const [first, last] = [own[0], own.at(-1)];
  return first && last ? { from: first.from, to: last.from + last.length } : null;
}

/** Where a stretch of `before` stands in `after`, which differs from it in one place; null where that place is within the stretch. */
export function carried({ from, to }: Place, before: string, after: string): Place | null {
  const grown = after.length - before.length;
  const most = Math.min(before.length, after.length);
  let [start, end] = [0, 0];
  while (start < most && before[start] === after[start]) start += 1;
  while (end < most - start && before.at(-1 - end) === after.at(-1 - end)) end += 1;
  if (to <= start) return { from, to };
  return from >= before.length - end ? { from: from + grown, to: to + grown } : null;
}

/** One end: its character's offset, or where it was if it is gone. Null when its whole text is gone. */
function endOf(
  notes: XmlFragment,
  flat: Flat<XmlText>,
  position: RelativePosition | null,
): { at: number; isThere: boolean } | null {
  const { doc } = notes;
  if (!doc || !position?.item) return null;
  try {
    const absolute = createAbsolutePositionFromRelativePosition(position, doc);
    const piece = absolute && flat.bySource.get(absolute.type as XmlText);
    if (!piece) return null;
    return { at: piece.from + absolute.index, isThere: isThere(doc, position) };
  } catch {
    // The character is not in this copy: it has not come yet, or never was in these notes.
    return null;
  }
}

function isThere(doc: NonNullable<XmlFragment['doc']>, { item }: RelativePosition): boolean {
  if (!item) return false;
  let found = getItem(doc.store, item) as { deleted: boolean; redone?: RelativePosition['item'] };
  while (found.redone) found = getItem(doc.store, found.redone) as typeof found;
  return !found.deleted;
}

const positions = new WeakMap<Anchor, readonly (RelativePosition | null)[]>();

/** Both ends of an anchor, which is looked for again and again as the notes change. */
function decoded(anchor: Anchor): readonly (RelativePosition | null)[] {
  const known = positions.get(anchor) ?? [anchor.start, anchor.end].map(fromBase64);
  positions.set(anchor, known);
  return known;
}

function fromBase64(encoded: string): RelativePosition | null {
  try {
    return decodeRelativePosition(Uint8Array.from(atob(encoded), (sign) => sign.charCodeAt(0)));
  } catch {
    return null;
  }
}

function positionAt(flat: Flat<XmlText>, offset: number): RelativePosition | null {
  const piece = pieceAt(flat, offset);
  return piece ? createRelativePositionFromTypeIndex(piece.source, piece.index) : null;
}

function sectionStart({ headings }: Flat<XmlText>, title: string): number {
  return headings.find((heading) => heading.title === title)?.from ?? 0;
}

type Plain = { text: string; places: Uint32Array };
const plains = new WeakMap<Flat<XmlText>, Plain>();

/** The run of characters without its line breaks, and where each of them stands in it: made once for all that are looked for. */
function plainOf(flat: Flat<XmlText>): Plain {
  const known = plains.get(flat);
  if (known) return known;
  const text = flat.text.replaceAll('\n', '');
  const places = new Uint32Array(text.length);
  let at = 0;
  for (let index = 0; at < places.length; index += 1) if (flat.text[index] !== '\n') places[at++] = index;
  const made = { text, places };
  plains.set(flat, made);
  return made;
}

/** The words, wherever lines break in them, at the occurrence nearest to `near`. */
function find(flat: Flat<XmlText>, quote: string, near: number): Place | null {
  const { text: plain, places } = plainOf(flat);
  const words = quote.replaceAll('\n', '');
  if (words === '') return null;
  let best: Place | null = null;
  for (let at = plain.indexOf(words); at >= 0; at = plain.indexOf(words, at + 1)) {
    const from = places[at] as number;
    const to = (places[at + words.length - 1] as number) + 1;
    if (!best || Math.abs(from - near) < Math.abs(best.from - near)) best = { from, to };
  }
  return best;
}

function toBase64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}
