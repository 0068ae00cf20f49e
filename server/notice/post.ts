/** The post: notices become mails, mails leave once, and whether they arrived is known. Any number of processes may run it. */
import { and, asc, eq, inArray, isNotNull, isNull, lte, or, sql } from 'drizzle-orm';
import type { PgUpdateSetSource } from 'drizzle-orm/pg-core';
import type { Logger } from 'pino';
import { holidaysOf } from '#schema/arrangements.ts';
import {
  dayOf,
  holidaysByDay,
  instantAt,
  isWorkingDay,
  plainDate,
  type Day,
  type Holidays,
  type Instant,
} from '#schema/calendar.ts';
import { newId, type PartnershipId, type PersonId, type RoomId } from '#schema/id.ts';
import { gatherMinutes, mailOf, morning, reminderMoments, type MailChoice, type NoticeWhy } from '#schema/notice.ts';
import {
  agency,
  mail,
  membership,
  notice,
  person,
  personSetting,
  room,
  roomMember,
  workItem,
} from '#schema/tables/index.ts';
import type { Need } from '#schema/work.ts';
import { arrangementsOf } from '../arrangements.ts';
import { isOrIsCoveredBy, withDeputies } from '../cover.ts';
import { databaseNow, type Time } from '../ledger.ts';
import { asMoment } from '../projection/due.ts';
import { stillMember } from '../rights.ts';
import type { Database } from '../store.ts';
import type { Carrier } from './carrier.ts';
import { isAsked, newCode, sayNeed } from './tell.ts';

/** Milliseconds between two looks. */
const lookEvery = 15_000;
/** Minutes for which a mail that is being sent is nobody else's: longer than a carrier takes. After a crash it is sent again, by the same id. */
const claimMinutes = 5;
/** Minutes before what did not leave is tried again: doubled each time, up to an hour; after a day it has failed. */
const firstPause = 1;
const longestPause = 60;
const giveUpHours = 24;
/** How many deliveries are asked after in one look; minutes between two questions after one, and hours after which nobody asks any more. */
const askedAtOnce = 10;
const askMinutes = 10;
const askHours = 72;
/** Hours after its moment when a reminder is of no more use. */
const lateHours = 6;

type World = {
  db: Database;
  carrier: Carrier;
  /** Where people reach the service: the links lead there. */
  origin: () => string;
  log: Logger;
  /** Only a test gives another time than the database's. */
  time?: Time;
};

