/** A row of the log that nobody could read is left out by every reader alike, named, and stops nothing else. */
import { setTimeout as pauseFor } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { eq, sql } from 'drizzle-orm';
import * as encoding from 'lib0/encoding';
import { pino } from 'pino';
import * as Y from 'yjs';
import { newId, type RoomId } from '#schema/id.ts';
import { notesRoot } from '#schema/notes.ts';
import { room as roomTable, roomSnapshot, roomUpdate, unreadableRow } from '#schema/tables/index.ts';
import { createCommitter } from '#server/sync/committer.ts';
import { Held } from '#server/sync/held.ts';
import { notesAt } from '#server/sync/history.ts';
import { keepSnapshot } from '#server/sync/log.ts';
import { mergeParts } from '#server/sync/merge.ts';
import { pack } from '#server/sync/packed.ts';
import { createLeases } from '#server/sync/leases.ts';
import { Room, type RoomParts, type Writer } from '#server/sync/room.ts';
import { sift } from '#server/sync/sift.ts';
import { hotRunner } from '#server/sync/statements.ts';
import { createVersions } from '#server/sync/versions.ts';
import { databaseKinds, freshStore } from '../support/database.ts';
import { openWriter, paragraphsOf } from '../support/writer.ts';
import { docOf } from './support/client.ts';
import { honestLog } from './support/honest.ts';
import { openHouse, type House, type Person } from './support/house.ts';
import { rowsOf } from './support/rows.ts';
import { until } from './support/until.ts';

/** An update written by hand: varUints and strings. */
function raw(...parts: readonly (number | string)[]): Uint8Array {
  const encoder = encoding.createEncoder();
  for (const part of parts) {
    if (typeof part === 'number') encoding.writeVarUint(encoder, part);
    else encoding.writeVarString(encoder, part);
  }
  return encoding.toUint8Array(encoder);
}

/** Rows that the guard would never have let by. `client` has come as far as `clock`. */
const bad: [what: string, why: string, row: (client: number, clock: number) => Uint8Array][] = [
  ['bytes that are no row', 'malformed', () => new Uint8Array(20).fill(0xff)],
  [
    'a row that is cut off',
    'malformed',
    (client) => pack([raw(1, 1, client, 0, 7, 1, notesRoot, 3, 'x')]).subarray(0, 9),
  ],
  ['an update that is none', 'malformed', () => pack([raw(1, 2)])],
  ['garbage over somebody’s number', 'garbage', (client, clock) => pack([raw(1, 1, client, clock, 0, 1_000, 0)])],
  [
    'what begins after a gap',
    'gap',
    (client, clock) => pack([raw(1, 1, client, clock + 5, 7, 1, notesRoot, 3, 'paragraph', 0)]),
  ],
  ['what stands on nothing', 'gap', (client, clock) => pack([raw(1, 1, client, clock, 7, 0, 77, 3, 6, 0)])],
  ['a deletion of what is not there', 'deletes-unknown', (client, clock) => pack([raw(0, 1, client, 1, clock, 9)])],
  [
    'content that no note holds',
    'unknown-content',
    (client, clock) => pack([raw(1, 1, client, clock, 9, 1, notesRoot, 'guid', 0)]),
  ],
];

