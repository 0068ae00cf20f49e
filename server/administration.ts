/** The partnership's own room: what its business unit changes, by the same road as every act, and what it reads. */
import { randomBytes } from 'node:crypto';
import { and, eq, notExists, sql } from 'drizzle-orm';
import { inEachRole, mayAdminister, type Actor } from '#schema/actor.ts';
import {
  decideAdministration,
  type AdministrationEvent,
  type AdministrationFacts,
  type AdministrationRequest,
  type GivenCover,
  type Member,
} from '#schema/administration.ts';
import type { Agency } from '#schema/agency.ts';
import { holidaysOf, inForce, type Arrangements } from '#schema/arrangements.ts';
import { dayOf, holidaysByDay, type Day, type Holidays } from '#schema/calendar.ts';
import { newId, type CommandId, type PartnershipId, type PersonId, type RoomId } from '#schema/id.ts';
import { firstPrev, type Entry } from '#schema/ledger.ts';
import type { MailHeldUp, Undelivered } from '#schema/notice.ts';
import type { UnreadableRow } from '#schema/unreadable.ts';
import { recounted } from '#schema/recount.ts';
import { isRefusal, type Refusal } from '#schema/refusal.ts';
import { fold, hasCase, type CaseRoom } from '#schema/room.ts';
import { asReadBy } from '#schema/sealing.ts';
import {
  agency as agencyTable,
  arrangements as arrangementsTable,
  cover as coverTable,
  membership,
  person as personTable,
  room as roomTable,
  roomMember,
  session as sessionTable,
} from '#schema/tables/index.ts';
import { versionsOf } from './arrangements.ts';
import { hashPassword } from './auth/password.ts';
import type { Bus, Hint } from './bus.ts';
import { lockCommand, remember, sentBefore, sentWithin, type Recorded, type Sender } from './command.ts';
import { append, databaseNow, entriesSince, lockHead, type Folds } from './ledger.ts';
import { mailHeldUp } from './notice/held-up.ts';
import { undelivered } from './notice/undelivered.ts';
import { projectCase } from './projection/case.ts';
import { caseRoomOf } from './rights.ts';
import { followLater, followRole } from './succession.ts';
import { unreadableOf } from './sync/unreadable.ts';
import type { Database } from './store.ts';

/** A case whose last day to notify moves with a change of bank holidays. */
export type Recounted = { ref: string; before: Day; after: Day };
/** `password` is for a person who was added, to be handed over in person: told now and never again. */
export type Administered = Recorded & { password?: string };

export type Administration = {
  versions: Arrangements[];
  inForce: Arrangements;
  agencies: Agency[];
  members: (Member & { email: string })[];
  covers: GivenCover[];
  entries: Entry[];
  /** Whom mail did not reach. */
  undelivered: Undelivered[];
  /** Why no mail leaves, where that is. */
  mailHeldUp: MailHeldUp | null;
  /** Rows of notes that nobody can read. */
  unreadable: UnreadableRow[];
};

type World = { db: Database; bus: Bus; folds: Folds };

/** Minutes in which the answer that told a password may be asked for again, because it was lost on its way. */
const askedAgainWithin = 15;

