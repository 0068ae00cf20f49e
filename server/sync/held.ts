/** What the server holds of one note without holding the note: how far each client has come, and where things stand. */
import { nodeNames } from '#schema/notes.ts';
import { scanInTurn, standsOnMissing } from './in-turn.ts';
import { content, place, scan, type Malformed, type Struct, type Visitor } from './scan.ts';

/** Deepest nesting of elements: a list in a list in a table, many times over (T19). */
export const deepest = 32;

/**
 * An element, text or attribute as one small number: what it is, what holds it, and how deep it
 * stands; for an attribute its name in place of the depth. Zero is anything else: characters, marks.
 */
const codeOf = (is: number, inside: number, depth: number): number => is | (inside << 4) | (depth << 8);
const isOf = (code: number): number => code & 0xf;
const insideOf = (code: number): number => (code >> 4) & 0xf;
const depthOf = (code: number): number => code >> 8;

const rootCode = codeOf(place.root, 0, 0);

const number = Object.fromEntries(nodeNames.map((name, index) => [name, index + 1])) as Record<
  (typeof nodeNames)[number],
  number
>;
const blocks = [
  number.paragraph,
  number.heading,
  number.bulletList,
  number.orderedList,
  number.blockquote,
  number.horizontalRule,
  number.table,
];
const words = [place.text, number.hardBreak];

/**
 * What may stand in what: as the editor's schema has it. An honest copy that meets anything else
 * deletes what holds it, in its own name; so a wrong child is refused before anyone meets it.
 */
const mayHold: ReadonlyMap<number, ReadonlySet<number>> = new Map([
  [place.root, new Set(blocks)],
  [number.paragraph, new Set(words)],
  [number.heading, new Set(words)],
  [number.bulletList, new Set([number.listItem])],
  [number.orderedList, new Set([number.listItem])],
  [number.listItem, new Set(blocks)],
  [number.blockquote, new Set(blocks)],
  [number.table, new Set([number.tableRow])],
  [number.tableRow, new Set([number.tableHeader, number.tableCell])],
  [number.tableHeader, new Set(blocks)],
  [number.tableCell, new Set(blocks)],
]);

/** Largest number each attribute may be, in the order of `attributeNames`; a table of 10^9 columns would stop every browser. */
const largest = [0, 6, Number.POSITIVE_INFINITY, 0, 100, 100, 10_000];
const least = [0, 1, Number.NEGATIVE_INFINITY, 0, 1, 1, 0];

export type Misplaced = 'misplaced' | 'too-deep' | 'unknown-value';

/** Elements, texts and attributes of one client: where each begins and ends, rising, and its code. */
type Places = { starts: number[]; ends: number[]; codes: number[] };

export class Held {
  /** The next clock expected of each client. */
  readonly clocks = new Map<number, number>();
  readonly #places = new Map<number, Places>();

  readonly clockOf = (client: number): number => this.clocks.get(client) ?? 0;

  /** What stands at an id; 0 for characters, marks and what is not known. */
  codeAt(client: number, clock: number): number {
    const places = this.#places.get(client);
    if (places === undefined) return 0;
    const { starts, ends, codes } = places;
    let low = 0;
    let high = starts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((starts[middle] as number) <= clock) low = middle + 1;
      else high = middle;
    }
    return low > 0 && clock < (ends[low - 1] as number) ? (codes[low - 1] as number) : 0;
  }

  /** Takes in `struct`, which stands on things held and goes on from where its client is; or says why it may not stand there. */
  put(struct: Struct): Misplaced | null {
    const code = placeOf(struct, this);
    if (typeof code === 'string') return code;
    this.#take(struct, code);
    return null;
  }

  /** The same of what is stored: what an earlier guard let in stays in the notes, and nothing more may stand on it. */
  putStored(struct: Struct): void {
    const code = placeOf(struct, this);
    this.#take(struct, typeof code === 'number' ? code : 0);
  }

  #take({ client, clock, length }: Struct, code: number): void {
    const end = clock + length;
    if (code !== 0) {
      const places = this.#places.get(client) ?? { starts: [], ends: [], codes: [] };
      if (places.starts.length === 0) this.#places.set(client, places);
      places.starts.push(Math.max(clock, this.clockOf(client)));
      places.ends.push(end);
      places.codes.push(code);
    }
    this.clocks.set(client, end);
  }

  /** How many places are held of a client: however many values an attribute was given at once, they are one. */
  placesOf(client: number): number {
    return this.#places.get(client)?.starts.length ?? 0;
  }

  /** Goes back: `client` has come no further than `clock`, with so many places. */
  forget(client: number, clock: number, places: number): void {
    if (clock === 0) this.clocks.delete(client);
    else this.clocks.set(client, clock);
    const held = this.#places.get(client);
    if (!held) return;
    if (places === 0) this.#places.delete(client);
    held.starts.length = places;
    held.ends.length = places;
    held.codes.length = places;
  }
}

/** How far clients had come before something was tried, to go back to. */
export class Trail {
  readonly #held: Held;
  readonly #steps: { client: number; clock: number; places: number }[] = [];
  #last = -1;

