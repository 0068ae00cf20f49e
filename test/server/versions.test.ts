/** The notes' versions by request: who wrote each passage, what changed between two, and since one last looked. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '#schema/id.ts';
import { limits } from '#schema/protocol.ts';
import type { Comparison, PastNotes } from '#schema/version.ts';
import { typist, type Type } from '#server/practice/typist.ts';
import type { Store } from '#server/store.ts';
import { databaseKinds, freshStore } from '../support/database.ts';
import { createWorld, openCase, type Caller, type World } from '../support/world.ts';

describe.each(databaseKinds())('versions on %s', (kind) => {
  let store: Store;
  let world: World;
  let health: Caller;
  let police: Caller;
  let chair: Caller;
  let outside: Caller;
  let type: Type;
  let room: string;

  const moment = async (query = '') => (await police.get(`/rooms/${room}/notes/moment${query}`)).body as PastNotes;
  const changes = async (query: string) =>
    (await police.get(`/rooms/${room}/notes/changes?${query}`)).body as Comparison;
  const under = (notes: PastNotes, heading: string) => {
    const at = notes.blocks.findIndex(({ passages }) => passages.some(({ text }) => text === heading));
    return notes.blocks[at + 1]?.passages.map(({ text, by }) => `${by?.agency.name}: ${text}`);
  };

  beforeAll(async () => {
    store = await freshStore(kind);
    world = await createWorld(store.db);
    [health, police, chair, outside] = (await Promise.all(
      ['Amara Fenwick', 'Priya Lark', 'Joan Alder', 'Wren Castle'].map((name) => world.as(name)),
    )) as [Caller, Caller, Caller, Caller];
    type = typist(store.db, world.rooms);
    room = (await openCase(world, health)).room;
  });
  afterAll(async () => {
    await world?.close();
    await store?.close();
  });

  test('[M13] the notes at any past moment, each passage with who wrote it for which agency', async () => {
    const before = await moment();
    await type(room, health.actor, 'What happened', 'Seen at 7:40.');
    const seen = await moment();
    await type(room, police.actor, 'Harm', 'A fracture.');
    const after = await moment();
    expect(under(after, 'What happened')).toEqual(['Health: Seen at 7:40.']);
    expect(under(after, 'Harm')).toEqual(['Police: A fracture.']);
    expect(under(await moment(`?version=${seen.version}`), 'Harm')).not.toEqual(['Police: A fracture.']);
    expect(await moment(`?version=${before.version}`)).toEqual(before);
    expect(await moment(`?at=${encodeURIComponent(seen.at ?? '')}`)).toMatchObject({ version: seen.version });
  });

  test('[M13] a version is named, kept in the record, and compared with the notes as they stand', async () => {
    expect((await chair.act(room, { type: 'NameVersion', name: 'Before the meeting' })).status).toBe(201);
    const { version } = await moment();
    await type(room, police.actor, 'Harm', 'It was seen on 1 October.');
    const { changes: found } = await changes(`from=${version}`);
    expect(found).toMatchObject([
      {
        under: 'Harm',
        pieces: [
          { is: 'added', text: 'It was seen on 1 October.', by: { name: 'Priya Lark', agency: { name: 'Police' } } },
        ],
      },
    ]);
    expect((await changes(`from=${version}&to=${version}`)).changes).toEqual([]);
    expect((await chair.act(room, { type: 'NameVersion', name: 'Before the meeting' })).body).toMatchObject({
      refused: 'NameTaken',
    });
  });

  test('[M13] what changed since one last looked is each person’s own', async () => {
    const last = async (who: Caller) => (await who.get(`/rooms/${room}/looked`)).body['last'];
    expect(await last(police)).toBeNull();
    expect((await police.send('PUT', `/rooms/${room}/looked`, {})).status).toBe(200);
    const { version } = await moment();
    expect(await last(police)).toMatchObject({ version });
    expect(await last(health)).toBeNull();
    await type(room, health.actor, 'Place', 'At home.');
    expect(await last(police)).toMatchObject({ version });
    await police.send('PUT', `/rooms/${room}/looked`, {});
    expect(await last(police)).toMatchObject({ version: (await moment()).version });
  });

  test('what is not a version or a time is refused beside its field, and a room one is not in does not exist', async () => {
    for (const query of ['moment?version=-1', 'moment?at=yesterday', 'changes', 'changes?from=x', 'moment?other=1']) {
      expect((await police.get(`/rooms/${room}/notes/${query}`)).status, query).toBe(400);
    }
    for (const path of ['notes/moment', 'notes/changes?from=0', 'looked']) {
      const [one, absent] = [
        await outside.get(`/rooms/${room}/${path}`),
        await police.get(`/rooms/${newId()}/${path}`),
      ];
      expect([one.status, one.text], path).toEqual([absent.status, absent.text]);
      expect(one.status).toBe(404);
    }
  });

  test('[T22] whoever looks back, or asks for numbers, without end is told to wait, and nobody else is', async () => {
    const looks = await Promise.all(
      Array.from({ length: 2 * limits.looksBackPerMinute }, () => chair.get(`/rooms/${room}/notes/moment`)),
    );
    const refused = looks.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused[0]?.body).toEqual({ refused: 'TooOften', facts: {} });
    expect((await health.get(`/rooms/${room}/notes/moment`)).status).toBe(200);
    const leases: number[] = [];
    for (let n = 0; n < limits.leasesPerHour + 5; n += 1) {
      leases.push((await chair.send('POST', `/rooms/${room}/lease`, {})).status);
    }
    expect(leases.slice(0, limits.leasesPerHour)).toEqual(Array(limits.leasesPerHour).fill(201));
    expect(leases).toContain(429);
    expect((await health.send('POST', `/rooms/${room}/lease`, {})).status).toBe(201);
  });
});
