/** A database that fails when told to: before it does anything, or after it has done it. */
import type { Database } from '#server/store.ts';

/** `before`: nothing is done. `after`: it is done, and the answer is lost. */
export type Trouble = 'before' | 'after' | null;

type Client = { query?: (...given: unknown[]) => Promise<unknown>; unsafe?: (...given: unknown[]) => Promise<unknown> };

export type Flaky = {
  db: Database;
  /** Appends to the log fail like this from now on. */
  trouble: Trouble;
  /** Appends that were asked for, those that failed among them. */
  appends: number;
};

/** The same database, whose appends to the notes' log do as `trouble` says. */
export function flaky(db: Database): Flaky {
  const state: Flaky = { db, trouble: null, appends: 0 };
  const given = ('$client' in db ? db.$client : null) as Client & ((...args: unknown[]) => unknown);
  const name = typeof given === 'function' ? 'unsafe' : 'query';
  const run = async (...args: unknown[]): Promise<unknown> => {
    const ask = given[name] as (...all: unknown[]) => Promise<unknown>;
    if (!String(args[0]).includes('insert into room_update')) return ask.apply(given, args);
    state.appends += 1;
    if (state.trouble === 'before') throw new Error('The database is away');
    const { trouble } = state;
    const answer = await ask.apply(given, args);
    if (trouble === 'after') throw new Error('The answer was lost');
    return answer;
  };
  const client = new Proxy(given, { get: (target, key) => (key === name ? run : Reflect.get(target, key)) });
  state.db = new Proxy(db, { get: (target, key) => (key === '$client' ? client : Reflect.get(target, key)) });
  return state;
}
