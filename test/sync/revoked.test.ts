/** [R18] Whoever may no longer be in a room is out of it within five seconds, and writes nothing from the moment they may not. */
import { eq, sql } from 'drizzle-orm';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import type { RoomId } from '#schema/id.ts';
import { notesRoot } from '#schema/notes.ts';
import { close } from '#schema/protocol.ts';
import * as tables from '#schema/tables/index.ts';
import { createBus } from '#server/bus.ts';
import { databaseNow } from '#server/ledger.ts';
import { closeSideRoom } from '#server/side-rooms.ts';
import { databaseKinds, freshStore } from '../support/database.ts';
import { Client, docOf } from './support/client.ts';
import { openHouse, type House, type Person } from './support/house.ts';
import { until } from './support/until.ts';

/** Milliseconds that a right may outlive its end on an open socket: what the requirement says, not how fast we are. */
const atMost = 5_000;

type Standing = { house: House; person: Person; room: RoomId; cover: string };
type SentAway = { time: number; person: string };

/** Each way to lose a right: what is done to the database, and how the socket is closed. */
const ends: Record<string, { end: (of: Standing) => Promise<unknown>; code: number; isDeputy?: true }> = {
  'whose role ended': {
    end: ({ house: { db }, person }) =>
      db
        .update(tables.membership)
        .set({ until: sql`now()` })
        .where(eq(tables.membership.person, person.actor.person)),
    code: close.noRoom,
  },
  'whose cover ended': {
    end: ({ house: { db }, cover }) =>
      db
        .update(tables.cover)
        .set({ endedAt: sql`now()` })
        .where(eq(tables.cover.id, cover)),
    code: close.noRoom,
    isDeputy: true,
  },
  'who was disabled': {
    end: ({ house: { db }, person }) =>
      db
        .update(tables.person)
        .set({ disabledAt: sql`now()` })
        .where(eq(tables.person.id, person.actor.person)),
    code: close.signedOut,
  },
  'who may only read now': {
    end: ({ house, room, person }) => house.admit(room, person, 'read'),
    code: close.rightsChanged,
  },
  'who was taken off the room': {
    end: ({ house, room, person }) => house.admit(room, person, null),
    code: close.noRoom,
  },
  'who was signed out': { end: ({ house, person }) => house.signOut(person), code: close.signedOut },
  'whose room was closed': {
    end: ({ house: { db }, room }) => closeSideRoom(db, room),
    code: close.rightsChanged,
  },
};

const words = (): Uint8Array => {
  const doc = new Y.Doc({ gc: false });
  doc.getXmlFragment(notesRoot).push([new Y.XmlElement('paragraph')]);
  return Y.encodeStateAsUpdate(doc);
};

