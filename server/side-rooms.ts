/** Rooms beside a case's common one: made, and opened to people, in the transaction of the act that asks for it. */
import { and, eq, inArray, isNotNull, isNull, sql } from 'drizzle-orm';
import type { Actor } from '#schema/actor.ts';
import type { Capability, PersonOnCase } from '#schema/case.ts';
import type { Command } from '#schema/command.ts';
import { newId, type CaseId, type CommandId, type PartnershipId, type PersonId, type RoomId } from '#schema/id.ts';
import { firstPrev, type Entry } from '#schema/ledger.ts';
import { takingPartIn } from '#schema/private-session.ts';
import type { CaseRoom } from '#schema/room.ts';
import {
  accountHeadings,
  admittedToAccount,
  admittedToLegalLane,
  admittedToWorkingNotes,
  agenciesWithRooms,
  legalLaneHeadings,
  sideRoomKinds,
  type Admission,
  type SideRoomKind,
} from '#schema/side-room.ts';
import { room as roomTable, roomMember } from '#schema/tables/index.ts';
import { peopleTold } from '#schema/told.ts';
import { append, type Time } from './ledger.ts';
import { stillMember } from './rights.ts';
import type { Database } from './store.ts';

/** The case such a room belongs to, and the act that opens it. */
export type Beside = {
  partnership: PartnershipId;
  case: CaseId;
  ref: string;
  by: Actor;
  command: CommandId;
  time: Time;
};

type SeedNotes = (tx: Database, room: RoomId, person: PersonId, headings: readonly string[]) => Promise<void>;

/** Each agency that speaks on the case gets an account that everyone reads, working notes and a legal lane that only it sees. */
export async function openAgencyRooms(
  tx: Database,
  beside: Beside,
  people: readonly PersonOnCase[],
  seedNotes: SeedNotes,
): Promise<void> {
  for (const agency of agenciesWithRooms(people)) {
    const account = { id: newId(), kind: 'agency-account', owner: agency.id } as const;
    await openSideRoom(tx, beside, account, admittedToAccount(people, agency));
    await seedNotes(tx, account.id, beside.by.person, accountHeadings);
    const workingNotes = { id: newId(), kind: 'agency-working-notes', owner: agency.id } as const;
    await openSideRoom(tx, beside, workingNotes, admittedToWorkingNotes(people, agency));
    const legalLane = { id: newId(), kind: 'legal-lane', owner: agency.id } as const;
    await openSideRoom(tx, beside, legalLane, admittedToLegalLane(people, agency));
    await seedNotes(tx, legalLane.id, beside.by.person, legalLaneHeadings);
  }
}

/** Who is let into each kind of room that an agency has. */
const admittedTo = {
  'agency-account': admittedToAccount,
  'agency-working-notes': admittedToWorkingNotes,
  'legal-lane': admittedToLegalLane,
} as const;

const agencyRoomKinds = Object.keys(admittedTo) as (keyof typeof admittedTo)[];

type NewSideRoom = { id: RoomId; kind: SideRoomKind; owner: string | null };

/**
 * What follows beside a case from entries in its common room: whoever is let in later is let into
 * the accounts, and into their own agency's working notes; who is taken off it leaves every room; a
 * private session gets its room, and nothing more is written there once it was closed.
 */
export async function followBeside(
  tx: Database,
  { room, ...act }: Pick<Beside, 'by' | 'command' | 'time'> & { room: RoomId },
  command: Command,
  entries: readonly Entry[],
  state: CaseRoom,
): Promise<void> {
  for (const { body } of entries) {
    const told = peopleTold(body);
    if (told.length > 0) await admitBeside(tx, room, told);
    if (body?.type === 'ColleagueTakenOff') await leaveBeside(tx, room, body.person, 'every room');
    if (body?.type === 'PrivateSessionOpened' && command.type === 'OpenPrivateSession') {
      const beside = { ...(await caseOf(tx, room)), ref: state.case.ref, ...act };
      const invited = takingPartIn(command.people, act.by);
      const admitted = state.case.people
        .filter(({ person }) => invited.includes(person))
        .map((person) => ({ person, capability: 'write' as const }));
      await openSideRoom(tx, beside, { id: body.room, kind: 'private-session', owner: null }, admitted);
    }
    if (body?.type === 'PrivateSessionClosed') {
      const session = state.privateSessions.find(({ seq }) => seq === body.session);
      if (session) await closeSideRoom(tx, session.room);
    }
  }
}

