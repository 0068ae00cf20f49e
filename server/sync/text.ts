/** Notes as readable text: what the record keeps of them, and what a person without the editor reads. */
import * as Y from 'yjs';
import { countingOf, signOf } from '#schema/counting.ts';
import { hashText } from '#schema/ledger.ts';
import { notesRoot, type FrozenNotes } from '#schema/notes.ts';

/** The text of notes in a Yjs document, their version (last row of the log) and its hash. */
export function frozen(doc: Y.Doc, version: number): FrozenNotes {
  // Neither NUL nor half of a surrogate pair can stand in the record: one writer could otherwise
  // keep every position and the decision out of it.
  const text = textOf(doc).toWellFormed().replaceAll('\0', '\uFFFD');
  return { version, text, hash: hashText(text) };
}

/** Headings with `#`, list items with `-` or what they count by, table cells apart by `|`, a blank line between blocks. */
export function textOf(doc: Y.Doc): string {
  return blocks(doc.getXmlFragment(notesRoot), '').join('\n\n').trim();
}

type Parent = Y.XmlFragment | Y.XmlElement;

function blocks(parent: Parent, indent: string): string[] {
  return parent.toArray().flatMap((node) => (node instanceof Y.XmlElement ? block(node, indent) : [inline(node)]));
}

function block(node: Y.XmlElement, indent: string): string[] {
  switch (node.nodeName) {
    case 'heading':
      return [`${'#'.repeat(Number(node.getAttribute('level') ?? 2))} ${words(node)}`];
    case 'bulletList':
      return [items(node, indent, () => '-')];
    case 'orderedList':
      return [
        items(node, indent, (index) => `${signOf(firstOf(node) + index, countingOf(node.getAttribute('type')))}.`),
      ];
    case 'blockquote':
      return blocks(node, indent).map((line) => `> ${line}`);
    case 'horizontalRule':
      return ['---'];
    case 'table':
      return [children(node).map(row).join('\n')];
    default:
      return [words(node)];
  }
}

/** A list may go on where another stopped. */
function firstOf(list: Y.XmlElement): number {
  const start = Number(list.getAttribute('start') ?? 1);
  return Number.isInteger(start) ? start : 1;
}

function items(list: Y.XmlElement, indent: string, mark: (index: number) => string): string {
  return children(list)
    .map((item, index) => `${indent}${mark(index)} ${blocks(item, `${indent}  `).join('\n')}`)
    .join('\n');
}

function row(node: Y.XmlElement): string {
  return children(node)
    .map((cell) => blocks(cell, '').join(' '))
    .join(' | ');
}

function children(node: Y.XmlElement): Y.XmlElement[] {
  return node.toArray().filter((child) => child instanceof Y.XmlElement);
}

function words(node: Y.XmlElement): string {
  return node.toArray().map(inline).join('');
}

/** Text without its marks: bold is not a word. */
function inline(node: unknown): string {
  if (node instanceof Y.XmlText) {
    return node
      .toDelta()
      .map(({ insert }: { insert: unknown }) => (typeof insert === 'string' ? insert : ''))
      .join('');
  }
  return node instanceof Y.XmlElement && node.nodeName === 'hardBreak'
    ? '\n'
    : node instanceof Y.XmlElement
      ? words(node)
      : '';
}
