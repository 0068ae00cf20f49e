/** [R1] The service is killed while people type: what was shown as saved is there afterwards, once. */
import { describe, expect, test } from 'vitest';
import { databaseKinds } from '../support/database.ts';
import { killWhileTyping } from '../support/kill.ts';

/** Hundreds in the night run. */
const kills = 3;

describe.each(databaseKinds())('on %s', (kind) => {
  test(
    `[R1] ${kills} kills while six writers type lose nothing that was saved and double nothing`,
    // Four starts of the whole service: on a machine with much else to do each takes many seconds.
    { timeout: 480_000 },
    async () => {
      const result = await killWhileTyping({ kind, kills, writers: 6 });
      console.log(
        `${kind}: ${result.kills} kills, ${result.saved} changes shown as saved, ${result.lost.length} lost, ${result.doubled.length} doubled`,
      );
      expect(result.kills).toBe(kills);
      expect(result.saved).toBeGreaterThan(50);
      expect(result).toMatchObject({ lost: [], doubled: [], neverSaved: [] });
    },
  );
});
