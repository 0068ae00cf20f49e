/**
 * Which rows of a note's log can be taken in. The guard lets nothing else be stored; should a row all
 * the same be unsound, it is left out by every reader of the log alike, and the room goes on.
 */
import type { RoomId } from '#schema/id.ts';
import type { Database } from '../store.ts';
import { Held, learn, type Unsound } from './held.ts';
import { readStored, readWhole, type LogRow, type Stored } from './log.ts';
import { unpack } from './packed.ts';

/** A row that is left out, and why. */
export type LeftOut = { seq: number; why: Unsound };

/**
 * Parts rows that can be taken in, which `held` learns, from those that cannot. It depends on the
 * rows before alone: whoever reads the log comes to the same.
 */
export function sift<Row extends Pick<LogRow, 'seq' | 'updates'>>(
  rows: readonly Row[],
  held: Held,
): { rows: Row[]; leftOut: LeftOut[] } {
  const sound: Row[] = [];
  const leftOut: LeftOut[] = [];
  for (const row of rows) {
    const why = learnRow(held, row.updates);
    if (why) leftOut.push({ seq: row.seq, why });
    else sound.push(row);
  }
  return { rows: sound, leftOut };
}

function learnRow(held: Held, packed: Uint8Array): Unsound | null {
  const updates = updatesIn(packed);
  return updates ? learn(held, updates) : 'malformed';
}

/** The updates of a row; null where they cannot be told apart. */
export function updatesIn(packed: Uint8Array): Uint8Array[] | null {
  try {
    return unpack(packed);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** What is stored of a room's notes, sifted; what it holds; and the last row, left out or not. */
export type Sound = Stored & { held: Held; leftOut: LeftOut[]; seq: number };

/** Null where the merged copy cannot be taken in: then everything is in the rows, from the first. */
export function soundOf(stored: Stored): Sound | null {
  const { snapshot, upTo, rows } = stored;
  const held = new Held();
  if (learn(held, [snapshot])) return null;
  return { snapshot, upTo, held, ...sift(rows, held), seq: rows.at(-1)?.seq ?? upTo };
}

/** The same of a room. `isMadeAnew`: its merged copy could not be taken in. */
export async function readSound(db: Database, room: RoomId): Promise<Sound & { isMadeAnew: boolean }> {
  const sound = soundOf(await readStored(db, room));
  if (sound) return { ...sound, isMadeAnew: false };
  const anew = soundOf(await readWhole(db, room));
  if (!anew) throw new Error('An empty update cannot be taken in');
  return { ...anew, isMadeAnew: true };
}
