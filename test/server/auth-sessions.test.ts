/** Sessions: what the cookie and the table hold, and when a session has ended. */
import { createHash } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { person, session } from '#schema/tables/index.ts';
import { createSessions, type Sessions } from '#server/auth/sessions.ts';
import type { Database, Store } from '#server/store.ts';
import { databaseKinds, freshStore } from '../support/database.ts';

const hour = 60 * 60_000;

describe.each(databaseKinds())('sessions on %s', (kind) => {
  let store: Store;
  let db: Database;
  let sessions: Sessions;

  beforeAll(async () => {
    store = await freshStore(kind);
    db = store.db;
    sessions = createSessions(db, { secure: false });
    for (const id of ['amara', 'tomas']) {
      await db.insert(person).values({ id, name: id, email: `${id}@example.org`, passwordHash: 'x' });
    }
  });
  afterAll(() => store?.close());

  const sent = (cookie: string) => cookie.split(';')[0];
  const end = (id: string, expiresAt: Date, endsAt?: Date) =>
    db
      .update(session)
      .set({ expiresAt, ...(endsAt ? { endsAt } : {}) })
      .where(eq(session.id, id));
  const row = async (id: string) => (await db.select().from(session).where(eq(session.id, id)))[0];

  const rowOf = async (id: string) => {
    const found = await row(id);
    if (!found) throw new Error('No such session');
    return found;
  };

  test('a session is its person’s, read back from the cookie', async () => {
    const begun = await sessions.start('amara');
    expect(await sessions.read(sent(begun.cookie))).toEqual({ session: begun.session, person: 'amara' });
    expect(await sessions.read(`theme=%; ${sent(begun.cookie)}; other=a=b`)).toMatchObject({ person: 'amara' });
  });

  test('[R36] the table holds no token, only its SHA-256, and each start has a new one', async () => {
    const begun = await Promise.all([sessions.start('amara'), sessions.start('amara')]);
    const table = JSON.stringify(await db.select().from(session));
    for (const { token, session: id } of begun) {
      expect(Buffer.from(token, 'base64url')).toHaveLength(32);
      expect(table).not.toContain(token);
      expect(table).toContain(id);
      expect(id).toBe(createHash('sha256').update(token).digest('hex'));
    }
    expect(begun[0]?.token).not.toBe(begun[1]?.token);
  });

  test('[R36] what the table holds opens nothing', async () => {
    const begun = await sessions.start('amara');
    expect(await sessions.read(`candour=${begun.session}`)).toBeNull();
  });

  test('the cookie is kept from scripts and other sites; over https it is __Host- and Secure', async () => {
    const plain = await sessions.start('amara');
    expect(plain.cookie).toMatch(/^candour=[\w-]{43}; HttpOnly; Max-Age=36000; Path=\/; SameSite=Strict$/);
    const secured = createSessions(db, { secure: true });
    const { cookie } = await secured.start('amara');
    expect(cookie).toMatch(/^__Host-candour=[\w-]{43}; HttpOnly; Max-Age=36000; Path=\/; SameSite=Strict; Secure$/);
    expect(await secured.read(sent(cookie))).toMatchObject({ person: 'amara' });
    expect(await secured.read(sent(plain.cookie))).toBeNull();
    expect(secured.blankCookie).toMatch(/^__Host-candour=; .*Max-Age=0/);
  });

  test.each([
    undefined,
    '',
    'candour',
    'candour=',
    'candour=%',
    'candour=%E0%A4%A',
    '%=1; candour=x',
    `candour=${'a'.repeat(43)}`,
    `candour=${'a'.repeat(100_000)}`,
    "candour=' or 1=1 --",
    ';;;=;',
  ])('a cookie header of %j is nobody’s, and no surprise', async (header) => {
    expect(await sessions.read(header)).toBeNull();
  });

  test('an ended session is refused; ending it again does no harm', async () => {
    const begun = await sessions.start('amara');
    await sessions.end(begun.session);
    await sessions.end(begun.session);
    expect(await sessions.read(sent(begun.cookie))).toBeNull();
  });

  test('ending all of a person’s sessions leaves other people’s', async () => {
    const [one, two, other] = [
      await sessions.start('amara'),
      await sessions.start('amara'),
      await sessions.start('tomas'),
    ];
    await sessions.endAll('amara');
    expect(await sessions.read(sent(one.cookie))).toBeNull();
    expect(await sessions.read(sent(two.cookie))).toBeNull();
    expect(await sessions.read(sent(other.cookie))).toMatchObject({ person: 'tomas' });
  });

  test('[R36] a session ends fifteen minutes after it began, and reading it does not put that off', async () => {
    const before = Date.now();
    const begun = await sessions.start('amara');
    const { expiresAt, endsAt } = await rowOf(begun.session);
    for (const [end, after] of [
      [expiresAt, hour / 4],
      [endsAt, 10 * hour],
    ] as const) {
      expect(end.getTime()).toBeGreaterThanOrEqual(before + after);
      expect(end.getTime()).toBeLessThanOrEqual(Date.now() + after);
    }
    const soon = new Date(Date.now() + hour / 12);
    await end(begun.session, soon);
    expect(await sessions.read(sent(begun.cookie))).toMatchObject({ person: 'amara' });
    expect((await rowOf(begun.session)).expiresAt).toEqual(soon);
    await end(begun.session, new Date(Date.now() - 1));
    expect(await sessions.read(sent(begun.cookie))).toBeNull();
    expect(await row(begun.session)).toBeUndefined();
  });

  test('[R36] what its person does puts the end off, to fifteen minutes from then', async () => {
    const [begun, other] = [await sessions.start('amara'), await sessions.start('amara')];
    const soon = new Date(Date.now() + hour / 12);
    for (const { session } of [begun, other]) await end(session, soon);
    await sessions.prolong([begun.session, 'nobody’s']);
    expect((await rowOf(begun.session)).expiresAt.getTime()).toBeGreaterThan(soon.getTime() + hour / 10);
    expect((await rowOf(other.session)).expiresAt).toEqual(soon);
    expect((await sessions.lasts(begun.session))?.until).toEqual((await rowOf(begun.session)).expiresAt);
  });

  test('[R36] nothing puts off the end of ten hours, and nothing brings back a session that has ended', async () => {
    const [begun, ended] = [await sessions.start('amara'), await sessions.start('amara')];
    const latest = new Date(Date.now() + hour / 6);
    await end(begun.session, new Date(Date.now() + hour / 60), latest);
    await end(ended.session, new Date(Date.now() - 1));
    await sessions.prolong([begun.session, ended.session]);
    expect((await rowOf(begun.session)).expiresAt).toEqual(latest);
    expect(await sessions.lasts(ended.session)).toBeNull();
    expect(await sessions.read(sent(ended.cookie))).toBeNull();
  });

  test('the next start forgets sessions whose time has passed', async () => {
    const forgotten = await sessions.start('tomas');
    await end(forgotten.session, new Date(Date.now() - 1));
    await sessions.start('amara');
    expect(await row(forgotten.session)).toBeUndefined();
  });
});