export function createAdministration({ db, bus, folds }: World) {
  /** `busy` when too many passwords wait to be worked out: nothing was changed. */
  async function carryOut(
    { id, command }: AdministrationRequest,
    sender: Sender,
  ): Promise<Administered | Refusal | 'busy'> {
    const hints: Hint[] = [];
    // Made before the transaction: hashing is slow on purpose, and locks must not wait for it.
    const password = command.type === 'AddPerson' ? randomBytes(12).toString('base64url') : '';
    const hashed = password ? await hashPassword(password) : { hash: '' };
    if (hashed === 'busy') return hashed;
    const result = await db.transaction(async (tx): Promise<Administered | Refusal> => {
      await lockCommand(tx, id);
      const room = await partnershipRoom(tx, sender.partnership.id);
      const before = await sentBefore(tx, id, room, command, sender);
      if (before)
        return isRefusal(before) || !password
          ? before
          : withPassword(tx, room, id, before, { password, passwordHash: hashed.hash });
      const head = await lockHead(tx, room);
      const state = await folds.stateOf(tx, room);
      const email = command.type === 'AddPerson' ? command.email.toLowerCase() : '';
      const facts = await factsFor(tx, sender.partnership.id, email);
      const events = decideAdministration(command, state.administration, sender.actor, facts);
      if (isRefusal(events)) return events;
      const by = inEachRole(sender.actor).find(mayAdminister) ?? sender.actor;
      const entries = await append(tx, head, events, by, id);
      for (const event of events) {
        if (changesRights.has(event.type)) hints.push({ kind: 'rights' });
        if (event.type === 'CoverGiven' || event.type === 'CoverEnded') {
          const deputy = event.type === 'CoverGiven' ? event : state.administration.covers.find(isOf(event));
          if (deputy) hints.push({ kind: 'work', people: [deputy.person] });
        }
        await project(tx, sender.partnership.id, event, { email, passwordHash: hashed.hash });
        hints.push(
          ...(await followMembership(tx, folds, room, event, { partnership: sender.partnership.id, by, command: id })),
        );
        if (event.type === 'ArrangementsChanged' && event.part === 'calendar') {
          hints.push(...(await recountCases(tx, folds, sender, event, id)));
        }
      }
      const recorded = await remember(tx, id, room, command, sender, entries);
      return password ? { ...recorded, password } : recorded;
    });
    for (const hint of hints) bus.publish(hint);
    return result;
  }

  /** Everything the business unit looks after, as it stands, and the record of how it came to. */
  async function read({ actor, partnership }: Sender): Promise<Administration> {
    const room = await partnershipRoom(db, partnership.id);
    const today = dayOf(await databaseNow(db));
    const versions = await versionsOf(db, partnership.id);
    const state = await folds.stateOf(db, room);
    return {
      versions,
      inForce: inForce(versions, today),
      agencies: await agenciesOf(db, partnership.id),
      members: await membersOf(db, partnership.id),
      covers: [...state.administration.covers],
      entries: (await entriesSince(db, room, 0)).map((entry) => asReadBy(entry, state, actor)),
      undelivered: await undelivered(db, partnership.id),
      mailHeldUp: await mailHeldUp(db),
      unreadable: await unreadableOf(db, partnership.id, actor.person),
    };
  }

  /** The open cases that this person is on whose last day to notify would move. Of other cases nothing is told. */
  async function wouldRecount(
    calendar: Arrangements['calendar'],
    { actor, partnership }: Sender,
  ): Promise<Recounted[]> {
    const moving: Recounted[] = [];
    const holidays = holidaysByDay(holidaysOf({ calendar }));
    for (const { state, moved } of await casesUnder(db, folds, partnership.id, holidays)) {
      if (!moved || moved.notifyBy === moved.before) continue;
      if (!(await caseRoomOf(db, state.case.ref, actor.person))) continue;
      moving.push({ ref: state.case.ref, before: moved.before, after: moved.notifyBy });
    }
    return moving.sort((a, b) => (a.ref < b.ref ? -1 : 1));
  }

  return { carryOut, read, wouldRecount };
}

/**
 * Whoever sends the same again never had the answer: the password in it stands nowhere else, so another
 * takes its place. Later it is no lost answer any more, and nobody's password changes.
 */
async function withPassword(
  tx: Database,
  room: RoomId,
  id: CommandId,
  recorded: Recorded,
  { password, passwordHash }: { password: string; passwordHash: string },
): Promise<Administered> {
  if (!(await sentWithin(tx, id, askedAgainWithin))) return recorded;
  const [given] = await entriesSince(tx, room, recorded.firstSeq - 1);
  if (given?.body?.type !== 'RoleGiven') throw new Error(`Entry ${recorded.firstSeq} of room ${room} adds nobody`);
  await tx.update(personTable).set({ passwordHash }).where(eq(personTable.id, given.body.person));
  return { ...recorded, password };
}

const isOf = (ended: { cover: string }) => (given: GivenCover) => given.cover === ended.cover;

/** After these every open socket is looked at: a role that ends takes with it the cover that somebody else has of it. */
const changesRights: ReadonlySet<AdministrationEvent['type']> = new Set([
  'RoleGiven',
  'RoleEnded',
  'CoverGiven',
  'CoverEnded',
]);

/** Whether the routes of the partnership's own room exist for this person. */
export function administers(actor: Actor): boolean {
  return mayAdminister(actor);
}

