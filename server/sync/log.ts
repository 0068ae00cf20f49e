/** The notes' log: updates appended in groups, one commit in flight, acknowledged when the commit has returned. */
import { randomUUID } from 'node:crypto';
import { and, asc, eq, gt, sql } from 'drizzle-orm';
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import type { Logger } from 'pino';
import * as Y from 'yjs';
import type { PersonId, RoomId } from '#schema/id.ts';
import { roomSnapshot, roomUpdate } from '#schema/tables/index.ts';
import type { Database } from '../store.ts';

/** Updates of one connection that came while the last commit was in flight, in order. */
type Waiting = { room: RoomId; person: PersonId; connection: string; updates: Uint8Array[] };
/** Who waits for which row, in the order the updates came. */
type Arrival = { row: Waiting; bytes: number; tell: (seq: number) => void };

/** Milliseconds before a commit that failed is tried again. */
const again = 500;
/** Rows in one statement: keeps it under the number of parameters a statement may have. */
const rowsAtOnce = 1_000;

export type Log = {
  /** Resolves with the row's sequence once it is durable. Never rejects: a commit that fails is tried until it succeeds. */
  append: (room: RoomId, person: PersonId, connection: string, update: Uint8Array) => Promise<number>;
  /** Bytes not yet committed. */
  waitingBytes: () => number;
  /** Resolves when nothing waits. */
  settled: () => Promise<void>;
};

export function createLog(db: Database, log: Logger): Log {
  let waiting = new Map<string, Waiting>();
  let arrivals: Arrival[] = [];
  let bytes = 0;
  let committing: Promise<void> | null = null;

  async function run(): Promise<void> {
    while (waiting.size > 0) {
      const batch = [...waiting.values()].slice(0, rowsAtOnce);
      waiting = new Map([...waiting].slice(rowsAtOnce));
      const places = new Map(batch.map((row, index) => [row, index]));
      const told = arrivals.filter(({ row }) => places.has(row));
      arrivals = arrivals.filter(({ row }) => !places.has(row));
      const seqs = await commit(batch);
      for (const { row, tell, bytes: stored } of told) {
        bytes -= stored;
        tell(seqs[places.get(row) as number] as number);
      }
    }
    committing = null;
  }

  /** One identity for a group through all its tries: a commit whose answer was lost is found, not written twice. */
  async function commit(batch: readonly Waiting[]): Promise<number[]> {
    const group = randomUUID();
    for (let tries = 1; ; tries += 1) {
      try {
        if (tries > 1) {
          const found = await written(db, batch, group);
          if (found) return found;
        }
        return await insert(db, batch, group);
      } catch (err) {
        log.error({ err, tries, rows: batch.length }, 'the notes were not stored; trying again');
        await new Promise((resolve) => setTimeout(resolve, again));
      }
    }
  }

  return {
    append: (room, person, connection, update) =>
      new Promise((resolve) => {
        const key = `${room}/${connection}`;
        const row = waiting.get(key) ?? { room, person, connection, updates: [] };
        row.updates.push(update);
        waiting.set(key, row);
        arrivals.push({ row, bytes: update.byteLength, tell: resolve });
        bytes += update.byteLength;
        committing ??= run();
      }),
    waitingBytes: () => bytes,
    settled: async () => {
      while (committing) await committing;
    },
  };
}

/** One statement, so one round trip and one commit: takes the rooms' next sequences under their row locks. */
async function insert(db: Database, batch: readonly Waiting[], group: string): Promise<number[]> {
  const counts = new Map<RoomId, number>();
  const rows = batch.map(({ room, person, connection, updates }, index) => {
    const place = (counts.get(room) ?? 0) + 1;
    counts.set(room, place);
    return sql`(${index}::int, ${room}::text, ${place}::int, ${person}::text, ${mark(connection, group, index)}::text, ${pack(updates)}::bytea)`;
  });
  const rooms = [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([room, count]) => sql`(${room}::text, ${count}::int)`);
  const query = sql`
    with counted (room, n) as (values ${sql.join(rooms, sql`, `)}),
    bumped as (
      update room set notes_seq = room.notes_seq + counted.n from counted
      where room.id = counted.room returning room.id as room, room.notes_seq - counted.n as base
    ),
    given (nth, room, place, person, connection, updates) as (values ${sql.join(rows, sql`, `)})
    insert into room_update (room_id, seq, person_id, connection_id, updates)
    select given.room, bumped.base + given.place, given.person, given.connection, given.updates
    from given join bumped on bumped.room = given.room
    returning connection_id, seq`;
  return inOrder(await rowsOf(db, query), batch.length);
}