describe.each(databaseKinds())('on %s', (databaseKind) => {
  let house: House;
  let priya: Person;
  let amara: Person;
  /** Another process on the same database. */
  let other: Awaited<ReturnType<House['another']>>;
  const versions = createVersions();
  const errors: Record<string, unknown>[] = [];
  const closing: (() => unknown)[] = [];
  beforeAll(async () => {
    const log = pino({ level: 'error' }, { write: (line: string) => errors.push(JSON.parse(line)) });
    house = await openHouse(await freshStore(databaseKind), { log });
    other = await house.another(undefined, { log });
    [amara, priya] = [await house.person('Amara'), await house.person('Priya')];
  });
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
    errors.length = 0;
  });
  afterAll(async () => {
    await versions.close();
    await other.close();
    await house.close();
  });

  function write({ cookie }: Person, room: RoomId, { address }: Pick<House, 'address'> = house) {
    const writer = openWriter({ address, room, cookie });
    closing.push(() => writer.close());
    return writer;
  }

  async function store(room: RoomId, updates: Uint8Array): Promise<number> {
    const [moved] = await house.db
      .update(roomTable)
      .set({ notesSeq: sql`${roomTable.notesSeq} + 1` })
      .where(eq(roomTable.id, room))
      .returning({ seq: roomTable.notesSeq });
    const seq = moved?.seq ?? 0;
    await house.db.insert(roomUpdate).values({ room, seq, person: amara.actor.person, connection: 'none', updates });
    return seq;
  }

  test.each(bad)('%s (%s): the room goes on, where it is open and where it is opened', async (_what, why, row) => {
    const room = await house.room(amara, priya);
    const a = write(amara, room);
    a.type('before');
    await a.settled();
    const clock = Y.decodeStateVector(Y.encodeStateVector(a.doc)).get(a.doc.clientID) ?? 0;
    const seq = await store(room, row(a.doc.clientID, clock));
    const p = write(priya, room, other);
    p.type('after, where it is opened');
    await p.settled();
    a.type('after, where it was open');
    await a.settled();
    await until('both to have all', () => a.notes.length === 3 && p.notes.length === 3);
    expect(paragraphsOf(a.notes)).toEqual(paragraphsOf(p.notes));
    // The same for whoever reads the notes without the editor, acts on them or looks back.
    const words = paragraphsOf(a.notes);
    expect((await house.rooms.notesOf(house.db, room)).text).toBe(words.join('\n\n'));
    expect((await other.rooms.notesOf(house.db, room)).version).toBe(seq + 2);
    const past = await notesAt(house.db, room, { seq: Number.MAX_SAFE_INTEGER });
    expect(past.lines.map(({ runs }) => runs.map(({ text }) => text).join(''))).toEqual(words);
    const { changes } = await versions.compare(house.db, room, { from: seq - 1, to: seq + 2 });
    expect(changes).not.toEqual([]);
    // Named, by each process that read it.
    await until('it to be named', () => errors.filter((each) => each['why'] === why).length >= 2);
    expect(errors.every((each) => each['room'] === room && each['seq'] === seq && each['why'] === why)).toBe(true);
  });

  test('one found just before the service stops is kept before it has', async () => {
    const room = await house.room(amara);
    const seq = await store(room, new Uint8Array(20).fill(0xff));
    const { rooms, address, close } = await house.another(undefined, { log: pino({ level: 'silent' }) });
    // A database that takes its time.
    const insert = house.db.insert.bind(house.db);
    const slowly = vi.spyOn(house.db, 'insert').mockImplementation((table) => {
      const begun = insert(table);
      const values = (rows: never) => ({
        onConflictDoNothing: () => pauseFor(500).then(() => begun.values(rows).onConflictDoNothing()),
      });
      return (table === unreadableRow ? { values } : begun) as ReturnType<typeof insert>;
    });
    closing.push(() => slowly.mockRestore());
    const a = write(amara, room, { address });
    await until('the notes to be open', async () => (await rooms.peopleIn(room)).length > 0);
    a.close();
    await close();
    const kept = await house.db.select().from(unreadableRow).where(eq(unreadableRow.room, room));
    expect(kept.map((row) => row.seq)).toEqual([seq]);
  });

  test('no merged copy hides one that could not be kept; it is kept once it can be', async () => {
    const room = await house.room(amara);
    const seq = await store(room, new Uint8Array(20).fill(0xff));
    const insert = house.db.insert.bind(house.db);
    let tries = 0;
    const failing = vi.spyOn(house.db, 'insert').mockImplementation((table) => {
      if (table !== unreadableRow) return insert(table);
      tries += 1;
      throw new Error('The disk is full');
    });
    closing.push(() => failing.mockRestore());
    const a = write(amara, room);
    // More than is merged once its writer pauses.
    for (let n = 0; n < 8; n += 1) a.type('word '.repeat(500));
    await a.settled();
    await until('it to be tried again', () => tries >= 5);
    const merged = () => house.db.select().from(roomSnapshot).where(eq(roomSnapshot.room, room));
    expect(await merged()).toEqual([]);
    failing.mockRestore();
    await until('a merged copy', async () => (await merged()).length === 1);
    const kept = await house.db.select().from(unreadableRow).where(eq(unreadableRow.room, room));
    expect(kept.map((row) => row.seq)).toEqual([seq]);
  });

  test('a merged copy that cannot be read is made anew from the log', async () => {
    const room = await house.room(amara);
    const a = write(amara, room);
    a.type('before');
    await a.settled();
    a.close();
    await keepSnapshot(house.db, room, 1, new Uint8Array(20).fill(0xff));
    expect((await other.rooms.notesOf(house.db, room)).text).toBe('before');
    const b = write(amara, room, other);
    await until('the notes to have come', () => b.provider.synced);
    b.type('after');
    await b.settled();
    expect(paragraphsOf(b.notes)).toEqual(['before', 'after']);
    expect(await house.db.select().from(roomSnapshot).where(eq(roomSnapshot.room, room))).toEqual([]);
  });

  test('a row that stands on words which are still on their way is left out, here as by all who read the log', async () => {
    const id = await house.room(amara);
    const named: unknown[] = [];
    const parts: RoomParts = {
      db: house.db,
      leases: createLeases(),
      onPending: () => undefined,
      onPresence: () => undefined,
      hash: async () => '',
      onLeftOut: (_room, rows) => named.push(...rows),
    };
    const room = await Room.load({ id, kind: 'case', owner: null, epoch: 1 }, parts);
    const mine = new Y.Doc({ gc: false });
    mine.clientID = 5;
    await room.claim([5], amara.actor.person);
    mine.getXmlFragment(notesRoot).push([new Y.XmlElement('paragraph')]);
    expect(room.take(Y.encodeStateAsUpdate(mine), writerOf(amara), false).is).toBe('news');
    await store(id, pack([raw(1, 1, 9, 0, 7, 0, 5, 0, 6, 0)]));
    await room.catchUp();
    expect(named).toEqual([{ seq: 1, why: 'gap' }]);
    expect(room.note.seq).toBe(1);
    // What was on its way goes on, on top of it.
    expect(room.seal()).toMatchObject({ onto: 1, rows: [{ person: amara.actor.person }] });
    room.close();
  });

  test('a room whose rows cannot be read now is tried again by itself, and stops no other', async () => {
    const { run, close } = hotRunner(house.db);
    closing.push(close);
    const committer = createCommitter(run, pino({ level: 'silent' }), () => undefined);
    const load = async () =>
      Room.load(
        { id: await house.room(amara), kind: 'case', owner: null, epoch: 1 },
        {
          db: house.db,
          leases: createLeases(),
          onPending: committer.pending,
          onPresence: () => undefined,
          hash: async () => '',
          onLeftOut: () => undefined,
        },
      );
    const [sick, well] = [await load(), await load()];
    const catchUp = sick.catchUp.bind(sick);
    let tries = 0;
    let isWell = false;
    sick.catchUp = async () => {
      tries += 1;
      if (!isWell) throw new Error('The rows cannot be read');
      await catchUp();
    };
    await store(sick.id, pack([raw(0, 0)]));
    committer.behind(sick);
    await until('it to fail', () => tries > 0);
    const doc = new Y.Doc({ gc: false });
    await well.claim([doc.clientID], amara.actor.person);
    doc.getXmlFragment(notesRoot).push([new Y.XmlElement('paragraph')]);
    await new Promise<void>((resolve) => {
      well.take(Y.encodeStateAsUpdate(doc), { ...writerOf(amara), durable: resolve }, false);
    });
    expect(committer.isFailing(well)).toBe(false);
    await until('it to be tried again', () => tries >= 3);
    expect(sick.note.seq).toBe(0);
    isWell = true;
    await until('it to have caught up', () => sick.note.seq === 1);
    for (const room of [sick, well]) room.close();
  });

  test('a hash that could not be taken is taken when it is next asked for', async () => {
    let asked = 0;
    const room = await Room.load(
      { id: await house.room(amara), kind: 'case', owner: null, epoch: 1 },
      {
        db: house.db,
        leases: createLeases(),
        onPending: () => undefined,
        onPresence: () => undefined,
        onLeftOut: () => undefined,
        async hash() {
          asked += 1;
          if (asked === 1) throw new Error('The thread ended');
          return 'abc';
        },
      },
    );
    await expect(room.hashAt(0)).rejects.toThrow('The thread ended');
    expect(await room.hashAt(0)).toBe('abc');
    expect(await room.hashAt(0)).toBe('abc');
    expect(asked).toBe(2);
    room.close();
  });
});

