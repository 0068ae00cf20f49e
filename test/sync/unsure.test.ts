/** [T9] Rights are looked at whatever else goes on; where they cannot be known, nothing goes out or comes in. */
import { afterEach, describe, expect, test } from 'vitest';
import { sql } from 'drizzle-orm';
import { pino } from 'pino';
import * as Y from 'yjs';
import { notesRoot } from '#schema/notes.ts';
import { close } from '#schema/protocol.ts';
import { partnership } from '#schema/tables/index.ts';
import type { Store } from '#server/store.ts';
import { runner, type Run } from '#server/sync/statements.ts';
import { databaseKinds, freshStore } from '../support/database.ts';
import { openWriter, paragraphsOf } from '../support/writer.ts';
import { Client, docOf } from './support/client.ts';
import { openHouse } from './support/house.ts';
import { until } from './support/until.ts';

const aWhile = 60_000;
const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const each of closing.splice(0).reverse()) await each();
});

/** A house whose looks at rights fail when told to, and what it printed. */
async function doubtfulHouse(options: { patience?: number; leaveAfter?: number }) {
  const store = await freshStore('pglite');
  const look = runner(store.db);
  const printed: string[] = [];
  const doubtful = { fails: false, printed: (words: string) => printed.filter((line) => line.includes(words)).length };
  const watching: Run = async (...given) => {
    if (doubtful.fails) throw new Error('The database is away');
    return look(...given);
  };
  const log = pino({ level: 'warn' }, { write: (line) => void printed.push(line) });
  const house = await openHouse(store, { ...options, watching, log });
  closing.push(() => house.close());
  return { house, doubtful };
}

const paragraph = (words: string): Uint8Array => {
  const doc = new Y.Doc({ gc: false });
  const element = new Y.XmlElement('paragraph');
  element.insert(0, [new Y.XmlText(words)]);
  doc.getXmlFragment(notesRoot).push([element]);
  return Y.encodeStateAsUpdate(doc);
};
const seenBy = ({ updates }: Client) => paragraphsOf(docOf(updates).getXmlFragment(notesRoot)).sort();

describe('where rights cannot be known', () => {
  test('nothing is sent or taken in after five seconds, and all of it is once they are known', async () => {
    const { house, doubtful } = await doubtfulHouse({});
    const elsewhere = await house.another();
    closing.push(() => elsewhere.close());
    const [amara, priya] = [await house.person('Amara'), await house.person('Priya')];
    const room = await house.room(amara, priya);
    const [there, here] = [await Client.open(elsewhere, room, amara), await Client.open(house, room, priya)];
    closing.push(
      () => there.close(),
      () => here.close(),
    );
    there.update(paragraph('one'));
    await until('the first to come', () => seenBy(here).length === 1);

    doubtful.fails = true;
    await until('rights to be in doubt', () => doubtful.printed('rights are not known') === 1, aWhile);
    there.update(paragraph('two'));
    here.update(paragraph('mine'));
    await until('it to be stored where rights are known', () => there.durable === 2);
    const looks = doubtful.printed('rights could not be looked at');
    await until('three more looks', () => doubtful.printed('rights could not be looked at') >= looks + 3, aWhile);
    expect(seenBy(here)).toEqual(['one']);
    expect(here.durable).toBe(0);
    expect(seenBy(there)).toEqual([]);

    doubtful.fails = false;
    await until('what was missed', () => seenBy(here).length === 2, aWhile);
    await until('what waited to be stored', () => here.durable === 1 && seenBy(there).length === 1, aWhile);
    expect(seenBy(here)).toEqual(['one', 'two']);
    expect(seenBy(there)).toEqual(['mine']);
    expect(here.closed).toBeNull();
  });

  test('everyone is sent away when that goes on, and not sooner because nothing is sent to them', async () => {
    const { house, doubtful } = await doubtfulHouse({ patience: 500, leaveAfter: 8_000 });
    const amara = await house.person('Amara');
    const client = await Client.open(house, await house.room(amara), amara);
    closing.push(() => client.close());
    doubtful.fails = true;
    expect(await client.isClosed()).toEqual({ code: close.tryLater, reason: 'rights are not known' });
  });
});

