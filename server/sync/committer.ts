/** Group commit: one commit in flight; all that comes meanwhile, in whatever room, is the next (durability before speed, and speed by it). */
import { setImmediate as nextTurn, setTimeout as pauseFor } from 'node:timers/promises';
import type { Logger } from 'pino';
import { diskFullWords, isDiskFull } from '../log.ts';
import { append, type Appended, type NewRows } from './append.ts';
import type { Room } from './room.ts';
import type { Run } from './statements.ts';

/**
 * Milliseconds from the beginning of one commit to that of the next: so many, one more for each KiB
 * that the last one stored and for each twelve sockets of the fullest of its rooms, and at most so
 * many. Whoever types alone waits for none of it; where many type, half as many commits, and half as
 * many writes to each socket, cost half as much.
 */
const pace = { least: 4, bytesPerMillisecond: 1024, socketsPerMillisecond: 12, most: 12 } as const;
/** Milliseconds before a commit that failed is tried again: doubled each time, up to the last. */
const firstPause = 50;
const longestPause = 2_000;
/** Milliseconds after which a room is tried again that something else holds. */
const heldPause = 50;
/** Failures in a row after which rooms are tried one by one: one that cannot be stored must not stop the others. */
const togetherAtMost = 3;

export type Committer = {
  /** This room has something to store. */
  pending: (room: Room) => void;
  /** Others may have stored something in this room. */
  behind: (room: Room) => void;
  /** Whether the last commit failed, or the last of this room: nothing is acknowledged until one succeeds. */
  isFailing: (room: Room) => boolean;
  /** Resolves when nothing is left to store, or after `within` milliseconds, whichever comes first. */
  settled: (within: number) => Promise<void>;
};

