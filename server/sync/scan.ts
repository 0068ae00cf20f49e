/** Walks a Yjs update (encoding V1) byte by byte: every bound checked, nothing decoded that need not be. */
import { attributeNames, markNames, nodeNames, notesRoot } from '#schema/notes.ts';

/**
 * The grammar, as Yjs 13 reads it. Numbers are varUints.
 *
 *   update     = blocks { structs client clock struct* } , deletions
 *   struct     = info [ origin ] [ rightOrigin ] [ parent [ parentSub ] ] content
 *   deletions  = clients { client ranges { clock length } }
 *
 * Only what the notes may hold is known here (`schema/notes.ts`): strings, marks, elements, texts,
 * attributes, and ranges deleted before they were ever sent. All else is a reason to refuse.
 */
export const content = { gc: 0, deleted: 1, string: 4, format: 6, type: 7, any: 8, skip: 10 } as const;

/** Why an update cannot be walked. */
export type Malformed = 'malformed' | 'unknown-content' | 'unknown-name' | 'unknown-value';

/** An element, a text or an attribute, by number: 1 to 12 are `nodeNames` in their order. */
export const place = {
  text: nodeNames.length + 1,
  attribute: nodeNames.length + 2,
  root: nodeNames.length + 3,
} as const;

/** One struct as it is walked past: a single object, overwritten for each. */
export type Struct = {
  client: number;
  clock: number;
  /** Characters, or units of content: how far the clock moves. */
  length: number;
  /** One of `content`. */
  ref: number;
  hasOrigin: boolean;
  originClient: number;
  originClock: number;
  hasRight: boolean;
  rightClient: number;
  rightClock: number;
  /** Neither origin: then it stands in the root, or first in the element or text `parent`. */
  inRoot: boolean;
  hasParent: boolean;
  parentClient: number;
  parentClock: number;
  /** The attribute it says it is the value of: 1 to 6 are `attributeNames` in their order; 0 when it does not say. */
  attribute: number;
  /** For `content.type`: the element's number, or `place.text`. */
  names: number;
  /** For `content.any`: the largest and the least number in its values; infinite where there is none. */
  largest: number;
  least: number;
  /** For `content.format`: it is a link to what could run when it is followed. */
  runs: boolean;
};

/** Structs of one client that follow one another in an update: from `clock` on, so many, the first of them at byte `at`. */
export type Block = { client: number; clock: number; structs: number; at: number };

export type Visitor<Stop> = {
  block?: (block: Block) => void;
  struct: (struct: Struct) => Stop | null;
  deletion: (client: number, clock: number, length: number) => Stop | null;
};

/** Bytes, and for an array its items: far more than the editor makes. */
const limit = { name: 64, json: 4096, array: 128, text: 64 } as const;

class Bad extends Error {
  readonly why: Malformed;
  constructor(why: Malformed) {
    super(why);
    this.why = why;
  }
}
const bad = {
  malformed: new Bad('malformed'),
  content: new Bad('unknown-content'),
  name: new Bad('unknown-name'),
  value: new Bad('unknown-value'),
};

let bytes: Uint8Array = new Uint8Array(0);
let pos = 0;
let end = 0;

const struct: Struct = {
  client: 0,
  clock: 0,
  length: 0,
  ref: 0,
  hasOrigin: false,
  originClient: 0,
  originClock: 0,
  hasRight: false,
  rightClient: 0,
  rightClock: 0,
  inRoot: false,
  hasParent: false,
  parentClient: 0,
  parentClock: 0,
  attribute: 0,
  names: 0,
  largest: 0,
  least: 0,
  runs: false,
};

/**
 * Walks `update` and tells the visitor of each struct and each deleted range, in order. Returns
 * null when it was walked whole, else the visitor's reason to stop or what is wrong with the bytes.
 * Synchronous and not reentrant: a visitor must not scan.
 */
