/** What takes a whole document: one update of many, proved to have lost nothing; the hash of what the notes hold; and their text. */
import {
  applyUpdate,
  ContentFormat,
  ContentString,
  ContentType,
  createDeleteSetFromStructStore,
  Doc,
  encodeStateAsUpdate,
  tryGc,
  type AbstractType,
  type Item,
} from 'yjs';
import { hashOfNotes } from '#schema/content.ts';
import { notesRoot, type FrozenNotes } from '#schema/notes.ts';
import { Deletions } from './deletions.ts';
import type { Stored } from './log.ts';
import { unpack } from './packed.ts';
import { scan, type Visitor } from './scan.ts';
import { soundOf } from './sift.ts';
import { frozen } from './text.ts';
import { joinTyped } from './typed.ts';

/** A merged update and the rows of the log that came after it. */
export type Parts = { merged: Uint8Array; rows: readonly Uint8Array[] };

/** One update of the merged one and so many of the rows after it. */
export type Merged = { whole: Uint8Array; rows: number };

/**
 * The same notes as one update, with all rows; where one update would not read as they do, with as
 * many of the first as will; null where even one is too many.
 *
 * An item names the two neighbours it came between. One that names two which never stood together
 * comes to stand where the order puts it in which all came, and one update has an order of its own.
 * Whoever may write can send such an item, and Yjs' own undo makes one now and then.
 */
export function mergeMost({ merged, rows }: Parts): Merged | null {
  const all = mergeParts({ merged, rows });
  if (all) return { whole: all, rows: rows.length };
  let most: Merged | null = null;
  for (let [low, high] = [1, rows.length - 1]; low <= high;) {
    const middle = (low + high) >> 1;
    const whole = mergeParts({ merged, rows: rows.slice(0, middle) });
    if (whole) most = { whole, rows: middle };
    if (whole) low = middle + 1;
    else high = middle - 1;
  }
  return most;
}

/**
 * The same notes as one update, but for the words that were taken out of them; null where it would
 * read differently. A document is made for it, so that what was typed key by key becomes runs;
 * `mergeUpdates` would keep every key apart. Throws when what comes out does not hold exactly what
 * went in.
 */
export function mergeParts(parts: Parts): Uint8Array | null {
  const updates = updatesOf(parts);
  const doc = docOf(updates);
  leaveOutDeleted(doc);
  const whole = encodeStateAsUpdate(doc);
  prove(updates, whole);
  const again = docOf([whole]);
  const [order, orderAgain] = [orderOf(doc), orderOf(again)];
  for (const each of [doc, again]) each.destroy();
  return order.length === orderAgain.length && order.every((value, at) => value === orderAgain[at]) ? whole : null;
}

/**
 * Of words and marks that were deleted keeps only that they were there: whoever opens the notes is
 * sent no more of them, and their bytes are free again. The log has them, and so has the history.
 * Yjs' own collection goes further and makes blocks of garbage of what stood in a deleted paragraph,
 * or comes to stand in it: elements stay here, and so do attributes, which later ones name.
 */
function leaveOutDeleted({ store }: Doc): void {
  const isWordOrMark = ({ content }: Item): boolean =>
    content instanceof ContentString || content instanceof ContentFormat;
  tryGc(createDeleteSetFromStructStore(store), store, isWordOrMark);
}

/** What is shown of the notes, in its order: of each run its client, clock and length, whatever pieces it is kept in. */
function orderOf(doc: Doc): number[] {
  const order: number[] = [];
  const put = ({ id: { client, clock }, length, deleted }: Item): void => {
    if (deleted) return;
    const last = order.length - 3;
    const isNext = order[last] === client && (order[last + 1] as number) + (order[last + 2] as number) === clock;
    if (isNext) order[last + 2] = (order[last + 2] as number) + length;
    else order.push(client, clock, length);
  };
  const walk = (type: Pick<AbstractType<unknown>, '_start' | '_map'>): void => {
    for (let item = type._start; item !== null; item = item.right) {
      put(item);
      if (!item.deleted && item.content instanceof ContentType) walk(item.content.type);
    }
    for (const key of [...type._map.keys()].sort()) put(type._map.get(key) as Item);
    order.push(-1, -1, 0);
  };
  walk(doc.getXmlFragment(notesRoot));
  return order;
}

/** SHA-256 of what the notes hold, in hexadecimal (`schema/content.ts`). */
export function hashParts(parts: Parts): string {
  const doc = docOf(updatesOf(parts));
  const hash = hashOfNotes(doc.getXmlFragment(notesRoot));
  doc.destroy();
  return hash;
}

/** The readable text of stored notes; null where the merged copy cannot be taken in: they are to be read from the first row. */
export function textOfStored(stored: Stored): FrozenNotes | null {
  const sound = soundOf(stored);
  if (!sound) return null;
  const doc = docOf(updatesOf({ merged: sound.snapshot, rows: sound.rows.map(({ updates }) => updates) }));
  const notes = frozen(doc, sound.seq);
  doc.destroy();
  return notes;
}

function updatesOf({ merged, rows }: Parts): Uint8Array[] {
  return [merged, ...rows.flatMap(unpack)];
}

function docOf(updates: readonly Uint8Array[]): Doc {
  const doc = new Doc({ gc: false });
  // One by one, as copies that keep up take them in: it may matter where neighbours are misnamed.
  for (const update of joinTyped(updates)) applyUpdate(doc, update);
  if (doc.store.pendingStructs !== null || doc.store.pendingDs !== null) {
    throw new Error('The notes stand on something that the log does not hold');
  }
  return doc;
}

/**
 * Throws unless `whole` has every client's clock as far as `updates` have and deletes all that they
 * delete. It may delete more: what was typed into a paragraph that somebody was deleting is deleted
 * by no update, and in every copy.
 */
function prove(updates: readonly Uint8Array[], whole: Uint8Array): void {
  const after = new Map<number, number>();
  const deleted = new Deletions();
  const unsound = scan<never>(whole, {
    struct: ({ client, clock, length }) => {
      after.set(client, clock + length);
      return null;
    },
    deletion: (client, clock, length) => {
      deleted.add(client, clock, length);
      return null;
    },
  });
  if (unsound) throw new Error(`The merged notes are ${unsound}`);
  const before = new Map<number, number>();
  // One look at each: they are many, and most of them a letter.
  const look: Visitor<'shown'> = {
    struct: ({ client, clock, length }) => {
      if (clock + length > (before.get(client) ?? 0)) before.set(client, clock + length);
      return null;
    },
    deletion: (client, clock, length) => (deleted.has(client, clock, length) ? null : 'shown'),
  };
  for (const update of updates) {
    const wrong = scan(update, look);
    if (wrong === 'shown') throw new Error('The merged notes show what was deleted');
    if (wrong) throw new Error(`The log holds an update that is ${wrong}`);
  }
  const same = before.size === after.size && [...before].every(([client, clock]) => after.get(client) === clock);
  if (!same) throw new Error('The merged notes do not hold what the log holds');
}
