/** "Saved" is true: nothing is acknowledged or shown to others before it is in the log, whatever the database does. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { setImmediate as nextTurn, setTimeout as pauseFor } from 'node:timers/promises';
import { asc, eq } from 'drizzle-orm';
import * as Y from 'yjs';
import { notesRoot } from '#schema/notes.ts';
import { syncKind } from '#schema/protocol.ts';
import { room, roomUpdate } from '#schema/tables/index.ts';
import { lockHead } from '#server/ledger.ts';
import type { Connections } from '#server/postgres.ts';
import type { Database } from '#server/store.ts';
import { unpack } from '#server/sync/packed.ts';
import { ask } from '../support/ask.ts';
import { databaseKinds, freshStore } from '../support/database.ts';
import { openWriter, paragraphsOf, type Writer } from '../support/writer.ts';
import { Client, docOf } from './support/client.ts';
import { flaky, type Flaky } from './support/flaky.ts';
import { openHouse, type House, type Person } from './support/house.ts';
import { until } from './support/until.ts';

describe.each(databaseKinds())('on %s', (databaseKind) => {
  let house: House;
  let database: Flaky;
  let databaseUrl: string | null;
  const closing: (() => unknown)[] = [];
  beforeAll(async () => {
    const store = await freshStore(databaseKind);
    databaseUrl = store.databaseUrl;
    database = flaky(store.db);
    house = await openHouse(store, { appending: database });
  });
  afterEach(async () => {
    database.trouble = null;
    database.ailing.clear();
    for (const close of closing.splice(0)) await close();
  });
  afterAll(() => house.close());

  async function enter(room: string, person: Person, at: Pick<House, 'address'> = house): Promise<Client> {
    const client = await Client.open(at, room, person);
    closing.push(() => client.close());
    return client;
  }
  function write(person: Person, room: string, at: Pick<House, 'address'> = house): Writer {
    const writer = openWriter({ address: at.address, room, cookie: person.cookie });
    closing.push(() => writer.close());
    return writer;
  }
  async function logged(room: string): Promise<string[]> {
    const rows = await house.db.select().from(roomUpdate).where(eq(roomUpdate.room, room)).orderBy(asc(roomUpdate.seq));
    expect(rows.map(({ seq }) => seq)).toEqual(rows.map((_, index) => index + 1));
    return paragraphsOf(docOf(rows.flatMap(({ updates }) => unpack(updates))).getXmlFragment(notesRoot));
  }
  /** Every connection to this database but the one that asks for it: they are gone, and this process has heard so. */
  const endConnections = async () => {
    await ask(
      databaseUrl ?? '',
      'select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
    );
    await nextTurn();
  };
  const failing = async () => {
    const before = database.appends;
    await until('a commit to fail', () => database.appends > before + 1);
  };

  test('while commits fail nothing is acknowledged and nobody sees it; then it is stored once', async () => {
    const [amara, priya] = [await house.person('Amara'), await house.person('Priya')];
    const room = await house.room(amara, priya);
    const a = write(amara, room);
    const p = await enter(room, priya);
    a.type('stored');
    await a.settled();
    database.trouble = 'before';
    a.type('not stored yet');
    a.type('nor this');
    await failing();
    expect(a.saved()).toEqual(['stored']);
    expect(p.updates).toHaveLength(1);
    database.trouble = null;
    await a.settled();
    expect(await logged(room)).toEqual(['stored', 'not stored yet', 'nor this']);
    await until('the other to see it', () => paragraphsOf(docOf(p.updates).getXmlFragment(notesRoot)).length === 3);
  });

  test('a copy that types before it has answered sync step 1 is not refused, and is told of no word too early', async () => {
    const amara = await house.person('Amara');
    const room = await house.room(amara);
    const { doc, notes, changes } = offline();
    for (const words of ['while away', 'as it connects']) notes.push([paragraph(words)]);
    notes.delete(0);
    const client = await enter(room, amara);
    // As a stock provider does: what is typed at that moment goes out first, then the answer with all of it.
    for (const change of changes.slice(1)) client.update(change);
    await client.doc();
    expect({ closed: client.closed, durable: client.durable }).toEqual({ closed: null, durable: 0 });
    client.sync(syncKind.step2, Y.encodeStateAsUpdate(doc));
    await until('all of it to be durable', () => client.durable === 3);
    expect(await logged(room)).toEqual(['as it connects']);
  });

  test('a copy that has answered leaves no gap', async () => {
    const amara = await house.person('Amara');
    const room = await house.room(amara);
    const { notes, changes } = offline();
    for (const words of ['never sent', 'sent']) notes.push([paragraph(words)]);
    const client = await enter(room, amara);
    client.sync(syncKind.step2, Y.encodeStateAsUpdate(new Y.Doc()));
    client.update(changes[1] as Uint8Array);
    expect(await client.isClosed()).toEqual({ code: 4400, reason: 'gap' });
  });

  test('a commit that was done and whose answer was lost is not done twice, and is acknowledged', async () => {
    const [amara, priya] = [await house.person('Amara'), await house.person('Priya')];
    const room = await house.room(amara, priya);
    const [a, b] = [write(amara, room), write(priya, room)];
    await until('both to be there', () => a.provider.synced && b.provider.synced);
    database.trouble = 'after';
    const before = database.appends;
    a.type('one');
    b.type('two');
    await until('an answer to be lost', () => database.appends > before);
    database.trouble = null;
    await Promise.all([a.settled(), b.settled()]);
    expect((await logged(room)).sort()).toEqual(['one', 'two']);
    await until('both to see both', () => a.notes.length === 2 && b.notes.length === 2);
  });

  test('somebody who comes back while their words are still on their way is not told that they are saved', async () => {
    const amara = await house.person('Amara');
    const room = await house.room(amara);
    const doc = new Y.Doc({ gc: false });
    const first = await enter(room, amara);
    doc.on('update', (update: Uint8Array) => first.update(update));
    doc.getXmlFragment(notesRoot).push([new Y.XmlElement('paragraph')]);
    await until('it to be stored', () => first.durable === 1);
    database.trouble = 'before';
    doc.getXmlFragment(notesRoot).push([new Y.XmlElement('paragraph')]);
    await failing();
    first.close();
    const second = await enter(room, amara);
    await until('the server to say how far it has come', () => second.step1 !== null);
    // By its own account the server has all: the answer brings nothing new.
    second.sync(syncKind.step2, Y.encodeStateAsUpdate(doc, second.step1 ?? undefined));
    await failing();
    expect(second.durable).toBe(0);
    database.trouble = null;
    await until('it to be stored', () => second.durable === 1);
    expect(await logged(room)).toHaveLength(2);
  });

  test('a room whose row and log do not agree stores nothing, and stops no other room', async () => {
    const [amara, priya] = [await house.person('Amara'), await house.person('Priya')];
    const [broken, well] = [await house.room(amara), await house.room(priya)];
    const [a, p] = [write(amara, broken), write(priya, well)];
    a.type('stored');
    await a.settled();
    const standAt = (seq: number) => house.db.update(room).set({ notesSeq: seq }).where(eq(room.id, broken));
    await standAt(2);
    a.type('nowhere to store it');
    const before = database.appends;
    await until('it to be tried again', () => database.appends >= before + 3);
    for (let n = 0; n < 5; n += 1) {
      p.type(`words ${n}`);
      await p.settled();
    }
    expect(a.saved()).toEqual(['stored']);
    await standAt(1);
    await a.settled();
    expect(await logged(broken)).toEqual(['stored', 'nowhere to store it']);
  });

  test('a room that cannot be stored takes no other with it once that is known, however often it is tried', async () => {
    const [amara, priya] = [await house.person('Amara'), await house.person('Priya')];
    const [broken, well] = [await house.room(amara), await house.room(priya)];
    const [a, p] = [write(amara, broken), write(priya, well)];
    database.ailing.add(broken);
    const first = database.failed.length;
    a.type('nowhere to store it');
    // As often as all are tried together before it is looked for whose fault it is.
    await until('it to fail', () => database.failed.length >= first + 3);
    p.type('beside it');
    await p.settled();
    const before = database.failed.length;
    for (let n = 0; database.failed.length < before + 4; n += 1) {
      p.type(`words ${n}`);
      await p.settled();
    }
    expect(database.failed.slice(before).filter((rooms) => rooms.includes(well))).toEqual([]);
    expect(a.saved()).toEqual([]);
    database.ailing.delete(broken);
    await a.settled();
    expect(await logged(broken)).toEqual(['nowhere to store it']);
  });

  test('a room that can be stored again is, though another cannot be any more and nobody else writes', async () => {
    const [amara, priya, tomas] = [
      await house.person('Amara'),
      await house.person('Priya'),
      await house.person('Tomas'),
    ];
    const [first, second, well] = [await house.room(amara), await house.room(priya), await house.room(tomas)];
    const [a, p, t] = [write(amara, first), write(priya, second), write(tomas, well)];
    database.ailing.add(first);
    const before = database.failed.length;
    a.type('nowhere to store it');
    await until('it to fail', () => database.failed.length >= before + 3);
    t.type('beside it');
    await t.settled();
    database.ailing.add(second);
    p.type('nor this');
    await until('it to fail too', () => database.failed.some((rooms) => rooms === `{${second}}`));
    database.ailing.delete(first);
    await a.settled();
    expect(p.saved()).toEqual([]);
    database.ailing.delete(second);
    await p.settled();
  });

  // The embedded database does one thing at a time: an act holds up everything, and none takes long there.
  test.runIf(databaseKind === 'postgres')(
    'an act that takes long in one room holds up nobody’s words in another',
    async () => {
      const [amara, priya] = [await house.person('Amara'), await house.person('Priya')];
      const [acting, other] = [await house.room(amara), await house.room(priya)];
      const [a, p] = [write(amara, acting), write(priya, other)];
      for (const writer of [a, p]) writer.type('before');
      for (const writer of [a, p]) await writer.settled();
      await house.db.transaction(async (tx) => {
        await lockHead(tx, acting);
        for (let n = 1; n <= 3; n += 1) {
          a.type(`meanwhile ${n}`);
          p.type(`meanwhile ${n}`);
          await p.settled();
        }
        expect(a.saved()).toEqual(['before']);
      });
      await a.settled();
      const all = ['before', 'meanwhile 1', 'meanwhile 2', 'meanwhile 3'];
      expect([await logged(acting), await logged(other)]).toEqual([all, all]);
    },
  );

  test.runIf(databaseKind === 'postgres')(
    'what was passed over for an act is stored before a service that stops has ended',
    async () => {
      const amara = await house.person('Amara');
      const room = await house.room(amara);
      const appending = flaky(house.db);
      const elsewhere = await house.another(undefined, { appending });
      closing.push(() => elsewhere.close());
      const writer = write(amara, room, elsewhere);
      writer.type('before');
      await writer.settled();
      const triedThrice = async () => {
        const before = appending.appends;
        await until('it to be tried three times', () => appending.appends >= before + 3);
      };
      const stopping = await house.db.transaction(async (tx) => {
        await lockHead(tx, room);
        writer.type('at the end');
        await triedThrice();
        const closed = elsewhere.close();
        await triedThrice();
        return { closed };
      });
      await stopping.closed;
      expect(await logged(room)).toEqual(['before', 'at the end']);
    },
  );

  test('two processes write one room: both show all of it, in one order of rows, each once', async () => {
    const [amara, priya] = [await house.person('Amara'), await house.person('Priya')];
    const room = await house.room(amara, priya);
    const other = await house.another();
    closing.push(other.close);
    const [a, b] = [write(amara, room), write(priya, room, other)];
    for (let n = 0; n < 30; n += 1) {
      a.type(`a${n}`);
      b.type(`b${n}`);
      if (n % 10 === 9) await Promise.all([a.settled(), b.settled()]);
    }
    await Promise.all([a.settled(), b.settled()]);
    await until('both to see all', () => a.notes.length === 60 && b.notes.length === 60);
    expect(paragraphsOf(a.notes)).toEqual(paragraphsOf(b.notes));
    expect(await logged(room)).toEqual(paragraphsOf(a.notes));
  });

  test('one clientID at two processes says two things: one of them stands, for everybody', async () => {
    const amara = await house.person('Amara');
    const room = await house.room(amara);
    const other = await house.another();
    closing.push(other.close);
    const saying = (words: string) => {
      const doc = new Y.Doc({ gc: false });
      doc.clientID = 4242;
      const paragraph = new Y.XmlElement('paragraph');
      paragraph.insert(0, [new Y.XmlText(words)]);
      doc.getXmlFragment(notesRoot).push([paragraph]);
      return Y.encodeStateAsUpdate(doc);
    };
    const [one, two] = [await enter(room, amara), await enter(room, amara, other)];
    one.update(saying('black'));
    two.update(saying('white'));
    await until('both to be settled', () => one.durable === 1 && two.durable === 1);
    const stands = await logged(room);
    expect(stands).toHaveLength(1);
    expect(['black', 'white']).toContain(stands[0]);
    for (const at of [house, other]) {
      const reader = await enter(room, amara, at);
      expect(paragraphsOf((await reader.doc()).getXmlFragment(notesRoot))).toEqual(stands);
    }
  });

  test.runIf(databaseKind === 'postgres')('[R2] a database that ends every connection is asked again', async () => {
    const amara = await house.person('Amara');
    const room = await house.room(amara);
    const a = write(amara, room);
    const times = 30;
    for (let time = 0; time < times; time += 1) {
      a.type(`typed as it breaks ${time}`);
      // At another moment of a commit each time.
      await pauseFor(time % 6);
      await endConnections();
      a.type(`typed after ${time}`);
      await a.settled();
    }
    expect(await logged(room)).toHaveLength(2 * times);
  });

  test.runIf(databaseKind === 'postgres')(
    '[R2] transactions that lose their connection are not done in part, and leave the pool whole',
    async () => {
      const amara = await house.person('Amara');
      const id = await house.room(amara);
      const standing = (db: Database) => db.select({ seq: room.notesSeq }).from(room).where(eq(room.id, id));
      // More than the pool has connections: one that each left behind would be missed.
      for (let time = 0; time < 12; time += 1) {
        const broken = house.db.transaction(async (tx) => {
          await tx.update(room).set({ notesSeq: 100 }).where(eq(room.id, id));
          await endConnections();
          await tx.update(room).set({ notesSeq: 200 }).where(eq(room.id, id));
        });
        await expect(broken).rejects.toThrow();
        expect(await standing(house.db)).toEqual([{ seq: 0 }]);
      }
      // As drizzle does where `begin` fails: it never gives the connection back.
      const pool = (house.db as unknown as { $client: Connections }).$client;
      for (let time = 0; time < 12; time += 1) {
        const connection = await pool.connect();
        await endConnections();
        await expect(connection.query('begin')).rejects.toThrow();
      }
      const together = Array.from({ length: 20 }, () => house.db.transaction(standing));
      expect(await Promise.all(together)).toEqual(together.map(() => [{ seq: 0 }]));
    },
  );

  test('a revocation on one process stops writing on another at once, and closes the socket within 5 s', async () => {
    const [amara, priya] = [await house.person('Amara'), await house.person('Priya')];
    const room = await house.room(amara, priya);
    const other = await house.another();
    closing.push(other.close);
    const a = await enter(room, amara, other);
    const began = performance.now();
    await house.admit(room, amara, 'read');
    expect((await a.isClosed()).code).toBe(4403);
    expect(performance.now() - began).toBeLessThan(5_000);
  });
});

/** A copy of the notes with no connection, and each change made in it. */
function offline(): { doc: Y.Doc; notes: Y.XmlFragment; changes: Uint8Array[] } {
  const doc = new Y.Doc({ gc: false });
  const changes: Uint8Array[] = [];
  doc.on('update', (update: Uint8Array) => changes.push(update));
  return { doc, notes: doc.getXmlFragment(notesRoot), changes };
}

function paragraph(words: string): Y.XmlElement {
  const made = new Y.XmlElement('paragraph');
  made.insert(0, [new Y.XmlText(words)]);
  return made;
}
