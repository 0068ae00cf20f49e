/** Reads a Yjs update (format V1) without applying it: what it adds, under whose clientID, and what it deletes. */
import * as decoding from 'lib0/decoding';
import { attributeNames, markNames, nodeNames, notesRoot } from '#schema/notes.ts';

/** A run of new structs: clocks `clock` up to, not including, `clock + length` of `client`. */
export type Block = { client: number; clock: number; length: number; kind: 'item' | 'gc' | 'skip' };
/** Text named for deletion. */
export type Deletion = { client: number; clock: number; length: number };
export type Scan = { blocks: Block[]; deletions: Deletion[] };

/** Why an update was not even looked at further. */
export class NotAnUpdate extends Error {}
/** The update holds something notes may not hold: an element, mark or attribute, or another document. */
export class NotForNotes extends Error {}

const nodes: ReadonlySet<string> = new Set(nodeNames);
const marks: ReadonlySet<string> = new Set(markNames);
const attributes: ReadonlySet<string> = new Set(attributeNames);

/** Struct references of the V1 encoding (yjs `structs`). */
const ref = {
  gc: 0,
  deleted: 1,
  json: 2,
  binary: 3,
  string: 4,
  embed: 5,
  format: 6,
  type: 7,
  any: 8,
  doc: 9,
  skip: 10,
};
const typeRef = { element: 3, text: 6 };
/** Longest run of characters that may arrive already deleted. */
const deletedAtMost = 64 * 1024;
/** Addresses a link may lead to: nothing that runs. */
const safeLink = /^(https?:|mailto:|tel:)/i;

/** Walks the whole update. Throws `NotAnUpdate` for bytes that are none, `NotForNotes` for what notes may not hold. */
export function scan(update: Uint8Array): Scan {
  const decoder = decoding.createDecoder(update);
  try {
    const found = { blocks: readBlocks(decoder), deletions: readDeletions(decoder) };
    if (decoding.hasContent(decoder)) throw new NotAnUpdate('bytes after the end');
    return found;
  } catch (error) {
    if (error instanceof NotForNotes || error instanceof NotAnUpdate) throw error;
    throw new NotAnUpdate('it does not decode', { cause: error });
  }
}

function readBlocks(decoder: decoding.Decoder): Block[] {
  const blocks: Block[] = [];
  for (let clients = readCount(decoder); clients > 0; clients -= 1) {
    let structs = readCount(decoder);
    const client = readNumber(decoder);
    let clock = readNumber(decoder);
    for (; structs > 0; structs -= 1) {
      const info = decoding.readUint8(decoder);
      const reference = info & 0b11111;
      const kind = reference === ref.gc ? 'gc' : reference === ref.skip ? 'skip' : 'item';
      const length = kind === 'item' ? readItem(decoder, info) : readNumber(decoder);
      if (length < 1) throw new NotAnUpdate('a struct without length');
      const last = blocks.at(-1);
      if (kind === 'item' && last?.kind === 'item' && last.client === client && last.clock + last.length === clock) {
        last.length += length;
      } else {
        blocks.push({ client, clock, length, kind });
      }
      clock += length;
      if (!Number.isSafeInteger(clock)) throw new NotAnUpdate('a clock out of range');
    }
  }
  return blocks;
}

/** Reads one item; returns how many clocks it takes. */
function readItem(decoder: decoding.Decoder, info: number): number {
  const hasOrigin = (info & 0x80) !== 0;
  const hasRightOrigin = (info & 0x40) !== 0;
  const hasKey = (info & 0x20) !== 0;
  if (hasOrigin) readId(decoder);
  if (hasRightOrigin) readId(decoder);
  let atRoot = false;
  if (!hasOrigin && !hasRightOrigin) {
    const root = decoding.readVarUint(decoder);
    if (root === 1) {
      atRoot = true;
      const name = decoding.readVarString(decoder);
      if (name !== notesRoot) throw new NotForNotes(`a root called ${name.slice(0, 40)}`);
    } else {
      readId(decoder);
    }
    if (hasKey) {
      const key = decoding.readVarString(decoder);
      if (!attributes.has(key)) throw new NotForNotes(`an attribute called ${key.slice(0, 40)}`);
    }
  }
  return readContent(decoder, info & 0b11111, { atRoot, hasKey });
}

