/** PostgreSQL: several processes at once, and a database that cannot be reached. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { pino } from 'pino';
import { describe, expect, inject, test } from 'vitest';
import { openStore } from '#server/store.ts';
import { ask } from '../support/ask.ts';
import { emptyPlace } from '../support/database.ts';
import { spawnStore } from '../support/store-process.ts';

const log = pino({ level: 'silent' });
const migrations = join(import.meta.dirname, '..', '..', 'schema', 'tables', 'migrations');

describe.skipIf(!inject('postgres'))('PostgreSQL', () => {
  test('six processes that start at once on an empty database all open, and migrate once', async () => {
    const place = await emptyPlace('postgres');
    const processes = Array.from({ length: 6 }, () => spawnStore(place));
    await Promise.all(processes.map((each) => each.says('open')));
    expect(await Promise.all(processes.map((each) => each.finish()))).toEqual([0, 0, 0, 0, 0, 0]);
    const journal = JSON.parse(await readFile(join(migrations, 'meta', '_journal.json'), 'utf8')) as {
      entries: unknown[];
    };
    const store = await openStore({ ...place, log });
    const counted = sql<number>`(select count(*)::int from drizzle.__drizzle_migrations)`;
    const [row] = await store.db.select({ count: counted }).from(sql`(values (1)) as one`);
    expect(row?.count).toBe(journal.entries.length);
    await store.close();
    await place.remove();
  });

  test('one whose tables are not ours is told why, and keeps nobody waiting for its turn to migrate', async () => {
    const place = await emptyPlace('postgres');
    await ask(place.databaseUrl ?? '', 'create table person ()');
    // The second would wait for ever for a lock that the first had kept.
    for (let times = 0; times < 2; times += 1)
      await expect(openStore({ ...place, log })).rejects.toThrow(
        'PostgreSQL did not open (relation "person" already exists).',
      );
    await place.remove();
  });

  test('fsync is on', async () => {
    const place = await emptyPlace('postgres');
    const store = await openStore({ ...place, log });
    const setting = sql<string>`current_setting('fsync') || ' ' || current_setting('synchronous_commit')`;
    expect(await store.db.select({ setting }).from(sql`(values (1)) as one`)).toEqual([{ setting: 'on on' }]);
    await store.close();
    await place.remove();
  });
});

test('a database that cannot be reached is told with what to do', async () => {
  const nobody = openStore({ databaseUrl: 'postgres://candour:secret@127.0.0.1:1/candour', folder: '', log });
  await expect(nobody).rejects.toThrow(/^PostgreSQL did not open \(.*ECONNREFUSED.*\)\. Check DATABASE_URL/);
  await expect(nobody).rejects.not.toThrow(/secret/);
});