/** `onStored` is told of each room in which something was stored. */
export function createCommitter(run: Run, logger: Logger, onStored: (room: Room) => void): Committer {
  const pending = new Set<Room>();
  const behind = new Set<Room>();
  /** Rooms that failed where others did not, or are held, and when each is tried again. */
  const aside = new Map<Room, { failures: number; until: number }>();
  /** The row a room stood at when it was last told that others have written. */
  const behindAt = new WeakMap<Room, number>();
  let failures = 0;
  let began = 0;
  let gap: number = pace.least;
  let working: Promise<void> | null = null;

  function begin(): void {
    working ??= work().finally(() => {
      working = null;
      if (hasWork()) begin();
    });
  }

  /** Until it is time for the next, and this turn of the event loop has read what it has to read. */
  async function inPace(): Promise<void> {
    const wait = began + gap - performance.now();
    await (wait >= 1 ? pauseFor(wait) : nextTurn());
    began = performance.now();
  }

  function hasWork(): boolean {
    for (const room of behind) if (isWell(room)) return true;
    for (const room of pending) if (isWell(room)) return true;
    return false;
  }

  function isWell(room: Room): boolean {
    return aside.size === 0 || performance.now() >= (aside.get(room)?.until ?? 0);
  }

  async function work(): Promise<void> {
    while (hasWork()) {
      await inPace();
      await Promise.all([...behind].filter(isWell).map(catchUp));
      try {
        const rooms = seal();
        if (rooms.length > 0) await commit(rooms);
        failures = 0;
      } catch (err) {
        await pause(err);
      }
    }
  }

  /** One whose rows cannot be read now is tried again by itself: the others go on. */
  async function catchUp(room: Room): Promise<void> {
    behind.delete(room);
    try {
      await room.catchUp();
      if (!pending.has(room)) aside.delete(room);
    } catch (err) {
      behind.add(room);
      ail(room, err, 'what others wrote in a room could not be read; trying again');
    }
  }

  type Sealed = { room: Room; rows: NewRows };

  function seal(): Sealed[] {
    const sealed: Sealed[] = [];
    for (const room of pending) {
      if (!isWell(room)) continue;
      pending.delete(room);
      let rows = room.seal();
      while (rows?.rows.length === 0) {
        // Nothing new in it after all: those who wait for it are told, and what came meanwhile goes on.
        room.stored();
        rows = room.seal();
      }
      if (rows) sealed.push({ room, rows });
    }
    return sealed.sort((a, b) => (a.rows.room < b.rows.room ? -1 : 1));
  }

  async function commit(sealed: readonly Sealed[]): Promise<void> {
    // Whatever becomes of them, they have something under way until they are told that they have not.
    for (const { room } of sealed) pending.add(room);
    gap = gapAfter(sealed);
    const [first] = sealed;
    const isKnown = sealed.some(({ room }) => isAiling(room));
    // Not with others until it has succeeded by itself: it would take them with it each time it is tried.
    if (sealed.length > 1 && (isKnown || failures >= togetherAtMost)) await commitEach(sealed);
    else if (isKnown && first) await commitTogether(sealed).catch((err: unknown) => ail(first.room, err));
    else await commitTogether(sealed);
  }

  /** Whether it failed where others did not. */
  function isAiling(room: Room): boolean {
    return (aside.get(room)?.failures ?? 0) > 0;
  }

  function gapAfter(sealed: readonly Sealed[]): number {
    let [bytes, sockets] = [0, 0];
    for (const { room, rows } of sealed) {
      for (const { updates } of rows.rows) bytes += updates.length;
      sockets = Math.max(sockets, room.sockets.size);
    }
    const more = bytes / pace.bytesPerMillisecond + sockets / pace.socketsPerMillisecond;
    return Math.min(pace.least + more, pace.most);
  }

  async function commitTogether(sealed: readonly Sealed[]): Promise<void> {
    const answers = await append(
      run,
      sealed.map(({ rows }) => rows),
    );
    for (const [place, answer] of answers.entries()) tell((sealed[place] as Sealed).room, answer);
  }

  async function commitEach(sealed: readonly Sealed[]): Promise<void> {
    const failed: { room: Room; err: unknown }[] = [];
    for (const each of sealed) {
      await commitTogether([each]).catch((err: unknown) => failed.push({ room: each.room, err }));
    }
    // Where all fail it is the database; where some do, it is they.
    if (failed.length === sealed.length) throw failed[0]?.err;
    for (const { room, err } of failed) ail(room, err);
  }

  function ail(room: Room, err: unknown, words = 'the notes of a room were not stored; trying again'): void {
    const failures = (aside.get(room)?.failures ?? 0) + 1;
    logger.error({ err, room: room.id, failures }, words);
    putAside(room, failures, Math.min(firstPause * 2 ** (failures - 1), longestPause));
  }

  function putAside(room: Room, failures: number, wait: number): void {
    aside.set(room, { failures, until: performance.now() + wait });
    setTimeout(begin, wait + 1).unref();
  }

  function tell(room: Room, answer: Appended): void {
    if (answer.is === 'behind') {
      readOn(room);
      return;
    }
    if (answer.is === 'held') {
      putAside(room, aside.get(room)?.failures ?? 0, heldPause);
      return;
    }
    aside.delete(room);
    if (answer.is === 'barred') {
      room.barred(answer.places);
    } else {
      room.stored();
      if (!room.hasPending) pending.delete(room);
      onStored(room);
    }
  }

  /** What others have written is read before anything is tried again. Where there is nothing to read, the log and the room's row do not agree. */
  function readOn(room: Room): void {
    behind.add(room);
    const { seq } = room.note;
    if (behindAt.get(room) === seq)
      ail(room, new Error(`Room ${room.id} is not at row ${seq}, and has no rows after it`));
    behindAt.set(room, seq);
  }

  async function pause(err: unknown): Promise<void> {
    failures += 1;
    const wait = Math.min(firstPause * 2 ** (failures - 1), longestPause);
    const words = isDiskFull(err) ? diskFullWords : 'the notes were not stored; trying again';
    logger.error({ err, failures, rooms: pending.size }, words);
    await pauseFor(wait);
  }

  return {
    pending(room) {
      pending.add(room);
      begin();
    },
    behind(room) {
      behind.add(room);
      begin();
    },
    isFailing: (room) => failures > 0 || isAiling(room),
    async settled(within) {
      const tooLate = pauseFor(within, 'late', { ref: false });
      // What was put aside is taken up again by itself.
      while (working || pending.size > 0) {
        if ((await Promise.race([working ?? pauseFor(firstPause), tooLate])) === 'late') return;
      }
    },
  };
}