export function scan<Stop extends string>(update: Uint8Array, visitor: Visitor<Stop>): Stop | Malformed | null {
  bytes = update;
  pos = 0;
  end = update.length;
  try {
    return walkStructs(visitor) ?? walkDeletions(visitor) ?? (pos === end ? null : 'malformed');
  } catch (error) {
    if (error instanceof Bad) return error.why;
    throw error;
  }
}

/**
 * Walks one block of a well-formed update until the visitor stops. `block` is moved on past every
 * struct that the visitor took: walked again, it goes on with the one that made it stop.
 */
export function scanBlock<Stop extends string>(
  update: Uint8Array,
  block: Block,
  visitor: Pick<Visitor<Stop>, 'struct'>,
): Stop | null {
  bytes = update;
  pos = block.at;
  end = update.length;
  while (block.structs > 0) {
    const stop = walkStruct(block.client, block.clock, visitor);
    if (stop !== null) return stop;
    block.clock += struct.length;
    block.structs -= 1;
    block.at = pos;
  }
  return null;
}

/** Where the deletions of a well-formed update begin. */
export function deletionsOffset(update: Uint8Array): number {
  bytes = update;
  pos = 0;
  end = update.length;
  walkStructs({ struct: () => null, deletion: () => null });
  return pos;
}

function walkStructs<Stop>(visitor: Visitor<Stop>): Stop | null {
  const blocks = uint();
  let last = Number.POSITIVE_INFINITY;
  for (let block = 0; block < blocks; block += 1) {
    const structs = uint();
    const client = uint();
    // Yjs writes clients from the highest number down, and relies on it: it keeps only the last block
    // of a client, and joins updates in that order. In any other, copies would come to differ.
    if (client >= last) throw bad.malformed;
    last = client;
    let clock = uint();
    if (structs === 0) throw bad.malformed;
    visitor.block?.({ client, clock, structs, at: pos });
    for (let left = structs; left > 0; left -= 1) {
      const stop = walkStruct(client, clock, visitor);
      if (stop !== null) return stop;
      clock += struct.length;
    }
  }
  return null;
}

function walkStruct<Stop>(client: number, clock: number, visitor: Pick<Visitor<Stop>, 'struct'>): Stop | null {
  struct.client = client;
  struct.clock = clock;
  readStruct();
  if (struct.length === 0 || clock + struct.length > Number.MAX_SAFE_INTEGER) throw bad.malformed;
  return visitor.struct(struct);
}

function walkDeletions<Stop>(visitor: Visitor<Stop>): Stop | null {
  for (let clients = uint(); clients > 0; clients -= 1) {
    const client = uint();
    for (let ranges = uint(); ranges > 0; ranges -= 1) {
      const clock = uint();
      const length = uint();
      if (length === 0) throw bad.malformed;
      const stop = visitor.deletion(client, clock, length);
      if (stop !== null) return stop;
    }
  }
  return null;
}

const hasOriginBit = 0x80;
const hasRightBit = 0x40;
const hasSubBit = 0x20;

function readStruct(): void {
  const info = byte();
  const ref = info & 0x1f;
  struct.ref = ref;
  if (ref === content.gc || ref === content.skip) {
    // Yjs has two readers: one knows these by the whole byte, one by its low bits. Where they differ, refuse.
    if (info !== ref) throw bad.malformed;
    struct.length = uint();
    return;
  }
  struct.hasOrigin = (info & hasOriginBit) !== 0;
  struct.hasRight = (info & hasRightBit) !== 0;
  if (struct.hasOrigin) {
    struct.originClient = uint();
    struct.originClock = uint();
  }
  if (struct.hasRight) {
    struct.rightClient = uint();
    struct.rightClock = uint();
  }
  struct.inRoot = false;
  struct.hasParent = false;
  struct.attribute = 0;
  if (!struct.hasOrigin && !struct.hasRight) {
    readParent();
    if ((info & hasSubBit) !== 0) {
      const attribute = attributes.get(shortText());
      if (attribute === undefined) throw bad.name;
      struct.attribute = attribute;
    }
  }
  readContent(ref);
}

