/** Rows of the notes' log that nobody can read, kept where they are found: a service that starts again would not look at them again. */
import { and, asc, eq } from 'drizzle-orm';
import type { PartnershipId, PersonId, RoomId } from '#schema/id.ts';
import type { UnreadableRow } from '#schema/unreadable.ts';
import { person as personTable, room, roomUpdate, unreadableRow } from '#schema/tables/index.ts';
import { told } from '../moment.ts';
import { caseRoomOf } from '../rights.ts';
import type { Database } from '../store.ts';

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
