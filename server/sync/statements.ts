/** Runs the room server's own statements by the drivers themselves: prepared once, one round trip each. */
import postgres, { type Sql } from 'postgres';
import type { Database } from '../store.ts';

export type Row = Record<string, unknown>;
export type Run = (text: string, parameters: unknown[]) => Promise<Row[]>;

type Ask = (text: string, parameters: unknown[], options: { prepare: boolean }) => Promise<Row[]>;
/** `shared`: what its connections learn together; without it postgres-js takes options for unread ones. */
type Postgres = { options: Sql['options'] & { shared: object }; unsafe: Ask };
type Embedded = { query: (text: string, parameters: unknown[]) => Promise<{ rows: Row[] }> };

/**
 * drizzle sends every statement to postgres-js unprepared: two round trips and a new plan each
 * time. Where its client is at hand (`$client`, which both drivers attach) it is asked itself.
 */
export function runner(db: Database): Run {
  const client = clientOf(db);
  if (isPostgres(client)) return (text, parameters) => client.unsafe(text, parameters, { prepare: true });
  return async (text, parameters) => (await client.query(text, parameters)).rows;
}

export type HotRunner = { run: Run; close: () => Promise<void> };

/**
 * The same for the one statement that is run hundreds of times a second. On PostgreSQL it has a
 * connection to itself, so that it waits for no other, and its plan is made once: left to itself
 * PostgreSQL would plan it anew each time, which takes longer than doing it. A plan made once must
 * not have been made for a table that was small then: it goes by the indexes, and so it also locks
 * rooms in the order in which they are given.
 */
export function hotRunner(db: Database): HotRunner {
  const client = clientOf(db);
  if (!isPostgres(client)) return { run: runner(db), close: async () => undefined };
  const { options } = client;
  // A pool of one, not a connection reserved from the pool: postgres-js throws out of reach when a
  // reserved connection that has broken is used (3.4.9).
  const settings = {
    ...options,
    max: 1,
    connection: { ...options.connection, plan_cache_mode: 'force_generic_plan', enable_seqscan: 'off' },
    shared: { ...options.shared },
  };
  const own = postgres(settings as object);
  return {
    run: (text, parameters) => own.unsafe(text, parameters as never[], { prepare: true }),
    close: () => own.end({ timeout: 5 }),
  };
}

function clientOf(db: Database): Postgres | Embedded {
  const client: unknown = '$client' in db ? db.$client : null;
  if (isPostgres(client) || isEmbedded(client)) return client;
  throw new TypeError('The room server needs the database itself, not a transaction');
}

function isPostgres(client: unknown): client is Postgres {
  return typeof client === 'function' && 'unsafe' in client && 'options' in client;
}

function isEmbedded(client: unknown): client is Embedded {
  return typeof client === 'object' && client !== null && 'query' in client;
}

/** A list as PostgreSQL's array literal: numbers, or ids of ours, which need no quotes. */
export function list(values: readonly (string | number)[]): string {
  return `{${values.join(',')}}`;
}
