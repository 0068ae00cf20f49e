/** Up to where each person has seen the notes. Not part of the record: it says what to show, not what was done. */
import { and, eq, sql } from 'drizzle-orm';
import type { PersonId, RoomId } from '#schema/id.ts';
import { notesLook, room as roomTable } from '#schema/tables/index.ts';
import type { LastLook } from '#schema/version.ts';
import { told } from '../moment.ts';
import type { Database } from '../store.ts';

/** When this person last had the notes open and how far they went then, null if never; and how far they go now. */
export async function lastLook(
  db: Database,
  room: RoomId,
  person: PersonId,
): Promise<{ last: LastLook | null; now: number }> {
  const { version, at } = notesLook;
  const [found] = await db
    .select({ now: roomTable.notesSeq, version, at })
    .from(roomTable)
    .leftJoin(notesLook, and(eq(notesLook.room, roomTable.id), eq(notesLook.person, person)))
    .where(eq(roomTable.id, room));
  if (!found) throw new Error(`No room ${room}`);
  const last = found.at && found.version !== null ? { version: found.version, at: told(found.at) } : null;
  return { last, now: found.now };
}

/** This person has the notes before them now, as far as they are stored. */
export async function keepLook(db: Database, room: RoomId, person: PersonId): Promise<void> {
  const stored = sql<number>`(select ${roomTable.notesSeq} from ${roomTable} where ${roomTable.id} = ${room})`;
  await db
    .insert(notesLook)
    .values({ room, person, version: stored })
    .onConflictDoUpdate({
      target: [notesLook.room, notesLook.person],
      set: { version: sql`excluded.version`, at: sql`now()` },
    });
}
