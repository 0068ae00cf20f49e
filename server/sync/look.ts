/** Up to where each person has seen the notes. Not part of the record: it says what to show, not what was done. */
import { and, eq, sql } from 'drizzle-orm';
import type { PersonId, RoomId } from '#schema/id.ts';
import { notesLook, room as roomTable } from '#schema/tables/index.ts';
import type { LastLook } from '#schema/version.ts';
import type { Database } from '../store.ts';

export async function lastLook(db: Database, room: RoomId, person: PersonId): Promise<LastLook | null> {
  const { version, at } = notesLook;
  const [last] = await db
    .select({ version, at })
    .from(notesLook)
    .where(and(eq(notesLook.room, room), eq(notesLook.person, person)));
  return last ? { ...last, at: new Date(last.at).toISOString() } : null;
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
