/** Fresh databases of both kinds for the tests that touch storage. */
import { randomBytes } from 'node:crypto';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { is, sql } from 'drizzle-orm';
import { PgTable } from 'drizzle-orm/pg-core';
import { pino } from 'pino';
import { inject } from 'vitest';
import * as tables from '#schema/tables/index.ts';
import { openStore, type Store } from '#server/store.ts';
import { ask } from './ask.ts';

export type DatabaseKind = Store['kind'];

/** The kinds to run on: `describe.each(databaseKinds())`. PostgreSQL is left out only where the run has none. */
export function databaseKinds(): DatabaseKind[] {
  return inject('postgres') ? ['pglite', 'postgres'] : ['pglite'];
}

/** Where an empty, migrated database of this kind is; `remove` takes it away. */
export type Place = { databaseUrl: string | null; folder: string; remove: () => Promise<void> };

export function freshPlace(kind: DatabaseKind): Promise<Place> {
  return placeOf(kind, 'migrated');
}

/** A place where the practice partnership is set up, with today's cases: for tests that start the service. */
export function practicePlace(kind: DatabaseKind): Promise<Place> {
  return placeOf(kind, 'rehearsed');
}

/** A place where nothing has been created or migrated yet: as at the very first start. */
export function emptyPlace(kind: DatabaseKind): Promise<Place> {
  return placeOf(kind, 'empty');
}

/** The database of PostgreSQL that is copied. */
const templates = { empty: 'template0', migrated: 'candour_template', rehearsed: 'candour_practice' } as const;

async function placeOf(kind: DatabaseKind, state: keyof typeof templates): Promise<Place> {
  const parent = await mkdtemp(join(tmpdir(), 'candour-'));
  const folder = join(parent, 'data');
  const removeFolder = () => rm(parent, { recursive: true, force: true });
  if (kind === 'pglite') {
    if (state !== 'empty')
      await cp(inject(state === 'rehearsed' ? 'rehearsed' : 'embedded'), folder, { recursive: true });
    return { databaseUrl: null, folder, remove: removeFolder };
  }
  const url = inject('postgres');
  if (!url) throw new Error('This run has no PostgreSQL');
  const name = `candour_${randomBytes(6).toString('hex')}`;
  await ask(url, `create database ${name} template ${templates[state]}`);
  return {
    databaseUrl: url.replace(/postgres$/, name),
    folder,
    async remove() {
      await ask(url, `drop database if exists ${name} with (force)`);
      await removeFolder();
    },
  };
}

/** Takes every row away, so that many tests can each begin with an empty store without opening one. */
export async function empty({ db }: Pick<Store, 'db'>): Promise<void> {
  const names = Object.values(tables).filter((each) => is(each, PgTable));
  await db.execute(sql`truncate ${sql.join(names, sql`, `)}`);
}

/** A store on a fresh place, which goes when the store is closed. */
export async function freshStore(kind: DatabaseKind): Promise<Store & Pick<Place, 'databaseUrl'>> {
  const { databaseUrl, folder, remove } = await freshPlace(kind);
  const store = await openStore({ databaseUrl, folder, log: pino({ level: 'warn' }) });
  return {
    ...store,
    databaseUrl,
    async close() {
      await store.close();
      await remove();
    },
  };
}