/** The partnership's own room. Every partnership has one from the day it is set up. */
async function partnershipRoom(db: Database, partnership: PartnershipId): Promise<RoomId> {
  const [found] = await db
    .select({ id: roomTable.id })
    .from(roomTable)
    .where(and(eq(roomTable.partnership, partnership), eq(roomTable.kind, 'partnership')));
  if (!found) throw new Error(`Partnership ${partnership} has no room of its own`);
  return found.id;
}

async function factsFor(tx: Database, partnership: PartnershipId, email: string): Promise<AdministrationFacts> {
  const [taken] = email
    ? await tx.select({ id: personTable.id }).from(personTable).where(eq(personTable.email, email))
    : [];
  return {
    today: dayOf(await databaseNow(tx)),
    versions: await versionsOf(tx, partnership),
    agencies: await agenciesOf(tx, partnership),
    members: await membersOf(tx, partnership),
    emailTaken: Boolean(taken),
    ids: { agency: newId(), person: newId(), membership: newId(), cover: newId() },
  };
}

function agenciesOf(db: Database, partnership: PartnershipId): Promise<Agency[]> {
  return db
    .select({ id: agencyTable.id, kind: agencyTable.kind, name: agencyTable.name })
    .from(agencyTable)
    .where(eq(agencyTable.partnership, partnership))
    .orderBy(agencyTable.name);
}

async function membersOf(db: Database, partnership: PartnershipId): Promise<(Member & { email: string })[]> {
  const london = (moment: typeof membership.since | typeof membership.until) =>
    sql<string>`to_char(${moment} at time zone 'Europe/London', 'YYYY-MM-DD')`;
  // A role ends with its last day, so the moment it ends is the midnight after.
  const last = sql<
    string | null
  >`to_char((${membership.until} at time zone 'Europe/London') - interval '1 microsecond', 'YYYY-MM-DD')`;
  const rows = await db
    .select({
      membership: membership.id,
      person: personTable.id,
      name: personTable.name,
      email: personTable.email,
      agency: { id: agencyTable.id, kind: agencyTable.kind, name: agencyTable.name },
      role: membership.role,
      from: london(membership.since),
      until: last,
      ended: sql<boolean>`${membership.until} is not null and ${membership.until} <= now()`,
    })
    .from(membership)
    .innerJoin(personTable, eq(personTable.id, membership.person))
    .innerJoin(agencyTable, eq(agencyTable.id, membership.agency))
    .where(eq(membership.partnership, partnership))
    .orderBy(agencyTable.name, personTable.name);
  return rows;
}

/** The midnight in London with which a day begins; for a day that has begun, now, so that a role holds at once. */
const beginning = (day: Day) => sql`greatest((${day}::timestamp at time zone 'Europe/London'), now())`;
const midnightAfter = (day: Day) => sql`((${day}::timestamp + interval '1 day') at time zone 'Europe/London')`;

/** What a change makes true in the tables that the rest of the service reads, in the same transaction. */
async function project(
  tx: Database,
  partnership: PartnershipId,
  event: AdministrationEvent,
  { email, passwordHash }: { email: string; passwordHash: string },
): Promise<void> {
  switch (event.type) {
    case 'ArrangementsChanged': {
      const { version } = event.arrangements;
      await tx.insert(arrangementsTable).values({ partnership, version, content: event.arrangements });
      return;
    }
    case 'AgencyAdded':
      await tx.insert(agencyTable).values({ partnership, ...event.agency });
      return;
    case 'RoleGiven': {
      const { person, name, agency, role, from, until, added } = event;
      if (added) await addPerson(tx, partnership, { id: person, name, email, passwordHash });
      await tx.insert(membership).values({
        id: event.membership,
        person,
        partnership,
        agency: agency.id,
        role,
        since: beginning(from),
        until: until && midnightAfter(until),
      });
      return;
    }
    case 'RoleEnded':
      await tx
        .update(membership)
        .set({ until: event.on === null ? sql`now()` : midnightAfter(event.on) })
        .where(eq(membership.id, event.membership));
      await endSessions(tx, event.person);
      return;
    case 'CoverGiven': {
      const { cover, person, agency, role, from, until, authorisedBy } = event;
      const row = {
        id: cover,
        partnership,
        person,
        for: event.for,
        agency: agency.id,
        role,
        from,
        until,
        authorisedBy,
      };
      await tx.insert(coverTable).values(row);
      return;
    }
    case 'CoverEnded':
      await tx
        .update(coverTable)
        .set({ endedAt: sql`now()` })
        .where(eq(coverTable.id, event.cover));
  }
}