function readParent(): void {
  const isRoot = uint();
  if (isRoot === 1) {
    if (shortText() !== notesRoot) throw bad.name;
    struct.inRoot = true;
  } else if (isRoot === 0) {
    struct.hasParent = true;
    struct.parentClient = uint();
    struct.parentClock = uint();
  } else {
    throw bad.malformed;
  }
}

const attributes: ReadonlyMap<string, number> = new Map(attributeNames.map((name, index) => [name, index + 1]));
const marks: ReadonlySet<string> = new Set(markNames);
const elements: ReadonlyMap<string, number> = new Map(nodeNames.map((name, index) => [name, index + 1]));

/** As in Yjs' `typeRefs`. */
const typeRef = { xmlElement: 3, xmlText: 6 } as const;

function readContent(ref: number): void {
  struct.length = 1;
  switch (ref) {
    case content.string:
      struct.length = utf16Length();
      return;
    case content.format: {
      struct.runs = false;
      const mark = shortText();
      if (!marks.has(mark)) throw bad.name;
      readMark(mark);
      return;
    }
    case content.type: {
      const type = uint();
      if (type === typeRef.xmlText) {
        struct.names = place.text;
      } else if (type === typeRef.xmlElement) {
        const name = elements.get(shortText());
        if (name === undefined) throw bad.name;
        struct.names = name;
      } else {
        throw bad.content;
      }
      return;
    }
    case content.any:
      // Values that followed one another in one attribute are one struct in a copy that comes back.
      struct.length = uint();
      struct.largest = Number.NEGATIVE_INFINITY;
      struct.least = Number.POSITIVE_INFINITY;
      for (let left = struct.length; left > 0; left -= 1) readValue();
      return;
    case content.deleted:
      struct.length = uint();
      return;
    default:
      throw bad.content;
  }
}

/** A mark begins with an object of attributes and ends with null. Only a link has any: where it leads. */
function readMark(mark: string): void {
  const length = uint();
  if (length > limit.json) throw bad.value;
  const from = skip(length);
  const first = bytes[from];
  // "null" and "{}" are all that most marks ever say: not worth parsing.
  if (length === 4 && first === 0x6e && isText(from, 'null')) return;
  if (length === 2 && first === 0x7b && isText(from, '{}')) return;
  if (length === 4 && first === 0x74 && isText(from, 'true')) return;
  const link = mark === 'link' ? linkIn(decodeText(from, length)) : undefined;
  if (link === undefined) throw bad.value;
  struct.runs = link !== null && !isAddress(link);
}

/** Where a link leads; undefined when it is no link. */
function linkIn(json: string): string | null | undefined {
  try {
    const value: unknown = JSON.parse(json);
    if (typeof value !== 'object' || value === null) return undefined;
    const entries = Object.entries(value);
    if (!entries.every(([key, each]) => key === 'href' && (each === null || typeof each === 'string')))
      return undefined;
    return (entries[0]?.[1] as string | null | undefined) ?? null;
  } catch {
    // Not JSON: Yjs would throw here too, in every copy.
    return undefined;
  }
}

/**
 * An address that cannot run anything when it is followed. A browser drops white space and control
 * characters before a scheme, and tabs and line ends within it, before it reads what the scheme is.
 */
function isAddress(text: string): boolean {
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(text.replaceAll(/[\s\p{C}]/gu, ''))?.[1]?.toLowerCase();
  return scheme === undefined || scheme === 'http' || scheme === 'https' || scheme === 'mailto' || scheme === 'tel';
}

/** lib0's encoding of any value; of these only what an attribute may be. */
const any = {
  undefined: 127,
  null: 126,
  integer: 125,
  float32: 124,
  float64: 123,
  false: 121,
  true: 120,
  string: 119,
  array: 117,
} as const;