test('whoever is signed out while the service stops goes at once', async () => {
  const house = await openHouse(await freshStore('pglite'));
  closing.push(() => house.close());
  const people = await Promise.all(Array.from({ length: 8 }, (_, n) => house.person(`Person ${n}`)));
  const last = await house.person('Last');
  const room = await house.room(...people, last);
  const clients: Client[] = [];
  for (const person of [...people, last]) {
    for (let n = 0; n < 6; n += 1) clients.push(await Client.open(house, room, person));
  }
  const { bus } = house;
  clients[0]?.ws.once('close', () => bus.publish({ kind: 'signed-out', session: last.session }));
  await house.restart();
  for (const [n, client] of clients.entries()) {
    expect((await client.isClosed()).code).toBe(n < 48 ? close.restart : close.signedOut);
  }
});

test.skipIf(!databaseKinds().includes('postgres'))(
  'somebody’s right that ends while the notes of an empty room cannot be put away is seen in time',
  async () => {
    const store = await freshStore('postgres');
    const house = await openHouse(store);
    closing.push(() => house.close());
    const [amara, priya] = [await house.person('Amara'), await house.person('Priya')];
    const [left, room] = [await house.room(amara), await house.room(priya)];
    const writer = openWriter({ address: house.address, room: left, cookie: amara.cookie });
    for (let n = 0; n < 110; n += 1) {
      writer.type(`${n}`);
      await writer.settled();
    }
    const reader = await Client.open(house, room, priya);
    closing.push(() => reader.close());
    const lock = await lockTable(store, 'room_snapshot');
    writer.close();
    try {
      await lock.isWaitedFor();
      await house.admit(room, priya, null);
      expect(await reader.isClosed()).toMatchObject({ code: close.noRoom });
    } finally {
      await lock.letGo();
    }
  },
);

test.runIf(databaseKinds().includes('postgres'))(
  '[R18] somebody whose right ends while their room is slowly opened is not let in',
  async () => {
    const store = await freshStore('postgres');
    const house = await openHouse(store);
    closing.push(() => house.close());
    const amara = await house.person('Amara');
    const room = await house.room(amara);
    const lock = await lockTable(store, 'room_update');
    const entering = Client.open(house, room, amara);
    closing.push(() => entering.then((client) => client.close()));
    try {
      await lock.isWaitedFor();
      // By now their rights have been read.
      const read = performance.now();
      await house.admit(room, amara, null);
      // As long as somebody may enter on what was read of their rights.
      await until('that to be over', () => performance.now() - read > 1_700);
    } finally {
      await lock.letGo();
    }
    const client = await entering;
    expect(await client.isClosed()).toMatchObject({ code: close.noRoom });
    expect(client.step1).toBeNull();
  },
);

/** Keeps everybody from a table until it is let go. */
async function lockTable({ db }: Pick<Store, 'db'>, table: string) {
  let letGo = (): void => undefined;
  const locked = Promise.withResolvers<void>();
  const held = db.transaction(async (tx) => {
    await tx.execute(sql`lock table ${sql.identifier(table)} in access exclusive mode`);
    locked.resolve();
    await new Promise<void>((resolve) => (letGo = resolve));
  });
  held.catch(locked.reject);
  await locked.promise;
  const waiting = sql<number>`(
    select count(*)::int from pg_locks where not granted and relation = ${table}::regclass
      and database = (select oid from pg_database where datname = current_database())
  )`;
  return {
    isWaitedFor: () =>
      until(`${table} to be waited for`, async () => {
        const [found] = await db.select({ waiting }).from(partnership);
        return found?.waiting === 1;
      }),
    async letGo() {
      letGo();
      await held;
    },
  };
}
