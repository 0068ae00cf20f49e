/** What time does: finds what is due in each room and sees that it happens, once, whoever else is looking. */
import { createHash } from 'node:crypto';
import { and, asc, eq, isNull, lte, or } from 'drizzle-orm';
import type { Logger } from 'pino';
import type { Instant } from '#schema/calendar.ts';
import type { ClockCommand } from '#schema/command.ts';
import type { CommandId, RoomId } from '#schema/id.ts';
import { isRefusal, type RefusalName } from '#schema/refusal.ts';
import { dueMoment } from '#schema/tables/index.ts';
import type { Bus, Hint } from './bus.ts';
import type { Commands } from './command.ts';
import { databaseNow, lockHead, type Time } from './ledger.ts';
import { asMoment } from './projection/due.ts';
import type { Database } from './store.ts';

/** Something that has come due, as its handler is told of it. */
export type DueNow = { room: RoomId; kind: string; subject: string; at: Instant; now: Instant };
/** What a handler does it with. All of it happens in one transaction, or none of it does. */
export type Means = {
  tx: Database;
  /** Sends a command from the service's clock, one at most. One that the rules refuse is out of date, and is left; one that comes too early is tried again. */
  send: (command: ClockCommand) => Promise<void>;
  /** Told to everyone once it is committed. */
  publish: (hint: Hint) => void;
};
export type Handler = (due: DueNow, means: Means) => Promise<void>;

type World = {
  db: Database;
  bus: Bus;
  commands: Pick<Commands, 'carryOutByClock'>;
  log: Logger;
  /** Only a test gives another time than the database's. */
  time?: Time;
};

/** Milliseconds between two looks at what is due. */
const lookAgain = 5_000;
/** Milliseconds before what failed is tried again: doubled each time, up to an hour. */
const firstPause = 30_000;
const longestPause = 3_600_000;

/**
 * The worker of one process. Every process may have one: what is due is done under the lock of its
 * room's head and marked in the same transaction, so it happens once, and after an outage it happens
 * late but does happen. A kind of due moment is handled by whoever registers for it; kind `clock`
 * sends the command that stands with it.
 */
export function createWorker({ db, bus, commands, log, time = databaseNow }: World) {
  const handlers = new Map<string, Handler>();
  let looking: Promise<number> | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let closed = false;

  /** Names who sees to a kind of due moment. Throws if somebody does already. */
  function register(kind: string, handler: Handler): void {
    if (kind === 'clock' || handlers.has(kind)) throw new Error(`Due moments of kind ${kind} are seen to already`);
    handlers.set(kind, handler);
  }

  /** Does all that is due, oldest first. Returns how many moments were seen to. One look at a time. */
  function lookNow(): Promise<number> {
    looking ??= look().finally(() => (looking = null));
    return looking;
  }

  async function look(): Promise<number> {
    let done = 0;
    // Each thing that is done may bring on the next: a limit passes, and the stage after it begins.
    for (let found = await next(); found && !closed; found = await next()) {
      try {
        if (await see(found)) done += 1;
      } catch (error) {
        const what = { err: error, room: found.room, kind: found.kind };
        if (error instanceof TooEarly) log.info(what, 'what was due is not due yet');
        else log.error(what, 'what was due could not be done');
        await postpone(found);
      }
    }
    return done;
  }

  async function next() {
    const now = asMoment(await time(db));
    const [found] = await db
      .select()
      .from(dueMoment)
      .where(
        and(
          isNull(dueMoment.doneAt),
          lte(dueMoment.at, now),
          or(isNull(dueMoment.againAt), lte(dueMoment.againAt, now)),
        ),
      )
      .orderBy(asc(dueMoment.at), asc(dueMoment.room), asc(dueMoment.kind), asc(dueMoment.subject))
      .limit(1);
    return found;
  }

  /** Whether it was done here: another process may have been first, or an entry may have done away with it. */
  async function see({ room, kind, subject }: Named): Promise<boolean> {
    const hints: Hint[] = [];
    const seen = await db.transaction(async (tx) => {
      // The head before the row, as every command takes them: two who wait for each other never meet.
      const head = await lockHead(tx, room);
      const now = await time(tx);
      const [row] = await tx.select().from(dueMoment).where(which({ room, kind, subject }));
      if (!row || row.doneAt !== null || Date.parse(row.at) > Date.parse(now)) return false;
      const handler = kind === 'clock' ? sendCommandOf(row.command) : handlers.get(kind);
      if (!handler) throw new Error(`Nobody sees to due moments of kind ${kind}`);
      let sent = false;
      const send = async (command: ClockCommand) => {
        // A second would be decided on what this transaction may yet take back.
        if (sent) throw new Error(`A due moment of kind ${kind} sends more than one command`);
        sent = true;
        const id = commandId({ room, kind, subject });
        const result = await commands.carryOutByClock(tx, head, { id, command }, hints);
        if (!isRefusal(result)) return;
        if (tooEarly.has(result.refused)) throw new TooEarly(result.refused);
        log.info({ room, kind, refused: result.refused }, 'what was due is out of date');
      };
      await tx.update(dueMoment).set({ doneAt: now }).where(which({ room, kind, subject }));
      await handler({ room, kind, subject, at: row.at, now }, { tx, send, publish: (hint) => hints.push(hint) });
      return true;
    });
    for (const hint of hints) bus.publish(hint);
    return seen;
  }

  async function postpone(named: Named & { tries: number }): Promise<void> {
    const pause = Math.min(firstPause * 2 ** named.tries, longestPause);
    const againAt = new Date(Date.parse(await time(db)) + pause).toISOString();
    await db
      .update(dueMoment)
      .set({ tries: named.tries + 1, againAt })
      .where(which(named));
  }

  /** Looks now, and again and again until it is closed. */
  function start(): void {
    const again = () => {
      if (!closed) timer = setTimeout(go, lookAgain);
    };
    const go = () => {
      lookNow()
        .catch((error: unknown) => log.error({ err: error }, 'looking for what is due failed'))
        .finally(again);
    };
    go();
  }

  async function close(): Promise<void> {
    closed = true;
    clearTimeout(timer);
    await looking?.catch(() => undefined);
  }

  return { register, lookNow, start, close };
}
export type Worker = ReturnType<typeof createWorker>;

/** Refusals of a command that came before its time, as when a day was proclaimed meanwhile: it is tried again. */
const tooEarly: ReadonlySet<RefusalName> = new Set(['LimitNotPassed', 'NotOverdue']);
class TooEarly extends Error {}

type Named = { room: RoomId; kind: string; subject: string };

function which({ room, kind, subject }: Named) {
  return and(eq(dueMoment.room, room), eq(dueMoment.kind, kind), eq(dueMoment.subject, subject));
}

function sendCommandOf(command: ClockCommand | null): Handler {
  return async (_due, { send }) => {
    if (!command) throw new Error('A due moment of kind clock has no command');
    await send(command);
  };
}

/** The same due thing gives the same id on every machine: sent twice, it is carried out once. */
function commandId({ room, kind, subject }: Named): CommandId {
  return createHash('sha256')
    .update(JSON.stringify([room, kind, subject]))
    .digest('hex')
    .slice(0, 32);
}
