/** Floods, bombs and slow readers: they cost whoever sends them, and nobody else notices (T19 to T22). */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { pino } from 'pino';
import WebSocket from 'ws';
import * as Y from 'yjs';
import { inPieces } from '#lib/connection/pieces.ts';
import { notesRoot } from '#schema/notes.ts';
import { close, kind, limits, syncKind } from '#schema/protocol.ts';
import { ownMachine, type Proxies } from '#server/auth/address.ts';
import { Allowance, Returning } from '#server/sync/allowance.ts';
import { createLeases } from '#server/sync/leases.ts';
import { readStored } from '#server/sync/log.ts';
import { nothing, updateFrame } from '#server/sync/frames.ts';
import { notesAt } from '#server/sync/history.ts';
import { createMerger, type Merger } from '#server/sync/merger.ts';
import { createMerging } from '#server/sync/merging.ts';
import { Outlet } from '#server/sync/outlet.ts';
import { Presence } from '#server/sync/presence.ts';
import { Room, type RoomParts } from '#server/sync/room.ts';
import { RoomSocket, work, type SocketParts } from '#server/sync/socket.ts';
import { createDoor } from '#server/sync/upgrade.ts';
import { freshStore } from '../support/database.ts';
import { openWriter, paragraphsOf, type Writer } from '../support/writer.ts';
import { awarenessMessage, Client, docOf, syncMessage } from './support/client.ts';
import { flaky } from './support/flaky.ts';
import { openHouse, type House, type Person } from './support/house.ts';
import { frame, rawSocket } from './support/raw.ts';
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
/** What a room has around it, where nothing is stored. */
const roomParts = (): RoomParts => ({
  db: house.db,
  leases: createLeases(),
  onPending: () => undefined,
  onPresence: () => undefined,
  hash: async () => '',
  onLeftOut: () => undefined,
});
const socketParts = (): SocketParts => ({
  logger: pino({ level: 'silent' }),
  isFailing: () => false,
  onClosed: () => undefined,
  workOf: () => new Allowance(work),
  onRefused: () => undefined,
  onDiffers: () => undefined,
  framesPerSecond: 400,
  patience: 15_000,
});
const paragraph = (words: string) => {
  const element = new Y.XmlElement('paragraph');
  element.insert(0, [new Y.XmlText(words)]);
  return element;
};

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

  test('[T21] notes that are sent row by row may be of more rows than one call takes arguments', () => {
    const frames = [Buffer.alloc(limits.sendBufferBytes + 1), ...Array<Buffer>(300_000).fill(updateFrame(nothing))];
    const room = { note: { seq: 1, answer: () => frames }, record: { seq: 0 } } as unknown as Room;
    const out = new Outlet(new Wire(), room, true, () => undefined);
    out.answer(new Map());
    expect(out.rowAfter(1)).toBe(1);
  });

  test(
    '[T21] a writer whose wire is full in the middle of a commit, its own words between others’, misses none',
    { timeout: 2 * aWhile },
    async () => {
      const [amara, priya, sam] = [await house.person('Amara'), await house.person('Priya'), await house.person('Sam')];
      const id = await house.room(amara, priya, sam);
      const room = await Room.load({ id, kind: 'case', owner: null, epoch: 0 }, roomParts());
      const enterBy = (wire: Wire, { actor, session }: Person) =>
        new RoomSocket(websocketOver(wire), wire, room, { actor, session, capability: 'write' }, true, {
          ...socketParts(),
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

  /** A room with nothing stored, and connections to it whose messages come straight from the test. */
  async function openAlone(...people: Person[]) {
    const id = await house.room(...people);
    const room = await Room.load({ id, kind: 'case', owner: null, epoch: 0 }, roomParts());
    closing.push(() => room.close());
    const enterBy = ({ actor, session }: Person) => {
      const wire = new Wire();
      wire.readOn();
      const websocket = websocketOver(wire);
      let isRead = true;
      let closed: { code: number; reason: string } | null = null;
      let refused = 0;
      Object.assign(websocket, {
        pause: () => (isRead = false),
        resume: () => (isRead = true),
        close: (code: number, reason: string) => (closed = { code, reason }),
      });
      new RoomSocket(websocket, wire, room, { actor, session, capability: 'write' }, true, {
        ...socketParts(),
        onRefused: () => (refused += 1),
        // Only what it costs may stop it here, not how often it speaks.
        framesPerSecond: 1e9,
        patience: aWhile,
      });
      return {
        isRead: () => isRead && !closed,
        closed: () => closed,
        refused: () => refused,
        say: (data: Uint8Array) => websocket.emit('message', Buffer.from(data), true),
      };
    };
    return { room, enterBy };
  }

  /** Thousands of copies, each of which has to be looked up in what the note holds. */
  const costlyQuestion = syncMessage(
    syncKind.step1,
    Y.encodeStateVector(new Map(Array.from({ length: 6_000 }, (_, n) => [n + 1, 1]))),
  );

  test('[T19] whoever causes much work waits until others have had theirs, and is read again', async () => {
    const [amara, priya] = [await house.person('Amara'), await house.person('Priya')];
    const { enterBy } = await openAlone(amara, priya);
    const [costly, other] = [enterBy(amara), enterBy(priya)];
    let said = 0;
    while (costly.isRead() && said < 20_000) {
      costly.say(costlyQuestion);
      said += 1;
    }
    expect(costly.isRead()).toBe(false);
    expect(said).toBeGreaterThan(20);
    other.say(syncMessage(syncKind.step1, Uint8Array.of(0)));
    expect(other.isRead()).toBe(true);
    await until('it to be read again', costly.isRead, aWhile);
  });

  describe('while time flies', () => {
    beforeEach(() => {
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    });
    afterEach(() => {
      vi.useRealTimers();
    });

    /** Says the next whenever it is read, and counts the seconds, until it is sent away or all is said. */
    function sayAll(
      { say, isRead, closed }: ReturnType<Awaited<ReturnType<typeof openAlone>>['enterBy']>,
      all: Iterable<Uint8Array>,
    ): number {
      const began = performance.now();
      for (const each of all) {
        while (!isRead() && !closed()) vi.advanceTimersByTime(50);
        if (closed()) break;
        say(each);
      }
      return (performance.now() - began) / 1_000;
    }

    test('[T19] whoever goes on causing as much as is let through is sent away within minutes, and it is remembered', async () => {
      const amara = await house.person('Amara');
      const { enterBy } = await openAlone(amara);
      const costly = enterBy(amara);
      const took = sayAll(
        costly,
        Array.from({ length: 50_000 }, () => costlyQuestion),
      );
      expect(costly.closed()).toEqual({ code: close.tooMuch, reason: 'too much work without a pause' });
      expect(costly.refused()).toBe(1);
      // As long as it is within its rights, half a minute's waiting at the least.
      expect(took).toBeGreaterThan(30);
      expect(took).toBeLessThan(300);
    });

    test('[T19] whoever pauses in between is not, however long they go on', async () => {
      const amara = await house.person('Amara');
      const { enterBy } = await openAlone(amara);
      const honest = enterBy(amara);
      for (let minute = 0; minute < 10; minute += 1) {
        sayAll(
          honest,
          Array.from({ length: 100 }, () => costlyQuestion),
        );
        vi.advanceTimersByTime(60_000);
      }
      expect(honest.closed()).toBeNull();
    });

    test('[T19] the longest document that notes take, pasted at once, is taken whole and nobody is sent away', async () => {
      const amara = await house.person('Amara');
      const { room, enterBy } = await openAlone(amara);
      const doc = new Y.Doc({ gc: false });
      doc
        .getXmlFragment(notesRoot)
        .push(Array.from({ length: 52_000 }, () => paragraph('Seen at home by two officers. Well.')));
      await room.claim([doc.clientID], amara.actor.person);
      const update = Y.encodeStateAsUpdate(doc);
      expect(update.length).toBeGreaterThan(0.9 * limits.noteBytes);
      const honest = enterBy(amara);
      sayAll(
        honest,
        inPieces(update, limits.frameBytes / 2).map((piece) => syncMessage(syncKind.update, piece)),
      );
      while (!honest.isRead() && !honest.closed()) vi.advanceTimersByTime(50);
      expect(honest.closed()).toBeNull();
      expect(room.uncommittedBytes).toBeGreaterThan(update.length);
    });
  });

  test('[T19] whoever asks for the record over and over waits, and is read again', async () => {
    const amara = await house.person('Amara');
    const client = await enter(await house.room(amara), amara);
    const answers = () => client.texts.filter((text) => text.kind === kind.entries).length;
    // At five milliseconds each, 200 at once and 20 a second: what comes in the same piece waits too.
    for (let n = 0; n < 300; n += 1) client.send(Uint8Array.of(kind.entriesSince, 0));
    await until('a hundred answers', () => answers() >= 40);
    client.send(Uint8Array.of(kind.queryAwareness));
    const other = await enter(await house.room(amara), amara);
    other.send(Uint8Array.of(kind.entriesSince, 0));
    await until('another to be answered', () => other.texts.length === 1);
    expect(answers()).toBeLessThan(200);
    expect(client.closed).toBeNull();
  });

  test('[T19] whoever has used up what they may cause and comes back by another connection waits all the same', async () => {
    const [amara, priya] = [await house.person('Amara'), await house.person('Priya')];
    const room = await house.room(amara, priya);
    const answers = ({ texts }: Client) => texts.filter((text) => text.kind === kind.entries).length;
    /** At five milliseconds each, 200 at once: so many are answered at once, where nothing has been used. */
    const few = 20;
    const ask = (client: Client, times: number) => {
      for (let n = 0; n < times; n += 1) client.send(Uint8Array.of(kind.entriesSince, 0));
    };
    const first = await enter(room, amara);
    ask(first, 300);
    await until('all to be used up', () => answers(first) >= 40);
    first.close();
    await until('her to be gone', async () => (await house.rooms.peopleIn(room)).length === 0);
    const again = await enter(room, amara);
    ask(again, few);
    const other = await enter(room, priya);
    ask(other, few);
    await until('another person to be answered', () => answers(other) >= few);
    expect(answers(again)).toBeLessThan(few);
  });

  test('what a connection has used comes back with time, whoever has it, and is then forgotten', () => {
    const works = new Returning({ most: 100, perSecond: 10 });
    const one = works.begin('Amara', 0);
    const other = works.begin('Amara', 0);
    expect([one.use(150, 0), other.use(10, 0)]).toEqual([5_000, 0]);
    for (const each of [one, other]) works.end('Amara', each, 0);
    expect(works.begin('Priya', 0).use(100, 0)).toBe(0);
    expect([works.begin('Amara', 0), works.begin('Amara', 0)]).toEqual([one, other]);
    works.end('Amara', one, 0);
    // It owed fifty, and is whole after fifteen seconds.
    expect(works.begin('Amara', 16_000)).not.toBe(one);
  });

  test('[T22] nine sockets of one person, one after another or at once: the ninth is turned away', async () => {
    const amara = await house.person('Amara');
    const room = await house.room(amara);
    for (let n = 0; n < limits.socketsPerPerson; n += 1) expect((await enter(room, amara)).closed).toBeNull();
    expect(await (await enter(room, amara)).isClosed()).toMatchObject({ code: close.tooManyOpen });
    const priya = await house.person('Priya');
    const common = await house.room(priya);
    const atOnce = await Promise.all(Array.from({ length: 3 * limits.socketsPerPerson }, () => enter(common, priya)));
    const turned = () => atOnce.filter(({ closed }) => closed?.code === close.tooManyOpen).length;
    await until('the others to be turned away', () => turned() === 2 * limits.socketsPerPerson);
    await roundTrip({ client: atOnce.find(({ closed }) => !closed) as Client, doc: new Y.Doc() });
    expect(turned()).toBe(2 * limits.socketsPerPerson);
  });

  test('[T22] a stock provider that is one too many stops there, and comes in when it is told to and one has left', async () => {
    const amara = await house.person('Amara');
    const room = await house.room(amara);
    const others: Client[] = [];
    for (let n = 0; n < limits.socketsPerPerson; n += 1) others.push(await enter(room, amara));
    const plain = openWriter({ address: house.address, room, cookie: amara.cookie, plain: true });
    closing.push(() => plain.close());
    const codes: number[] = [];
    plain.provider.on('closed', ({ code }) => codes.push(code));
    plain.type('typed meanwhile');
    await until('it to be told', () => codes.length === 1);
    expect(codes).toEqual([close.tooManyOpen]);
    expect(plain.provider.shouldConnect).toBe(false);
    const [first, second] = others;
    first?.close();
    await until('one to have left', async () => {
      const again = await enter(room, amara);
      await until('an answer', () => again.step1 !== null || again.closed !== null);
      again.close();
      return again.step1 !== null;
    });
    await until('that one to have left too', async () => {
      plain.provider.connect();
      await until('an answer', () => plain.provider.synced || !plain.provider.shouldConnect);
      return plain.provider.synced;
    });
    await until('what it typed to be stored', async () =>
      paragraphsOf((await (second as Client).doc()).getXmlFragment(notesRoot)).includes('typed meanwhile'),
    );
  });

  test('[T22] a room that is full says so by a code of its own, and takes the next once somebody has left', async () => {
    const [amara, priya] = [await house.person('Amara'), await house.person('Priya')];
    const room = await house.room(amara, priya);
    const small = await house.another(undefined, { socketsPerRoom: 2 });
    closing.push(() => small.close());
    const [first] = [await enter(room, amara, small), await enter(room, amara, small)];
    expect(await (await enter(room, priya, small)).isClosed()).toMatchObject({ code: close.roomFull });
    first.close();
    await until('there to be room', async () => {
      const next = await enter(room, priya, small);
      await until('an answer', () => next.step1 !== null || next.closed !== null);
      return next.step1 !== null;
    });
  });

  test('[T22] a process that has as many sockets as it takes tells a page that asks; asking uses up nothing', async () => {
    const amara = await house.person('Amara');
    const room = await house.room(amara);
    const small = await house.another(undefined, { socketsPerProcess: 1 });
    closing.push(() => small.close());
    const address = '198.51.100.7';
    for (let n = 0; n < 1_000; n += 1) expect(small.rooms.turnsAway(address)).toBe(false);
    const first = await enter(room, amara, small);
    await until('it to be in', () => first.step1 !== null);
    expect(small.rooms.turnsAway(address)).toBe(true);
    await expect(enter(room, amara, small)).rejects.toThrow('HTTP 503');
    first.close();
    await until('there to be room', () => !small.rooms.turnsAway(address));
  });

  test('[T22] whoever is refused and goes on sending is cut off, and what they send is not read', async () => {
    const amara = await house.person('Amara');
    const flood = await rawSocket(house, await house.room(amara), amara);
    flood.on('data', () => undefined);
    flood.write(frame(Uint8Array.of(kind.auth)));
    let ended = false;
    flood.once('close', () => (ended = true));
    // It never answers the close frame: without an end this would go on for half a minute.
    const sent = setInterval(() => flood.write(Buffer.alloc(32 * 1024, frame(Uint8Array.of(kind.queryAwareness)))), 5);
    try {
      await until('the wire to be cut', () => ended, 10_000);
    } finally {
      clearInterval(sent);
    }
    const quiet = await rawSocket(house, await house.room(amara), await house.person('Priya'));
    await until('somebody turned away who says nothing to be cut off too', () => quiet.destroyed, 10_000);
  });

  test('[T22] whoever is refused and comes straight back waits, longer each time; others do not', async () => {
    const [amara, mallory] = [await house.person('Amara'), await house.person('Mallory')];
    const room = await house.room(amara, mallory);
    const codes: number[] = [];
    for (let times = 0; times < 3; times += 1) {
      const client = await enter(room, mallory);
      if (!client.closed) client.send(Uint8Array.of(kind.auth));
      codes.push((await client.isClosed()).code);
    }
    // Once may be a mistake.
    expect(codes).toEqual([close.refusedUpdate, close.refusedUpdate, close.tryLater]);
    const writer = await copy(room, amara);
    await roundTrip(writer);
    expect(writer.client.closed).toBeNull();
  });

  /** A door alone, behind which nobody is answered before they are looked at. */
  async function openDoor(proxies: Proxies) {
    const origins = new Set<string>();
    const looked: (() => void)[] = [];
    const door = createDoor({
      origins,
      proxies,
      logger: pino({ level: 'silent' }),
      admit: () => new Promise((resolve) => looked.push(() => resolve({ turned: close.noRoom }))),
      isClosing: () => false,
      isCrowded: () => false,
    });
    const server = createServer().on('upgrade', door.handleUpgrade).listen(0, '127.0.0.1');
    closing.push(() => server.close());
    await once(server, 'listening');
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    origins.add(address);
    const from = (told: string) => Client.open({ address }, 'room', null, { headers: { 'x-forwarded-for': told } });
    return { looked, from, address, turnsAway: door.turnsAway };
  }

  test('[T20] an address that cannot be read is nobody’s room, and no trouble of ours', async () => {
    const { looked, address } = await openDoor(ownMachine);
    const ws = new WebSocket(`${address.replace('http', 'ws')}//`, { headers: { origin: address } });
    await until('it to be looked into', () => looked.length === 1);
    looked[0]?.();
    expect((await once(ws, 'close'))[0]).toBe(close.noRoom);
  });

  test('[T22] whoever comes by no trusted proxy is counted by the address they come from, whatever they say', async () => {
    const { looked, from } = await openDoor({ has: () => false });
    const first = Array.from({ length: limits.askingPerAddress }, (_, n) => from(`198.51.100.${n}`));
    await until('them to be looked into', () => looked.length === limits.askingPerAddress);
    await expect(from('203.0.113.1')).rejects.toThrow('HTTP 503');
    for (const look of looked) look();
    await Promise.all(first);
  });

  test('[T22] of one address so many requests are looked into at once; another address is not held up', async () => {
    const { looked, from, turnsAway } = await openDoor(ownMachine);
    const first = Array.from({ length: limits.askingPerAddress }, () => from('198.51.100.7'));
    await until('them to be looked into', () => looked.length === limits.askingPerAddress);
    await expect(from('198.51.100.7')).rejects.toThrow('HTTP 503');
    expect(['198.51.100.7', '198.51.100.8'].map(turnsAway)).toEqual([true, false]);
    const other = from('198.51.100.8');
    await until('another to be looked into', () => looked.length === limits.askingPerAddress + 1);
    for (const look of looked) look();
    for (const client of await Promise.all([...first, other])) {
      expect((await client.isClosed()).code).toBe(close.noRoom);
    }
  });

  test('[T19] numbers that were issued do not count against those that a plain client claims', async () => {
    const amara = await house.person('Amara');
    const room = await house.room(amara);
    const issued: (number | null)[] = [];
    for (let n = 0; n <= limits.leasesPerHour; n += 1)
      issued.push(await house.rooms.lease(house.db, room, amara.actor.person));
    expect(issued.filter((client) => client === null)).toHaveLength(1);
    const plain = write(amara, room);
    plain.type('by a plain client');
    await plain.settled();
  });

  test('[T21] a reader of a few bytes is sent away; one on a slow line is not', async () => {
    const [amara, priya] = [await house.person('Amara'), await house.person('Priya')];
    const id = await house.room(amara, priya);
    const room = await Room.load({ id, kind: 'case', owner: null, epoch: 0 }, roomParts());
    const patience = 15_000;
    const [slow, crawling] = [overWire(room, priya, { patience }), overWire(room, priya, { patience })];
    for (const { socket } of [slow, crawling]) {
      for (let n = 0; n < 1_100; n += 1) socket.out.send(Buffer.alloc(1_000));
    }
    for (let times = 1; times <= 10; times += 1) {
      await slow.wire.readSome(40);
      await crawling.wire.readSome(5);
      const now = performance.now() + times * (patience + 1_000);
      for (const { socket } of [slow, crawling]) socket.look(now);
    }
    expect(crawling.code()).toBe(close.tryLater);
    expect(slow.code()).toBeNull();
    room.close();
  });

  test('[T22] whoever does not answer for ten looks whether they are there is cut off; who answers, or may not be read, is not', async () => {
    const amara = await house.person('Amara');
    const id = await house.room(amara);
    const room = await Room.load({ id, kind: 'case', owner: null, epoch: 0 }, roomParts());
    const [silent, answering, held] = [overWire(room, amara), overWire(room, amara), overWire(room, amara)];
    const all = [silent, answering, held];
    held.socket.beUnsure();
    for (const { socket } of all) socket.beat();
    const look = (times: number): void => {
      for (; times > 0; times -= 1) for (const { socket } of all) socket.look(performance.now());
    };
    look(10);
    expect(all.map(({ isCutOff }) => isCutOff())).toEqual([false, false, false]);
    answering.websocket.emit('pong');
    look(10);
    expect(all.map(({ isCutOff }) => isCutOff())).toEqual([true, false, false]);
    held.socket.beSure();
    look(11);
    expect(held.isCutOff()).toBe(true);
    room.close();
  });

  test(
    '[T21] what a reader asks for while it is behind is answered once it has caught up',
    { timeout: 2 * aWhile },
    async () => {
      const { a, p } = await askAndDoNotRead(6);
      p.send(Uint8Array.of(kind.entriesSince, 0));
      p.send(Uint8Array.of(kind.contentHash, 64, ...Buffer.alloc(64, 'a'), 0));
      await roundTrip(a);
      p.ws.resume();
      const heard = (of: number) => p.texts.some((text) => text.kind === of);
      await until('both answers', () => heard(kind.entries) && heard(kind.contentHash), aWhile);
      await untilItHas(p, 60);
    },
  );

  test('[T19] an update of thousands of numbers that are nobody’s is turned away before they are looked up', async () => {
    const { actor } = await house.person('Amara');
    const room = await house.room();
    const looked = vi.spyOn(house.db, 'select');
    closing.push(() => looked.mockRestore());
    const numbers = Array.from({ length: 5_000 }, (_, n) => n + 1);
    expect(await createLeases().claim(house.db, room, numbers, actor.person)).toBeNull();
    expect(looked).not.toHaveBeenCalled();
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

  test('[T7] a socket with many numbers is one or two people here, and what is remembered stays small', async () => {
    const [amara, mallory] = [await house.person('Amara'), await house.person('Mallory')];
    const room = await house.room(amara, mallory);
    const [a, m] = [await enter(room, amara), await enter(room, mallory)];
    for (let client = 1; client <= limits.claimsPerHour; client += 1) m.awareness(client, 1, { cursor: null });
    await until('the last to be here', () => a.presence.has(limits.claimsPerHour));
    a.presence.clear();
    a.send(Uint8Array.of(kind.queryAwareness));
    await until('who is here', () => a.presence.size > 0);
    expect([...a.presence.keys()]).toEqual([limits.claimsPerHour - 1, limits.claimsPerHour]);
  });

  test('[T7] a cursor that moves all the time is told of ten times a second, and where it stops too', async () => {
    const told: number[] = [];
    const presence = new Presence((frame) => void told.push(frame.length));
    const { actor } = await house.person('Amara');
    const by = {};
    const began = performance.now();
    let clock = 0;
    const move = (head: number): void => {
      clock += 1;
      presence.said(by, actor, { client: 7, clock, cursor: `${head}` });
    };
    const moving = setInterval(() => move(1), 5);
    await until('some to be told', () => told.length >= 6);
    clearInterval(moving);
    const took = performance.now() - began;
    expect(told.length).toBeLessThanOrEqual(2 + took / 100);
    const before = told.length;
    move(123_456_789);
    // Longer by its eight digits, and perhaps by one of the clock's.
    await until('the last place to be told', () => told.length > before && (told.at(-1) ?? 0) >= (told[0] ?? 0) + 8);
    presence.close();
  });

  const toldOf = ({ texts }: Client) => texts.flatMap(({ kind: of, text }) => (of === kind.filled ? [text] : []));

  test('[T19] notes of 2 MiB warn; of 4 MiB they take no more words, are read as before, and have room again where words are taken out', async () => {
    const amara = await house.person('Amara');
    const room = await house.room(amara);
    const a = await copy(room, amara);
    for (let n = 0; n < 70 && !a.client.closed; n += 1) {
      a.notes.push([paragraph('x'.repeat(60_000))]);
      await until('it to be stored, or refused', () => a.client.durable > n || a.client.closed !== null, aWhile);
    }
    expect(await a.client.isClosed()).toMatchObject({ code: close.full });
    expect(toldOf(a.client)).toEqual(['long']);

    const again = await copy(room, amara);
    for (const update of (await again.client.doc()) && again.client.updates) Y.applyUpdate(again.doc, update, 'server');
    const had = again.notes.length;
    expect(had).toBe(69);
    for (let n = 0; n < 60 && toldOf(again.client).at(-1) !== 'full'; n += 1) {
      again.notes.push([paragraph('y'.repeat(1_000))]);
      await until('it to be stored', () => again.client.durable > n);
    }
    // Merged meanwhile, they may have been said to have a little room in between.
    expect(toldOf(again.client)[0]).toBe('long');
    expect(toldOf(again.client).at(-1)).toBe('full');
    const last = await copy(room, amara);
    for (const update of (await last.client.doc()) && last.client.updates) Y.applyUpdate(last.doc, update, 'server');
    expect(['long', 'full']).toContain(toldOf(last.client)[0]);
    const before = last.notes.length;
    // Too little to make room.
    const words = (last.notes.get(before - 1) as Y.XmlElement).get(0) as Y.XmlText;
    words.delete(0, 10);
    await until('the deletion to be stored', () => last.client.durable === 1);
    const seen = (await (await enter(room, amara)).doc()).getXmlFragment(notesRoot).get(before - 1) as Y.XmlElement;
    expect(String(seen.get(0))).toBe('y'.repeat(990));
    last.notes.push([paragraph('z'.repeat(8_000))]);
    expect(await last.client.isClosed()).toMatchObject({ code: close.full });

    const maker = await copy(room, amara);
    for (const update of (await maker.client.doc()) && maker.client.updates) Y.applyUpdate(maker.doc, update, 'server');
    const { version } = await house.rooms.notesOf(house.db, room);
    maker.notes.delete(0, 2);
    const isMerged = async () => (await readStored(house.db, room)).upTo > version;
    await until('them to be merged without what was taken out', isMerged, aWhile);
    await until('them to say so', () => toldOf(maker.client).at(-1) === 'long');
    maker.notes.push([paragraph('z'.repeat(5_000))]);
    await until('it to be stored', () => maker.client.durable === 2);
    expect((await (await enter(room, amara)).doc()).getXmlFragment(notesRoot).length).toBe(before - 1);
    const { lines } = await notesAt(house.db, room, { seq: version });
    expect(lines[0]?.runs[0]?.text).toBe('x'.repeat(60_000));
  });

  test('[T19] what was typed key by key fills no notes: they are merged, and whoever is there is told that there is room again', async () => {
    const merger = createMerger();
    closing.push(() => merger.close());
    const logger = pino({ level: 'silent' });
    const mergingBy = (by: Merger) =>
      createMerging({ db: house.db, merger: by, logger, mayMerge: () => true, onMerged: () => undefined });
    const amara = await house.person('Amara');
    const id = await house.room(amara);
    const room = await Room.load({ id, kind: 'case', owner: null, epoch: 1 }, roomParts());
    const said: string[] = [];
    const out = { sendText: (_kind: number, text: string) => said.push(text), deliver: () => undefined };
    room.sockets.add({ ours: true, out } as unknown as RoomSocket);
    const writer = { id: 'w', person: amara.actor.person, session: null, socket: null };
    const nobodyWaits = { seal: () => undefined, durable: () => undefined, refused: expect.unreachable };
    const doc = new Y.Doc({ gc: false });
    await room.claim([doc.clientID], amara.actor.person);
    doc.on('update', (update: Uint8Array) => {
      expect(room.take(update, { ...writer, ...nobodyWaits }, false).is).toBe('news');
      room.seal();
      room.stored();
    });
    const notes = doc.getXmlFragment(notesRoot);
    for (let n = 0; n < 69; n += 1) notes.push([paragraph('x'.repeat(60_500))]);
    room.takeMerged(Y.encodeStateAsUpdate(doc), room.note.seq);
    const words = (notes.get(68) as Y.XmlElement).get(0) as Y.XmlText;
    while (room.filled !== 'full') words.insert(words.length, 'y');
    expect(room.note.tailRows).toBeGreaterThan(500);
    expect(said).toEqual(['long', 'full']);
    const failing = { ...merger, merge: () => Promise.reject(new Error('The thread ended')) };
    const inVain = mergingBy(failing);
    expect(inVain.look(room)).toBe(true);
    await inVain.ended();
    // Not every second, whatever is wrong: others' notes wait for the same thread.
    expect(inVain.look(room)).toBe(false);
    const merging = mergingBy(merger);
    expect(merging.look(room)).toBe(true);
    await merging.ended();
    expect(said).toEqual(['long', 'full', 'long']);
    expect(room.note.tailRows).toBe(0);
  });

  test('[T19] while the database is away a flood of words is told to come later, and nobody that the notes are full', async () => {
    const store = await freshStore('pglite');
    const appending = flaky(store.db);
    const away = await openHouse(store, { appending, framesPerSecond: 10_000 });
    closing.push(() => away.close());
    const amara = await away.person('Amara');
    const flood = await copy(await away.room(amara), amara, away);
    flood.notes.push([paragraph('before')]);
    await until('it to be stored', () => flood.client.durable === 1);
    appending.trouble = 'before';
    for (let n = 0; n < 30 && !flood.client.closed; n += 1) flood.notes.push([paragraph('x'.repeat(60_000))]);
    expect(await flood.client.isClosed()).toMatchObject({ code: close.tryLater });
    appending.trouble = null;
  });
});

/** Somebody's socket over a wire that a test reads, and what has been done to it. */
function overWire(room: Room, { actor, session }: Person, more: Partial<SocketParts> = {}) {
  const wire = new Wire();
  const websocket = websocketOver(wire);
  let [code, cutOff]: [number | null, boolean] = [null, false];
  Object.assign(websocket, { close: (with_: number) => (code = with_), terminate: () => (cutOff = true) });
  const parts = { ...socketParts(), ...more };
  const socket = new RoomSocket(websocket, wire, room, { actor, session, capability: 'write' }, true, parts);
  return { wire, websocket, socket, code: () => code, isCutOff: () => cutOff };
}
