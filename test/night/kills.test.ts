/** [R1] The full count of kills while people type. */
import { describe, expect, test } from 'vitest';
import { databaseKinds } from '../support/database.ts';
import { killWhileTyping } from '../support/kill.ts';

const counts = { postgres: 200, pglite: 100 };

describe.each(databaseKinds())('on %s', (kind) => {
  test(`[R1] ${counts[kind]} kills while twelve writers type lose nothing that was saved and double nothing`, async () => {
    const { kills, saved, lost, doubled, neverSaved } = await killWhileTyping({
      kind,
      kills: counts[kind],
      writers: 12,
    });
    console.log(
      `${kind}: ${kills} kills, ${saved} changes shown as saved, ${lost.length} lost, ${doubled.length} doubled`,
    );
    expect({ kills, lost, doubled, neverSaved }).toEqual({
      kills: counts[kind],
      lost: [],
      doubled: [],
      neverSaved: [],
    });
  });
});
