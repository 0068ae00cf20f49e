/** What every store must do, whichever of the two databases it is. */
import { eq, sql, type SQL } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { firstPrev } from '#schema/ledger.ts';
import { clientLease, entry, partnership, person, room, roomUpdate, session } from '#schema/tables/index.ts';
import { openStore, type Database, type Store } from '#server/store.ts';
import { pino } from 'pino';
import { databaseKinds, emptyPlace, freshPlace, freshStore } from '../support/database.ts';
import { spawnStore } from '../support/store-process.ts';

const log = pino({ level: 'silent' });
const contact = { name: 'Business unit', phone: '01632 960 000', email: 'unit@northbeck.example' };

describe.each(databaseKinds())('a store on %s', (kind) => {
  let store: Store;
  let db: Database;

  beforeAll(async () => {
    store = await freshStore(kind);
    db = store.db;
    await db.insert(partnership).values({ id: 'northbeck', name: 'Northbeck', contact });
    await db.insert(person).values({ id: 'amara', name: 'Amara', email: 'amara@example.org', passwordHash: 'x' });
    await newRoom('common');
  });
  afterAll(() => store?.close());

  async function newRoom(id: string): Promise<void> {
    await db.insert(room).values({ id, partnership: 'northbeck', kind: 'case', headHash: firstPrev });
  }
  async function notesSeqOf(id: string): Promise<number | undefined> {
    const [row] = await db.select({ seq: room.notesSeq }).from(room).where(eq(room.id, id));
    return row?.seq;
  }

  test('says which kind it is', () => {
    expect(store.kind).toBe(kind);
  });

  test('bytes come back as they went in, as a Uint8Array and no Buffer', async () => {
    const updates = Uint8Array.from({ length: 70_000 }, (_, index) => index % 256);
    await db.insert(roomUpdate).values({ room: 'common', seq: 1, person: 'amara', connection: 'c', updates });
    const [row] = await db.select({ updates: roomUpdate.updates }).from(roomUpdate);
    expect(row?.updates.constructor).toBe(Uint8Array);
    expect(row?.updates).toEqual(updates);
  });

  test('[T14, T17] what was typed and what was recorded can be added to and not changed; of an entry only the body may be destroyed', async () => {
    await db.insert(entry).values({
      room: 'common',
      seq: 1,
      type: 'CaseOpened',
      at: '2026-11-23T09:00:00.123456Z',
      actor: {
        person: 'amara',
        name: 'Amara',
        role: 'position-holder',
        agency: { id: 'h', kind: 'health', name: 'Health' },
      },
      command: 'c',
      commitment: '0'.repeat(64),
      prev: firstPrev,
      hash: '1'.repeat(64),
      salt: '2'.repeat(64),
      body: null,
    });
    const refused: SQL[] = [
      sql`update room_update set updates = ''`,
      sql`delete from room_update`,
      sql`delete from entry`,
      sql`update entry set at = '2020-01-01T00:00:00.000000Z'`,
      sql`update entry set actor = '{}', body = null, salt = null`,
      sql`update entry set salt = '3'`,
    ];
    for (const each of refused) await expect(db.execute(each)).rejects.toThrow();
    const [kept] = await db.select().from(entry);
    expect(kept).toMatchObject({ at: '2026-11-23T09:00:00.123456Z', salt: '2'.repeat(64) });
    await db.execute(sql`update entry set body = null, salt = null`);
    expect((await db.select().from(entry))[0]).toMatchObject({ hash: '1'.repeat(64), salt: null });
  });

  test('large numbers come back as numbers', async () => {
    await db.insert(clientLease).values({ room: 'common', client: 2 ** 32 - 1, person: 'amara' });
    await db.update(room).set({ notesSeq: Number.MAX_SAFE_INTEGER }).where(eq(room.id, 'common'));
    const [lease] = await db.select({ client: clientLease.client }).from(clientLease);
    expect(lease?.client).toBe(2 ** 32 - 1);
    expect(await notesSeqOf('common')).toBe(Number.MAX_SAFE_INTEGER);
  });

  test('JSON comes back as it went in', async () => {
    const odd = { name: 'Zoë "Z" O’Neill\n', phone: '\\0\u{1f468}', email: '{}' };
    await db.insert(partnership).values({ id: 'odd', name: 'Odd', contact: odd });
    const [row] = await db.select().from(partnership).where(eq(partnership.id, 'odd'));
    expect(row?.contact).toEqual(odd);
  });

  test('moments are told in UTC with their microseconds, and sessions end at a Date', async () => {
    const moment = '2026-11-23 09:00:00.123456+00';
    await db.update(room).set({ at: '2026-11-23T10:00:00.123456+01:00' }).where(eq(room.id, 'common'));
    const [row] = await db.select({ at: room.at }).from(room).where(eq(room.id, 'common'));
    expect(row?.at).toBe(moment);
    const expiresAt = new Date('2026-11-23T19:00:00.000Z');
    await db.insert(session).values({ id: 's', userId: 'amara', expiresAt, endsAt: expiresAt });
    expect((await db.select().from(session))[0]?.expiresAt).toEqual(expiresAt);
  });

  test('a transaction that throws leaves nothing', async () => {
    const doomed = db.transaction(async (tx) => {
      await tx.insert(partnership).values({ id: 'doomed', name: 'Doomed', contact });
      throw new Error('a surprise');
    });
    await expect(doomed).rejects.toThrow('a surprise');
    expect(await db.select().from(partnership).where(eq(partnership.id, 'doomed'))).toEqual([]);
  });

  test('a transaction inside another can fail alone', async () => {
    await db.transaction(async (tx) => {
      await tx.insert(partnership).values({ id: 'outer', name: 'Outer', contact });
      const inner = tx.transaction(async (deeper) => {
        await deeper.insert(partnership).values({ id: 'outer', name: 'The same id', contact });
      });
      await expect(inner).rejects.toThrow();
    });
    expect(await db.select().from(partnership).where(eq(partnership.id, 'outer'))).toHaveLength(1);
  });

  test('a broken rule of a table is thrown with PostgreSQL’s code', async () => {
    const twice = db.insert(partnership).values({ id: 'northbeck', name: 'Again', contact });
    await expect(twice).rejects.toMatchObject({ cause: { code: '23505' } });
  });

  test('transactions that lock one row wait for each other: no step is lost', async () => {
    await newRoom('busy');
    const step = () =>
      db.transaction(async (tx) => {
        const [row] = await tx.select({ seq: room.notesSeq }).from(room).where(eq(room.id, 'busy')).for('update');
        await tx
          .update(room)
          .set({ notesSeq: (row?.seq ?? 0) + 1 })
          .where(eq(room.id, 'busy'));
      });
    await Promise.all(Array.from({ length: 30 }, step));
    expect(await notesSeqOf('busy')).toBe(30);
  });

  test('closing twice closes once', async () => {
    const other = await freshStore(kind);
    await Promise.all([other.close(), other.close()]);
  });
});

