/** [R1] The service is killed while people type: what was shown as saved is there afterwards, once. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { databaseKinds } from '../support/database.ts';
import { killWhileTyping } from '../support/kill.ts';

const kills = 5;

describe.each(databaseKinds())('on %s', (kind) => {
  test(`[R1] ${kills} kills while six writers type lose nothing that was saved and double nothing`, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'candour-kill-'));
    try {
      const result = await killWhileTyping({ kind, folder, kills, writers: 6 });
      expect(result.kills).toBe(kills);
      expect(result.saved).toBeGreaterThan(0);
      expect(result).toMatchObject({ lost: [], doubled: [], neverSaved: [] });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
