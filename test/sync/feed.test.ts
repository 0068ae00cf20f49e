/** The record on the socket: each reader hears each entry once, as they may have it, and what was sealed when it opens. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Actor } from '#schema/actor.ts';
import type { Event } from '#schema/event.ts';
import { newId } from '#schema/id.ts';
import type { Entry } from '#schema/ledger.ts';
import { close, kind } from '#schema/protocol.ts';
import { append, lockHead } from '#server/ledger.ts';
import { databaseKinds, freshStore } from '../support/database.ts';
import { positionFor } from '../support/rules.ts';
import * as encoding from 'lib0/encoding';
import { Client } from './support/client.ts';
import { openHouse, type House, type Person } from './support/house.ts';
import { until } from './support/until.ts';

const submitted: Event = {
  type: 'PositionSubmitted',
  content: positionFor('notify'),
  whatChanged: null,
  restsOn: null,
};
const opened: Event = { type: 'PositionsOpened', because: 'all-in', reason: '' };
const asked: Event = {
  type: 'ResolutionRequested',
  question: 'Whether it is harm',
  tried: ['discussed-in-notes'],
  stage: 3,
  limit: null,
  urgentReason: '',
};

describe.each(databaseKinds())('on %s', (databaseKind) => {
  let house: House;
  const closing: (() => unknown)[] = [];
  beforeAll(async () => {
    house = await openHouse(await freshStore(databaseKind));
  });
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
  });
  afterAll(() => house.close());

  async function enter(room: string, person: Person, ours = true, at: Pick<House, 'address'> = house): Promise<Client> {
    const client = await Client.open(at, room, person, { ours });
    closing.push(() => client.close());
    return client;
  }
  /** Appends to the record; `hint` says whether anybody is told. */
  async function happens(room: string, by: Actor, events: Event[], hint = true): Promise<Entry[]> {
    const entries = await house.db.transaction(async (tx) => append(tx, await lockHead(tx, room), events, by, newId()));
    if (hint) house.bus.publish({ kind: 'entries', room, seq: entries.at(-1)?.seq ?? 0 });
    return entries;
  }
  function since(client: Client, seq: number): void {
    const encoder = encoding.createEncoder();
    encoding.writeVarUint(encoder, kind.entriesSince);
    encoding.writeVarUint(encoder, seq);
    client.send(encoding.toUint8Array(encoder));
  }
  const heard = (client: Client): Entry[] =>
    client.texts.flatMap(({ kind: of, text }) => (of === kind.entries ? (JSON.parse(text) as Entry[]) : []));
  const seqs = (client: Client): number[] => heard(client).map(({ seq }) => seq);

  async function three(): Promise<{ room: string; health: Person; police: Person; care: Person }> {
    const health = await house.person('Amara');
    const police = await house.person('Priya', { agency: 'Police', kind: 'police' });
    const care = await house.person('Tomas', { agency: 'Social care', kind: 'local-authority' });
    return { room: await house.room(health, police, care), health, police, care };
  }

  test('what is appended comes to those who asked for our messages, in order, once', async () => {
    const { room, health, police } = await three();
    await happens(room, health.actor, [asked]);
    const [h, p, plain] = [await enter(room, health), await enter(room, police), await enter(room, police, false)];
    since(h, 0);
    await until('the first to come', () => heard(h).length === 1);
    await happens(room, police.actor, [asked, asked]);
    await happens(room, police.actor, [asked]);
    await until('all to come', () => heard(h).length === 4 && heard(p).length === 3);
    expect(seqs(h)).toEqual([1, 2, 3, 4]);
    expect(seqs(p)).toEqual([2, 3, 4]);
    expect(plain.texts).toEqual([]);
  });

  test('a lost hint costs a second, not an entry', async () => {
    const { room, health } = await three();
    const h = await enter(room, health);
    since(h, 0);
    await until('the server to follow the record', () => h.texts.length === 1);
    await happens(room, health.actor, [asked], false);
    const began = performance.now();
    await until('the entry to come', () => heard(h).length === 1, 3_000);
    expect(performance.now() - began).toBeLessThan(2_500);
  });

  test('[T12] a sealed position goes to its own agency alone, and to all when positions open', async () => {
    const { room, health, police, care } = await three();
    const clients = [await enter(room, health), await enter(room, police), await enter(room, care)];
    const [h, p, c] = clients as [Client, Client, Client];
    for (const client of clients) since(client, 0);
    await until('the record to be followed', () => clients.every(({ texts }) => texts.length === 1));
    await happens(room, police.actor, [submitted]);
    await until('the entry to come', () => clients.every((client) => heard(client).length === 1));
    expect(heard(p)[0]).toMatchObject({ seq: 1, body: submitted });
    for (const client of [h, c]) {
      expect(heard(client)[0]).toMatchObject({ seq: 1, type: 'PositionSubmitted', body: null, salt: null });
      expect(JSON.stringify(client.texts)).not.toContain('is as we say');
    }
    // Asking again, and asking as somebody who comes later, gives no more.
    since(c, 0);
    await until('the second answer', () => heard(c).length === 2);
    expect(heard(c)[1]).toMatchObject({ seq: 1, body: null, salt: null });
    await happens(room, health.actor, [submitted, submitted, opened]);
    await until('all to have opened', () => clients.every((client) => seqs(client).includes(4)));
    for (const client of clients) {
      const last = new Map(heard(client).map((entry) => [entry.seq, entry]));
      expect([1, 2, 3].map((seq) => last.get(seq)?.body?.type)).toEqual(Array(3).fill('PositionSubmitted'));
      expect([1, 2, 3].every((seq) => last.get(seq)?.salt !== null)).toBe(true);
    }
  });

  test('an entry appended on another process comes here, and a position sealed there is sealed here', async () => {
    const { room, health, police } = await three();
    const other = await house.another();
    closing.push(other.close);
    const [h, p] = [await enter(room, health, true, other), await enter(room, police, true, other)];
    for (const client of [h, p]) since(client, 0);
    await until('the record to be followed', () => h.texts.length === 1 && p.texts.length === 1);
    await happens(room, police.actor, [submitted]);
    await until('it to come', () => heard(h).length === 1 && heard(p).length === 1);
    expect(heard(h)[0]?.body).toBeNull();
    expect(heard(p)[0]?.body).toEqual(submitted);
  });

  test('a person’s own room says when their work may have changed', async () => {
    const { health } = await three();
    const own = await house.ownRoom(health);
    const client = await enter(own, health);
    house.bus.publish({ kind: 'work', people: [health.actor.person] });
    await until('it to be said', () => client.texts.length === 1);
    expect(client.texts).toEqual([{ kind: kind.refresh, text: 'work' }]);
  });

  test('a number that is no number closes the socket', async () => {
    const { room, health } = await three();
    const client = await enter(room, health);
    client.send(Uint8Array.of(kind.entriesSince));
    expect(await client.isClosed()).toMatchObject({ code: close.refusedUpdate });
  });
});