describe.each(databaseKinds())('opening and killing on %s', (kind) => {
  test('the first start migrates; the next finds it done and everything there', async () => {
    const place = await emptyPlace(kind);
    const first = await openStore({ ...place, log });
    await first.db.insert(partnership).values({ id: 'kept', name: 'Kept', contact });
    await first.close();
    const second = await openStore({ ...place, log });
    expect(await second.db.select({ id: partnership.id }).from(partnership)).toEqual([{ id: 'kept' }]);
    await second.close();
    await place.remove();
  });

  test('[R1] a process killed between commits has kept each row it spoke of', async () => {
    const place = await freshPlace(kind);
    const writer = spawnStore(place, { rows: 100_000 });
    await writer.says('committed 40');
    await writer.kill();
    const store = await openStore({ ...place, log });
    const [row] = await store.db
      .select({ rows: sql<number>`count(*)::int`, last: sql<number>`max(substr(id, 5)::int)` })
      .from(partnership);
    const spoken = writer.lines.length - 1;
    expect(spoken).toBeGreaterThanOrEqual(40);
    expect(row?.rows).toBeGreaterThanOrEqual(spoken);
    // One more may have been committed and not spoken of; none in between is missing.
    expect(row).toEqual({ rows: row?.last, last: row?.last });
    await store.close();
    await place.remove();
  });
});
