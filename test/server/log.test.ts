/** The log says what went wrong, and nothing that anybody wrote. */
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { partnership } from '#schema/tables/index.ts';
import { createLog } from '#server/log.ts';
import type { Store } from '#server/store.ts';
import { runner } from '#server/sync/statements.ts';
import { databaseKinds, freshStore } from '../support/database.ts';

const words = 'the bruise was seen on Tuesday';
const bytes = Buffer.from(words);
/** Every form in which words have been found in logs. */
const forms = [
  words,
  bytes.toString('hex'),
  bytes.toString('base64'),
  [...bytes].join(','),
  `"0":${bytes[0]},"1":${bytes[1]}`,
];

function logged(err: unknown): string {
  let text = '';
  createLog('info', { write: (line) => (text += line) }).error({ err }, 'it failed');
  return text;
}
const failing = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => expect.fail('It did not fail'),
    (error: unknown) => error,
  );

describe.each(databaseKinds())('an error of %s', (kind) => {
  let store: Store;
  beforeAll(async () => {
    store = await freshStore(kind);
  });
  afterAll(() => store.close());

  test('[T34] of a query that had a person’s words in it is logged without them', async () => {
    const row = { id: 'same', name: words, contact: { name: words, phone: '', email: '' } };
    await store.db.insert(partnership).values(row);
    const err = await failing(Promise.resolve(store.db.insert(partnership).values(row)));
    // What this is about: the error itself has them.
    expect(String((err as Error).message)).toContain(words);
    const text = logged(err);
    expect(forms.filter((form) => text.includes(form))).toEqual([]);
    expect(JSON.parse(text)).toMatchObject({
      err: { code: '23505', message: expect.stringContaining('duplicate key') },
      msg: 'it failed',
    });
  });

  test('[T34] of a statement that had bytes of the notes in it is logged without them', async () => {
    const err = await failing(runner(store.db)('select 1 / length(substr($1::bytea, 1, 0))', [bytes]));
    const text = logged(err);
    expect(forms.filter((form) => text.includes(form))).toEqual([]);
    expect(JSON.parse(text)).toMatchObject({ err: { code: '22012', message: 'division by zero' } });
  });

  test('is logged with the way it came by', async () => {
    const err = await failing(Promise.resolve(store.db.execute(sql`select 1 / 0`)));
    expect(JSON.parse(logged(err)).err.stack).toContain('log.test.ts');
  });
});
