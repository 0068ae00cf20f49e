/** What a role that begins or ends does in the partnership's cases: who answers for an agency now is let in, who no longer does is out. */
import { and, desc, eq, inArray, sql } from 'drizzle-orm';
import { serviceClock, type Actor } from '#schema/actor.ts';
import { capabilityOf, isOnCase } from '#schema/case.ts';
import { newId, type CommandId, type PartnershipId, type RoomId } from '#schema/id.ts';
import { hasCase, fold } from '#schema/room.ts';
import { succeed, type Change } from '#schema/succession.ts';
import {
  agency as agencyTable,
  dueMoment,
  entry as entryTable,
  membership as membershipTable,
  person as personTable,
  room as roomTable,
  roomMember,
} from '#schema/tables/index.ts';
import type { Hint } from './bus.ts';
import { tellEach } from './command.ts';
import { append, lockHead, type Folds, type Head } from './ledger.ts';
import { projectCase } from './projection/case.ts';
import { admitBeside, leaveBeside } from './side-rooms.ts';
import type { Database } from './store.ts';
import type { Worker } from './worker.ts';

type Act = { partnership: PartnershipId; by: Actor; command: CommandId };

/**
 * Lets somebody in or out, in each case's own record, and tells them of each they come onto. The
 * heads of all cases are taken first, in the order of their ids, so that nobody who holds one of
 * them and tells somebody of it can wait for us while we wait for them.
 */
export async function followRole(tx: Database, folds: Folds, change: Change, act: Act): Promise<Hint[]> {
  if (change.is === 'ended' && (await stillServes(tx, change))) return [];
  const cases = await tx
    .select({ id: roomTable.id })
    .from(roomTable)
    .where(and(eq(roomTable.partnership, act.partnership), eq(roomTable.kind, 'case')))
    .orderBy(roomTable.id);
  const heads: Head[] = [];
  for (const { id } of cases) {
    const state = await folds.stateOf(tx, id);
    if (hasCase(state) && succeed(state, change).length > 0) heads.push(await lockHead(tx, id));
  }
  const hints: Hint[] = [];
  for (const head of heads) hints.push(...(await followIn(tx, folds, head, change, act)));
  return hints;
}

/** Whether they hold the same role by another term that goes on. */
async function stillServes(tx: Database, { person, agency, role }: Change): Promise<boolean> {
  const { since, until } = membershipTable;
  const [found] = await tx
    .select({ id: membershipTable.id })
    .from(membershipTable)
    .where(
      and(
        eq(membershipTable.person, person),
        eq(membershipTable.agency, agency.id),
        eq(membershipTable.role, role),
        sql`${since} <= now() and (${until} is null or ${until} > now())`,
      ),
    )
    .limit(1);
  return found !== undefined;
}

async function followIn(tx: Database, folds: Folds, head: Head, change: Change, act: Act): Promise<Hint[]> {
  const { room } = head;
  const before = await folds.stateOf(tx, room);
  const events = hasCase(before) ? succeed(before, change) : [];
  if (!hasCase(before) || events.length === 0) return [];
  const after = fold(await append(tx, head, events, act.by, act.command), before);
  if (!hasCase(after)) throw new Error(`Room ${room} lost its case`);
  const now = after.case.people.find(({ person }) => person === change.person);
  const hints: Hint[] = [];
  await leaveBeside(tx, room, change.person, now ? 'agency rooms' : 'every room');
  if (now) {
    const capability = capabilityOf(now);
    await tx
      .insert(roomMember)
      .values({ room, person: now.person, capability })
      .onConflictDoUpdate({ target: [roomMember.room, roomMember.person], set: { capability, until: null } });
    await admitBeside(tx, room, [now]);
    if (!isOnCase(before.case, now.person)) {
      hints.push(...(await tellEach(tx, [now], { ref: after.case.ref, room }, act.by, act.command)));
    }
  }
  await projectCase(tx, room, act.partnership, after, act.by.person);
  hints.push({ kind: 'entries', room, seq: after.seq });
  hints.push({ kind: 'work', people: [...after.case.people.map(({ person }) => person), change.person] });
  return hints;
}

const kind = 'role';

/** Notes that a role will begin or end with a day, so that it is followed then. `at` is SQL for the moment. */
export async function followLater(
  tx: Database,
  room: RoomId,
  membership: string,
  is: Change['is'],
  at: ReturnType<typeof sql>,
): Promise<void> {
  const again = { at, doneAt: null, againAt: null, tries: 0 };
  await tx
    .insert(dueMoment)
    .values({ room, kind, subject: `${membership} ${is}`, at: sql`${at}`, command: null })
    .onConflictDoUpdate({ target: [dueMoment.room, dueMoment.kind, dueMoment.subject], set: again });
}

/** Sees to roles that begin or end with a day. One that was changed meanwhile is out of date, and is left. */
export function registerSuccession(worker: Pick<Worker, 'register'>, folds: Folds): void {
  worker.register(kind, async ({ room, subject }, { tx, publish }) => {
    const [id = '', is] = subject.split(' ');
    const [found] = await tx
      .select({
        person: personTable.id,
        name: personTable.name,
        agency: { id: agencyTable.id, kind: agencyTable.kind, name: agencyTable.name },
        role: membershipTable.role,
        partnership: membershipTable.partnership,
        is: sql<Change['is'] | 'to come'>`case when ${membershipTable.until} <= now() then 'ended'
          when ${membershipTable.since} <= now() then 'given' else 'to come' end`,
      })
      .from(membershipTable)
      .innerJoin(personTable, eq(personTable.id, membershipTable.person))
      .innerJoin(agencyTable, eq(agencyTable.id, membershipTable.agency))
      .where(eq(membershipTable.id, id));
    if (!found || found.is !== is || found.is === 'to come') return;
    const { partnership, ...member } = found;
    const said = await whatWasSaid(tx, room, id);
    const act = { partnership, by: serviceClock, command: newId() };
    for (const hint of await followRole(tx, folds, { ...member, is: found.is, ...said }, act)) publish(hint);
    publish({ kind: 'rights' });
  });
}

/** Why, and on whose authority: as the partnership's record has it last. */
async function whatWasSaid(
  tx: Database,
  room: RoomId,
  membership: string,
): Promise<Pick<Change, 'why' | 'authorisedBy'>> {
  const [said] = await tx
    .select({ body: entryTable.body, actor: entryTable.actor })
    .from(entryTable)
    .where(
      and(
        eq(entryTable.room, room),
        inArray(entryTable.type, ['RoleGiven', 'RoleEnded']),
        sql`${entryTable.body} ->> 'membership' = ${membership}`,
      ),
    )
    .orderBy(desc(entryTable.seq))
    .limit(1);
  const why = said?.body && 'why' in said.body && typeof said.body.why === 'string' ? said.body.why : '';
  return { why, authorisedBy: said?.actor.name ?? '' };
}
