/** Appends to the notes' log that fail when told to: before anything is done, or after it is done. */
import type { RoomId } from '#schema/id.ts';
import type { Database } from '#server/store.ts';
import { hotRunner, type HotRunner } from '#server/sync/statements.ts';

/** `before`: nothing is done. `after`: it is done, and the answer is lost. */
export type Trouble = 'before' | 'after' | null;

export type Flaky = HotRunner & {
  /** Appends fail like this from now on. */
  trouble: Trouble;
  /** Appends fail that have anything of these rooms in them. */
  readonly ailing: Set<RoomId>;
  /** Appends that were asked for, those that failed among them. */
  appends: number;
  /** The rooms of each that failed, as PostgreSQL was given them. */
  failed: string[];
};

export function flaky(db: Database): Flaky {
  const { run, close } = hotRunner(db);
  const state: Flaky = {
    trouble: null,
    ailing: new Set(),
    appends: 0,
    failed: [],
    async run(...given) {
      state.appends += 1;
      const rooms = String(given[1][0]);
      if (state.trouble === 'before' || [...state.ailing].some((room) => rooms.includes(room))) {
        state.failed.push(rooms);
        throw new Error('The database is away');
      }
      const { trouble } = state;
      const answer = await run(...given);
      if (trouble === 'after') throw new Error('The answer was lost');
      return answer;
    },
    close,
  };
  return state;
}
