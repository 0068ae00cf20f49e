/** Reads the notes' log, and the snapshot that saves reading all of it. */
import { and, asc, eq, gt, sql } from 'drizzle-orm';
import type { PersonId, RoomId } from '#schema/id.ts';
import { roomSnapshot, roomUpdate } from '#schema/tables/index.ts';
import type { Database } from '../store.ts';
import { nothing } from './frames.ts';

/** A row of the log: what one connection wrote between two commits. */
export type LogRow = { seq: number; person: PersonId; connection: string; at: string; updates: Uint8Array };

/** All rows after `since`, in order. */
export async function readRows(db: Database, room: RoomId, since: number): Promise<LogRow[]> {
  const { seq, person, connection, at, updates } = roomUpdate;
  const rows = await db
    .select({ seq, person, connection, at, updates })
    .from(roomUpdate)
    .where(and(eq(roomUpdate.room, room), gt(roomUpdate.seq, since)))
    .orderBy(asc(roomUpdate.seq));
  return rows.map((row) => ({ ...row, updates: own(row.updates) }));
}

/** What is stored of a room's notes: one merged update as of a row, and the rows after it. */
export type Stored = { snapshot: Uint8Array; upTo: number; rows: LogRow[] };

export async function readStored(db: Database, room: RoomId): Promise<Stored> {
  const [kept] = await db.select().from(roomSnapshot).where(eq(roomSnapshot.room, room));
  const upTo = kept?.upTo ?? 0;
  return { snapshot: kept ? own(kept.update) : nothing, upTo, rows: await readRows(db, room, upTo) };
}

/** The same from the first row on, without the merged update. */
export async function readWhole(db: Database, room: RoomId): Promise<Stored> {
  return { snapshot: nothing, upTo: 0, rows: await readRows(db, room, 0) };
}

/** Keeps a merged copy as of row `upTo`. A cache: dropping it loses nothing but time. */
export async function keepSnapshot(db: Database, room: RoomId, upTo: number, update: Uint8Array): Promise<void> {
  await db
    .insert(roomSnapshot)
    .values({ room, upTo, update })
    .onConflictDoUpdate({
      target: roomSnapshot.room,
      set: { upTo, update, at: sql`now()` },
      setWhere: sql`${roomSnapshot.upTo} < ${upTo}`,
    });
}

/** Takes a merged copy away that cannot be read: the next is made from the log. */
export async function dropSnapshot(db: Database, room: RoomId): Promise<void> {
  await db.delete(roomSnapshot).where(eq(roomSnapshot.room, room));
}

/** Drivers give views over larger memory, which would stay as long as they do. */
function own(bytes: Uint8Array): Uint8Array {
  return bytes.byteLength * 2 > bytes.buffer.byteLength ? bytes : Buffer.from(bytes);
}