/** The sequences of a group that a lost answer left in doubt; null when it was not written. */
async function written(db: Database, batch: readonly Waiting[], group: string): Promise<number[] | null> {
  const marks = batch.map(({ connection }, index) => mark(connection, group, index));
  const query = sql`select connection_id, seq from room_update
    where room_id in ${batch.map(({ room }) => room)} and connection_id in ${marks}`;
  const rows = await rowsOf(db, query);
  return rows.length === 0 ? null : inOrder(rows, batch.length);
}

function mark(connection: string, group: string, index: number): string {
  return `${connection}/${group}/${index}`;
}

async function rowsOf(
  db: Database,
  query: ReturnType<typeof sql>,
): Promise<{ connection_id: string; seq: number | string }[]> {
  const result = (await db.execute(query)) as unknown;
  // PGlite answers with an object that holds the rows, postgres-js with the rows themselves.
  return (Array.isArray(result) ? result : (result as { rows: unknown }).rows) as {
    connection_id: string;
    seq: number | string;
  }[];
}

function inOrder(rows: readonly { connection_id: string; seq: number | string }[], length: number): number[] {
  if (rows.length !== length) throw new Error(`${rows.length} of ${length} rows of the notes' log were stored`);
  const seqs = new Array<number>(length);
  for (const { connection_id, seq } of rows)
    seqs[Number(connection_id.slice(connection_id.lastIndexOf('/') + 1))] = Number(seq);
  return seqs;
}

/** Updates one after another, each with its length before it. */
export function pack(updates: readonly Uint8Array[]): Uint8Array {
  const encoder = encoding.createEncoder();
  for (const update of updates) encoding.writeVarUint8Array(encoder, update);
  return encoding.toUint8Array(encoder);
}

export function unpack(packed: Uint8Array): Uint8Array[] {
  const decoder = decoding.createDecoder(packed);
  const updates: Uint8Array[] = [];
  while (decoding.hasContent(decoder)) updates.push(decoding.readVarUint8Array(decoder));
  return updates;
}

export type LoggedUpdates = { seq: number; person: PersonId; at: string; updates: Uint8Array[] };

/** Rows after `since`, in order. */
export async function readLog(db: Database, room: RoomId, since: number): Promise<LoggedUpdates[]> {
  const rows = await db
    .select({ seq: roomUpdate.seq, person: roomUpdate.person, at: roomUpdate.at, updates: roomUpdate.updates })
    .from(roomUpdate)
    .where(and(eq(roomUpdate.room, room), gt(roomUpdate.seq, since)))
    .orderBy(asc(roomUpdate.seq));
  return rows.map(({ updates, ...row }) => ({ ...row, updates: unpack(bytesOf(updates)) }));
}

/** The notes as one update, and the row they reach: from the snapshot if there is one, and the rows after it. */
export async function readNotes(
  db: Database,
  room: RoomId,
): Promise<{ update: Uint8Array; seq: number; rows: number }> {
  const [snapshot] = await db.select().from(roomSnapshot).where(eq(roomSnapshot.room, room));
  const rows = await readLog(db, room, snapshot?.upTo ?? 0);
  const parts = [...(snapshot ? [bytesOf(snapshot.update)] : []), ...rows.flatMap(({ updates }) => updates)];
  return { update: Y.mergeUpdates(parts), seq: rows.at(-1)?.seq ?? snapshot?.upTo ?? 0, rows: rows.length };
}

/** Keeps a merged copy, so that opening need not read the whole log. A cache: dropping it loses nothing. */
export async function keepSnapshot(db: Database, room: RoomId, upTo: number, update: Uint8Array): Promise<void> {
  await db
    .insert(roomSnapshot)
    .values({ room, upTo, update })
    .onConflictDoUpdate({
      target: roomSnapshot.room,
      set: { upTo, update },
      setWhere: sql`${roomSnapshot.upTo} < ${upTo}`,
    });
}

/** Drivers give Buffers or views over larger memory; keep only the bytes. */
function bytesOf(value: Uint8Array): Uint8Array {
  return new Uint8Array(value);
}