test('among honest rows, bad ones are left out wherever they are, and the rest merges to the same', () => {
  const { log, senders } = honestLog(7, 200);
  const rows = rowsOf(log, senders);
  const client = Math.max(...Y.decodeUpdate(log[0] as Uint8Array).structs.map(({ id }) => id.client));
  const mixed = rows.flatMap((row, index) => {
    const [, , make] = bad[index % bad.length] as (typeof bad)[number];
    return [{ ...row, updates: make(client, 1_000_000), seq: -row.seq }, row];
  });
  const { rows: sound, leftOut } = sift(mixed, new Held());
  expect(sound).toEqual(rows);
  expect(leftOut.map(({ seq }) => -seq)).toEqual(rows.map(({ seq }) => seq));
  const merged = mergeParts({ merged: Uint8Array.of(0, 0), rows: sound.map(({ updates }) => updates) });
  const shown = (updates: Uint8Array[]) => docOf(updates).getXmlFragment(notesRoot).toString();
  expect(merged && shown([merged])).toBe(shown(log));
});

function writerOf({ actor }: Person): Writer {
  return {
    id: newId(),
    person: actor.person,
    session: null,
    socket: null,
    seal: () => undefined,
    durable: () => undefined,
    refused: (why) => {
      throw new Error(why);
    },
  };
}
