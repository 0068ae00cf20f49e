/** Runs the room server's two hot statements by the drivers themselves: prepared once, one round trip each. */
import type { Database } from '../store.ts';

export type Row = Record<string, unknown>;
export type Run = (text: string, parameters: unknown[]) => Promise<Row[]>;

type Postgres = { unsafe: (text: string, parameters: unknown[], options: { prepare: boolean }) => Promise<Row[]> };
type Embedded = { query: (text: string, parameters: unknown[]) => Promise<{ rows: Row[] }> };

/**
 * drizzle sends every statement to postgres-js unprepared: two round trips and a new plan each
 * time. Where its client is at hand (`$client`, which both drivers attach) it is asked itself.
 */
export function runner(db: Database): Run {
  const client: unknown = '$client' in db ? db.$client : null;
  if (isPostgres(client)) return (text, parameters) => client.unsafe(text, parameters, { prepare: true });
  if (isEmbedded(client)) return async (text, parameters) => (await client.query(text, parameters)).rows;
  throw new TypeError('The room server needs the database itself, not a transaction');
}

function isPostgres(client: unknown): client is Postgres {
  return typeof client === 'function' && 'unsafe' in client;
}

function isEmbedded(client: unknown): client is Embedded {
  return typeof client === 'object' && client !== null && 'query' in client;
}

/** A list as PostgreSQL's array literal: numbers, or ids of ours, which need no quotes. */
export function list(values: readonly (string | number)[]): string {
  return `{${values.join(',')}}`;
}
