/** Each agency's screening log: a record of its own, written by the road of every act, read by that agency and the Chair. */
import { and, eq, sql } from 'drizzle-orm';
import { screeningRead } from '#schema/actor.ts';
import type { Agency } from '#schema/agency.ts';
import { dayOf } from '#schema/calendar.ts';
import { newId, type AgencyId, type PartnershipId, type RoomId } from '#schema/id.ts';
import { firstPrev } from '#schema/ledger.ts';
import { isRefusal, refuse, type Refusal } from '#schema/refusal.ts';
import {
  decideScreening,
  notPresented,
  type NotPresented,
  type ScreeningRequest,
  type ScreeningState,
} from '#schema/screening.ts';
import { agency as agencyTable, room as roomTable } from '#schema/tables/index.ts';
import { lockCommand, remember, sentBefore, type Recorded, type Sender } from './command.ts';
import { append, databaseNow, lockHead, type Folds } from './ledger.ts';
import { casesOf } from './query.ts';
import type { Database } from './store.ts';

/** One agency's log as a reader of it sees it. */
export type ScreeningLog = { agency: Agency } & ScreeningState;

export function createScreening({ db, folds }: { db: Database; folds: Folds }) {
  async function carryOut({ id, command }: ScreeningRequest, sender: Sender): Promise<Recorded | Refusal> {
    const { actor, partnership } = sender;
    return db.transaction(async (tx) => {
      await lockCommand(tx, id);
      const owner = command.type === 'SampleScreening' ? command.agency : actor.agency.id;
      if (command.type === 'SampleScreening' && screeningRead(actor) !== 'every') return refuse('OnlyTheChair');
      const room = await logOf(tx, partnership.id, owner);
      if (!room) return refuse('NoSuchScreening');
      const before = await sentBefore(tx, id, room, command, sender);
      if (before) return before;
      const head = await lockHead(tx, room);
      const state = await folds.stateOf(tx, room);
      const events = decideScreening(command, state.screening, actor, {
        today: dayOf(await databaseNow(tx)),
        cases: (await casesOf(tx, actor.person)).map(({ ref }) => ref),
      });
      if (isRefusal(events)) return events;
      const entries = await append(tx, head, events, actor, id);
      return remember(tx, id, room, command, sender, entries);
    });
  }

  /** The logs this person may read, by agency: an agency that has written nothing has an empty one. */
  async function read({ actor, partnership }: Sender): Promise<ScreeningLog[]> {
    const scope = screeningRead(actor);
    if (scope === 'none') return [];
    const rows = await db
      .select({ id: agencyTable.id, kind: agencyTable.kind, name: agencyTable.name, room: roomTable.id })
      .from(agencyTable)
      .leftJoin(roomTable, and(eq(roomTable.owner, agencyTable.id), eq(roomTable.kind, 'screening')))
      .where(eq(agencyTable.partnership, partnership.id))
      .orderBy(agencyTable.name);
    const logs: ScreeningLog[] = [];
    for (const { room, ...agency } of rows) {
      if (agency.kind === 'partnership' || (scope === 'own' && agency.id !== actor.agency.id)) continue;
      const { screened, none } = room ? (await folds.stateOf(db, room)).screening : { screened: [], none: [] };
      logs.push({ agency, screened, none });
    }
    return logs;
  }

  /** What the register says of cases considered and not presented, by agency, as this person may see it. */
  async function counts(sender: Sender): Promise<({ agency: string } & NotPresented)[]> {
    return (await read(sender)).map((log) => ({ agency: log.agency.name, ...notPresented(log) }));
  }

  return { carryOut, read, counts };
}

/** The agency's log, made when it is first needed; null where there is no such agency here. */
async function logOf(tx: Database, partnership: PartnershipId, owner: AgencyId): Promise<RoomId | null> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`screening ${owner}`}, 0))`);
  const [found] = await tx
    .select({ id: roomTable.id })
    .from(roomTable)
    .where(and(eq(roomTable.kind, 'screening'), eq(roomTable.owner, owner), eq(roomTable.partnership, partnership)));
  if (found) return found.id;
  const [agency] = await tx
    .select({ kind: agencyTable.kind })
    .from(agencyTable)
    .where(and(eq(agencyTable.id, owner), eq(agencyTable.partnership, partnership)));
  if (!agency || agency.kind === 'partnership') return null;
  const id = newId();
  await tx.insert(roomTable).values({ id, partnership, kind: 'screening', owner, headHash: firstPrev });
  return id;
}
