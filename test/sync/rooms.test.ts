/** A room by its socket: what is saved is saved, what is written reaches the others, and nobody stays who may not. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { eq } from 'drizzle-orm';
import * as Y from 'yjs';
import { notesRoot } from '#schema/notes.ts';
import * as tables from '#schema/tables/index.ts';
import { close, kind, limits, syncKind } from '#schema/protocol.ts';
import { databaseKinds, freshStore } from '../support/database.ts';
import { openWriter, paragraphsOf, type Writer } from '../support/writer.ts';
import { Client, docOf } from './support/client.ts';
import { openHouse, type House, type Person } from './support/house.ts';
import { until } from './support/until.ts';

/** Milliseconds a busy machine may take. */
const aWhile = 60_000;

describe.each(databaseKinds())('on %s', (databaseKind) => {
  let house: House;
  const closing: (() => void)[] = [];
  beforeAll(async () => {
    house = await openHouse(await freshStore(databaseKind), { forgives: true });
  });
  afterEach(() => {
    for (const close of closing.splice(0)) close();
  });
  afterAll(() => house.close());

  async function enter(...args: Parameters<typeof Client.open>): Promise<Client> {
    const client = await Client.open(...args);
    closing.push(() => client.close());
    return client;
  }
  function write(person: Person, room: string, options: { plain?: boolean } = {}): Writer {
    const writer = openWriter({ address: house.address, room, cookie: person.cookie, ...options });
    closing.push(() => writer.close());
    return writer;
  }

  test('two stock providers converge, and a third who comes later has it all when it says synced', async () => {
    const [amara, priya] = [
      await house.person('Amara'),
      await house.person('Priya', { agency: 'Police', kind: 'police' }),
    ];
    const case1 = await house.room(amara, priya);
    const [a, b] = [write(amara, case1, { plain: true }), write(priya, case1, { plain: true })];
    for (let n = 0; n < 20; n += 1) {
      a.type(`a ${n}`);
      b.type(`b ${n}`);
    }
    await until('both to have all', () => a.notes.length === 40 && b.notes.length === 40);
    expect(paragraphsOf(a.notes)).toEqual(paragraphsOf(b.notes));
    const c = write(amara, case1, { plain: true });
    const whenSynced = await new Promise<number>((resolve) => c.provider.once('sync', () => resolve(c.notes.length)));
    expect(whenSynced).toBe(40);
  });

  test.each([true, false])(
    'who types before the socket opens, as it opens, and takes back some of it, keeps all of it (plain: %s)',
    async (plain) => {
      const amara = await house.person('Amara');
      const case1 = await house.room(amara);
      const a = write(amara, case1, { plain });
      a.type('before');
      a.type('taken back');
      let opened = 0;
      a.provider.on('status', ({ status }) => {
        if (status !== 'connected') return;
        // The server has not yet said how far it has come: this stands on words that it has not been sent.
        opened += 1;
        a.notes.delete(1);
        a.type('as it opens');
      });
      if (!plain) await a.settled();
      const seen = async () => paragraphsOf(docOf([await house.rooms.updateOf(case1)]).getXmlFragment(notesRoot));
      await until('all to be stored', async () => (await seen()).length === 2);
      expect(await seen()).toEqual(['before', 'as it opens']);
      a.type('after');
      if (!plain) await a.settled();
      await until('all to be stored', async () => (await seen()).length === 3);
      expect(opened).toBe(1);
    },
  );

  test('notes that rest are merged, so that whoever comes next is sent them as they lie', async () => {
    const amara = await house.person('Amara');
    const case1 = await house.room(amara);
    const a = write(amara, case1);
    // Less than would be merged while somebody writes.
    for (let n = 0; n < 8; n += 1) a.type(`${n} ${'word '.repeat(500)}`);
    await a.settled();
    const { roomSnapshot } = tables;
    const kept = () => house.db.select().from(roomSnapshot).where(eq(roomSnapshot.room, case1));
    await until('a merged copy to be kept', async () => (await kept()).length === 1);
    const newcomer = await enter(house, case1, amara);
    newcomer.sync(syncKind.step1, Uint8Array.of(0));
    await until('the newcomer to have it', () => newcomer.synced);
    expect(newcomer.updates).toHaveLength(1);
    expect(docOf(newcomer.updates).getXmlFragment(notesRoot)).toHaveLength(8);
  });

  test('every message with content is counted, and said to be durable once it is in the log', async () => {
    const amara = await house.person('Amara');
    const case1 = await house.room(amara);
    const a = write(amara, case1);
    for (let n = 0; n < 50; n += 1) a.type(`${n}`);
    await a.settled();
    expect(paragraphsOf(docOf([await house.rooms.updateOf(case1)]).getXmlFragment(notesRoot))).toHaveLength(50);
  });

  test('after a restart nothing is lost and typing goes on', async () => {
    const amara = await house.person('Amara');
    const case1 = await house.room(amara);
    const a = write(amara, case1);
    a.type('before');
    await a.settled();
    const restarted = house.restart();
    a.type('meanwhile');
    await restarted;
    a.type('after');
    await a.settled();
    const b = write(amara, case1);
    await until('the others to have it', () => b.notes.length === 3);
    expect(paragraphsOf(b.notes)).toEqual(['before', 'meanwhile', 'after']);
  });

  test('a restart sends people away one after another, to come back by themselves: nothing is lost', async () => {
    const people = await Promise.all(Array.from({ length: 8 }, (_, n) => house.person(`Person ${n}`)));
    const last = await house.person('Last');
    const case1 = await house.room(...people, last);
    const clients: Client[] = [];
    for (const person of people) {
      for (let n = 0; n < limits.socketsPerPerson; n += 1) clients.push(await enter(house, case1, person));
    }
    const writer = write(last, case1);
    writer.type('before');
    await writer.settled();
    const codes: unknown[] = [];
    writer.provider.on('connection-close', (event) => codes.push(event?.code));
    let here: Promise<readonly unknown[]> | null = null;
    clients[0]?.ws.once('close', () => {
      here = house.rooms.peopleIn(case1);
      writer.type('while the first go');
    });
    await house.restart();
    // Not all at once: when the first knew of it, everybody was still there by some socket.
    expect(await here).toHaveLength(9);
    for (const client of clients) expect((await client.isClosed()).code).toBe(close.restart);
    writer.type('after');
    await writer.settled(aWhile);
    expect(codes[0]).toBe(close.restart);
    const seen = docOf([await house.rooms.updateOf(case1)]).getXmlFragment(notesRoot);
    expect(paragraphsOf(seen)).toEqual(['before', 'while the first go', 'after']);
  });

  test('no sign-in, no room and no place in it are told by the close code', async () => {
    const [amara, otto] = [await house.person('Amara'), await house.person('Otto')];
    const case1 = await house.room(amara);
    expect(await (await enter(house, case1, null)).isClosed()).toMatchObject({ code: close.signedOut });
    expect(await (await enter(house, case1, otto)).isClosed()).toEqual({ code: close.noRoom, reason: '' });
    expect(await (await enter(house, 'f'.repeat(32), otto)).isClosed()).toEqual({ code: close.noRoom, reason: '' });
    expect(await (await enter(house, 'nonsense', otto)).isClosed()).toEqual({ code: close.noRoom, reason: '' });
  });

  test('presence is composed from the sign-in; a client says only where its cursor is (R16)', async () => {
    const [amara, priya] = [
      await house.person('Amara'),
      await house.person('Priya', { agency: 'Police', kind: 'police' }),
    ];
    const case1 = await house.room(amara, priya);
    const [a, b] = [await enter(house, case1, amara), await enter(house, case1, priya)];
    a.awareness(111, 1, { user: { name: 'Chair' }, cursor: { head: 5 }, colour: 'red' });
    await until('b to see a', () => b.presence.has(111));
    const { name, agency, role, person: id } = amara.actor;
    expect(b.presence.get(111)?.state).toEqual({ user: { person: id, name, agency, role }, cursor: { head: 5 } });
    // Another's number: not theirs to speak under, however large the clock.
    b.awareness(111, 1_000_000, null);
    b.awareness(111, 1_000_001, { cursor: { head: 9 } });
    b.awareness(222, 1, { cursor: null });
    await until('a to see b', () => a.presence.has(222));
    expect(a.presence.get(111)?.state).toMatchObject({ cursor: { head: 5 } });
    a.close();
    await until('b to see a go', () => b.presence.get(111)?.state === null);
    const again = await enter(house, case1, amara);
    again.awareness(111, 1, { cursor: { head: 7 } });
    await until('a to be back with the clock they left with', () => b.presence.get(111)?.state !== null);
  });

  test.each([true, false])(
    'whoever only repeats what they hear of themselves is told nothing again (plain: %s)',
    async (plain) => {
      const [amara, priya] = [await house.person('Amara'), await house.person('Priya')];
      const case1 = await house.room(amara, priya);
      const p = await enter(house, case1, priya);
      const heard = () => [...p.presence].map(([client, { clock }]) => `${client} ${clock}`);
      const [a, b] = [write(amara, case1, { plain }), write(amara, case1, { plain })];
      for (const { provider } of [a, b]) provider.awareness.setLocalState({ cursor: null });
      const knowsItself = ({ doc, provider }: Writer) =>
        'user' in (provider.awareness.getStates().get(doc.clientID) ?? {});
      await until('both to be here', () => p.presence.size === 2 && knowsItself(a) && knowsItself(b));
      const told = heard();
      // What is said of somebody goes out ten times a second at most: this would come after a dozen times.
      for (let move = 1; move <= 12; move += 1) {
        const before = p.received;
        p.awareness(333, move, { cursor: { head: move } });
        await until('it to be told', () => p.received > before);
      }
      expect(heard().filter((each) => !each.startsWith('333 '))).toEqual(told);
      // Where they are then is told as ever.
      a.provider.awareness.setLocalStateField('cursor', { head: 3 });
      await until('a to have moved', () => p.presence.get(a.doc.clientID)?.state !== null);
      await until('where', () => JSON.stringify(p.presence.get(a.doc.clientID)?.state).includes('"head":3'));
      a.close();
      b.close();
      await until('both to be gone', () => [a, b].every(({ doc }) => p.presence.get(doc.clientID)?.state === null));
    },
  );

  test('a reader is sent everything, and nothing a reader writes is taken (R17)', async () => {
    const [amara, denis] = [await house.person('Amara'), await house.person('Denis', { role: 'decision-maker' })];
    const case1 = await house.room(amara, [denis, 'comment']);
    const writer = await enter(house, case1, amara);
    const reader = await enter(house, case1, denis);
    const doc = new Y.Doc({ gc: false });
    doc.on('update', (update: Uint8Array) => writer.update(update));
    doc.getXmlFragment(notesRoot).push([new Y.XmlElement('paragraph')]);
    await until('the reader to have it', () => reader.updates.length === 1);
    reader.sync(syncKind.step2, Y.encodeStateAsUpdate(docOf(reader.updates)));
    await until('a copy with nothing new to be settled', () => reader.durable === 1);
    const own = new Y.Doc({ gc: false });
    own.getXmlFragment(notesRoot).push([new Y.XmlElement('paragraph')]);
    reader.sync(syncKind.step2, Y.encodeStateAsUpdate(own));
    reader.update(Y.encodeStateAsUpdate(own));
    expect(await reader.isClosed()).toMatchObject({ code: close.refusedUpdate });
    expect(reader.durable).toBe(1);
    expect((await writer.doc()).getXmlFragment(notesRoot).length).toBe(1);
  });

  test('a message of a kind that is not in the table closes the socket', async () => {
    const amara = await house.person('Amara');
    const case1 = await house.room(amara);
    for (const of of [kind.auth, kind.durable, kind.entries, kind.refresh, 4, 99, 200]) {
      const client = await enter(house, case1, amara);
      client.send(Uint8Array.of(of, 0));
      expect(await client.isClosed()).toMatchObject({ code: close.refusedUpdate });
    }
  });

  test('typing puts off when one is signed out; an open socket does not, and is closed in time (R18)', async () => {
    const [amara, priya] = [await house.person('Amara'), await house.person('Priya')];
    const case1 = await house.room(amara, priya);
    const [writer, idle] = [write(amara, case1), await enter(house, case1, priya)];
    await until('both to be in', () => writer.provider.synced);
    const { expiresAt, id } = tables.session;
    const set = (person: Person, to: Date) =>
      house.db.update(tables.session).set({ expiresAt: to }).where(eq(id, person.session));
    const soon = new Date(Date.now() + 5 * 60_000);
    for (const person of [amara, priya]) await set(person, soon);
    const ends = async ({ session }: Person) =>
      (await house.db.select({ expiresAt }).from(tables.session).where(eq(id, session)))[0]?.expiresAt.getTime() ?? 0;
    idle.awareness(91, 1, { cursor: null });
    writer.type('words');
    await until('it to be put off', async () => (await ends(amara)) > soon.getTime() + 5 * 60_000, aWhile);
    expect(await ends(priya)).toBe(soon.getTime());
    await set(priya, new Date());
    expect(await idle.isClosed()).toMatchObject({ code: close.signedOut });
    expect(writer.provider.wsconnected).toBe(true);
  });

  test('who is signed out, removed or given other rights is sent away (R18)', async () => {
    const [amara, tomas, priya] = [
      await house.person('Amara'),
      await house.person('Tomas'),
      await house.person('Priya'),
    ];
    const case1 = await house.room(amara, tomas, priya);
    const [a, t, p] = [
      await enter(house, case1, amara),
      await enter(house, case1, tomas),
      await enter(house, case1, priya),
    ];
    await house.signOut(amara);
    house.bus.publish({ kind: 'signed-out', session: amara.session });
    await house.admit(case1, tomas, null);
    house.bus.publish({ kind: 'rights', room: case1, person: tomas.actor.person });
    // Nobody says anything of this one: it is noticed all the same.
    await house.admit(case1, priya, 'read');
    expect(await a.isClosed()).toMatchObject({ code: close.signedOut });
    expect(await t.isClosed()).toMatchObject({ code: close.noRoom });
    expect(await p.isClosed()).toMatchObject({ code: close.rightsChanged });
  });

  test('nothing is stored after a revocation, though nobody has noticed it yet (R18)', async () => {
    const [amara, priya] = [await house.person('Amara'), await house.person('Priya')];
    const case1 = await house.room(amara, priya);
    const [a, p] = [await enter(house, case1, amara), await enter(house, case1, priya)];
    await house.admit(case1, amara, 'read');
    const doc = new Y.Doc({ gc: false });
    doc.getXmlFragment(notesRoot).push([new Y.XmlElement('paragraph')]);
    a.update(Y.encodeStateAsUpdate(doc));
    expect(await a.isClosed()).toMatchObject({ code: close.rightsChanged });
    expect(a.durable).toBe(0);
    expect(p.updates).toHaveLength(0);
    expect(docOf([await house.rooms.updateOf(case1)]).getXmlFragment(notesRoot).length).toBe(0);
  });
});
