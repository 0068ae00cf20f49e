/** Who wrote what, and who took it away: the notes as they stood at any moment, from the log alone. */
import { and, eq, inArray } from 'drizzle-orm';
import { applyUpdate, ContentString, ContentType, Doc, XmlElement, type Item, type Transaction } from 'yjs';
import type { Instant } from '#schema/calendar.ts';
import type { AgencyId, PersonId, RoomId } from '#schema/id.ts';
import { notesRoot } from '#schema/notes.ts';
import { agency, membership, person, room as roomTable } from '#schema/tables/index.ts';
import type { Database } from '../store.ts';
import { Held } from './held.ts';
import { readRows, type LogRow } from './log.ts';
import { unpack } from './packed.ts';
import { sift } from './sift.ts';

/** A row of the log: which, who, and when by the database's clock. */
export type Act = { seq: number; at: Instant; person: PersonId };
/** Characters that one act wrote, and the act that deleted them, if one had by then. */
export type Run = { text: string; written: Act; deleted: Act | null };
/** A block of text: its element, what that stands in, and how deep. */
export type Line = { element: string; holder: string; depth: number; runs: Run[] };
/** The notes as of a row. */
export type Moment = { seq: number; at: Instant | null; lines: Line[] };

/** Up to which row: its number, or everything stored until then. */
export type Until = { seq: number } | { at: Instant };

/** Who somebody was when they wrote: as on that day. */
export type Writer = { name: string; agency: { id: AgencyId; name: string } };

/**
 * The notes as they stood, each run of characters with who wrote it and, where `deleted` ones are
 * asked for, who deleted it. The log is read from its first row: snapshots are a cache and prove
 * nothing. Characters stand in the order the notes show them.
 */
export async function notesAt(
  db: Database,
  room: RoomId,
  until: Until,
  options: { deleted?: boolean } = {},
): Promise<Moment> {
  return replay(await readRows(db, room, 0), until, options);
}

/** Who each of these acts' people was on its day; by act. A person who served nowhere then is not in it. */
export async function writersOf(db: Database, room: RoomId, acts: readonly Act[]): Promise<Map<Act, Writer>> {
  const people = [...new Set(acts.map(({ person }) => person))];
  if (people.length === 0) return new Map();
  const served = await db
    .select({
      person: person.id,
      name: person.name,
      agency: { id: agency.id, name: agency.name },
      since: membership.since,
      until: membership.until,
    })
    .from(membership)
    .innerJoin(person, eq(person.id, membership.person))
    .innerJoin(agency, eq(agency.id, membership.agency))
    .innerJoin(roomTable, eq(roomTable.partnership, membership.partnership))
    .where(and(eq(roomTable.id, room), inArray(membership.person, people)));
  const writers = new Map<Act, Writer>();
  for (const act of acts) {
    const at = Date.parse(act.at);
    const serving = served.find(
      (each) =>
        each.person === act.person && Date.parse(each.since) <= at && (!each.until || at < Date.parse(each.until)),
    );
    if (serving) writers.set(act, { name: serving.name, agency: serving.agency });
  }
  return writers;
}

/** The same from rows at hand; they must begin with the first. */
export function replay(rows: readonly LogRow[], until: Until, { deleted = false } = {}): Moment {
  const doc = new Doc({ gc: false });
  const written = new Ranges();
  const erased = new Ranges();
  let last: Act | null = null;
  for (const { seq, at, person, updates } of sift(rows, new Held()).rows) {
    if ('seq' in until ? seq > until.seq : Date.parse(at) > Date.parse(until.at)) break;
    const act: Act = { seq, at, person };
    const note = (transaction: Transaction): void => {
      for (const [client, clock] of transaction.afterState) {
        const before = transaction.beforeState.get(client) ?? 0;
        if (clock > before) written.add(client, before, clock, act);
      }
      for (const [client, ranges] of transaction.deleteSet.clients) {
        for (const { clock, len } of ranges) erased.add(client, clock, clock + len, act);
      }
    };
    doc.on('afterTransaction', note);
    // One by one, as copies that keep up take them in: it may matter where neighbours are misnamed.
    for (const update of unpack(updates)) applyUpdate(doc, update);
    doc.off('afterTransaction', note);
    last = act;
  }
  const lines = linesOf(doc, written, deleted ? erased : null);
  doc.destroy();
  return { seq: last?.seq ?? 0, at: last?.at ?? null, lines };
}

