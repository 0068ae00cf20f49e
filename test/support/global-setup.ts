/** Once for a test run: a PostgreSQL of its own, an empty embedded database to copy, and a browser. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import type { TestProject } from 'vitest/node';
import { openStore } from '#server/store.ts';
import { findChromium } from './browser.ts';
import { startPostgres } from './postgres-server.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Address of the run's PostgreSQL, whose database `candour_template` is migrated and empty; null where there is none. */
    postgres: string | null;
    /** Folder of a migrated, empty embedded database, closed. */
    embedded: string;
    /** Where Chromium is. */
    chromium: string;
  }
}

export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const log = pino({ level: 'warn' });
  const folder = await mkdtemp(join(tmpdir(), 'candour-tests-'));
  const embedded = join(folder, 'embedded');
  await (await openStore({ databaseUrl: null, folder: embedded, log })).close();
  const server = await startPostgres();
  if (server) {
    const { default: postgres } = await import('postgres');
    const admin = postgres(server.url, { max: 1 });
    await admin`create database candour_template`;
    await admin.end();
    const template = server.url.replace(/postgres$/, 'candour_template');
    await (await openStore({ databaseUrl: template, folder, log })).close();
  }
  project.provide('postgres', server?.url ?? null);
  project.provide('embedded', embedded);
  project.provide('chromium', findChromium());
  return async () => {
    await server?.stop();
    await rm(folder, { recursive: true, force: true });
  };
}
