/** Reminders: who still owes something is told again as its day comes near; and of what is asked from a later day, on that day. */
import { eq, inArray, sql } from 'drizzle-orm';
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

/** Who still owes something as its day comes near. Each moment of each need is one notice, whoever looks. */
export async function remind(db: Database, now: Instant): Promise<void> {
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
  for (const { need, since, partnership, ...who } of owing) {
    const at = asked.get(keyOf({ ...who, need }));
    // Its first day has come: it is told today, and reminded of from today on.
    if (need.from && !at) await note({ ...who, need, why: 'asked', when: 'asked' });
    const from = new Date(at ?? (need.from ? now : since)).toISOString();
    for (const { when, at } of reminderMoments(from, need.due, calendars.get(partnership) ?? new Map())) {
      const late = Date.parse(now) - Date.parse(at);
      if (late < 0 || late > lateHours * 3_600_000) continue;
      await note({ ...who, need, why: 'reminder', when });
    }
  }

  /** Once, whoever looks. */
  async function note({ when, ...told }: { room: string; person: string; need: Need; why: NoticeWhy; when: string }) {
    const mark = `${told.room} ${told.person} ${sayNeed(told.need)} ${told.need.due} ${when}`;
    await db
      .insert(notice)
      .values({ ...told, id: newId(), code: newCode(), mark, at: sql`${asMoment(now)}` })
      .onConflictDoNothing({ target: notice.mark });
  }
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
