/** What the notes hold, written one way only: so that a copy and the server can tell whether they hold the same (T4). */
import { canonical, hashText } from './ledger.ts';

/** A shared type of Yjs, as far as this needs to know it: `schema` depends on no document library. */
type Text = { toDelta: () => { insert?: unknown; attributes?: object }[] };
type Element = { nodeName: string; getAttributes: () => object; toArray: () => unknown[] };
type Root = { toArray: () => unknown[] };

/**
 * SHA-256, in hexadecimal, of the notes' elements, attributes, characters and marks. State vectors
 * cannot prove agreement: two copies may have equal ones and different words for ever. Half of a
 * character of two halves, which a copy may keep after cutting one, counts as the sign that all
 * other copies show for it.
 */
export function hashOfNotes(root: Root): string {
  return hashText(canonical(root.toArray().map(node)));
}

function node(of: unknown): unknown {
  if (isText(of)) return runs(of);
  if (isElement(of)) return [of.nodeName, of.getAttributes(), of.toArray().map(node)];
  throw new TypeError('The notes hold something that is neither an element nor a text');
}

/** Characters with their marks; neighbours with the same marks are one run, however they came. */
function runs(text: Text): [marks: string, words: string][] {
  const joined: [marks: string, words: string][] = [];
  for (const { insert, attributes } of text.toDelta()) {
    if (typeof insert !== 'string') throw new TypeError('The notes hold something among their characters');
    const marks = canonical(attributes ?? {});
    const last = joined.at(-1);
    if (last?.[0] === marks) last[1] += insert;
    else joined.push([marks, insert]);
  }
  return joined.map(([marks, words]) => [marks, words.toWellFormed()]);
}

function isText(of: unknown): of is Text {
  return typeof of === 'object' && of !== null && 'toDelta' in of;
}

function isElement(of: unknown): of is Element {
  return typeof of === 'object' && of !== null && 'nodeName' in of && 'getAttributes' in of;
}
