/** Floods, bombs, slow readers and malformed frames: they cost whoever sends them, and nobody else notices (T19 to T22). */
import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { pino } from 'pino';
import * as Y from 'yjs';
import { notesRoot } from '#schema/notes.ts';
import { close, kind, limits, syncKind } from '#schema/protocol.ts';
import { Room } from '#server/sync/room.ts';
import { RoomSocket } from '#server/sync/socket.ts';
import { freshStore } from '../support/database.ts';
import { openWriter, paragraphsOf, type Writer } from '../support/writer.ts';
import { awarenessMessage, Client, docOf, syncMessage } from './support/client.ts';
import { Chance } from './support/chance.ts';
import { openHouse, type House, type Person } from './support/house.ts';
import { until } from './support/until.ts';
import { Wire, websocketOver } from './support/wire.ts';

/** Milliseconds a busy machine may take over megabytes. */
const aWhile = 120_000;

let house: House;
const closing: (() => unknown)[] = [];
beforeAll(async () => {
  house = await openHouse(await freshStore('pglite'), { framesPerSecond: 400, patience: 3 * aWhile });
});
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});
afterAll(() => house.close());

async function enter(room: string, person: Person, at: Pick<House, 'address'> = house): Promise<Client> {
  const client = await Client.open(at, room, person);
  closing.push(() => client.close());
  return client;
}
function write(person: Person, room: string): Writer {
  const writer = openWriter({ address: house.address, room, cookie: person.cookie });
  closing.push(() => writer.close());
  return writer;
}
/** One person with a copy of a note and a wire to it. */
async function copy(room: string, person: Person, at?: Pick<House, 'address'>) {
  const client = await enter(room, person, at);
  const doc = new Y.Doc({ gc: false });
  doc.on('update', (update: Uint8Array, origin: unknown) => origin !== 'server' && client.update(update));
  return { client, doc, notes: doc.getXmlFragment(notesRoot) };
}
const paragraph = (words: string) => {
  const element = new Y.XmlElement('paragraph');
  element.insert(0, [new Y.XmlText(words)]);
  return element;
};

/** Runs `attack` while somebody writes in the same room; nothing of it may reach them. */
async function whileWriting(attack: (room: string, attacker: Person) => Promise<void>): Promise<void> {
  const [amara, mallory] = [await house.person('Amara'), await house.person('Mallory')];
  const room = await house.room(amara, mallory);
  const writer = write(amara, room);
  let typed = 0;
  const typing = setInterval(() => writer.type(`words ${typed++}`), 25);
  let lost = 0;
  writer.provider.on('connection-close', () => (lost += 1));
  try {
    await attack(room, mallory);
  } finally {
    clearInterval(typing);
  }
  await writer.settled();
  expect(lost).toBe(0);
  expect(paragraphsOf(writer.notes)).toHaveLength(typed);
}

