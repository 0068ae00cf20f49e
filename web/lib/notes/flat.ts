/** The notes as one run of characters, read from the shared document or from the editor's: the same characters in the same places. */
import type { Node } from '@tiptap/pm/model';
import { XmlElement, XmlText, type XmlFragment } from 'yjs';

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
  const walk = (parent: XmlFragment | XmlElement): void => {
    for (const child of parent.toArray()) {
      if (!(child instanceof XmlElement)) continue;
      if (child.nodeName !== 'paragraph' && child.nodeName !== 'heading') {
        walk(child);
        continue;
      }
      building.line(child.nodeName === 'heading');
      for (const part of child.toArray()) {
        if (part instanceof XmlText) building.add(charactersOf(part), part);
        else if (part instanceof XmlElement) building.gap();
      }
    }
  };
  walk(notes);
  return building.done();
}

/** The editor's document: each piece is a position in it. */
export function flatOfEditor(doc: Node): Flat<number> {
  const building = new Building<number>();
  doc.descendants((node, at) => {
    if (!node.isTextblock) return true;
    building.line(node.type.name === 'heading');
    node.forEach((child, offset) => {
      if (child.isText && child.text) building.add(child.text, at + 1 + offset);
      else building.gap();
    });
    return false;
  });
  return building.done();
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

  line(isHeading: boolean): void {
    if (this.#begun) this.#text += '\n';
    this.#begun = true;
    if (isHeading) this.#headings.push(this.#text.length);
  }

  add(text: string, source: Source): void {
    this.#pieces.push({ from: this.#text.length, length: text.length, source });
    this.#text += text;
  }

  /** A line break, or anything else that is no text, takes one place. */
  gap(): void {
    this.#text += '\n';
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
