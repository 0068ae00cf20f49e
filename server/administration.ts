/** The partnership's own room: what its business unit changes, by the same road as every act, and what it reads. */
import { randomBytes } from 'node:crypto';
import { and, eq, sql } from 'drizzle-orm';
import { inEachRole, mayAdminister, type Actor } from '#schema/actor.ts';
import {
  decideAdministration,
  type AdministrationCommand,
  type AdministrationEvent,
  type AdministrationFacts,
  type AdministrationRequest,
  type GivenCover,
  type Member,
} from '#schema/administration.ts';
import type { Agency } from '#schema/agency.ts';
import { inForce, type Arrangements } from '#schema/arrangements.ts';
import { dayOf } from '#schema/calendar.ts';
import { newId, type CommandId, type PartnershipId, type RoomId } from '#schema/id.ts';
import type { Entry } from '#schema/ledger.ts';
import type { MailHeldUp, Undelivered } from '#schema/notice.ts';
import type { UnreadableRow } from '#schema/unreadable.ts';
import { isRefusal, type Refusal } from '#schema/refusal.ts';
import { asReadBy } from '#schema/sealing.ts';
import { agency as agencyTable, membership, person as personTable, room as roomTable } from '#schema/tables/index.ts';
import { versionsOf } from './arrangements.ts';
import { hashPassword } from './auth/password.ts';
import type { Bus, Hint } from './bus.ts';
import { lockCommand, remember, sentBefore, sentWithin, type Recorded, type Sender } from './command.ts';
import { append, databaseNow, entriesSince, lockHead, type Folds } from './ledger.ts';
import { mailHeldUp } from './notice/held-up.ts';
import { undelivered } from './notice/undelivered.ts';
import { setPassword } from './person.ts';
import { beginning, midnightAfter, projectAdministration } from './projection/administration.ts';
import { recountCases } from './recount.ts';
import { followLater, followRole } from './succession.ts';
import { unreadableOf } from './sync/unreadable.ts';
import type { Database } from './store.ts';

/** `password` is for a person who was added or lost theirs, to be handed over in person: told now and never again. */
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
    const password = givesPassword.has(command.type) ? randomBytes(12).toString('base64url') : '';
    const hashed = password ? await hashPassword(password) : { hash: '' };
    if (hashed === 'busy') return hashed;
    const result = await db.transaction(async (tx): Promise<Administered | Refusal> => {
      await lockCommand(tx, id);
      const room = await partnershipRoom(tx, sender.partnership.id);
      const before = await sentBefore(tx, id, room, command, sender);
      if (before) {
        if (isRefusal(before) || !password) return before;
        hints.push({ kind: 'rights' });
        return withPassword(tx, room, id, before, { password, passwordHash: hashed.hash });
      }
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
        await projectAdministration(tx, sender.partnership.id, event, { email, passwordHash: hashed.hash });
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

  return { carryOut, read };
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
  if (given?.body?.type !== 'RoleGiven' && given?.body?.type !== 'PasswordGiven') {
    throw new Error(`Entry ${recorded.firstSeq} of room ${room} gives nobody a password`);
  }
  await setPassword(tx, given.body.person, passwordHash);
  return { ...recorded, password };
}

const isOf = (ended: { cover: string }) => (given: GivenCover) => given.cover === ended.cover;

const givesPassword: ReadonlySet<AdministrationCommand['type']> = new Set(['AddPerson', 'GivePassword']);

/** After these every open socket is looked at: a role that ends takes with it the cover that somebody else has of it. */
const changesRights: ReadonlySet<AdministrationEvent['type']> = new Set([
  'RoleGiven',
  'PasswordGiven',
  'RoleEnded',
  'CoverGiven',
  'CoverEnded',
]);

/** Whether the routes of the partnership's own room exist for this person. */
export function administers(actor: Actor): boolean {
  return mayAdminister(actor);
}

/** The partnership's own room. Every partnership has one from the day it is set up. */
export async function partnershipRoom(db: Database, partnership: PartnershipId): Promise<RoomId> {
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