function readContent(
  decoder: decoding.Decoder,
  reference: number,
  place: { atRoot: boolean; hasKey: boolean },
): number {
  switch (reference) {
    case ref.deleted: {
      const length = readNumber(decoder);
      if (length > deletedAtMost) throw new NotForNotes('too long a run that was deleted before it came');
      return length;
    }
    case ref.string: {
      if (place.atRoot || place.hasKey) throw new NotForNotes('text outside a paragraph');
      return decoding.readVarString(decoder).length;
    }
    case ref.format: {
      readMark(decoding.readVarString(decoder), decoding.readVarString(decoder));
      return 1;
    }
    case ref.type:
      readType(decoder);
      return 1;
    case ref.any: {
      if (!place.hasKey) throw new NotForNotes('a value that is no attribute');
      const length = readCount(decoder);
      for (let left = length; left > 0; left -= 1) readAttribute(decoding.readAny(decoder));
      return length;
    }
    default:
      throw new NotForNotes(`content of kind ${reference}`);
  }
}

function readMark(key: string, json: string): void {
  // y-tiptap names a mark that may overlap itself `name--hash`.
  const name = key.split('--')[0] ?? '';
  if (!marks.has(name)) throw new NotForNotes(`a mark called ${key.slice(0, 40)}`);
  const value: unknown = JSON.parse(json);
  if (name !== 'link' || value === null) return;
  const href = typeof value === 'object' && 'href' in value ? value.href : undefined;
  if (typeof href !== 'string' || !safeLink.test(href)) throw new NotForNotes('a link that is not http, mailto or tel');
}

function readType(decoder: decoding.Decoder): void {
  const type = readNumber(decoder);
  if (type === typeRef.text) return;
  if (type !== typeRef.element) throw new NotForNotes(`a shared type of kind ${type}`);
  const name = decoding.readVarString(decoder);
  if (!nodes.has(name)) throw new NotForNotes(`an element called ${name.slice(0, 40)}`);
}

/** Numbers, short words, true and false, and lists of column widths: nothing an attribute could hide words in. */
function readAttribute(value: unknown): void {
  const plain = (each: unknown) =>
    each === null ||
    typeof each === 'number' ||
    typeof each === 'boolean' ||
    (typeof each === 'string' && each.length <= 20);
  if (plain(value) || (Array.isArray(value) && value.length <= 64 && value.every(plain))) return;
  throw new NotForNotes('an attribute of that value');
}

function readDeletions(decoder: decoding.Decoder): Deletion[] {
  const deletions: Deletion[] = [];
  for (let clients = readCount(decoder); clients > 0; clients -= 1) {
    const client = readNumber(decoder);
    for (let ranges = readCount(decoder); ranges > 0; ranges -= 1) {
      deletions.push({ client, clock: readNumber(decoder), length: readNumber(decoder) });
    }
  }
  return deletions;
}

function readId(decoder: decoding.Decoder): void {
  readNumber(decoder);
  readNumber(decoder);
}

function readNumber(decoder: decoding.Decoder): number {
  const value = decoding.readVarUint(decoder);
  if (!Number.isSafeInteger(value)) throw new NotAnUpdate('a number out of range');
  return value;
}

/** A count of things that follow, each at least one byte long: more than there are bytes left is a lie. */
function readCount(decoder: decoding.Decoder): number {
  const value = readNumber(decoder);
  if (value > decoder.arr.length - decoder.pos) throw new NotAnUpdate('a count larger than what follows');
  return value;
}
