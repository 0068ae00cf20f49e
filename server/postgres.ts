/** PostgreSQL for a live service: a pool of connections, and migrations that processes do not race for. */
import { drizzle } from 'drizzle-orm/postgres-js';
import { migrate } from 'drizzle-orm/postgres-js/migrator';
import postgres from 'postgres';
import * as tables from '#schema/tables/index.ts';

/** Any number, the same in every process: who holds it migrates, the others wait and find it done. */
const migrationLock = 7_309_451;

export async function openPostgres(url: string, migrations: string) {
  const quiet = { onnotice: () => undefined };
  const one = postgres(url, { ...quiet, max: 1 });
  try {
    await one`select pg_advisory_lock(${migrationLock})`;
    await migrate(drizzle(one), { migrationsFolder: migrations });
  } finally {
    await one.end();
  }
  const pool = postgres(url, { ...quiet, max: 10, idle_timeout: 60 });
  return { db: drizzle(pool, { schema: tables }), close: () => pool.end({ timeout: 5 }) };
}
