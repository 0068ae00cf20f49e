/** What the server holds of one note without holding the note: how far each client has come, and where things stand. */
import { nodeNames } from '#schema/notes.ts';
import { content, place, scan, type Struct } from './scan.ts';

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

/** Elements, texts and attributes of one client, by clock, which only rises. */
type Codes = { clocks: number[]; codes: number[] };

/** Tells the code of what stands at an id; 0 for characters, marks and what is not known. */
type Places = { codeAt: (client: number, clock: number) => number };

export class Held {
  /** The next clock expected of each client. */
  readonly clocks = new Map<number, number>();
  readonly #places = new Map<number, Codes>();

  clockOf(client: number): number {
    return this.clocks.get(client) ?? 0;
  }

  codeAt(client: number, clock: number): number {
    const places = this.#places.get(client);
    if (places === undefined) return 0;
    const { clocks, codes } = places;
    let low = 0;
    let high = clocks.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const at = clocks[middle] as number;
      if (at === clock) return codes[middle] as number;
      if (at < clock) low = middle + 1;
      else high = middle - 1;
    }
    return 0;
  }

  /** Notes where `struct`, which stands on things held, stands; or says why it may not. */
  put(struct: Struct): Misplaced | null {
    const code = placeOf(struct, this);
    if (typeof code === 'string') return code;
    this.remember(struct, code);
    return null;
  }

  /** Clocks of one client must come rising. */
  remember({ client, clock, length }: Pick<Struct, 'client' | 'clock' | 'length'>, code: number): void {
    if (code === 0) return;
    const places = this.#places.get(client) ?? { clocks: [], codes: [] };
    if (places.clocks.length === 0) this.#places.set(client, places);
    for (let at = clock; at < clock + length; at += 1) {
      places.clocks.push(at);
      places.codes.push(code);
    }
  }

  /** How many places are held of a client, to go back to with `forget`. */
  placesOf(client: number): number {
    return this.#places.get(client)?.clocks.length ?? 0;
  }

  /** Goes back: `client` has come no further than `clock`, with so many places. */
  forget(client: number, clock: number, places: number): void {
    if (clock === 0) this.clocks.delete(client);
    else this.clocks.set(client, clock);
    const held = this.#places.get(client);
    if (!held) return;
    if (places === 0) this.#places.delete(client);
    held.clocks.length = places;
    held.codes.length = places;
  }
}

function placeOf(struct: Struct, places: Places): number | Misplaced {
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

/**
 * Learns what updates from our own log hold, in any order: a merged copy lists structs by client,
 * not by who stands on whom. Throws when the log lacks something or cannot be walked.
 */
export function absorb(held: Held, updates: Iterable<Uint8Array>): void {
  const structs = new Map<number, Map<number, Struct>>();
  for (const update of updates) {
    const wrong = scan<never>(update, {
      struct(struct) {
        const { client, clock, length, ref } = struct;
        const known = held.clockOf(client);
        if (clock > known) throw new Error(`The log lacks what client ${client} wrote from ${known}`);
        if (clock + length <= known) return null;
        held.clocks.set(client, clock + length);
        if (ref === content.type || ref === content.any) {
          const ofClient = structs.get(client) ?? new Map<number, Struct>();
          structs.set(client, ofClient);
          for (let at = Math.max(clock, known); at < clock + length; at += 1)
            ofClient.set(at, { ...struct, clock: at, length: 1 });
        }
        return null;
      },
      deletion: () => null,
    });
    if (wrong) throw new Error(`The log holds an update that is ${wrong}`);
  }
  placeAll(held, structs);
}

/** Places structs that may stand on one another: each after what it stands on. */
function placeAll(held: Held, structs: ReadonlyMap<number, ReadonlyMap<number, Struct>>): void {
  const codes = new Map<Struct, number>();
  const at = (client: number, clock: number): Struct | undefined => structs.get(client)?.get(clock);
  const places: Places = {
    codeAt(client, clock) {
      const struct = at(client, clock);
      return struct ? (codes.get(struct) ?? 0) : held.codeAt(client, clock);
    },
  };
  const standsOn = (struct: Struct): Struct[] =>
    [
      struct.hasOrigin && at(struct.originClient, struct.originClock),
      struct.hasRight && at(struct.rightClient, struct.rightClock),
      struct.hasParent && at(struct.parentClient, struct.parentClock),
    ].filter((each) => each !== false && each !== undefined);
  /** Places what a struct stands on, then the struct. Not by recursion: a thousand siblings stand on one another. */
  const placeInOrder = (struct: Struct): void => {
    const stack = [struct];
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const next = standsOn(top).find((each) => !codes.has(each));
      if (next) {
        // Nothing, until it is known: were there a circle, it would end here.
        codes.set(next, 0);
        stack.push(next);
        continue;
      }
      const code = placeOf(top, places);
      // What an earlier guard let in stays in the notes; nothing more may stand on it.
      codes.set(top, typeof code === 'number' ? code : 0);
      stack.pop();
    }
  };
  for (const ofClient of structs.values()) {
    for (const struct of ofClient.values()) if (!codes.has(struct)) placeInOrder(struct);
  }
  for (const [client, ofClient] of structs) {
    const clocks = [...ofClient.keys()].sort((a, b) => a - b);
    for (const clock of clocks) held.remember({ client, clock, length: 1 }, places.codeAt(client, clock));
  }
}