type Range = { from: number; to: number; act: Act };

/** Which act touched each character; each is touched once. */
class Ranges {
  /** By client, rising, none overlapping another. */
  readonly #clients = new Map<number, Range[]>();

  add(client: number, from: number, to: number, act: Act): void {
    const ranges = this.#clients.get(client);
    if (ranges) ranges.splice(after(ranges, from), 0, { from, to, act });
    else this.#clients.set(client, [{ from, to, act }]);
  }

  /** The act that touched a character, and up to where it touched those after it too. */
  at(client: number, clock: number): Range | null {
    const ranges = this.#clients.get(client) ?? [];
    const range = ranges[after(ranges, clock) - 1];
    return range && clock < range.to ? range : null;
  }
}

/** How many ranges begin at or before `clock`. */
function after(ranges: readonly Range[], clock: number): number {
  let low = 0;
  let high = ranges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ranges[middle] as Range).from <= clock) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Elements that only hold others: they are no line of their own. */
const holders: ReadonlySet<string> = new Set([
  'root',
  'bulletList',
  'orderedList',
  'listItem',
  'blockquote',
  'table',
  'tableRow',
  'tableHeader',
  'tableCell',
]);

function linesOf(doc: Doc, written: Ranges, erased: Ranges | null): Line[] {
  const lines: Line[] = [];
  const root = doc.getXmlFragment(notesRoot);
  walk(root._start, 'root', '', 0);
  return lines;

  function walk(first: Item | null, element: string, holder: string, depth: number): void {
    const line: Line = { element, holder, depth, runs: [] };
    for (let item = first; item !== null; item = item.right) {
      if (item.deleted && !erased) continue;
      if (item.content instanceof ContentString) write(line, item, item.content.str);
      else if (item.content instanceof ContentType) walkInto(item.content, line);
    }
    if (line.runs.length > 0 || !holders.has(element)) lines.push(line);
  }

  function walkInto({ type }: ContentType, line: Line): void {
    if (type instanceof XmlElement) {
      if (type.nodeName === 'hardBreak') breakLine(line, type._item);
      else walk(type._start, type.nodeName, line.element, line.depth + 1);
      return;
    }
    // A text stands in its element's line.
    for (let item = type._start; item !== null; item = item.right) {
      if (!(item.content instanceof ContentString) || (item.deleted && !erased)) continue;
      write(line, item, item.content.str);
    }
  }

  function breakLine(line: Line, item: Item | null): void {
    if (item) write(line, item, '\n');
  }

  function write(line: Line, item: Item, text: string): void {
    for (const run of runsOf(item, text, written, erased)) line.runs.push(run);
  }
}

/** A bundle of characters, parted where another act wrote or deleted them. */
function runsOf(item: Item, text: string, written: Ranges, erased: Ranges | null): Run[] {
  const { client, clock } = item.id;
  const runs: Run[] = [];
  const end = clock + text.length;
  for (let at = clock; at < end;) {
    const by = written.at(client, at);
    if (!by) throw new Error(`Nobody wrote character ${client}:${at}`);
    const gone = item.deleted ? (erased?.at(client, at) ?? null) : null;
    const to = Math.min(end, by.to, gone?.to ?? end);
    runs.push({ text: text.slice(at - clock, to - clock), written: by.act, deleted: gone?.act ?? null });
    at = to;
  }
  return runs;
}

/** Neighbouring runs of one person as one, with the first and last moment they were written. */
export type Passage = { text: string; person: PersonId; from: Instant; to: Instant };

export function passages(line: Line): Passage[] {
  const joined: Passage[] = [];
  for (const { text, written } of line.runs) {
    const last = joined.at(-1);
    if (last?.person === written.person) {
      last.text += text;
      if (written.at < last.from) last.from = written.at;
      if (written.at > last.to) last.to = written.at;
    } else {
      joined.push({ text, person: written.person, from: written.at, to: written.at });
    }
  }
  return joined;
}
