/** The notes as a page to read or print: their elements as plain data, straight from the shared document. */
import { XmlElement, XmlText, type XmlFragment } from 'yjs';
import { countingOf, type Counting } from '#schema/counting.ts';
import { markNames } from '#schema/notes.ts';
import { inWords } from '#schema/in-words.ts';
import type { PastBlock } from '#schema/version.ts';
import { safeAddress } from './address.ts';
import { plainText } from './sections.ts';
import { remembered } from './written.ts';

type MarkName = (typeof markNames)[number];

/** A run of characters with the same marks; `href` where it is a link that may be followed. */
export type Run = { key: string; words: string; marks: readonly MarkName[]; href: string | null };

type Around = 'bullets' | 'numbers' | 'item' | 'quote' | 'table' | 'row' | 'header' | 'cell';

export type Block =
  | { key: string; kind: 'paragraph'; words: string; runs: Run[] }
  | { key: string; kind: 'heading'; level: 2 | 3; words: string; runs: Run[] }
  | { key: string; kind: Around; start: number; counting: Counting | null; span: Span; inside: Block[] }
  | { key: string; kind: 'rule' };
type Span = { columns: number; rows: number };

const kinds: Record<string, Around> = {
  bulletList: 'bullets',
  orderedList: 'numbers',
  listItem: 'item',
  blockquote: 'quote',
  table: 'table',
  tableRow: 'row',
  tableHeader: 'header',
  tableCell: 'cell',
};

/**
 * The blocks in order. Keys stay with a block while others change what is around it, so that a
 * reader's selection does. Elements that the notes do not hold are passed over.
 */
export function blocksOf(parent: XmlFragment): Block[] {
  return parent.toArray().flatMap((element) => (element instanceof XmlElement ? (blockOf(element) ?? []) : []));
}

const blockOf = remembered((element): Block | null => {
  const key = keyOf(element);
  const { nodeName } = element;
  if (nodeName === 'horizontalRule') return { key, kind: 'rule' };
  const words = plainText(element);
  if (nodeName === 'paragraph') return { key, kind: nodeName, words, runs: runsOf(element) };
  if (nodeName === 'heading') {
    const level = Number(element.getAttribute('level')) === 3 ? 3 : 2;
    return { key, kind: nodeName, level, words, runs: runsOf(element) };
  }
  const kind = kinds[nodeName];
  if (!kind) return null;
  const span = { columns: whole(element, 'colspan'), rows: whole(element, 'rowspan') };
  const counting = countingOf(element.getAttribute('type'));
  return { key, kind, start: whole(element, 'start'), counting, span, inside: blocksOf(element) };
});

/** The headings under which nothing stands before the next, by their keys. Under one that has parts, those stand. */
export function bareHeadings(blocks: readonly Block[]): ReadonlySet<string> {
  const bare = new Set<string>();
  let open: Block | null = null;
  for (const block of blocks) {
    if (block.kind === 'paragraph' && block.words.trim() === '') continue;
    if (open?.kind === 'heading' && (block.kind !== 'heading' || block.level > open.level)) bare.delete(open.key);
    open = block.kind === 'heading' ? block : null;
    if (open) bare.add(open.key);
  }
  return bare;
}

/** The words of every paragraph, wherever it stands. */
export function paragraphsIn(blocks: readonly Block[]): string[] {
  return blocks.flatMap((block) => {
    if (block.kind === 'paragraph') return block.words === '' ? [] : [block.words];
    return 'inside' in block ? paragraphsIn(block.inside) : [];
  });
}

/** By a paragraph's words, the agencies that wrote them, in the order they come in: "Health and Police". */
export function writersOf(past: readonly PastBlock[]): Map<string, string> {
  return new Map(
    past.map(({ passages }) => {
      const agencies = passages.flatMap(({ by }) => (by ? [by.agency.name] : []));
      return [passages.map(({ text }) => text).join(''), inWords([...new Set(agencies)])];
    }),
  );
}

/** An attribute that is a whole number from 1; 1 where it is missing or anything else. */
function whole(element: XmlElement, name: string): number {
  const value = Number(element.getAttribute(name));
  return Number.isInteger(value) && value >= 1 ? value : 1;
}

export function keyOf({ _item }: XmlElement | XmlText): string {
  return _item ? `${_item.id.client}:${_item.id.clock}` : '';
}

function runsOf(block: XmlElement): Run[] {
  return block.toArray().flatMap((part) => {
    if (part instanceof XmlElement && part.nodeName === 'hardBreak') {
      return [{ key: keyOf(part), words: '\n', marks: [], href: null }];
    }
    if (!(part instanceof XmlText)) return [];
    const delta = part.toDelta() as { insert: unknown; attributes?: Record<string, unknown> }[];
    return delta.flatMap(({ insert, attributes = {} }, index) => {
      if (typeof insert !== 'string') return [];
      const marks = markNames.filter((name) => attributes[name] !== undefined && attributes[name] !== null);
      return [{ key: `${keyOf(part)}:${index}`, words: insert, marks, href: hrefOf(attributes.link) }];
    });
  });
}

function hrefOf(link: unknown): string | null {
  return typeof link === 'object' && link !== null && 'href' in link && typeof link.href === 'string'
    ? safeAddress(link.href)
    : null;
}