function readValue(): void {
  switch (byte()) {
    case any.undefined:
    case any.null:
    case any.false:
    case any.true:
      return;
    case any.integer:
      take(integer());
      return;
    case any.float32:
      skip(4);
      take(Number.POSITIVE_INFINITY);
      return;
    case any.float64:
      skip(8);
      take(Number.POSITIVE_INFINITY);
      return;
    case any.string: {
      const length = uint();
      if (length > limit.text) throw bad.value;
      decodeText(skip(length), length);
      return;
    }
    case any.array: {
      const length = uint();
      if (length > limit.array) throw bad.value;
      for (let left = length; left > 0; left -= 1) {
        const type = byte();
        if (type === any.integer) take(integer());
        else if (type !== any.null) throw bad.value;
      }
      return;
    }
    default:
      throw bad.value;
  }
}

function take(value: number): void {
  if (value > struct.largest) struct.largest = value;
  if (value < struct.least) struct.least = value;
}

/** lib0's varInt: the sign stands in the first byte. */
function integer(): number {
  const first = byte();
  let value = first & 0x3f;
  if (first & 0x80) {
    let scale = 64;
    for (let next = 0x80; next & 0x80; scale *= 128) {
      if (scale > 2 ** 48) throw bad.value;
      next = byte();
      value += (next & 0x7f) * scale;
    }
  }
  return first & 0x40 ? -value : value;
}

function byte(): number {
  if (pos >= end) throw bad.malformed;
  return bytes[pos++] as number;
}

function uint(): number {
  if (pos >= end) throw bad.malformed;
  const first = bytes[pos++] as number;
  if (first < 0x80) return first;
  let value = first & 0x7f;
  let scale = 128;
  for (;;) {
    if (pos >= end) throw bad.malformed;
    const next = bytes[pos++] as number;
    value += (next & 0x7f) * scale;
    if (value > Number.MAX_SAFE_INTEGER) throw bad.malformed;
    if (next < 0x80) return value;
    scale *= 128;
    // Yjs' reader takes leading zeros without end; no writer makes them.
    if (scale > 2 ** 53) throw bad.malformed;
  }
}

/** Moves past `length` bytes; returns where they begin. */
function skip(length: number): number {
  if (length > end - pos) throw bad.malformed;
  const from = pos;
  pos += length;
  return from;
}

/** A name: short, and in ASCII, as all of ours are. */
function shortText(): string {
  const length = uint();
  if (length > limit.name) throw bad.name;
  const from = skip(length);
  let text = '';
  for (let at = from; at < from + length; at += 1) text += String.fromCharCode(bytes[at] as number);
  return text;
}

function isText(from: number, text: string): boolean {
  for (let index = 0; index < text.length; index += 1) if (bytes[from + index] !== text.charCodeAt(index)) return false;
  return true;
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function decodeText(from: number, length: number): string {
  try {
    return decoder.decode(bytes.subarray(from, from + length));
  } catch {
    throw bad.malformed;
  }
}

/**
 * A string's length in UTF-16 code units, which is how Yjs counts. Refuses what the fatal decoder of
 * every client would refuse: overlong forms, surrogates, anything past U+10FFFF, truncation.
 */
function utf16Length(): number {
  const size = uint();
  let at = skip(size);
  const to = at + size;
  let units = size;
  while (at < to) {
    const lead = bytes[at++] as number;
    if (lead < 0x80) continue;
    let more: number;
    let lowest = 0x80;
    let highest = 0xbf;
    if (lead >= 0xc2 && lead <= 0xdf) {
      more = 1;
      units -= 1;
    } else if (lead >= 0xe0 && lead <= 0xef) {
      more = 2;
      units -= 2;
      if (lead === 0xe0) lowest = 0xa0;
      if (lead === 0xed) highest = 0x9f;
    } else if (lead >= 0xf0 && lead <= 0xf4) {
      more = 3;
      units -= 2;
      if (lead === 0xf0) lowest = 0x90;
      if (lead === 0xf4) highest = 0x8f;
    } else {
      throw bad.malformed;
    }
    if (at + more > to) throw bad.malformed;
    const second = bytes[at++] as number;
    if (second < lowest || second > highest) throw bad.malformed;
    for (; more > 1; more -= 1) {
      const next = bytes[at++] as number;
      if (next < 0x80 || next > 0xbf) throw bad.malformed;
    }
  }
  return units;
}
