/** The notes as one run of characters, read from the shared document or from the editor's: the same characters in the same places. */
import type { Node } from '@tiptap/pm/model';
import { XmlElement, XmlText, type XmlFragment } from 'yjs';
import { remembered } from './written.ts';

/** A stretch of text within the run, and where it comes from. */
type Piece<Source> = { from: number; length: number; source: Source };
export type Flat<Source> = {
  /** Paragraphs and headings, one line each. */
  text: string;
  pieces: readonly Piece<Source>[];
  bySource: ReadonlyMap<Source, Piece<Source>>;
  /** Headings and where each begins. */
  headings: readonly { from: number; title: string }[];
};

/** The shared document: each piece is one of its texts. */
export function flatOf(notes: XmlFragment): Flat<XmlText> {
  const building = new Building<XmlText>();
  for (const block of notes.toArray()) {
    if (block instanceof XmlElement) for (const line of linesOf(block)) building.put(line, (source) => source);
  }
  return building.done();
}

/** The editor's document: each piece is a position in it. */
export function flatOfEditor(doc: Node): Flat<number> {
  const building = new Building<number>();
  doc.forEach((block, at) => {
    for (const line of linesOfEditor(block)) building.put(line, (source) => at + source);
  });
  return building.done();
}

/** A paragraph or heading: its texts, and null for a line break or anything else that is no text. */
type Line<Source> = { isHeading: boolean; parts: readonly ({ text: string; source: Source } | null)[] };

/** A block's lines: many in a list or table. */
const linesOf = remembered((block): readonly Line<XmlText>[] => {
  if (block.nodeName !== 'paragraph' && block.nodeName !== 'heading') {
    return block.toArray().flatMap((child) => (child instanceof XmlElement ? linesOf(child) : []));
  }
  const parts = block
    .toArray()
    .map((part) => (part instanceof XmlText ? { text: charactersOf(part), source: part } : null));
  return [{ isHeading: block.nodeName === 'heading', parts }];
});

/** The editor's blocks never change: another takes their place. */
const known = new WeakMap<Node, readonly Line<number>[]>();

/** Positions count from before the block. */
function linesOfEditor(block: Node): readonly Line<number>[] {
  const found = known.get(block);
  if (found) return found;
  const lines: Line<number>[] = [];
  const add = (textblock: Node, at: number) => {
    const parts: Line<number>['parts'][number][] = [];
    textblock.forEach((child, offset) => {
      parts.push(child.isText && child.text ? { text: child.text, source: at + 1 + offset } : null);
    });
    lines.push({ isHeading: textblock.type.name === 'heading', parts });
  };
  if (block.isTextblock) add(block, 0);
  else
    block.descendants((node, at) => {
      if (node.isTextblock) add(node, at + 1);
      return !node.isTextblock;
    });
  known.set(block, lines);
  return lines;
}

/** The piece that holds the character at `offset`, and which of its characters that is. */
export function pieceAt<Source>(flat: Flat<Source>, offset: number): { source: Source; index: number } | undefined {
  const [piece] = piecesBetween(flat, offset, offset + 1);
  return piece && { source: piece.source, index: offset - piece.from };
}

/** The pieces that hold characters from `from` up to `to`, in order. */
export function piecesBetween<Source>({ pieces }: Flat<Source>, from: number, to: number): readonly Piece<Source>[] {
  const first = firstIndex(pieces, (piece) => piece.from + piece.length > from);
  const after = firstIndex(pieces, (piece) => piece.from >= to);
  return pieces.slice(first, after);
}

/** Of pieces in order, the first of which `holds` is true, as it is of all that follow. */
function firstIndex<Source>(pieces: readonly Piece<Source>[], holds: (piece: Piece<Source>) => boolean): number {
  let [low, high] = [0, pieces.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const piece = pieces[middle];
    if (piece && holds(piece)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The title of the heading at or before `offset`; empty above the first. */
export function sectionOf({ headings }: Flat<unknown>, offset: number): string {
  return headings.findLast(({ from }) => from <= offset)?.title ?? '';
}

class Building<Source> {
  #text = '';
  #begun = false;
  #pieces: Piece<Source>[] = [];
  #headings: number[] = [];

  put({ isHeading, parts }: Line<Source>, placed: (source: Source) => Source): void {
    if (this.#begun) this.#text += '\n';
    this.#begun = true;
    if (isHeading) this.#headings.push(this.#text.length);
    for (const part of parts) {
      if (part) this.#pieces.push({ from: this.#text.length, length: part.text.length, source: placed(part.source) });
      // A line break, or anything else that is no text, takes one place.
      this.#text += part?.text ?? '\n';
    }
  }

  done(): Flat<Source> {
    const headings = this.#headings.map((from) => {
      const end = this.#text.indexOf('\n', from);
      return { from, title: this.#text.slice(from, end < 0 ? undefined : end) };
    });
    const bySource = new Map(this.#pieces.map((piece) => [piece.source, piece]));
    return { text: this.#text, pieces: this.#pieces, bySource, headings };
  }
}

function charactersOf(text: XmlText): string {
  return (text.toDelta() as { insert: unknown }[])
    .map(({ insert }) => (typeof insert === 'string' ? insert : '\ufffc'))
    .join('');
}
