/** The post: notices become mails, mails leave once, and whether they arrived is known. Any number of processes may run it. */
import { and, asc, eq, inArray, isNotNull, isNull, lte, sql } from 'drizzle-orm';
import type { PgUpdateSetSource } from 'drizzle-orm/pg-core';
import type { Logger } from 'pino';
import { mail, person } from '#schema/tables/index.ts';
import { databaseNow, type Time } from '../ledger.ts';
import { asMoment } from '../projection/due.ts';
import type { Database } from '../store.ts';
import type { Carrier } from './carrier.ts';
import { gather } from './gather.ts';
import { remind } from './remind.ts';

/** Milliseconds between two looks. */
const lookEvery = 15_000;
/** Minutes for which a mail that is being sent is nobody else's: longer than a carrier takes. After a crash it is sent again, by the same id. */
const claimMinutes = 5;
/** Minutes before what did not leave is tried again: doubled each time, up to an hour; after a day it has failed. */
const firstPause = 1;
const longestPause = 60;
/** The same for what is held up by how the service is set up: once that is mended, nobody should wait an hour. */
const longestHeldUp = 10;
const giveUpHours = 24;
/** How many deliveries are asked after in one look; minutes between two questions after one, and hours after which nobody asks any more. */
const askedAtOnce = 10;
const askMinutes = 10;
const askHours = 72;
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
    const now = await time(db);
    await remind({ db, log }, now);
    await gather({ db, origin, log }, now);
    await send();
    await askAfter();
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
            which === 'sent' ? eq(mail.state, which) : inArray(mail.state, ['waiting', 'held-up']),
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
      case 'held-up':
      case 'again': {
        const over = Date.parse(now) - Date.parse(at) > giveUpHours * 3_600_000;
        const heldUp = carried.state === 'held-up';
        if (heldUp) log.error({ mail: id, problem: carried.problem }, 'mail is refused as this service is set up');
        else log.warn({ mail: id, problem: carried.problem, tries }, over ? 'a mail failed' : 'a mail did not leave');
        const pause = Math.min(firstPause * 2 ** tries, heldUp ? longestHeldUp : longestPause);
        await set(id, {
          state: over ? 'failed' : heldUp ? 'held-up' : 'waiting',
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

export type Post = ReturnType<typeof createPost>;
