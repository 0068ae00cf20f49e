/** A person of the partnership: an account, with a password that can be given anew, and a room of their own, "My work". */
import { eq } from 'drizzle-orm';
import { newId, type PartnershipId, type PersonId } from '#schema/id.ts';
import { firstPrev } from '#schema/ledger.ts';
import { person as personTable, room as roomTable, roomMember, session as sessionTable } from '#schema/tables/index.ts';
import type { Database } from './store.ts';

/** Adds somebody who may sign in, with the room that is theirs alone. Their roles are given apart. */
export async function addPerson(
  tx: Database,
  partnership: PartnershipId,
  { id, name, email, passwordHash }: { id: PersonId; name: string; email: string; passwordHash: string },
): Promise<void> {
  await tx.insert(personTable).values({ id, name, email, passwordHash });
  const own = newId();
  await tx.insert(roomTable).values({ id: own, partnership, kind: 'my-work', owner: id, headHash: firstPrev });
  await tx.insert(roomMember).values({ room: own, person: id, capability: 'write' });
}

/** From now on this password alone lets the person in: whoever came in with another is signed out, wherever they are. */
export async function setPassword(tx: Database, person: PersonId, passwordHash: string): Promise<void> {
  await tx.update(personTable).set({ passwordHash }).where(eq(personTable.id, person));
  await tx.delete(sessionTable).where(eq(sessionTable.userId, person));
}
