/** `npm run restored`: after a backup was put back, before the service starts. No copy in anybody's browser is merged with what was restored. */
import { sql } from 'drizzle-orm';
import { room } from '#schema/tables/index.ts';
import { readConfig } from './config.ts';
import { createLog } from './log.ts';
import { openStore, type Database } from './store.ts';

/** Seconds since 1970 at the beginning of 2025: epochs count from there, which a database's integer does until 2093. */
const beginning = 1_735_689_600;

/**
 * Gives every room an epoch that it has never had. Adding one would not do: a backup put back a
 * second time stands where it stood the first time, and the copies that came between would pass for
 * its own. Returns how many rooms there are.
 */
async function beginEpochs(db: Database): Promise<number> {
  const now = sql`extract(epoch from clock_timestamp())::bigint - ${beginning}`;
  const rooms = await db
    .update(room)
    .set({ epoch: sql`greatest(${room.epoch} + 1, ${now})` })
    .returning({ id: room.id });
  return rooms.length;
}

async function main(): Promise<void> {
  const { databaseUrl, folder } = readConfig(process.env);
  const store = await openStore({ databaseUrl, folder, log: createLog('warn') });
  try {
    const rooms = await beginEpochs(store.db);
    console.log(`${rooms} rooms begin anew. Start the service.`);
    console.log(
      'Whoever still has a case open from before is shown what they typed there, to copy, and reloads; nothing of it is merged.',
    );
  } finally {
    await store.close();
  }
}

if (import.meta.main) {
  await main().catch((error: Error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}
