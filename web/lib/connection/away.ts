/** What others changed in the notes while this copy was cut off from them, and the sentences that both sides changed. */
import { ContentType, type Item, XmlElement, XmlText, type Doc, type Transaction, type XmlFragment } from 'yjs';
import { plainText } from '../notes/sections.ts';

export type Missed = {
  /** Paragraphs, headings and tables that others wrote or took away. */
  changes: number;
  /** Under which headings, in the order of the notes; '' above the first. */
  sections: string[];
  /** Sentences, as they stand now, in which this person and others both changed something. */
  both: string[];
};

/** Characters by who wrote them: stretches of each client's clock. */
type Stretches = Map<number, { from: number; to: number }[]>;
type Side = { written: Stretches; deleted: Stretches };
/** A shared type, as far as one walks through it. */
type Held = { _start: Item | null };
type Touched = { mine: boolean; theirs: boolean };

export class Away {
  readonly #notes: XmlFragment;
  readonly #doc: Doc;
  readonly #isRemote: (origin: unknown) => boolean;
  #mine: Side | null = null;
  #theirs: Side | null = null;

  /** `isRemote`: whether a transaction of this origin brings what others did. */
  constructor(doc: Doc, notes: XmlFragment, isRemote: (origin: unknown) => boolean) {
    this.#doc = doc;
    this.#notes = notes;
    this.#isRemote = isRemote;
    doc.on('afterTransaction', (transaction) => this.#took(transaction));
  }

  /** The connection has gone; being cut twice is being cut once. */
  cut(): void {
    this.#mine ??= nothing();
    this.#theirs ??= nothing();
  }

  /** The notes are whole again. Null where this copy was not cut off, or where nobody changed anything. */
  back(): Missed | null {
    const [mine, theirs] = [this.#mine, this.#theirs];
    this.#mine = null;
    this.#theirs = null;
    if (!mine || !theirs || (theirs.written.size === 0 && theirs.deleted.size === 0)) return null;
    const missed: Missed = { changes: 0, sections: [], both: [] };
    let under = '';
    for (const item of itemsOf(this.#notes)) {
      const block = typeIn(item);
      if (!block) continue;
      if (!item.deleted && block instanceof XmlElement && block.nodeName === 'heading') under = plainText(block);
      const touched = touchedIn(item, mine, theirs);
      if (!touched.theirs) continue;
      missed.changes += 1;
      if (missed.sections.at(-1) !== under) missed.sections.push(under);
      if (touched.mine && !item.deleted) missed.both.push(...sentencesOfBoth(block, mine, theirs));
    }
    return { ...missed, sections: [...new Set(missed.sections)] };
  }

  #took({ beforeState, afterState, deleteSet, origin }: Transaction): void {
    const [mine, theirs] = [this.#mine, this.#theirs];
    if (!mine || !theirs) return;
    for (const [client, to] of afterState) {
      const from = beforeState.get(client) ?? 0;
      if (to > from) add(client === this.#doc.clientID ? mine.written : theirs.written, client, from, to);
    }
    const side = this.#isRemote(origin) ? theirs : mine;
    for (const [client, all] of deleteSet.clients) {
      for (const { clock, len } of all) add(side.deleted, client, clock, clock + len);
    }
  }
}

function nothing(): Side {
  return { written: new Map(), deleted: new Map() };
}

function add(to: Stretches, client: number, from: number, until: number): void {
  const known = to.get(client);
  if (known) known.push({ from, to: until });
  else to.set(client, [{ from, to: until }]);
}

function has(stretches: Stretches, client: number, clock: number): boolean {
  return stretches.get(client)?.some(({ from, to }) => from <= clock && clock < to) ?? false;
}

function meets(stretches: Stretches, { id, length }: Item): boolean {
  return stretches.get(id.client)?.some(({ from, to }) => from < id.clock + length && id.clock < to) ?? false;
}

const isOf = (side: Side, item: Item): boolean =>
  item.deleted ? meets(side.deleted, item) : meets(side.written, item);

function* itemsOf(type: Held): Generator<Item> {
  for (let item = type._start; item; item = item.right) yield item;
}

function typeIn({ content }: Item): Held | null {
  return content instanceof ContentType ? content.type : null;
}

/** Whether each side did something to this block or anywhere in it. */
function touchedIn(item: Item, mine: Side, theirs: Side): Touched {
  const touched = { mine: isOf(mine, item), theirs: isOf(theirs, item) };
  const type = typeIn(item);
  for (const inner of type ? itemsOf(type) : []) {
    const within = touchedIn(inner, mine, theirs);
    touched.mine ||= within.mine;
    touched.theirs ||= within.theirs;
  }
  return touched;
}

/** Sentences of a block's texts that hold something of both sides. */
function sentencesOfBoth(block: Held, mine: Side, theirs: Side): string[] {
  if (!(block instanceof XmlText)) {
    return [...itemsOf(block)].flatMap((item) => {
      const inner = item.deleted ? null : typeIn(item);
      return inner ? sentencesOfBoth(inner, mine, theirs) : [];
    });
  }
  const [atMine, atTheirs] = [placesOf(block, mine), placesOf(block, theirs)];
  return [...new Intl.Segmenter('en-GB', { granularity: 'sentence' }).segment(plainText(block))]
    .filter(({ index, segment }) => {
      const isWithin = (at: number) => index <= at && at < index + segment.length;
      return atMine.some(isWithin) && atTheirs.some(isWithin);
    })
    .map(({ segment }) => segment.trim());
}

/** Where in a text a side wrote, or took something away. */
function placesOf(text: XmlText, { written, deleted }: Side): number[] {
  const places: number[] = [];
  let at = 0;
  for (const item of itemsOf(text)) {
    if (!item.countable) continue;
    for (let n = 0; n < item.length; n += 1) {
      const stretches = item.deleted ? deleted : written;
      if (has(stretches, item.id.client, item.id.clock + n)) places.push(item.deleted ? Math.max(0, at - 1) : at);
      if (!item.deleted) at += 1;
    }
  }
  return places;
}
