/** [R5] The disk of the database is full: it is said, nothing is shown as saved that is not, and all is well once there is room. */
import { describe, expect, test } from 'vitest';
import { databaseKinds } from '../support/database.ts';
import { surviveFullDisk } from '../support/full-disk.ts';

describe.each(databaseKinds())('on %s', (kind) => {
  test(
    '[R5] a full disk is said, loses nothing shown as saved, and is over once there is room',
    {
      timeout: 600_000,
    },
    async (context) => {
      const outcome = await surviveFullDisk(kind);
      if (!outcome) return context.skip();
      expect(outcome.saved).toBeGreaterThan(0);
    },
  );
});
