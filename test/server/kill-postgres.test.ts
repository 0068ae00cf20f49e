/** [R2] Every process of PostgreSQL is killed while people type: what was shown as saved is there, once, and the service goes on. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, inject, test } from 'vitest';
import { killDatabaseWhileTyping } from '../support/kill.ts';
import { startPostgres } from '../support/postgres-server.ts';

const kills = 3;

test.skipIf(!inject('postgres'))(
  `[R2] ${kills} kills of PostgreSQL while six writers type lose nothing that was saved and double nothing`,
  // Each kill is followed by a recovery of the database, which a busy machine takes its time for.
  { timeout: 480_000 },
  async () => {
    const server = await startPostgres({ again: true });
    if (!server) throw new Error('This run has no PostgreSQL');
    const folder = await mkdtemp(join(tmpdir(), 'candour-'));
    try {
      const place = { databaseUrl: server.url, folder };
      const result = await killDatabaseWhileTyping({ place, kill: server.kill, kills, writers: 6 });
      console.log(
        `${result.kills} kills of PostgreSQL, ${result.saved} changes shown as saved, ${result.lost.length} lost, ${result.doubled.length} doubled`,
      );
      expect(result).toMatchObject({ kills, lost: [], doubled: [], neverSaved: [], exit: 0 });
      expect(result.saved).toBeGreaterThan(60);
    } finally {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    }
  },
);
