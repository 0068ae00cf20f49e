/** Group commit: one commit in flight; all that comes meanwhile, in whatever room, is the next (durability before speed, and speed by it). */
import { setTimeout as pauseFor } from 'node:timers/promises';
import type { Logger } from 'pino';
import { append, type Appended, type NewRows } from './append.ts';
import type { Room } from './room.ts';
import type { Run } from './statements.ts';

/** Milliseconds before a commit that failed is tried again: doubled each time, up to the last. */
const firstPause = 50;
const longestPause = 2_000;
/** Failures in a row after which rooms are tried one by one: one that cannot be stored must not stop the others. */
const togetherAtMost = 3;

export type Committer = {
  /** This room has something to store. */
  pending: (room: Room) => void;
  /** Others may have stored something in this room. */
  behind: (room: Room) => void;
  /** Whether the last commit failed: nothing is acknowledged until one succeeds. */
  isFailing: () => boolean;
  /** Resolves when nothing is left to store, or after `within` milliseconds, whichever comes first. */
  settled: (within: number) => Promise<void>;
};

/** `onStored` is told of each room in which something was stored. */
export function createCommitter(run: Run, logger: Logger, onStored: (room: Room) => void): Committer {
  const pending = new Set<Room>();
  const behind = new Set<Room>();
  /** Rooms that failed where others did not, and when each is tried again. */
  const ailing = new Map<Room, { failures: number; until: number }>();
  let failures = 0;
  let working: Promise<void> | null = null;

  /** Begins once this turn of the event loop has read what it has to read. */
  function begin(): void {
    working ??= new Promise((resolve) => setImmediate(resolve)).then(work).finally(() => {
      working = null;
      if (hasWork()) begin();
    });
  }

  function hasWork(): boolean {
    if (behind.size > 0) return true;
    for (const room of pending) if (isWell(room)) return true;
    return false;
  }

  function isWell(room: Room): boolean {
    return ailing.size === 0 || performance.now() >= (ailing.get(room)?.until ?? 0);
  }

  async function work(): Promise<void> {
    while (hasWork()) {
      const late = [...behind];
      behind.clear();
      try {
        await Promise.all(late.map((room) => room.catchUp()));
        const rooms = seal();
        if (rooms.length > 0) await commit(rooms);
        failures = 0;
      } catch (err) {
        for (const room of late) behind.add(room);
        await pause(err);
      }
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
        room.stored([]);
        rows = room.seal();
      }
      if (rows) sealed.push({ room, rows });
    }
    return sealed.sort((a, b) => (a.rows.room < b.rows.room ? -1 : 1));
  }

  async function commit(sealed: readonly Sealed[]): Promise<void> {
    // Whatever becomes of them, they have something under way until they are told that they have not.
    for (const { room } of sealed) pending.add(room);
    if (failures >= togetherAtMost && sealed.length > 1) await commitEach(sealed);
    else await commitTogether(sealed);
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

  function ail(room: Room, err: unknown): void {
    const before = ailing.get(room)?.failures ?? 0;
    const wait = Math.min(firstPause * 2 ** before, longestPause);
    ailing.set(room, { failures: before + 1, until: performance.now() + wait });
    logger.error({ err, room: room.id, failures: before + 1 }, 'the notes of a room were not stored; trying again');
    setTimeout(begin, wait + 1).unref();
  }

  function tell(room: Room, answer: Appended): void {
    ailing.delete(room);
    if (answer.is === 'behind') {
      behind.add(room);
      return;
    }
    room.stored(answer.refused);
    if (!room.hasPending) pending.delete(room);
    onStored(room);
  }

  async function pause(err: unknown): Promise<void> {
    failures += 1;
    const wait = Math.min(firstPause * 2 ** (failures - 1), longestPause);
    logger.error({ err, failures, rooms: pending.size }, 'the notes were not stored; trying again');
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
    isFailing: () => failures > 0,
    async settled(within) {
      const tooLate = pauseFor(within, undefined, { ref: false });
      while (working) if ((await Promise.race([working, tooLate.then(() => 'late')])) === 'late') return;
    },
  };
}
