/** `npm run set-up` as whoever runs the service meets it: once, and again. */
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { databaseKinds, freshPlace, type Place } from '../support/database.ts';

const run = promisify(execFile);
const top = join(import.meta.dirname, '..', '..');

describe.each(databaseKinds())('on %s', (kind) => {
  let place: Place;
  beforeAll(async () => {
    place = await freshPlace(kind);
  });
  afterAll(() => place?.remove());

  /** All that it printed, whether or not it went well. */
  async function setUp(...emails: readonly string[]): Promise<{ code: number; printed: string }> {
    const file = join(place.folder, '..', 'partnership.json');
    const people = emails.map((email, n) => ({ name: `Person ${n}`, email, agency: 'Health', role: 'business-unit' }));
    const contact = { name: 'The office', phone: '01632 960 100', email: 'office@northbeck.example' };
    const agencies = [{ kind: 'health', name: 'Health' }];
    await writeFile(file, JSON.stringify({ name: 'Northbeck', contact, agencies, people }));
    const env = {
      PATH: process.env['PATH'],
      CANDOUR_DATA: place.folder,
      ...(place.databaseUrl ? { DATABASE_URL: place.databaseUrl } : {}),
    };
    return run(process.execPath, ['server/set-up.ts', file], { cwd: top, env }).then(
      ({ stdout, stderr }) => ({ code: 0, printed: stdout + stderr }),
      ({ code, stdout, stderr }) => ({ code, printed: stdout + stderr }),
    );
  }

  test('each person’s first password is shown once; set up again, it says whose address is taken and nothing of theirs', async () => {
    const first = await setUp('one@northbeck.example', 'Two@northbeck.example');
    expect(first).toMatchObject({
      code: 0,
      printed: expect.stringMatching(/Person 1 {2}two@northbeck\.example {2}\S{16}\n/),
    });
    for (const again of [
      await setUp('two@northbeck.example', 'three@northbeck.example'),
      await setUp('two@northbeck.example', 'four@northbeck.example', 'Four@northbeck.example'),
    ]) {
      expect(again).toMatchObject({ code: 1, printed: expect.stringContaining('two@northbeck.example') });
      expect(again.printed).toMatch(/^Each person signs in with an address of their own, and these are taken: /);
      expect(again.printed).not.toMatch(/three@|argon2|insert into/);
    }
  });
});
