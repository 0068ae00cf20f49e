/** Who may do what in a room: looked up when asked, never remembered. */
import { and, eq, sql, type SQL } from 'drizzle-orm';
import type { Capability } from '#schema/case.ts';
import { idPattern, type CaseId, type CaseRef, type PartnershipId, type PersonId, type RoomId } from '#schema/id.ts';
import type { RoomKind } from '#schema/room.ts';
import { person as personTable, room } from '#schema/tables/index.ts';
import { capabilityNow, placeHolds } from './standing.ts';
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

const capability = sql<Capability | null>`(${sql.raw(capabilityNow('"room"."id"', '"person"."id"'))})`;

const columns = {
  id: room.id,
  kind: room.kind,
  epoch: room.epoch,
  partnership: room.partnership,
  case: room.case,
  ref: room.ref,
  owner: room.owner,
  capability,
};

/** The room as this person may use it; null alike when there is no such room and when they are not admitted. */
export async function roomOf(db: Database, id: RoomId, person: PersonId): Promise<RoomRight | null> {
  if (!idPattern.test(id)) return null;
  return first(db, person, eq(room.id, id), 'room by id');
}

/** A case's common room by its code, on the same terms. */
export async function caseRoomOf(db: Database, ref: CaseRef, person: PersonId): Promise<RoomRight | null> {
  return first(db, person, eq(room.ref, ref), 'room by code');
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

/** `name`: under which PostgreSQL keeps the plan, which takes longer to make than to carry out. */
async function first(db: Database, person: PersonId, which: SQL, name: string): Promise<RoomRight | null> {
  const [found] = await db
    .select(columns)
    .from(room)
    .innerJoin(personTable, eq(personTable.id, person))
    .where(which)
    .prepare(name)
    .execute();
  return found?.capability ? { ...found, capability: found.capability } : null;
}

export const stillMember = sql.raw(placeHolds('"room_member"'));
