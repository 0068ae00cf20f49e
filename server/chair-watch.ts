/** Watches whether the one in the chair of a running session is still here; pauses the session when they have not been for too long. */
import { and, eq, lt, sql } from 'drizzle-orm';
import type { Logger } from 'pino';
import { newId, type PersonId, type RoomId } from '#schema/id.ts';
import { isRefusal } from '#schema/refusal.ts';
import type { CaseRoom } from '#schema/room.ts';
import { currentSession } from '#schema/session-evolve.ts';
import { pauseAfter } from '#schema/session.ts';
import { chairSeen } from '#schema/tables/index.ts';
import type { Bus, Hint } from './bus.ts';
import type { Commands } from './command.ts';
import { databaseNow, lockHead, type Time } from './ledger.ts';
import { asMoment } from './projection/due.ts';
import type { Database } from './store.ts';
import type { Rooms } from './sync/rooms.ts';

/** Milliseconds between two looks. */
const lookEvery = 2_500;

type World = {
  db: Database;
  bus: Bus;
  commands: Pick<Commands, 'carryOutByClock'>;
  rooms: Pick<Rooms, 'peopleIn'>;
  log: Logger;
  /** Only a test gives another time than the database's. */
  time?: Time;
};

/** Who is in the chair of a session that is running, kept with each entry; nothing where none is. */
export async function projectChair(tx: Database, room: RoomId, state: CaseRoom): Promise<void> {
  const session = currentSession(state.sessions);
  const person = session?.status === 'running' ? session.chair?.person : undefined;
  if (!person) {
    await tx.delete(chairSeen).where(eq(chairSeen.room, room));
    return;
  }
  // Somebody who has just taken the chair, or gone on, was here to do so; each other entry says nothing of them.
  await tx
    .insert(chairSeen)
    .values({ room, person, at: sql`clock_timestamp()` })
    .onConflictDoUpdate({
      target: chairSeen.room,
      set: {
        person,
        at: sql`case when ${chairSeen.person} = ${person} then ${chairSeen.at} else clock_timestamp() end`,
      },
    });
}

/**
 * Every process says whom it sees, in the database, so that no process takes somebody for lost whose
 * socket is on another. `seen` is for where no socket gets through: a request of theirs counts too.
 */
export function createChairWatch({ db, bus, commands, rooms, log, time = databaseNow }: World) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let looking: Promise<void> | null = null;
  let closed = false;

  async function seen(room: RoomId, person: PersonId): Promise<void> {
    const now = asMoment(await time(db));
    await db
      .update(chairSeen)
      .set({ at: sql`${now}` })
      .where(and(eq(chairSeen.room, room), eq(chairSeen.person, person)));
  }

  /** Says whom this process sees, then pauses what nobody sees the chair of. One look at a time. */
  function lookNow(): Promise<void> {
    looking ??= look().finally(() => (looking = null));
    return looking;
  }

  async function look(): Promise<void> {
    for (const { room, person } of await db.select().from(chairSeen)) {
      const here = await rooms.peopleIn(room);
      if (here.some((each) => each.person === person)) await seen(room, person);
    }
    const now = asMoment(await time(db));
    const long = sql`${now} - make_interval(secs => ${pauseAfter})`;
    const lost = await db.select({ room: chairSeen.room }).from(chairSeen).where(lt(chairSeen.at, long));
    for (const { room } of lost) {
      await pause(room).catch((err: unknown) =>
        log.error({ err, room }, 'a session that lost its Chair was not paused'),
      );
    }
  }

  async function pause(room: RoomId): Promise<void> {
    const hints: Hint[] = [];
    await db.transaction(async (tx) => {
      const head = await lockHead(tx, room);
      const now = asMoment(await time(tx));
      const [still] = await tx
        .select({ room: chairSeen.room })
        .from(chairSeen)
        .where(and(eq(chairSeen.room, room), lt(chairSeen.at, sql`${now} - make_interval(secs => ${pauseAfter})`)));
      if (!still) return;
      const result = await commands.carryOutByClock(
        tx,
        head,
        { id: newId(), command: { type: 'PauseForLostChair' } },
        hints,
      );
      if (isRefusal(result)) await tx.delete(chairSeen).where(eq(chairSeen.room, room));
    });
    for (const hint of hints) bus.publish(hint);
  }

  /** Looks again and again. Whoever was in a chair has time to come back to a service that has just started. */
  async function start(): Promise<void> {
    await db.update(chairSeen).set({ at: sql`${asMoment(await time(db))}` });
    const go = () => {
      lookNow()
        .catch((error: unknown) => log.error({ err: error }, 'looking for who is in the chair failed'))
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
  }

  return { seen, lookNow, start, close };
}
export type ChairWatch = ReturnType<typeof createChairWatch>;
