/** Group commit: one commit in flight; all that comes meanwhile, in whatever room, is the next (durability before speed, and speed by it). */
import type { Logger } from 'pino';
import { append, type Appended, type NewRows } from './append.ts';
import type { Room } from './room.ts';
import type { Run } from './statements.ts';

/** Milliseconds before a commit that failed is tried again: doubled each time, up to the last. */
const firstPause = 50;
const longestPause = 2_000;

export type Committer = {
  /** This room has something to store. */
  pending: (room: Room) => void;
  /** Others may have stored something in this room. */
  behind: (room: Room) => void;
  /** Whether the last commit failed: nothing is acknowledged until one succeeds. */
  isFailing: () => boolean;
  /** Resolves when nothing is left to store. */
  settled: () => Promise<void>;
};

/** `onStored` is told of each room in which something was stored. */
export function createCommitter(run: Run, logger: Logger, onStored: (room: Room) => void): Committer {
  const pending = new Set<Room>();
  const behind = new Set<Room>();
  let failures = 0;
  let working: Promise<void> | null = null;

  /** Begins once this turn of the event loop has read what it has to read. */
  function begin(): void {
    working ??= new Promise((resolve) => setImmediate(resolve)).then(work).finally(() => {
      working = null;
      if (pending.size > 0 || behind.size > 0) begin();
    });
  }

  async function work(): Promise<void> {
    while (pending.size > 0 || behind.size > 0) {
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
      const rows = room.seal();
      if (rows && rows.rows.length > 0) sealed.push({ room, rows });
      // Nothing new in it after all: those who wait for it are told.
      else if (rows) room.stored([]);
    }
    pending.clear();
    return sealed.sort((a, b) => (a.rows.room < b.rows.room ? -1 : 1));
  }

  async function commit(sealed: readonly Sealed[]): Promise<void> {
    const answers = await tryTogether(sealed);
    for (const [place, answer] of answers.entries()) {
      const { room } = sealed[place] as Sealed;
      if (answer.is === 'stored') {
        room.stored(answer.refused);
        onStored(room);
        if (room.hasPending) pending.add(room);
      } else {
        behind.add(room);
        pending.add(room);
      }
    }
  }

  async function tryTogether(sealed: readonly Sealed[]): Promise<Appended[]> {
    try {
      return await append(
        run,
        sealed.map(({ rows }) => rows),
      );
    } catch (error) {
      for (const { room } of sealed) pending.add(room);
      throw error;
    }
  }

  async function pause(err: unknown): Promise<void> {
    failures += 1;
    const wait = Math.min(firstPause * 2 ** (failures - 1), longestPause);
    logger.error({ err, failures, rooms: pending.size }, 'the notes were not stored; trying again');
    await new Promise((resolve) => setTimeout(resolve, wait));
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
    async settled() {
      while (working) await working;
    },
  };
}