/** Lets people who join a case later into the rooms that its agencies have; whoever left them comes back. */
export async function admitBeside(tx: Database, common: RoomId, people: readonly PersonOnCase[]): Promise<void> {
  const of = await caseOf(tx, common);
  const rooms = await tx
    .select({ id: roomTable.id, kind: roomTable.kind, owner: roomTable.owner })
    .from(roomTable)
    .where(and(eq(roomTable.case, of.case), inArray(roomTable.kind, agencyRoomKinds)));
  const rows = rooms.flatMap(({ id, kind, owner }) => {
    if (owner === null) return [];
    return admittedTo[kind as keyof typeof admittedTo](people, { id: owner }).map(({ person, capability }) => ({
      room: id,
      person: person.person,
      capability,
    }));
  });
  for (const row of rows) {
    const set = { capability: row.capability, until: null };
    await tx
      .insert(roomMember)
      .values(row)
      .onConflictDoUpdate({ target: [roomMember.room, roomMember.person], set, setWhere: isNotNull(roomMember.until) });
  }
}

/** Takes somebody out of the rooms that a case's agencies have, or out of each of its rooms: the common one and private sessions too. */
export async function leaveBeside(
  tx: Database,
  common: RoomId,
  person: PersonId,
  which: 'agency rooms' | 'every room',
): Promise<void> {
  const of = await caseOf(tx, common);
  const kinds = which === 'every room' ? ['case' as const, ...sideRoomKinds] : agencyRoomKinds;
  const rooms = tx
    .select({ id: roomTable.id })
    .from(roomTable)
    .where(and(eq(roomTable.case, of.case), inArray(roomTable.kind, kinds)));
  await tx
    .update(roomMember)
    .set({ until: sql`now()` })
    .where(and(eq(roomMember.person, person), isNull(roomMember.until), inArray(roomMember.room, rooms)));
}

async function caseOf(tx: Database, common: RoomId): Promise<{ case: CaseId; partnership: PartnershipId }> {
  const [found] = await tx
    .select({ case: roomTable.case, partnership: roomTable.partnership })
    .from(roomTable)
    .where(eq(roomTable.id, common));
  if (!found?.case) throw new Error(`Room ${common} belongs to no case`);
  return { case: found.case, partnership: found.partnership };
}

/** Makes a room, lets these people in, and says so in its own record and in no other. */
async function openSideRoom(
  tx: Database,
  { partnership, case: of, ref, by, command, time }: Beside,
  { id, kind, owner }: NewSideRoom,
  admitted: readonly Admission[],
): Promise<void> {
  await tx.insert(roomTable).values({ id, partnership, kind, case: of, owner, headHash: firstPrev });
  if (admitted.length > 0) {
    await tx
      .insert(roomMember)
      .values(admitted.map(({ person, capability }) => ({ room: id, person: person.person, capability })));
  }
  const members = admitted.map(({ person, capability }) => ({ ...person, capability }));
  await append(
    tx,
    { room: id, seq: 0, hash: firstPrev },
    [{ type: 'RoomOpened', kind, ref, members }],
    by,
    command,
    time,
  );
}

/** Nothing more is written in the room; those who were in it may still read it. */
export async function closeSideRoom(tx: Database, id: RoomId): Promise<void> {
  await tx.update(roomMember).set({ capability: 'read' }).where(eq(roomMember.room, id));
}

export type SideRoom = { room: RoomId; kind: SideRoomKind; owner: string | null; capability: Capability };

/** The rooms of a case that this person is let into. One they are not let into is not hinted at. */
export async function sideRoomsOf(db: Database, of: CaseId, person: PersonId): Promise<SideRoom[]> {
  const rows = await db
    .select({ room: roomTable.id, kind: roomTable.kind, owner: roomTable.owner, capability: roomMember.capability })
    .from(roomMember)
    .innerJoin(roomTable, eq(roomTable.id, roomMember.room))
    .where(
      and(
        eq(roomTable.case, of),
        eq(roomMember.person, person),
        inArray(roomTable.kind, [...sideRoomKinds]),
        stillMember,
      ),
    )
    .orderBy(roomTable.at);
  return rows.map((row) => ({ ...row, kind: row.kind as SideRoomKind }));
}