export function createPost({ db, carrier, origin, log, time = databaseNow }: World) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let looking: Promise<void> | null = null;
  let closed = false;

  /** Reminds, gathers, sends and asks after, in that order. One look at a time. */
  function lookNow(): Promise<void> {
    looking ??= look().finally(() => (looking = null));
    return looking;
  }

  async function look(): Promise<void> {
    await remind();
    await gather();
    await send();
    await askAfter();
  }

  /** Who still owes something as its day comes near. Each moment of each need is one notice, whoever looks. */
  async function remind(): Promise<void> {
    const now = await time(db);
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
      today,
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

  /** Several things to one person within a few minutes are one mail; what is done by then is none. */
  async function gather(): Promise<void> {
    const now = await time(db);
    const waiting = await db
      .selectDistinct({ person: notice.person })
      .from(notice)
      .where(isNull(notice.gatheredAt))
      .orderBy(notice.person);
    // Each in a transaction of its own: nobody's typing waits for all, and nobody's mail for what is wrong with another's.
    for (const { person: to } of waiting) {
      await gatherFor(to, now).catch((err: unknown) => log.error({ err, person: to }, 'a mail could not be written'));
    }
  }

  async function gatherFor(to: PersonId, now: Instant): Promise<void> {
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
      if (await isTime(tx, settings?.mail ?? 'each', oldest, now)) await writeMail(tx, to, all, now);
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
    return isWorkingDay(day, await calendarOf(tx, oldest.room, now));
  }

  async function writeMail(
    tx: Database,
    to: string,
    all: readonly (typeof notice.$inferSelect)[],
    now: Instant,
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
    const told = [...new Map(still.map((each) => [`${each.room} ${sayNeed(each.need)}`, each])).values()].sort(
      (a, b) => (a.need.due < b.need.due ? -1 : 1),
    );
    if (told.length === 0) return;
    const [who] = await tx
      .select({ agency: agency.name })
      .from(membership)
      .innerJoin(agency, eq(agency.id, membership.agency))
      .where(and(eq(membership.person, to), or(isNull(membership.until), sql`${membership.until} > now()`)));
    if (!who) return;
    const { subject, body } = mailOf(told, { agency: who.agency, origin: origin() });
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

  /**
   * Takes what is due for itself for a while, in the database, so that no other process sends it too.
   * No transaction is open while a mail is on its way: the embedded database has one connection.
   */
  async function claim(which: 'waiting' | 'sent', minutes: number, most: number) {
    const now = asMoment(await time(db));
    return db.transaction(async (tx) => {
      const due = await tx
        .select({ id: mail.id })
        .from(mail)
        .where(
          and(
            eq(mail.state, which),
            lte(mail.againAt, sql`${now}`),
            ...(which === 'sent'
              ? [isNotNull(mail.carried), sql`${mail.sentAt} > ${now} - make_interval(hours => ${askHours})`]
              : []),
          ),
        )
        .orderBy(asc(mail.at))
        .limit(most)
        .for('update', { skipLocked: true });
      if (due.length === 0) return [];
      return tx
        .update(mail)
        .set({ againAt: sql`${now} + make_interval(mins => ${minutes})` })
        .where(
          inArray(
            mail.id,
            due.map(({ id }) => id),
          ),
        )
        .returning();
    });
  }

  async function send(): Promise<void> {
    // One by one: a claim runs from when its mail is in hand, and whoever stops leaves no other waiting.
    while (!closed) {
      const [next] = await claim('waiting', claimMinutes, 1);
      if (!next) return;
      await sendOne(next);
    }
  }

  async function sendOne({ id, person: to, subject, body, tries, at }: typeof mail.$inferSelect): Promise<void> {
    const [who] = await db
      .select({ email: person.email })
      .from(person)
      .where(and(eq(person.id, to), isNull(person.disabledAt)));
    const carried = who
      ? await carrier.send({ id, to: who.email, subject, body })
      : ({ state: 'bounced', problem: 'This person no longer serves here' } as const);
    const now = await time(db);
    const moment = sql`${asMoment(now)}`;
    switch (carried.state) {
      case 'sent':
        await set(id, { state: 'sent', carried: carried.as, sentAt: moment, againAt: moment, problem: null });
        return;
      case 'kept':
        await set(id, { state: 'kept', sentAt: moment });
        return;
      case 'bounced':
        log.warn({ mail: id, problem: carried.problem }, 'a mail will not arrive');
        await set(id, { state: 'bounced', problem: carried.problem });
        return;
      case 'again': {
        const over = Date.parse(now) - Date.parse(at) > giveUpHours * 3_600_000;
        log.warn({ mail: id, problem: carried.problem, tries }, over ? 'a mail failed' : 'a mail did not leave');
        const pause = Math.min(firstPause * 2 ** tries, longestPause);
        await set(id, {
          state: over ? 'failed' : 'waiting',
          tries: tries + 1,
          problem: carried.problem,
          againAt: sql`${moment} + make_interval(mins => ${pause})`,
        });
      }
    }
  }

  async function askAfter(): Promise<void> {
    if (!carrier.ask) return;
    for (const { id, carried } of await claim('sent', askMinutes, askedAtOnce)) {
      if (closed) return;
      if (carried === null) continue;
      const answer = await carrier.ask(carried).catch((error: Error) => {
        log.warn({ mail: id, problem: error.message }, 'a delivery could not be asked after');
        return null;
      });
      if (answer && answer.state !== 'sent')
        await set(id, { state: answer.state, problem: 'problem' in answer ? answer.problem : null });
    }
  }

  async function set(id: string, values: PgUpdateSetSource<typeof mail>): Promise<void> {
    await db.update(mail).set(values).where(eq(mail.id, id));
  }

  function start(): void {
    const go = () => {
      lookNow()
        .catch((error: unknown) => log.error({ err: error }, 'the post could not be looked after'))
        .finally(() => {
          if (!closed) timer = setTimeout(go, lookEvery);
        });
    };
    go();
  }

  async function close(): Promise<void> {
    closed = true;
    clearTimeout(timer);
    await looking?.catch(() => undefined);
    carrier.close?.();
  }

  return { lookNow, start, close };
}

/** The bank holidays that each of these partnerships has agreed, today. */
async function calendarsOf(
  db: Database,
  partnerships: readonly PartnershipId[],
  today: Day,
): Promise<Map<PartnershipId, Holidays>> {
  const calendars = new Map<PartnershipId, Holidays>();
  for (const id of new Set(partnerships)) {
    calendars.set(id, holidaysByDay(holidaysOf(await arrangementsOf(db, id, today))));
  }
  return calendars;
}

/** Those of the partnership that a room is in. */
async function calendarOf(db: Database, id: RoomId, now: Instant): Promise<Holidays> {
  const [found] = await db.select({ partnership: room.partnership }).from(room).where(eq(room.id, id));
  const calendars = found ? await calendarsOf(db, [found.partnership], dayOf(now)) : new Map();
  return calendars.get(found?.partnership) ?? new Map();
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

export type Post = ReturnType<typeof createPost>;
