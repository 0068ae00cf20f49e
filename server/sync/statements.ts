/** Runs the room server's own statements by the drivers themselves: prepared once, one round trip each. */
import type { Database } from '../store.ts';
import { Connections } from '../postgres.ts';

export type Row = Record<string, unknown>;
export type Run = (text: string, parameters: unknown[]) => Promise<Row[]>;

type Embedded = { query: (text: string, parameters: unknown[]) => Promise<{ rows: Row[] }> };

/**
 * drizzle has PostgreSQL plan every statement anew. Where its client is at hand (`$client`, which
 * both drivers attach) it is asked itself, by a name under which it keeps the plan.
 */
export function runner(db: Database): Run {
  const client = clientOf(db);
  if (client instanceof Connections) return named(client);
  return async (text, parameters) => (await client.query(text, parameters)).rows;
}

/** Milliseconds that an append waits for an act that holds one of its rooms, before it passes over it. */
const waitsForActs = 100;

export type HotRunner = { run: Run; close: () => Promise<void> };

/** Milliseconds after which an append is asked again by another connection. Should the first have been done all the same, the second finds its rows and adds none. */
const appendsWithin = 10_000;

/**
 * The same for the one statement that is run hundreds of times a second. On PostgreSQL it has a
 * connection to itself, so that it waits for no other, and its plan is made once: left to itself
 * PostgreSQL would plan it anew each time, which takes longer than doing it. A plan made once must
 * not have been made for a table that was small then: it goes by the indexes, and so it also locks
 * rooms in the order in which they are given.
 */
export function hotRunner(db: Database): HotRunner {
  const client = clientOf(db);
  if (!(client instanceof Connections)) return { run: runner(db), close: async () => undefined };
  const settings = {
    plan_cache_mode: 'force_generic_plan',
    enable_seqscan: 'off',
    lock_timeout: String(waitsForActs),
  };
  const own = client.beside({ max: 1, settings, answersWithin: appendsWithin });
  return { run: named(own), close: () => own.close() };
}

function named(connections: Connections): Run {
  const names = new Map<string, string>();
  return async (text, values) => {
    const name = names.get(text) ?? `statement ${names.size + 1}`;
    names.set(text, name);
    return (await connections.query<Row>({ name, text, values })).rows;
  };
}

function clientOf(db: Database): Connections | Embedded {
  const client: unknown = '$client' in db ? db.$client : null;
  if (client instanceof Connections || isEmbedded(client)) return client;
  throw new TypeError('The room server needs the database itself, not a transaction');
}

function isEmbedded(client: unknown): client is Embedded {
  return typeof client === 'object' && client !== null && 'query' in client;
}

/** A list as PostgreSQL's array literal: numbers, or ids of ours, which need no quotes. */
export function list(values: readonly (string | number)[]): string {
  return `{${values.join(',')}}`;
}
