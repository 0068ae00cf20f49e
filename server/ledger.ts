/** The record in the database: append the next entries, read them, fold them. */
import { randomBytes } from 'node:crypto';
import { and, asc, eq, gt, sql } from 'drizzle-orm';
import type { Actor } from '#schema/actor.ts';
import type { Instant } from '#schema/calendar.ts';
import type { Event } from '#schema/event.ts';
import type { CommandId, RoomId } from '#schema/id.ts';
import { chain, type Entry } from '#schema/ledger.ts';
import { emptyRoom, fold, type RoomState } from '#schema/room.ts';
import type { Signed } from '#schema/signature.ts';
import { entry, room } from '#schema/tables/index.ts';
import type { Database } from './store.ts';

export type Head = { room: RoomId; seq: number; hash: string };

/** The database's time, as entries carry it: `2026-10-06T13:14:15.123456Z`. */
export async function databaseNow(db: Database): Promise<Instant> {
  const format = 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"';
  const [row] = await db
    .select({ now: sql<string>`to_char(clock_timestamp() at time zone 'UTC', ${format})` })
    .from(sql`(values (1)) as one`);
  if (!row) throw new Error('The database did not tell the time');
  return row.now;
}

/** Where the time comes from: the database, unless a test moves it. */
export type Time = (db: Database) => Promise<Instant>;

/** Locks a room's head until the transaction ends: one writer of the record at a time. */
export async function lockHead(tx: Database, id: RoomId): Promise<Head> {
  const [row] = await tx
    .select({ room: room.id, seq: room.headSeq, hash: room.headHash })
    .from(room)
    .where(eq(room.id, id))
    .for('update');
  if (!row) throw new Error(`No room ${id}`);
  return row;
}

/**
 * Appends events after `head`, which must be locked. Each entry has its own time from the database
 * and its own salt. Returns the entries as stored.
 */
export async function append(
  tx: Database,
  head: Head,
  events: readonly Signed<Event>[],
  actor: Actor,
  command: CommandId,
  time: Time = databaseNow,
): Promise<Entry[]> {
  const entries: Entry[] = [];
  let { seq, hash } = head;
  let earliest = await lastTime(tx, head);
  for (const body of events) {
    let at = await time(tx);
    // A clock set back never makes an entry older than the one before it (T13, T33).
    if (at < earliest) at = earliest;
    seq += 1;
    const next = chain({ room: head.room, seq, at, actor, command, prev: hash }, body, randomBytes(32).toString('hex'));
    entries.push(next);
    hash = next.hash;
    earliest = at;
  }
  await tx.insert(entry).values(entries.map(({ v, ...row }) => row));
  await tx.update(room).set({ headSeq: seq, headHash: hash }).where(eq(room.id, head.room));
  return entries;
}

async function lastTime(tx: Database, head: Head): Promise<Instant> {
  const [row] = await tx
    .select({ at: entry.at })
    .from(entry)
    .where(and(eq(entry.room, head.room), eq(entry.seq, head.seq)));
  return row?.at ?? '';
}

/** Whole entries after `since`, in order. Hand them out only through `asReadBy`. */
export async function entriesSince(db: Database, id: RoomId, since: number): Promise<Entry[]> {
  const rows = await db
    .select()
    .from(entry)
    .where(and(eq(entry.room, id), gt(entry.seq, since)))
    .orderBy(asc(entry.seq));
  return rows.map((row) => ({ v: 1, ...row }));
}

/** The room's head as committed: what a check of the record must arrive at. */
export async function headOf(db: Database, id: RoomId): Promise<{ seq: number; hash: string }> {
  const [row] = await db.select({ seq: room.headSeq, hash: room.headHash }).from(room).where(eq(room.id, id));
  if (!row) throw new Error(`No room ${id}`);
  return row;
}

/**
 * Folded rooms, so that a long record is not folded again for each command. Only committed entries
 * enter; each use catches up from the database, so another process's entries are never missed.
 */
export function createFolds(most = 500) {
  const folded = new Map<RoomId, RoomState>();
  return {
    /** The room's state as of the entries this transaction can see. */
    async stateOf(db: Database, id: RoomId): Promise<RoomState> {
      const known = folded.get(id) ?? emptyRoom;
      const state = fold(await entriesSince(db, id, known.seq), known);
      folded.delete(id);
      folded.set(id, state);
      for (const oldest of folded.keys()) {
        if (folded.size <= most) break;
        folded.delete(oldest);
      }
      return state;
    },
  };
}
export type Folds = ReturnType<typeof createFolds>;
