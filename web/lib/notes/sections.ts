/** The notes' headings: what stands under each, and under which one somebody is. Reads the shared document only. */
import {
  AbstractType,
  createAbsolutePositionFromRelativePosition,
  createRelativePositionFromJSON,
  XmlElement,
  XmlHook,
  XmlText,
  type XmlFragment,
} from 'yjs';
import { remembered } from './written.ts';

export type Section = {
  /** Place among the notes' headings, from 0. */
  index: number;
  title: string;
  level: number;
  /** Whether nothing has been written under it before the next heading. */
  empty: boolean;
};

/** The headings in order. */
export function sectionsOf(notes: XmlFragment): Section[] {
  const sections: Section[] = [];
  for (const block of notes.toArray()) {
    const last = sections.at(-1);
    if (isHeading(block)) {
      sections.push({ index: sections.length, title: wordsOf(block), level: levelOf(block), empty: true });
    } else if (last?.empty && block instanceof XmlElement && wordsOf(block) !== '') {
      last.empty = false;
    }
  }
  return sections;
}

/** The title of the heading at or before a caret, as `Y.RelativePosition` in JSON; undefined above the first. */
export function sectionAt(notes: XmlFragment, caret: unknown): string | undefined {
  const { doc } = notes;
  if (!doc || !caret) return undefined;
  const position = createAbsolutePositionFromRelativePosition(createRelativePositionFromJSON(caret), doc, false);
  if (!position) return undefined;
  const blocks = notes.toArray();
  const before = position.type === notes ? position.index : blocks.indexOf(blockOf(notes, position.type)) + 1;
  const heading = blocks.slice(0, before).findLast(isHeading);
  return heading && wordsOf(heading);
}

/**
 * Writes at the end of what stands under the heading with this place among the headings, in place of an
 * empty paragraph there: a paragraph for each line of `words`.
 */
export function writeUnder(notes: XmlFragment, heading: number, words: string): void {
  const blocks = notes.toArray();
  const headings = blocks.flatMap((block, at) => (isHeading(block) ? [at] : []));
  const from = headings[heading];
  if (from === undefined) throw new RangeError(`The notes have no heading ${heading}`);
  const end = headings[heading + 1] ?? blocks.length;
  const last = blocks[end - 1];
  const lines = words.split('\n').filter((line) => line.trim() !== '');
  notes.doc?.transact(() => {
    const isFree = end - 1 > from && last instanceof XmlElement && last.nodeName === 'paragraph' && last.length === 0;
    const first = isFree ? lines.shift() : undefined;
    if (isFree && first !== undefined) last.insert(0, [new XmlText(first)]);
    notes.insert(end, lines.map(paragraphOf));
  });
}

function paragraphOf(words: string): XmlElement {
  const paragraph = new XmlElement('paragraph');
  paragraph.insert(0, [new XmlText(words)]);
  return paragraph;
}

function blockOf(notes: XmlFragment, type: AbstractType<unknown>): XmlElement {
  let at: unknown = type;
  while (at instanceof AbstractType && at.parent !== notes) at = at.parent;
  return at as XmlElement;
}

function isHeading(block: unknown): block is XmlElement {
  return block instanceof XmlElement && block.nodeName === 'heading';
}

function levelOf(heading: XmlElement): number {
  return Number(heading.getAttribute('level') ?? 2);
}

const wordsOf = remembered(plainText);

/** The words of a block without marks, one space between its parts. */
export function plainText(block: XmlElement | XmlText | XmlHook | XmlFragment): string {
  if (block instanceof XmlText) {
    return (block.toDelta() as { insert: unknown }[])
      .map(({ insert }) => (typeof insert === 'string' ? insert : ''))
      .join('');
  }
  if (block instanceof XmlHook) return '';
  return block
    .toArray()
    .map(plainText)
    .filter((text) => text !== '')
    .join(' ');
}
