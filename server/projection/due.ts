/** What time will do in a room, worked out from its entries: the rows that the worker looks for. */
import { and, eq, isNull, sql } from 'drizzle-orm';
import type { Due } from '#schema/due.ts';
import type { RoomId } from '#schema/id.ts';
import { dueMoment } from '#schema/tables/index.ts';
import type { Database } from '../store.ts';

/**
 * Writes anew what is still to come, in the transaction that appended the entries it follows from.
 * What is done stays done, even if it is due again by the same name.
 */
export async function projectDues(tx: Database, room: RoomId, dues: readonly Due[]): Promise<void> {
  await tx.delete(dueMoment).where(and(eq(dueMoment.room, room), isNull(dueMoment.doneAt)));
  if (dues.length === 0) return;
  await tx
    .insert(dueMoment)
    .values(dues.map(({ kind, subject, at, command }) => ({ room, kind, subject, at, command: command ?? null })))
    .onConflictDoNothing({ target: [dueMoment.room, dueMoment.kind, dueMoment.subject] });
}

/** The moment as the database compares it, whatever form it was told in. */
export const asMoment = (instant: string) => sql`${instant}::timestamptz`;
