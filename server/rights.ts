/** Who may do what in a room: looked up when asked, never remembered. */
import { and, eq, sql } from 'drizzle-orm';
import type { Capability } from '#schema/case.ts';
import { idPattern, type CaseId, type CaseRef, type PartnershipId, type PersonId, type RoomId } from '#schema/id.ts';
import type { RoomKind } from '#schema/room.ts';
import { person as personTable, room } from '#schema/tables/index.ts';
import { prepared } from './prepared.ts';
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

const rightsBy = (key: typeof room.id | typeof room.ref, name: string) =>
  prepared((db) =>
    db
      .select(columns)
      .from(room)
      .innerJoin(personTable, eq(personTable.id, sql.placeholder('person')))
      .where(eq(key, sql.placeholder('key')))
      .prepare(name),
  );
const byId = rightsBy(room.id, 'right by id');
const byCode = rightsBy(room.ref, 'right by code');

type Found = Omit<RoomRight, 'capability'> & { capability: Capability | null };

function rightFrom([found]: Found[]): RoomRight | null {
  return found?.capability ? { ...found, capability: found.capability } : null;
}

/** The room as this person may use it; null alike when there is no such room and when they are not admitted. */
export async function roomOf(db: Database, id: RoomId, person: PersonId): Promise<RoomRight | null> {
  if (!idPattern.test(id)) return null;
  return rightFrom(await byId(db).execute({ key: id, person }));
}

/** A case's common room by its code, on the same terms. */
export async function caseRoomOf(db: Database, ref: CaseRef, person: PersonId): Promise<RoomRight | null> {
  return rightFrom(await byCode(db).execute({ key: ref, person }));
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

export const stillMember = sql.raw(placeHolds('"room_member"'));
