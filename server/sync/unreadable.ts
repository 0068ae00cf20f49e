/** Rows of the notes' log that nobody can read, kept where they are found: a service that starts again would not look at them again. */
import { and, asc, eq } from 'drizzle-orm';
import type { Logger } from 'pino';
import type { PartnershipId, PersonId, RoomId } from '#schema/id.ts';
import type { UnreadableRow } from '#schema/unreadable.ts';
import { person as personTable, room, roomUpdate, unreadableRow } from '#schema/tables/index.ts';
import { told } from '../moment.ts';
import { caseRoomOf } from '../rights.ts';
import type { Database } from '../store.ts';
import type { LeftOut } from './sift.ts';

export type Naming = ReturnType<typeof createNaming>;

/** Says which rows cannot be read, in the log at once, and to the business unit as soon as that can be kept; no room waits for either. */
export function createNaming(db: Database, logger: Logger) {
  /** Rows that are not known to be kept. */
  const found = new Map<RoomId, Set<number>>();
  const under = new Map<RoomId, Promise<void>>();

  function keep(room: RoomId): void {
    if (!under.has(room))
      under.set(
        room,
        keepAll(room).finally(() => under.delete(room)),
      );
  }

  async function keepAll(room: RoomId): Promise<void> {
    const rows = found.get(room);
    while (rows && rows.size > 0) {
      const seqs = [...rows];
      try {
        await keepUnreadable(db, room, seqs);
      } catch (err) {
        logger.error({ err, room }, 'the business unit could not be told of a row that cannot be read; trying again');
        return;
      }
      for (const seq of seqs) rows.delete(seq);
    }
    found.delete(room);
  }

  return {
    name(room: RoomId, rows: readonly LeftOut[]): void {
      for (const { seq, why } of rows) {
        logger.error({ room, seq, why }, 'a row of the notes’ log cannot be read: the notes go on without it');
        found.set(room, (found.get(room) ?? new Set()).add(seq));
      }
      keep(room);
    },

    /** Whether all that were found in a room are kept: until then a merged copy would hide them from the next start. */
    isDone: (room: RoomId): boolean => !found.has(room),

    /** Called about every second: tries again what could not be kept. */
    tryAgain(): void {
      for (const room of found.keys()) keep(room);
    },

    ended: async (): Promise<void> => void (await Promise.all(under.values())),
  };
}

/** Every process that reads the log finds the same rows: each is kept once. */
export async function keepUnreadable(db: Database, of: RoomId, seqs: readonly number[]): Promise<void> {
  await db
    .insert(unreadableRow)
    .values(seqs.map((seq) => ({ room: of, seq })))
    .onConflictDoNothing();
}

/** The partnership's, in the order they were written, for the business unit: a case by its code only to those who are on it, and never a word of the notes. */
export async function unreadableOf(
  db: Database,
  partnership: PartnershipId,
  reader: PersonId,
): Promise<UnreadableRow[]> {
  const rows = await db
    .select({
      room: room.id,
      kind: room.kind,
      ref: room.ref,
      owner: personTable.name,
      row: unreadableRow.seq,
      since: roomUpdate.at,
    })
    .from(unreadableRow)
    .innerJoin(room, eq(room.id, unreadableRow.room))
    .innerJoin(roomUpdate, and(eq(roomUpdate.room, unreadableRow.room), eq(roomUpdate.seq, unreadableRow.seq)))
    .leftJoin(personTable, and(eq(personTable.id, room.owner), eq(room.kind, 'my-work')))
    .where(eq(room.partnership, partnership))
    .orderBy(asc(roomUpdate.at), asc(unreadableRow.room), asc(unreadableRow.seq));
  const list: UnreadableRow[] = [];
  for (const { room: id, kind, ref, owner, row, since } of rows) {
    const isTold = ref !== null && (await caseRoomOf(db, ref, reader)) !== null;
    list.push({ room: id, kind, ref: isTold ? ref : null, owner, row, since: told(since) });
  }
  return list;
}
