/** Who may do what in a room: looked up when asked, never remembered. */
import { and, eq, gt, isNull, or, sql } from 'drizzle-orm';
import type { Capability } from '#schema/case.ts';
import { idPattern, type CaseId, type CaseRef, type PartnershipId, type PersonId, type RoomId } from '#schema/id.ts';
import type { RoomKind } from '#schema/room.ts';
import { room, roomMember } from '#schema/tables/index.ts';
import { admits } from './cover.ts';
import type { Database } from './store.ts';

export type RoomRight = {
  id: RoomId;
  kind: RoomKind;
  epoch: number;
  partnership: PartnershipId;
  case: CaseId | null;
  ref: CaseRef | null;
  owner: string | null;
  capability: Capability;
};

const columns = {
  id: room.id,
  kind: room.kind,
  epoch: room.epoch,
  partnership: room.partnership,
  case: room.case,
  ref: room.ref,
  owner: room.owner,
  capability: roomMember.capability,
};

/** The room as this person may use it; null alike when there is no such room and when they are not admitted. */
export async function roomOf(db: Database, id: RoomId, person: PersonId): Promise<RoomRight | null> {
  if (!idPattern.test(id)) return null;
  return first(db, and(eq(room.id, id), admits(person)));
}

/** A case's common room by its code, on the same terms. */
export async function caseRoomOf(db: Database, ref: CaseRef, person: PersonId): Promise<RoomRight | null> {
  return first(db, and(eq(room.ref, ref), admits(person)));
}

/** The person's own room. */
export async function workRoomOf(db: Database, person: PersonId): Promise<RoomId> {
  const [found] = await db
    .select({ id: room.id })
    .from(room)
    .where(and(eq(room.kind, 'my-work'), eq(room.owner, person)));
  if (!found) throw new Error(`Person ${person} has no room of their own`);
  return found.id;
}

async function first(db: Database, which: ReturnType<typeof and>): Promise<RoomRight | null> {
  const [found] = await db
    .select(columns)
    .from(roomMember)
    .innerJoin(room, eq(room.id, roomMember.room))
    .where(and(which, stillMember))
    // Who is on a case and covers for somebody else on it may do what either may.
    .orderBy(sql`array_position(array['write', 'comment', 'read'], ${roomMember.capability})`)
    .limit(1);
  return found ?? null;
}

export const stillMember = or(isNull(roomMember.until), gt(roomMember.until, sql`now()`));
