/** What a person was told becomes a mail: several things within a few minutes are one, and what has been done by then is none. */
import { and, asc, eq, inArray, isNull, or, sql } from 'drizzle-orm';
import type { Logger } from 'pino';
import { dayOf, instantAt, isWorkingDay, plainDate, type Holidays, type Instant } from '#schema/calendar.ts';
import { newId, type PersonId, type RoomId } from '#schema/id.ts';
import { gatherMinutes, mailOf, morning, type MailChoice } from '#schema/notice.ts';
import { agency, mail, membership, notice, personSetting, room, roomMember, workItem } from '#schema/tables/index.ts';
import { holidaysIn } from '../arrangements.ts';
import { isOrIsCoveredBy } from '../cover.ts';
import { asMoment } from '../projection/due.ts';
import { stillMember } from '../rights.ts';
import type { Database } from '../store.ts';
import { sayNeed } from './tell.ts';

type World = {
  db: Database;
  /** Where people reach the service: the links lead there. */
  origin: () => string;
  log: Logger;
};

/** Writes the mails that are due by now, into the outbox. */
export async function gather({ db, origin, log }: World, now: Instant): Promise<void> {
  const waiting = await db
    .selectDistinct({ person: notice.person })
    .from(notice)
    .where(isNull(notice.gatheredAt))
    .orderBy(notice.person);
  // Each in a transaction of its own: nobody's typing waits for all, and nobody's mail for what is wrong with another's.
  for (const { person: to } of waiting) {
    await gatherFor(db, to, now, origin()).catch((err: unknown) =>
      log.error({ err, person: to }, 'a mail could not be written'),
    );
  }
}

async function gatherFor(db: Database, to: PersonId, now: Instant, origin: string): Promise<void> {
  await db.transaction(async (tx) => {
    const all = await tx
      .select()
      .from(notice)
      .where(and(eq(notice.person, to), isNull(notice.gatheredAt)))
      .orderBy(asc(notice.at))
      .for('update', { skipLocked: true });
    const [oldest] = all;
    if (!oldest) return;
    const [settings] = await tx.select().from(personSetting).where(eq(personSetting.person, to));
    if (await isTime(tx, settings?.mail ?? 'each', oldest, now)) await writeMail(tx, to, all, now, origin);
  });
}

async function isTime(
  tx: Database,
  choice: MailChoice,
  oldest: Pick<typeof notice.$inferSelect, 'at' | 'room'>,
  now: Instant,
): Promise<boolean> {
  if (choice === 'each') return Date.parse(now) - Date.parse(oldest.at) >= gatherMinutes * 60_000;
  const today = dayOf(now);
  const day = plainDate(today);
  const opened = instantAt(today, morning);
  if (day === null || now < opened || Date.parse(oldest.at) >= Date.parse(opened)) return false;
  return isWorkingDay(day, await holidaysFor(tx, oldest.room));
}

async function writeMail(
  tx: Database,
  to: string,
  all: readonly (typeof notice.$inferSelect)[],
  now: Instant,
  origin: string,
): Promise<void> {
  const ids = all.map(({ id }) => id);
  const at = asMoment(now);
  await tx
    .update(notice)
    .set({ gatheredAt: sql`${at}` })
    .where(inArray(notice.id, ids));
  const owed = await tx
    .select({ room: workItem.room, need: workItem.need, ref: room.ref })
    .from(workItem)
    .innerJoin(room, eq(room.id, workItem.room))
    .innerJoin(roomMember, and(eq(roomMember.room, room.id), eq(roomMember.person, workItem.person)))
    .where(and(isOrIsCoveredBy(workItem.person, to), stillMember));
  const still = all.flatMap((each) => {
    const found = owed.find((other) => other.room === each.room && sayNeed(other.need) === sayNeed(each.need));
    return found?.ref ? [{ ...each, ref: found.ref }] : [];
  });
  // Asked and reminded of in one mail is said once.
  const told = [...new Map(still.map((each) => [`${each.room} ${sayNeed(each.need)}`, each])).values()].sort((a, b) =>
    a.need.due < b.need.due ? -1 : 1,
  );
  if (told.length === 0) return;
  const [who] = await tx
    .select({ agency: agency.name })
    .from(membership)
    .innerJoin(agency, eq(agency.id, membership.agency))
    .where(and(eq(membership.person, to), or(isNull(membership.until), sql`${membership.until} > now()`)));
  if (!who) return;
  const { subject, body } = mailOf(told, { agency: who.agency, origin });
  const id = newId();
  await tx
    .insert(mail)
    .values({ id, person: to, subject, body, state: 'waiting', againAt: sql`${at}`, at: sql`${at}` });
  await tx
    .update(notice)
    .set({ mail: id })
    .where(
      inArray(
        notice.id,
        still.map((each) => each.id),
      ),
    );
}

/** The bank holidays that the partnership of a room has agreed. */
async function holidaysFor(tx: Database, id: RoomId): Promise<Holidays> {
  const [found] = await tx.select({ partnership: room.partnership }).from(room).where(eq(room.id, id));
  if (!found) throw new Error(`No room ${id}`);
  return holidaysIn(tx, found.partnership);
}
