/** Reminders: who still owes something is told again as its day comes near; and of what is asked from a later day, on that day. */
import { eq, inArray, sql } from 'drizzle-orm';
import type { Logger } from 'pino';
import { dayOf, type Holidays, type Instant } from '#schema/calendar.ts';
import { newId, type PartnershipId, type PersonId, type RoomId } from '#schema/id.ts';
import { reminderMoments, type NoticeWhy } from '#schema/notice.ts';
import { notice, room, workItem } from '#schema/tables/index.ts';
import type { Need } from '#schema/work.ts';
import { holidaysIn } from '../arrangements.ts';
import { withDeputies } from '../cover.ts';
import { asMoment } from '../projection/due.ts';
import type { Database } from '../store.ts';
import { isAsked, newCode, sayNeed } from './tell.ts';

/** Hours after its moment when a reminder is of no more use. */
const lateHours = 6;

type Owing = Asked & { need: Need; since: Instant; partnership: PartnershipId };

/**
 * Who still owes something as its day comes near. Each moment of each need is one notice, whoever
 * looks; what cannot be told to one person keeps nobody else's back.
 */
export async function remind({ db, log }: { db: Database; log: Logger }, now: Instant): Promise<void> {
  const today = dayOf(now);
  const owed = await db
    .select({
      room: workItem.room,
      person: workItem.person,
      need: workItem.need,
      since: room.at,
      partnership: room.partnership,
    })
    .from(workItem)
    .innerJoin(room, eq(room.id, workItem.room));
  // What a clock of the case alerts to is told of by the worker, at the times that the case's page of clocks gives.
  const asking = owed.filter(({ need }) => isAsked(need, today) && !need.clocks);
  const calendars = await calendarsOf(
    db,
    asking.map(({ partnership }) => partnership),
  );
  const owing = await withDeputies(db, asking);
  const asked = await firstAsked(db, owing);
  for (const each of owing) {
    const holidays = calendars.get(each.partnership) ?? new Map();
    await remindOf(db, now, each, asked.get(keyOf(each)), holidays).catch((err: unknown) =>
      log.error({ err, room: each.room, person: each.person }, 'a reminder could not be given'),
    );
  }
}

async function remindOf(
  db: Database,
  now: Instant,
  { need, since, room, person }: Owing,
  asked: string | undefined,
  holidays: Holidays,
): Promise<void> {
  const who = { room, person, need };
  // Its first day has come: it is told today, and reminded of from today on.
  if (need.from && !asked) await note(db, now, { ...who, why: 'asked' }, 'asked');
  const from = new Date(asked ?? (need.from ? now : since)).toISOString();
  for (const { when, at } of reminderMoments(from, need.due, holidays)) {
    const late = Date.parse(now) - Date.parse(at);
    if (late < 0 || late > lateHours * 3_600_000) continue;
    await note(db, now, { ...who, why: 'reminder' }, when);
  }
}

type Told = { room: RoomId; person: PersonId; need: Need; why: NoticeWhy };

/** Once, whoever looks. */
async function note(db: Database, now: Instant, told: Told, when: string): Promise<void> {
  const mark = `${told.room} ${told.person} ${sayNeed(told.need)} ${told.need.due} ${when}`;
  await db
    .insert(notice)
    .values({ ...told, id: newId(), code: newCode(), mark, at: sql`${asMoment(now)}` })
    .onConflictDoNothing({ target: notice.mark });
}

/** The bank holidays that each of these partnerships has agreed. */
async function calendarsOf(
  db: Database,
  partnerships: readonly PartnershipId[],
): Promise<Map<PartnershipId, Holidays>> {
  const calendars = new Map<PartnershipId, Holidays>();
  for (const id of new Set(partnerships)) calendars.set(id, await holidaysIn(db, id));
  return calendars;
}

type Asked = { room: RoomId; person: PersonId; need: Pick<Need, 'what' | 'at'> };

const keyOf = ({ room, person, need }: Asked): string => `${room} ${person} ${sayNeed(need)}`;

/** When each person was first told of what they owe, by `keyOf`; nothing where they never were. */
async function firstAsked(db: Database, owing: readonly Asked[]): Promise<Map<string, string>> {
  if (owing.length === 0) return new Map();
  const [what, at] = [sql<string>`${notice.need} ->> 'what'`, sql<string | null>`${notice.need} ->> 'at'`];
  const rows = await db
    .select({ room: notice.room, person: notice.person, what, at, first: sql<string>`min(${notice.at})` })
    .from(notice)
    .where(inArray(notice.person, [...new Set(owing.map(({ person }) => person))]))
    .groupBy(notice.room, notice.person, what, at);
  return new Map(
    rows.map(({ room, person, what, at, first }) => [
      keyOf({ room, person, need: at === null ? { what } : { what, at } }),
      first,
    ]),
  );
}
