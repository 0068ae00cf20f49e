/** What follows from a case's entries: its register row, what it asks of each person, and what time will do. */
import { eq } from 'drizzle-orm';
import { duesOf } from '#schema/due.ts';
import type { PartnershipId, PersonId, RoomId } from '#schema/id.ts';
import { registerRow } from '#schema/register.ts';
import type { CaseRoom } from '#schema/room.ts';
import { register, workItem } from '#schema/tables/index.ts';
import { needsOf } from '#schema/work.ts';
import { holidaysIn } from '../arrangements.ts';
import { projectChair } from '../chair-watch.ts';
import type { Database } from '../store.ts';
import { tellWhatIsNew } from '../notice/tell.ts';
import { projectDues } from './due.ts';

/** Writes the rows anew, in the transaction that appended the entries they follow from. */
export async function projectCase(
  tx: Database,
  room: RoomId,
  partnership: PartnershipId,
  state: CaseRoom,
  /** Whose act it follows from: they are not told what they did themselves. */
  by: PersonId | null = null,
): Promise<void> {
  const holidays = await holidaysIn(tx, partnership);
  const row = registerRow(state);
  await tx
    .insert(register)
    .values({ room, partnership, row })
    .onConflictDoUpdate({ target: register.room, set: { row } });
  const items = state.case.people.flatMap((person) =>
    needsOf(state, person, { holidays }).map((need, position) => ({ room, person: person.person, position, need })),
  );
  const before = await tx
    .select({ person: workItem.person, need: workItem.need })
    .from(workItem)
    .where(eq(workItem.room, room));
  await tellWhatIsNew(tx, room, { before, after: items, by });
  await tx.delete(workItem).where(eq(workItem.room, room));
  if (items.length > 0) await tx.insert(workItem).values(items);
  await projectDues(tx, room, duesOf(state, { holidays }));
  await projectChair(tx, room, state);
}