describe('malformed messages', () => {
  const spoilt: Record<string, (chance: Chance) => Uint8Array> = {
    'random bytes': (chance) => randomBytes(1 + chance.below(200)),
    'an unknown kind': (chance) => Uint8Array.of(4 + chance.below(16), ...randomBytes(8)),
    'a length that lies': (chance) => Uint8Array.of(kind.sync, chance.below(3), 5 + chance.below(100), 1, 2),
    'an endless number': () => Uint8Array.from({ length: 30 }, () => 0xff),
    'an update of garbage': (chance) => syncMessage(syncKind.update, randomBytes(2 + chance.below(80))),
    'an answer of garbage': (chance) => syncMessage(syncKind.step2, randomBytes(2 + chance.below(80))),
    'a state vector of garbage': (chance) => syncMessage(syncKind.step1, Uint8Array.of(0xff, 0xff, chance.below(128))),
    'presence of garbage': (chance) => Uint8Array.of(kind.awareness, 4, 1, chance.below(128), 0, 9),
    'presence that is not JSON': () => Uint8Array.of(kind.awareness, 5, 1, 7, 1, 1, 0x7b),
    'a message cut short': (chance) => {
      const whole = syncMessage(syncKind.update, Y.encodeStateAsUpdate(docOf([])));
      return whole.subarray(0, chance.below(whole.length));
    },
  };

  test.each(Object.keys(spoilt))('[R29] 40 times %s: it closes its sender’s socket, and no other', async (name) => {
    const chance = new Chance(name.length);
    await whileWriting(async (room, mallory) => {
      for (let times = 0; times < 40; times += 1) {
        const client = await Client.open(house, room, mallory);
        // Garbage may by chance be something that says nothing; then the next is sent.
        while (!client.closed) {
          client.send((spoilt[name] as (chance: Chance) => Uint8Array)(chance));
          await until('an answer', () => client.closed !== null || client.received > 0);
          client.received = 0;
          if (!client.closed) client.send(Uint8Array.of(kind.auth));
          await client.isClosed();
        }
        expect([close.refusedUpdate, close.tryLater]).toContain(client.closed?.code);
      }
    });
  });

  test('[R29] frames that are no websocket frames', async () => {
    const bad: Record<string, Buffer> = {
      'reserved bits': Buffer.from([0xf2, 0x80, 1, 2, 3, 4]),
      'an unknown opcode': Buffer.from([0x83, 0x80, 1, 2, 3, 4]),
      'no mask': Buffer.from([0x82, 0x02, 0, 0]),
      'a length past all limits': Buffer.from([0x82, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 2, 3, 4]),
      'a length above ours': Buffer.from([0x82, 0xff, 0, 0, 0, 0, 0, 0x50, 0, 0, 1, 2, 3, 4]),
      'a fragmented ping': Buffer.from([0x09, 0x80, 1, 2, 3, 4]),
      'a continuation of nothing': Buffer.from([0x80, 0x80, 1, 2, 3, 4]),
      'a close code that is none': Buffer.from([0x88, 0x82, 0, 0, 0, 0, 0, 5]),
      text: Buffer.from([0x81, 0x81, 0, 0, 0, 0, 0x61]),
      'text that is not UTF-8': Buffer.from([0x81, 0x81, 0, 0, 0, 0, 0xff]),
    };
    await whileWriting(async (room, mallory) => {
      for (let times = 0; times < 10; times += 1) {
        for (const frame of Object.values(bad)) {
          const wire = await rawSocket(room, mallory);
          wire.write(frame);
          await new Promise<void>((resolve) => {
            wire.on('close', () => resolve());
            wire.on('data', () => wire.destroy());
          });
        }
        // And one that says half of something and goes.
        const half = await rawSocket(room, mallory);
        half.write(Buffer.from([0x82, 0xfe, 0x10]));
        half.destroy();
      }
    });
  });

  async function rawSocket(room: string, person: Person): Promise<Socket> {
    const { hostname, port } = new URL(house.address);
    const wire = connect(Number(port), hostname);
    wire.on('error', () => wire.destroy());
    wire.write(
      [
        `GET /rooms/${room} HTTP/1.1`,
        `Host: ${hostname}:${port}`,
        `Origin: ${house.address}`,
        `Cookie: ${person.cookie}`,
        'Connection: Upgrade',
        'Upgrade: websocket',
        'Sec-WebSocket-Version: 13',
        `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
        '\r\n',
      ].join('\r\n'),
    );
    // Past the handshake and the first messages of the server.
    await new Promise((resolve) => wire.once('data', resolve));
    wire.removeAllListeners('data');
    return wire;
  }
});

describe('limits', () => {
  test('[T20] a message over 64 KiB is not read; an answer may have 256', async () => {
    const amara = await house.person('Amara');
    const room = await house.room(amara);
    const a = await copy(room, amara);
    a.notes.push([paragraph('x'.repeat(limits.frameBytes - 200))]);
    await until('it to be stored', () => a.client.durable === 1);
    a.notes.push([paragraph('x'.repeat(limits.frameBytes))]);
    expect(await a.client.isClosed()).toMatchObject({ code: close.tooMuch });
    const again = await enter(room, amara);
    a.notes.push([paragraph('x'.repeat(100_000))]);
    again.sync(syncKind.step2, Y.encodeStateAsUpdate(a.doc));
    await until('the answer to be stored', () => again.durable === 1);
    expect((await again.doc()).getXmlFragment(notesRoot).length).toBe(3);
  });

  test('[T22] a flood of frames is read at its pace, and all of it is kept', { timeout: 2 * aWhile }, async () => {
    const amara = await house.person('Amara');
    const room = await house.room(amara);
    const a = await copy(room, amara);
    const began = performance.now();
    for (let n = 0; n < 600; n += 1) a.notes.push([paragraph('x'.repeat(3_000))]);
    await until('all to be stored', () => a.client.durable === 600, aWhile);
    // 120 at once, then 400 a second; what has come in one piece is not sent back.
    expect(performance.now() - began).toBeGreaterThan(1_000);
    expect(a.client.closed).toBeNull();
  });

  /** A note too long for what lies between two ends of a wire, and a reader who asks for it and reads nothing. */
  async function askAndDoNotRead(times: number, at: Pick<House, 'address'> = house) {
    const [amara, priya] = [await house.person('Amara'), await house.person('Priya')];
    const room = await house.room(amara, priya);
    const [a, p] = [await copy(room, amara, at), await enter(room, priya, at)];
    for (let n = 0; n < 60; n += 1) a.notes.push([paragraph('x'.repeat(60_000))]);
    await until('all to be stored', () => a.client.durable === 60, aWhile);
    p.ws.pause();
    const before = process.memoryUsage();
    for (let n = 0; n < times; n += 1) {
      p.sync(syncKind.step1, Uint8Array.of(0));
      // Asked all at once it would be answered twice, and two answers may fit on the wire.
      if (n < 6) await roundTrip(a);
    }
    return { a, p, room, before };
  }

  /** Until the server has answered what a copy that has all asks now. */
  async function roundTrip({ client, doc }: { client: Client; doc: Y.Doc }): Promise<void> {
    const before = client.answers.length;
    client.sync(syncKind.step1, Y.encodeStateVector(doc));
    await until('an answer', () => client.answers.length > before, aWhile);
  }

  /** Until the reader has so many paragraphs. */
  async function untilItHas({ updates }: Client, paragraphs: number): Promise<void> {
    const doc = new Y.Doc({ gc: false });
    let applied = 0;
    await until(
      'the reader to have it all',
      () => {
        for (; applied < updates.length; applied += 1) Y.applyUpdate(doc, updates[applied] as Uint8Array);
        return doc.getXmlFragment(notesRoot).length === paragraphs;
      },
      aWhile,
    );
  }

  test('[T21] a reader who stops reading misses nothing once it reads again', { timeout: 2 * aWhile }, async () => {
    const { a, p } = await askAndDoNotRead(6);
    for (let n = 0; n < 20; n += 1) a.notes.push([paragraph(`${n}`)]);
    await until('all to be stored', () => a.client.durable === 80, aWhile);
    p.ws.resume();
    await untilItHas(p, 80);
    expect(p.closed).toBeNull();
  });

  test(
    '[T21] a reader who asks again while it does not read is answered once it does',
    { timeout: 2 * aWhile },
    async () => {
      const { a, p } = await askAndDoNotRead(6);
      // Now it has all: the answer to this is short, and comes after the long ones.
      p.sync(syncKind.step1, Y.encodeStateVector(a.doc));
      a.notes.push([paragraph('after that question')]);
      await until('it to be stored', () => a.client.durable === 61, aWhile);
      p.ws.resume();
      await until('the short answer', () => (p.answers.at(-1)?.length ?? Infinity) < 1_000, aWhile);
      await untilItHas(p, 61);
      expect(p.closed).toBeNull();
    },
  );

  test(
    '[T21] a writer whose wire is full in the middle of a commit, its own words between others’, misses none',
    { timeout: 2 * aWhile },
    async () => {
      const [amara, priya, sam] = [await house.person('Amara'), await house.person('Priya'), await house.person('Sam')];
      const id = await house.room(amara, priya, sam);
      const room = await Room.load(
        { id, kind: 'case', owner: null, epoch: 0 },
        {
          db: house.db,
          onPending: () => undefined,
          onPresence: () => undefined,
          hash: async () => '',
          onLeftOut: () => undefined,
        },
      );
      const enterBy = (wire: Wire, { actor, session }: Person) =>
        new RoomSocket(websocketOver(wire), wire, room, { actor, session, capability: 'write' }, true, {
          logger: pino({ level: 'silent' }),
          isFailing: () => false,
          onClosed: () => undefined,
          framesPerSecond: 400,
          patience: 15_000,
        });
      const wire = new Wire();
      const [a, b, c] = [enterBy(new Wire(), amara), enterBy(wire, priya), enterBy(new Wire(), sam)];
      const write = async (socket: RoomSocket, words: string) => {
        const doc = new Y.Doc({ gc: false });
        await room.claim([doc.clientID], socket.person);
        doc.getXmlFragment(notesRoot).push([paragraph(words)]);
        expect(room.take(Y.encodeStateAsUpdate(doc), socket, false)).toMatchObject({ is: 'news' });
      };
      for (let n = 0; n < 18; n += 1) await write(a, 'x'.repeat(60_000));
      await write(b, 'Priya’s own');
      await write(c, 'Sam’s');
      room.seal();
      room.stored();
      wire.readOn();
      await until('the reader to have it all', () => docOf(wire.updates()).getXmlFragment(notesRoot).length === 19);
      room.close();
    },
  );

  test(
    '[T21] a reader who asks for the whole note over and over and never reads is sent away, and costs little',
    { timeout: 2 * aWhile },
    async () => {
      const impatient = await house.another(undefined, { framesPerSecond: 400, patience: 1_500 });
      closing.push(() => impatient.close());
      const { room, before } = await askAndDoNotRead(200, impatient);
      await until('the reader to be gone', async () => (await impatient.rooms.peopleIn(room)).length === 1, aWhile);
      const { arrayBuffers } = process.memoryUsage();
      expect(arrayBuffers - before.arrayBuffers).toBeLessThan(64 * 1024 * 1024);
    },
  );

  test('[T19] whoever causes much work waits until others have had theirs, and is read again', async () => {
    const [amara, priya] = [await house.person('Amara'), await house.person('Priya')];
    const id = await house.room(amara, priya);
    const parts = {
      db: house.db,
      onPending: () => undefined,
      onPresence: () => undefined,
      hash: async () => '',
      onLeftOut: () => undefined,
    };
    const room = await Room.load({ id, kind: 'case', owner: null, epoch: 0 }, parts);
    const enterBy = ({ actor, session }: Person) => {
      const wire = new Wire();
      wire.readOn();
      const websocket = websocketOver(wire);
      let isRead = true;
      Object.assign(websocket, { pause: () => (isRead = false), resume: () => (isRead = true) });
      new RoomSocket(websocket, wire, room, { actor, session, capability: 'write' }, true, {
        logger: pino({ level: 'silent' }),
        isFailing: () => false,
        onClosed: () => undefined,
        // Only what it costs may stop it here, not how often it speaks.
        framesPerSecond: 1e9,
        patience: aWhile,
      });
      return { isRead: () => isRead, say: (data: Uint8Array) => websocket.emit('message', Buffer.from(data), true) };
    };
    const [costly, other] = [enterBy(amara), enterBy(priya)];
    // Thousands of copies, each of which has to be looked up in what the note holds.
    const state = Y.encodeStateVector(new Map(Array.from({ length: 6_000 }, (_, n) => [n + 1, 1])));
    let said = 0;
    while (costly.isRead() && said < 20_000) {
      costly.say(syncMessage(syncKind.step1, state));
      said += 1;
    }
    expect(costly.isRead()).toBe(false);
    expect(said).toBeGreaterThan(20);
    other.say(syncMessage(syncKind.step1, Uint8Array.of(0)));
    expect(other.isRead()).toBe(true);
    await until('it to be read again', costly.isRead, aWhile);
    room.close();
  });

  test('[T22] nine sockets of one person: the ninth is turned away', async () => {
    const amara = await house.person('Amara');
    const room = await house.room(amara);
    for (let n = 0; n < limits.socketsPerPerson; n += 1) expect((await enter(room, amara)).closed).toBeNull();
    expect(await (await enter(room, amara)).isClosed()).toMatchObject({ code: close.tooMuch });
  });

  test('[T19] a person who takes clientIDs without end is stopped', async () => {
    const amara = await house.person('Amara');
    const room = await house.room(amara);
    const client = await enter(room, amara);
    for (let n = 0; n <= limits.leasesPerHour; n += 1) client.awareness(5_000 + n, 1, { cursor: null });
    expect(await client.isClosed()).toMatchObject({ code: close.tooMuch });
  });

  test('[T7] 10,000 forged presences change nobody’s, and leave nothing behind', async () => {
    const [amara, mallory] = [await house.person('Amara'), await house.person('Mallory')];
    const room = await house.room(amara, mallory);
    const [a, m] = [await enter(room, amara), await enter(room, mallory)];
    a.awareness(71, 1, { cursor: { head: 1 } });
    m.awareness(72, 1, { cursor: null });
    await until('both to be here', () => a.presence.size === 2 && m.presence.size === 2);
    for (let n = 0; n < 100; n += 1) {
      m.send(
        awarenessMessage(
          Array.from({ length: 100 }, (_, i) => ({ client: 71 + i * 2, clock: 2 + n, state: { user: { name: 'x' } } })),
        ),
      );
    }
    m.awareness(72, 5_000, { cursor: { head: 2 } });
    await until('the last to be heard', () => a.presence.get(72)?.clock === 5_000);
    expect([...a.presence.keys()].sort()).toEqual([71, 72]);
    expect(a.presence.get(71)?.state).toMatchObject({ user: { name: 'Amara' }, cursor: { head: 1 } });
    m.awareness(72, 5_001, { cursor: 'x'.repeat(2_000) });
    await until('a cursor too long to be none', () => a.presence.get(72)?.clock === 5_001);
    expect(a.presence.get(72)?.state).toMatchObject({ cursor: null });
    m.send(awarenessMessage(Array.from({ length: 500 }, (_, i) => ({ client: i, clock: 1, state: {} }))));
    expect(await m.isClosed()).toMatchObject({ code: close.refusedUpdate });
  });

  test('a note of 4 MiB is full: nothing more is taken, and all of it can still be read', async () => {
    const amara = await house.person('Amara');
    const room = await house.room(amara);
    const a = await copy(room, amara);
    for (let n = 0; n < 70; n += 1) a.notes.push([paragraph('x'.repeat(60_000))]);
    a.notes.push([paragraph('x'.repeat(60_000))]);
    expect(await a.client.isClosed()).toMatchObject({ code: close.tooMuch });
    const b = await enter(room, amara);
    const notes = (await b.doc()).getXmlFragment(notesRoot);
    expect(notes.length).toBeGreaterThanOrEqual(68);
    expect(notes.length).toBeLessThan(71);
  });
});