/** Lets in or out, now or when the day comes, whom a role that was given or ended brings onto cases or takes off them. */
async function followMembership(
  tx: Database,
  folds: Folds,
  room: RoomId,
  event: AdministrationEvent,
  act: Parameters<typeof followRole>[3],
): Promise<Hint[]> {
  if (event.type !== 'RoleGiven' && event.type !== 'RoleEnded') return [];
  const { membership: id, person, name, agency, role, why } = event;
  const change = { person, name, agency, role, why, authorisedBy: act.by.name };
  const last = event.type === 'RoleGiven' ? event.until : event.on;
  if (last !== null) await followLater(tx, room, id, 'ended', midnightAfter(last));
  if (event.type === 'RoleEnded') return last === null ? followRole(tx, folds, { ...change, is: 'ended' }, act) : [];
  if (event.from <= dayOf(await databaseNow(tx))) return followRole(tx, folds, { ...change, is: 'given' }, act);
  await followLater(tx, room, id, 'given', beginning(event.from));
  return [];
}

/** Whoever has no role left is signed out, wherever they are. */
async function endSessions(tx: Database, person: PersonId): Promise<void> {
  const serves = tx
    .select({ id: membership.id })
    .from(membership)
    .where(and(eq(membership.person, person), sql`(${membership.until} is null or ${membership.until} > now())`));
  await tx.delete(sessionTable).where(and(eq(sessionTable.userId, person), notExists(serves)));
}

async function addPerson(
  tx: Database,
  partnership: PartnershipId,
  { id, name, email, passwordHash }: { id: string; name: string; email: string; passwordHash: string },
): Promise<void> {
  await tx.insert(personTable).values({ id, name, email, passwordHash });
  const own = newId();
  await tx.insert(roomTable).values({ id: own, partnership, kind: 'my-work', owner: id, headHash: firstPrev });
  await tx.insert(roomMember).values({ room: own, person: id, capability: 'write' });
}

/** Cases of the partnership, in the order of their rooms, with what moves in each under these holidays. */
async function casesUnder(
  tx: Database,
  folds: Folds,
  partnership: PartnershipId,
  holidays: Holidays,
): Promise<{ room: RoomId; state: CaseRoom; moved: ReturnType<typeof recounted> }[]> {
  const rooms = await tx
    .select({ id: roomTable.id })
    .from(roomTable)
    .where(and(eq(roomTable.partnership, partnership), eq(roomTable.kind, 'case')))
    .orderBy(roomTable.id);
  const cases: { room: RoomId; state: CaseRoom; moved: ReturnType<typeof recounted> }[] = [];
  for (const { id } of rooms) {
    const state = await folds.stateOf(tx, id);
    if (hasCase(state)) cases.push({ room: id, state, moved: recounted(state, holidays) });
  }
  return cases;
}

/**
 * Records in each case what moved, and why, so that its people see it. What time will do, and by when
 * things are asked, is worked out anew in every case: not all of it has a date in the record.
 */
async function recountCases(
  tx: Database,
  folds: Folds,
  sender: Sender,
  { arrangements, why }: { arrangements: Arrangements; why: string },
  id: CommandId,
): Promise<Hint[]> {
  const hints: Hint[] = [];
  const holidays = holidaysByDay(holidaysOf(arrangements));
  const { id: partnership } = sender.partnership;
  for (const { room } of await casesUnder(tx, folds, partnership, holidays)) {
    const head = await lockHead(tx, room);
    const state = await folds.stateOf(tx, room);
    if (!hasCase(state)) continue;
    const moved = recounted(state, holidays);
    const entries = moved ? await append(tx, head, [{ type: 'ClockRecounted', ...moved, why }], sender.actor, id) : [];
    const after = fold(entries, state);
    if (hasCase(after)) await projectCase(tx, room, partnership, after);
    if (moved) hints.push({ kind: 'entries', room, seq: after.seq });
    hints.push({ kind: 'work', people: state.case.people.map(({ person }) => person) });
  }
  return hints;
}
