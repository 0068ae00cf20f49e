/** The database, whichever of the two it is: one type, one schema, migrated. */
import { join } from 'node:path';
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core';
import { drizzle } from 'drizzle-orm/pglite';
import { migrate } from 'drizzle-orm/pglite/migrator';
import type { Logger } from 'pino';
import * as tables from '#schema/tables/index.ts';
import { causeOf } from './log.ts';
import { openEmbedded } from './pglite.ts';
import { openPostgres } from './postgres.ts';

/**
 * Queries and transactions over the tables; a transaction is a `Database` too. Inside one, ask only
 * through it: PGlite has a single connection, and a query past the transaction would wait for its
 * end for ever.
 */
export type Database = PgDatabase<PgQueryResultHKT, typeof tables>;
/** `close` finishes what was begun, and may be called more than once. */
export type Store = { db: Database; kind: 'pglite' | 'postgres'; close: () => Promise<void> };

const migrations = join(import.meta.dirname, '..', 'schema', 'tables', 'migrations');

/**
 * Opens and migrates: PostgreSQL where `databaseUrl` is given, else the embedded database in
 * `folder`. Throws an Error whose message says what to do when it cannot be reached or is in use.
 */
export async function openStore(options: { databaseUrl: string | null; folder: string; log: Logger }): Promise<Store> {
  const { databaseUrl, folder, log } = options;
  return databaseUrl ? openLive(databaseUrl) : openInFolder(folder, log);
}

async function openLive(url: string): Promise<Store> {
  const { db, close } = await openPostgres(url, migrations).catch((cause: unknown) => {
    const { message, code } = causeOf(cause);
    const why = message || code;
    throw new Error(`PostgreSQL did not open (${why}). Check DATABASE_URL and that the server runs.`, { cause });
  });
  return { db, kind: 'postgres', close };
}

async function openInFolder(folder: string, log: Logger): Promise<Store> {
  const { client, close } = await openEmbedded(folder, (err) => log.error({ err }, 'a checkpoint failed'));
  const db = drizzle(client, { schema: tables });
  try {
    await migrate(db, { migrationsFolder: migrations });
  } catch (error) {
    await close();
    throw error;
  }
  return { db, kind: 'pglite', close };
}
