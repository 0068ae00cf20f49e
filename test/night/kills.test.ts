/** [R1, R2] The full count of kills while people type. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, inject, test } from 'vitest';
import { databaseKinds } from '../support/database.ts';
import { killDatabaseWhileTyping, killWhileTyping, type KillResult } from '../support/kill.ts';
import { startPostgres } from '../support/postgres-server.ts';
import { keep } from './summary.ts';

const writers = 50;
const counts = { postgres: 200, pglite: 100 };

function outcomeOf({ kills, saved, lost, doubled, neverSaved }: KillResult) {
  // What was never saved is told whole: it names the client, and what the service printed.
  for (const each of neverSaved) console.log(each);
  return {
    done: kills,
    came: `${saved.toLocaleString('en-GB')} changes shown as saved: ${lost.length} lost, ${doubled.length} doubled; ${neverSaved.length} tabs whose words were not saved within a minute of the restart`,
    good: lost.length + doubled.length + neverSaved.length === 0,
  };
}

describe.each(databaseKinds())('on %s', (kind) => {
  test(`[R1] kills of the service while ${writers} writers type`, () =>
    keep(`R1 kills of the service, ${writers} writers, ${kind}`, counts[kind], async (kills) =>
      outcomeOf(await killWhileTyping({ kind, kills, writers })),
    ));
});

test.skipIf(!inject('postgres'))(`[R2] kills of PostgreSQL while ${writers} writers type`, () =>
  keep(`R2 kills of PostgreSQL, ${writers} writers`, 50, async (kills) => {
    const server = await startPostgres({ again: true });
    if (!server) throw new Error('This run has no PostgreSQL');
    const folder = await mkdtemp(join(tmpdir(), 'candour-'));
    try {
      const place = { databaseUrl: server.url, folder };
      const { exit, ...result } = await killDatabaseWhileTyping({ place, kill: server.kill, kills, writers });
      expect(exit).toBe(0);
      return outcomeOf(result);
    } finally {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    }
  }),
);
