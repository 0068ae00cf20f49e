/** The embedded database: fsync, the lock on its folder, creation in one step, and keeping itself tidy. */
import { existsSync } from 'node:fs';
import { readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { partnership } from '#schema/tables/index.ts';
import { syncs } from '#server/pglite.ts';
import { openStore, type Store } from '#server/store.ts';
import { emptyPlace, freshPlace, type Place } from '../support/database.ts';
import { until } from '../support/kill.ts';
import { spawnStore } from '../support/store-process.ts';
import { findTracer } from '../support/trace.ts';

const log = pino({ level: 'silent' });
const contact = { name: '', phone: '', email: '' };
const add = (store: Store, id: string) => store.db.insert(partnership).values({ id, name: id, contact });

async function one<T>(store: Store, query: ReturnType<typeof sql<T>>): Promise<T | undefined> {
  const [row] = await store.db.select({ value: query }).from(sql`(values (1)) as one`);
  return row?.value;
}

const mayTrace = await findTracer();

let place: Place;
afterEach(() => place.remove());

describe('fsync', () => {
  const commits = 20;

  test('is on, by the one method that does anything here', async () => {
    place = await freshPlace('pglite');
    const store = await openStore({ ...place, log });
    expect(await one(store, sql`current_setting('fsync')`)).toBe('on');
    expect(await one(store, sql`current_setting('wal_sync_method')`)).toBe('fsync');
    await store.close();
  });

  test('[R3] each commit reaches the operating system’s fsync', async () => {
    place = await freshPlace('pglite');
    const store = await openStore({ ...place, log });
    for (let n = 0; n < commits; n += 1) {
      const before = syncs.count;
      await add(store, `row ${n}`);
      expect(syncs.count).toBeGreaterThan(before);
    }
    await store.close();
  });

  test.skipIf(!mayTrace)('[R3] strace sees the log synced before each commit is spoken of', async () => {
    place = await freshPlace('pglite');
    const trace = `${place.folder}.trace`;
    const under = ['strace', '-f', '-y', '-qq', '-e', 'trace=fsync,fdatasync,write', '-o', trace];
    const writer = spawnStore(place, { rows: commits, under });
    await writer.says(`committed ${commits}`);
    expect(await writer.finish()).toBe(0);
    const calls = (await readFile(trace, 'utf8')).split('\n');
    const spoken = [0, ...Array.from({ length: commits }, (_, n) => n + 1)].map((n) =>
      calls.findIndex((call) => call.includes(n === 0 ? '"open\\n"' : `"committed ${n}\\n"`)),
    );
    for (let n = 1; n <= commits; n += 1) {
      const between = calls.slice(spoken[n - 1], spoken[n]);
      expect(
        between.some((call) => /fsync\(\d+<.*pg_wal/.test(call)),
        between.join('\n'),
      ).toBe(true);
    }
  });
});

describe('the lock', () => {
  beforeEach(async () => {
    place = await freshPlace('pglite');
  });

  test('a second process is refused and told what to do; the first goes on', async () => {
    const store = await openStore({ ...place, log });
    const second = spawnStore(place);
    const refused = `Another Candour is using ${place.folder}. Stop it, or set CANDOUR_DATA to another folder.`;
    await expect(second.says('open')).rejects.toThrow(refused);
    expect(await second.finish()).toBe(1);
    await add(store, 'still here');
    await store.close();
  });

  test('a second start within one process is refused alike', async () => {
    const store = await openStore({ ...place, log });
    await expect(openStore({ ...place, log })).rejects.toThrow(/^Another Candour is using/);
    await store.close();
  });

  test('a killed process holds nothing, and neither does one that has closed', async () => {
    const first = spawnStore(place);
    await first.says('open');
    await first.kill();
    const second = spawnStore(place);
    await second.says('open');
    expect(await second.finish()).toBe(0);
    await (await openStore({ ...place, log })).close();
  });

  test('a folder that cannot be written in is told with what to do', async () => {
    const file = `${place.folder}.file`;
    await writeFile(file, '');
    const under = openStore({ databaseUrl: null, folder: join(file, 'data'), log });
    await expect(under).rejects.toThrow(/^Candour cannot write in .*set CANDOUR_DATA/);
  });
});

describe('creation', () => {
  test(
    'is all or nothing: killed at three moments it leaves no database, and the next start makes one',
    { timeout: 180_000 },
    async () => {
      place = await emptyPlace('pglite');
      const database = join(place.folder, 'database');
      const moments = [`${database}.new`, `${database}.new/PG_VERSION`, `${database}.new/base/5`];
      for (const moment of moments) {
        const creator = spawnStore(place);
        await until(() => existsSync(moment));
        await creator.kill();
        expect(creator.lines, `killed when there was ${moment}`).not.toContain('open');
        expect(existsSync(database), `killed when there was ${moment}`).toBe(false);
      }
      const store = await openStore({ ...place, log });
      await add(store, 'whole');
      await store.close();
      expect((await readdir(place.folder)).sort()).toEqual(['database', 'lock']);
    },
  );

  test('never happens over something that is not a database', async () => {
    place = await freshPlace('pglite');
    const database = join(place.folder, 'database');
    await rename(join(database, 'PG_VERSION'), join(place.folder, 'aside'));
    await expect(openStore({ ...place, log })).rejects.toThrow(`${database} is not a database. Move it away`);
    await rename(join(place.folder, 'aside'), join(database, 'PG_VERSION'));
    await (await openStore({ ...place, log })).close();
  });
});

describe('tidiness', () => {
  beforeEach(async () => {
    place = await freshPlace('pglite');
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });
  const lastCheckpoint = (store: Store) =>
    one(store, sql<string>`(select checkpoint_lsn from pg_control_checkpoint())`);
  /** Rows the planner knows of: -1 until the table was vacuumed or analysed. */
  const known = (store: Store) =>
    one(store, sql<number>`(select reltuples from pg_class where relname = 'partnership')`);

  test('a checkpoint every five minutes', async () => {
    const store = await openStore({ ...place, log });
    await add(store, 'one');
    const before = await lastCheckpoint(store);
    vi.advanceTimersByTime(5 * 60_000);
    expect(await lastCheckpoint(store)).not.toBe(before);
    await store.close();
  });

  test('a vacuum every hour', async () => {
    const store = await openStore({ ...place, log });
    for (const id of ['one', 'two', 'three']) await add(store, id);
    const before = await known(store);
    vi.advanceTimersByTime(55 * 60_000);
    expect(await known(store)).toBe(before);
    vi.advanceTimersByTime(5 * 60_000);
    expect(await known(store)).toBe(3);
    await store.close();
  });

  test('a checkpoint at closing, so that the next start has nothing to replay', async () => {
    const store = await openStore({ ...place, log });
    await add(store, 'one');
    const before = await lastCheckpoint(store);
    await store.close();
    const again = await openStore({ ...place, log });
    expect(await lastCheckpoint(again)).not.toBe(before);
    await again.close();
  });
});
