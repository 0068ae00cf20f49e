/** PostgreSQL for a live service: a pool of connections, and migrations that processes do not race for. */
import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js';
import { migrate } from 'drizzle-orm/postgres-js/migrator';
import postgres from 'postgres';
import * as tables from '#schema/tables/index.ts';

/** Any number, the same in every process: who holds it migrates, the others wait and find it done. */
const migrationLock = 7_309_451;

/** Connections a process may have open. */
const poolSize = 10;

/** Bytes as PGlite gives them, not as a Buffer; both kinds then hold and compare alike. */
const bytea = {
  to: 17,
  from: [17],
  serialize: (bytes: Uint8Array) => `\\x${Buffer.from(bytes).toString('hex')}`,
  parse: (text: string) => new Uint8Array(Buffer.from(text.slice(2), 'hex')),
};
const options = {
  onnotice: () => undefined,
  types: { bytea },
  connection: { application_name: 'candour', TimeZone: 'UTC' },
};

export type Pool = { db: PostgresJsDatabase<typeof tables>; close: () => Promise<void> };

/** Migrates the database at `url` from the folder `migrations`, and opens a pool. Throws when it cannot be reached. */
export async function openPostgres(url: string, migrations: string): Promise<Pool> {
  const one = postgres(url, { ...options, max: 1 });
  try {
    // drizzle's migrate takes no lock: of six processes starting at once, five would fail.
    await one`select pg_advisory_lock(${migrationLock})`;
    await migrate(drizzle(one), { migrationsFolder: migrations });
  } finally {
    await one.end();
  }
  const pool = postgres(url, { ...options, max: poolSize, idle_timeout: 60 });
  return { db: drizzle(pool, { schema: tables }), close: () => pool.end({ timeout: 5 }) };
}