  constructor(held: Held) {
    this.#held = held;
  }

  /** Before something of `client` is taken in. */
  leave(client: number): void {
    if (client === this.#last) return;
    this.#last = client;
    this.#steps.push({ client, clock: this.#held.clockOf(client), places: this.#held.placesOf(client) });
  }

  goBack(): void {
    for (const { client, clock, places } of this.#steps.reverse()) this.#held.forget(client, clock, places);
    this.#steps.length = 0;
    this.#last = -1;
  }
}

function placeOf(struct: Struct, places: Held): number | Misplaced {
  const left = struct.hasOrigin ? places.codeAt(struct.originClient, struct.originClock) : -1;
  const right = struct.hasRight ? places.codeAt(struct.rightClient, struct.rightClock) : -1;
  if (left !== -1 && right !== -1 && !areAlike(left, right)) return 'misplaced';
  const beside = left === -1 ? right : left;
  const holder = struct.inRoot
    ? rootCode
    : struct.hasParent
      ? places.codeAt(struct.parentClient, struct.parentClock)
      : 0;
  switch (struct.ref) {
    case content.type:
      if (beside !== -1)
        return isElement(beside) ? placeElement(struct, insideOf(beside), depthOf(beside)) : 'misplaced';
      return placeElement(struct, isOf(holder), depthOf(holder) + 1);
    case content.any:
      return placeAttribute(struct, beside, isOf(holder));
    default:
      // Characters and marks stand beside their like, or first in a text.
      if (beside !== -1) return beside === 0 ? 0 : 'misplaced';
      return isOf(holder) === place.text && struct.attribute === 0 ? 0 : 'misplaced';
  }
}

const isElement = (code: number): boolean => isOf(code) >= 1 && isOf(code) <= place.text;

/** Neighbours have one parent; as far as is known here, one kind of parent at one depth. */
function areAlike(left: number, right: number): boolean {
  if (left === 0 || right === 0) return left === right;
  return left >> 4 === right >> 4 && (isOf(left) === place.attribute) === (isOf(right) === place.attribute);
}

function placeElement(struct: Struct, holder: number, depth: number): number | Misplaced {
  if (struct.attribute !== 0 || !mayHold.get(holder)?.has(struct.names)) return 'misplaced';
  return depth > deepest ? 'too-deep' : codeOf(struct.names, holder, depth);
}

function placeAttribute(struct: Struct, beside: number, holder: number): number | Misplaced {
  const { attribute } = struct;
  if (beside !== -1) {
    if (isOf(beside) !== place.attribute) return 'misplaced';
    return inRange(depthOf(beside), struct) ? beside : 'unknown-value';
  }
  if (attribute === 0 || holder < 1 || holder > nodeNames.length) return 'misplaced';
  return inRange(attribute, struct) ? codeOf(place.attribute, holder, attribute) : 'unknown-value';
}

function inRange(attribute: number, values: Pick<Struct, 'largest' | 'least'>): boolean {
  return values.largest <= (largest[attribute] as number) && values.least >= (least[attribute] as number);
}

/** Why what is stored cannot be taken in: no copy could show the notes with it. */
export type Unsound = Malformed | 'gap' | 'garbage' | 'deletes-unknown';

/**
 * Learns what updates from our own log hold, or nothing of them where one is unsound. What an
 * earlier guard was content with is not asked again; only that each stands on what came before it.
 */
export function learn(held: Held, updates: Iterable<Uint8Array>): Unsound | null {
  const learning = new Learning(held);
  for (const update of updates) {
    const first = scan(update, learning);
    // A merged copy lists structs by client, not by who stands on whom.
    const wrong = first === 'elsewhere' ? scanInTurn<Unsound>(update, learning, held.clockOf) : first;
    if (wrong === null) continue;
    learning.goBack();
    return wrong;
  }
  return null;
}

class Learning implements Visitor<Unsound | 'elsewhere'> {
  readonly #held: Held;
  readonly #trail: Trail;

  constructor(held: Held) {
    this.#held = held;
    this.#trail = new Trail(held);
  }

  struct(struct: Struct): Unsound | 'elsewhere' | null {
    const { client, clock, length, ref } = struct;
    const known = this.#held.clockOf(client);
    if (clock + length <= known) return null;
    if (ref === content.gc || ref === content.skip) return 'garbage';
    if (clock > known) return 'gap';
    const missing = standsOnMissing(struct, this.#held.clockOf);
    if (missing) return missing;
    this.#trail.leave(client);
    this.#held.putStored(struct);
    return null;
  }

  deletion(client: number, clock: number, length: number): Unsound | null {
    return clock + length > this.#held.clockOf(client) ? 'deletes-unknown' : null;
  }

  goBack(): void {
    this.#trail.goBack();
  }
}

/** The same of updates that are known to be sound. Throws where one is not. */
export function absorb(held: Held, updates: Iterable<Uint8Array>): void {
  const wrong = learn(held, updates);
  if (wrong) throw new Error(`The log holds an update that is not sound: ${wrong}`);
}
