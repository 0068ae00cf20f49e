/** Once for a test run: an empty embedded database to copy, and a PostgreSQL of the run's own. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import type { TestProject } from 'vitest/node';
import { openStore } from '#server/store.ts';
import { ask } from './ask.ts';
import './compiled.ts';
import { startPostgres, type PostgresServer } from './postgres-server.ts';
import { startService } from './service.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Address of the run's PostgreSQL, whose databases `candour_template` (migrated, empty) and `candour_practice` are to be copied; null where there is none. */
    postgres: string | null;
    /** Folder of a migrated, empty embedded database, closed. */
    embedded: string;
    /** Folder of an embedded database with today's practice partnership; PostgreSQL's is `candour_practice`. */
    rehearsed: string;
  }
}

type Databases = { embedded: string; rehearsed: string; server: PostgresServer | null };

declare global {
  /** What the first project to ask has started, for the others: each loads this file anew. */
  var candourDatabases: { started: Promise<Databases>; users: number } | undefined;
}

export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  globalThis.candourDatabases ??= { started: start(), users: 0 };
  const shared = globalThis.candourDatabases;
  shared.users += 1;
  const { embedded, rehearsed, server } = await shared.started;
  project.provide('embedded', embedded);
  project.provide('rehearsed', rehearsed);
  project.provide('postgres', server?.url ?? null);
  return async () => {
    shared.users -= 1;
    if (shared.users > 0) return;
    globalThis.candourDatabases = undefined;
    await server?.stop();
    await rm(rehearsed, { recursive: true, force: true });
  };
}

const top = join(import.meta.dirname, '..', '..');
const log = pino({ level: 'warn' });

async function start(): Promise<Databases> {
  const [embedded, server] = await Promise.all([embeddedTemplate(), startPostgres()]);
  if (server) await makeTemplate(server.url);
  const rehearsed = await mkdtemp(join(tmpdir(), 'candour-practice-'));
  await cp(embedded, rehearsed, { recursive: true });
  await Promise.all([rehearse(null, rehearsed), server && rehearseOn(server.url)]);
  return { embedded, rehearsed, server };
}

async function rehearseOn(url: string): Promise<void> {
  await ask(url, 'create database candour_practice template candour_template');
  await rehearse(url.replace(/postgres$/, 'candour_practice'), tmpdir());
}

/** A first start of the service, which sets its practice partnership up: once for the run, because its cases are played act by act. */
async function rehearse(databaseUrl: string | null, folder: string): Promise<void> {
  await (await startService({ databaseUrl, folder })).stop();
}

/** The database that PostgreSQL copies for each test. */
async function makeTemplate(url: string): Promise<void> {
  await ask(url, 'create database candour_template');
  const databaseUrl = url.replace(/postgres$/, 'candour_template');
  await (await openStore({ databaseUrl, folder: tmpdir(), log })).close();
}

/** The folder that is copied for each test: kept from run to run, because creating it takes seconds. */
async function embeddedTemplate(): Promise<string> {
  const cache = join(top, 'node_modules', '.cache', 'candour');
  const folder = join(cache, `embedded-${await whatItHolds()}`);
  if (existsSync(folder)) return folder;
  await mkdir(cache, { recursive: true });
  const making = await mkdtemp(join(cache, 'making-'));
  await (await openStore({ databaseUrl: null, folder: making, log })).close();
  await rename(making, folder).catch(async (error: unknown) => {
    // Another run was quicker: its copy is as good.
    if (!existsSync(folder)) throw error;
    await rm(making, { recursive: true });
  });
  return folder;
}

/** Changes whenever an empty database would come out otherwise. */
async function whatItHolds(): Promise<string> {
  const migrations = join(top, 'schema', 'tables', 'migrations');
  const files = (await readdir(migrations))
    .filter((name) => name.endsWith('.sql'))
    .map((name) => join(migrations, name));
  const made = ['server/pglite.ts', 'node_modules/@electric-sql/pglite/package.json'].map((path) => join(top, path));
  const hash = createHash('sha256');
  for (const file of [...files.sort(), ...made]) hash.update(await readFile(file));
  return hash.digest('hex').slice(0, 16);
}