describe.each(databaseKinds())('on %s', (kind) => {
  let house: House;
  let elsewhere: Awaited<ReturnType<House['another']>>;
  const sentAway: SentAway[] = [];
  const closing: (() => void)[] = [];

  beforeAll(async () => {
    const log = pino(
      { level: 'info' },
      { write: (line: string) => line.includes('sent away') && sentAway.push(JSON.parse(line) as SentAway) },
    );
    house = await openHouse(await freshStore(kind), { log });
    // Hears no hint of the others: as when Redis is away.
    elsewhere = await house.another(createBus(), { log });
  });
  afterEach(() => {
    for (const each of closing.splice(0)) each();
  });
  afterAll(async () => {
    await elsewhere?.close();
    await house?.close();
  });

  async function enter(room: RoomId, person: Person, at: Pick<House, 'address'> = house): Promise<Client> {
    const client = await Client.open(at, room, person);
    closing.push(() => client.close());
    return client;
  }
  const storedIn = async (room: RoomId) => docOf([await house.rooms.updateOf(room)]).getXmlFragment(notesRoot).length;

  /** Somebody who writes in a room, and somebody else who does. */
  async function standing(isDeputy = false): Promise<Standing & { other: Person }> {
    const [other, whom] = [await house.person('Amara'), await house.person('Priya')];
    const person = isDeputy ? await house.person('Ruth', { role: 'contributor' }) : whom;
    const room = await house.room(other, whom);
    const cover = isDeputy ? await house.cover(person, whom) : '';
    return { house, person, room, cover, other };
  }

  test.each(Object.entries(ends))('[R18, T26] somebody %s: nothing later is written or read', async (_, way) => {
    const of = await standing(way.isDeputy);
    const [here, there, other] = [
      await enter(of.room, of.person),
      await enter(of.room, of.person, elsewhere),
      await enter(of.room, of.other),
    ];
    here.update(words());
    await until('what came before to be stored', () => here.durable === 1);
    await until('the other process to have it', () => there.updates.length > 0);
    await way.end(of);
    const ended = Date.parse(await databaseNow(house.db));
    // Nobody has noticed anything yet: what is sent now is kept all the same by neither process.
    there.update(words());
    house.bus.publish({ kind: 'rights', room: of.room });
    expect(await here.isClosed()).toMatchObject({ code: way.code });
    expect((await there.isClosed()).code).toBeOneOf([way.code, close.rightsChanged]);
    const gone = sentAway.filter(({ person }) => person === of.person.actor.person);
    for (const { time } of gone) expect(time - ended).toBeLessThan(atMost);
    expect(await storedIn(of.room)).toBe(1);
    if (way.code !== close.rightsChanged) {
      other.update(words());
      await until('the other to have written', () => other.durable === 1);
      const again = await enter(of.room, of.person).catch(() => null);
      if (again) expect((await again.isClosed()).code).toBeOneOf([close.signedOut, close.noRoom]);
      expect(again?.updates ?? []).toEqual([]);
    }
  });

  test.each(Object.entries(ends))('[R18] somebody %s, where no hint comes: out within five seconds', async (_, way) => {
    const of = await standing(way.isDeputy);
    const there = await enter(of.room, of.person, elsewhere);
    await way.end(of);
    const ended = Date.parse(await databaseNow(house.db));
    expect(await there.isClosed()).toMatchObject({ code: way.code });
    const [gone] = sentAway.filter(({ person }) => person === of.person.actor.person);
    expect(gone).toBeDefined();
    expect((gone?.time ?? Infinity) - ended).toBeLessThan(atMost);
  });

  test('[M2] a deputy writes in the room and stays, whatever weaker place they have of their own', async () => {
    const { room, person: deputy } = await standing(true);
    const weaker = await house.person('Noor', { role: 'contributor' });
    const gone = await house.person('Tomas');
    const whom = await house.person('Joan');
    const second = await house.room(whom, [weaker, 'read'], gone);
    await house.cover(weaker, whom);
    const [a, b, t] = [await enter(room, deputy), await enter(second, weaker), await enter(second, gone)];
    await house.admit(second, gone, null);
    // One look at everyone: when the one who must go has gone, the two who may stay have been looked at.
    house.bus.publish({ kind: 'rights' });
    expect(await t.isClosed()).toMatchObject({ code: close.noRoom });
    for (const client of [a, b]) {
      client.update(words());
      await until(
        'the deputy’s words to be stored, or the deputy sent away',
        () => client.durable === 1 || !!client.closed,
      );
      expect(client.closed).toBeNull();
    }
    expect([await storedIn(room), await storedIn(second)]).toEqual([1, 1]);
  });

  test('[T18] nothing is stored of a copy that is void, though nobody has noticed the new epoch yet', async () => {
    const { room, person, other } = await standing();
    const [a, b] = [await enter(room, person), await enter(room, other, elsewhere)];
    await house.newEpoch(room);
    a.update(words());
    b.update(words());
    expect(await a.isClosed()).toMatchObject({ code: close.rightsChanged });
    expect(await b.isClosed()).toMatchObject({ code: close.rightsChanged });
    expect([a.durable, b.durable, await storedIn(room)]).toEqual([0, 0, 0]);
  });
});
