/** The identity vault by its routes: read for a recorded reason, sealed at rest, on no other way out; duplicates shown to who is on both. */
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '#schema/id.ts';
import { createVault } from '#server/vault.ts';
import type { Store } from '#server/store.ts';
import { databaseKinds, freshStore } from '../support/database.ts';
import { createWorld, details, entriesOf, type Caller, type World } from '../support/world.ts';

/** Words that stand in the vault and nowhere else. */
const name = 'Jamie Quillfeather';
const address = '4 Sandpiper Rise, Northbeck NB1 2CD';
const bornOn = '2024-03-27';
const masterKey = new Uint8Array(32).fill(7);

describe.each(databaseKinds())('who the children are, on %s', (kind) => {
  let store: Store;
  let world: World;
  let health: Caller;
  let police: Caller;
  let chair: Caller;
  let outside: Caller;
  let room: string;
  let ref: string;

  const takingPart = () =>
    world.people
      .filter((each) => each.role === 'position-holder')
      .filter(({ agency }) => ['local-authority', 'health', 'police'].includes(agency.kind))
      .map(({ agency, person }) => ({ agency: agency.id, speaker: person }));
  const open = (by: Caller, identities: object[], more = {}, id = newId()) =>
    by.send('POST', '/cases', {
      id,
      command: { type: 'OpenCase', details: { ...details, ...more }, takingPart: takingPart() },
      identities,
    });
  const read = (by: Caller, reason = 'To ask the ward about the scan.', id = newId(), at = room) =>
    by.send('POST', `/rooms/${at}/identity`, { id, command: { type: 'ReadIdentity', reason } });

  beforeAll(async () => {
    store = await freshStore(kind);
    world = await createWorld(store.db, { vaultKey: masterKey });
    health = await world.as('Amara Fenwick');
    police = await world.as('Priya Lark');
    chair = await world.as('Joan Alder');
    outside = await world.as('Beth Quill');
    const opened = await open(health, [{ name, bornOn, address }]);
    expect(opened.status, opened.text).toBe(201);
    ({ room, ref } = opened.body as { room: string; ref: string });
  });
  afterAll(async () => {
    await world?.close();
    await store?.close();
  });

  test('[M6] a reason opens the vault and stands in the record; without one it stays shut', async () => {
    expect(await read(police, '')).toMatchObject({
      status: 400,
      body: { errors: { 'command.reason': expect.any(String) } },
    });
    const id = newId();
    const first = await read(police, 'To ask the ward about the scan.', id);
    expect(first).toMatchObject({ status: 201, body: { children: [{ name, bornOn, address }] } });
    expect((await read(police, 'To ask the ward about the scan.', id)).body).toEqual(first.body);
    expect((await read(police, 'Another reason.', id)).body).toMatchObject({ refused: 'CommandIdReused' });
    const reads = entriesOf(await chair.get(`/rooms/${room}/entries`)).filter(({ type }) => type === 'IdentityRead');
    expect(reads).toMatchObject([
      { actor: { name: 'Priya Lark' }, body: { reason: 'To ask the ward about the scan.' } },
    ]);
  });

  test('[M5] whoever is not on the case is answered as if there were none', async () => {
    const kept = await read(outside);
    const absent = await read(outside, 'Why.', newId(), newId());
    expect([kept.status, kept.text]).toEqual([404, absent.text]);
    const put = await outside.send('PUT', `/rooms/${room}/identity`, {
      id: newId(),
      command: { type: 'KeepIdentity', reason: 'New.' },
      identities: [{ name: 'Someone' }],
    });
    expect(put.status).toBe(404);
    expect((await outside.get(`/rooms/${room}/alike`)).status).toBe(404);
  });

  test('[M6] the doors of the record take no such command', async () => {
    for (const type of ['ReadIdentity', 'KeepIdentity']) {
      const reply = await health.send('POST', `/rooms/${room}/commands`, {
        id: newId(),
        command: { type, reason: 'x' },
      });
      expect(reply.status).toBe(400);
    }
  });

  test('[M6] what is kept later stands over what was kept, recorded without the words', async () => {
    const opened = (await open(health, [], { initials: 'Z.Z.' })).body as { room: string };
    expect((await read(health, 'To see.', newId(), opened.room)).body['children']).toEqual([]);
    const keep = (identities: object[], id = newId()) =>
      health.send('PUT', `/rooms/${opened.room}/identity`, {
        id,
        command: { type: 'KeepIdentity', reason: 'Named at the ward.' },
        identities,
      });
    expect((await keep([{ name }, { name }])).body).toMatchObject({ refused: 'MoreThanTheChildren' });
    const id = newId();
    expect((await keep([{ name, bornOn: '2020-01-02' }], id)).status).toBe(201);
    expect((await keep([{ name, bornOn: '2020-01-02' }], id)).status).toBe(201);
    expect((await keep([{ name: 'Zed', bornOn: '2020-01-03' }])).status).toBe(201);
    expect((await read(health, 'To see again.', newId(), opened.room)).body['children']).toEqual([
      { name: 'Zed', bornOn: '2020-01-03', address: '' },
    ]);
    const kept = entriesOf(await health.get(`/rooms/${opened.room}/entries`)).filter(
      ({ type }) => type === 'IdentityKept',
    );
    expect(kept.map(({ body }) => body)).toEqual([
      { type: 'IdentityKept', reason: 'Named at the ward.' },
      { type: 'IdentityKept', reason: 'Named at the ward.' },
    ]);
  });

  test('[M6] nothing of it is in any table in the clear, nor on any other route', async () => {
    const tables = (await store.db.execute(
      sql`select table_name as name from information_schema.tables where table_schema = 'public'`,
    )) as unknown as { rows?: { name: string }[] } & { name: string }[];
    const names = (tables.rows ?? [...tables]).map((row) => row.name);
    expect(names).toContain('vault_identity');
    for (const table of names) {
      const found = (await store.db.execute(
        sql`select t::text as words from ${sql.identifier(table)} t`,
      )) as unknown as { rows?: { words: string }[] } & { words: string }[];
      const text = JSON.stringify(found.rows ?? [...found]);
      for (const word of ['Quillfeather', 'Sandpiper', bornOn]) expect(text, table).not.toContain(word);
    }
    const paths = [`/rooms/${room}/entries`, `/rooms/${room}/record`, `/rooms/${room}/notes`, `/cases/${ref}`];
    for (const path of [...paths, '/work', '/register', '/notices', `/rooms/${room}/alike`]) {
      expect((await health.get(path)).text, path).not.toMatch(/Quillfeather|Sandpiper|2024-03-27/);
    }
  });

  test('[M17] what is sent outside is compared with the vault, recorded once, and refused without the words', async () => {
    const ask = (facts: string, id = newId()) =>
      chair.send('POST', `/rooms/${room}/commands`, {
        id,
        command: {
          type: 'AskOutsideAdvice',
          of: 'panel-chair',
          question: 'Would you expect a notification?',
          facts,
          sentOn: details.awareOn,
          replyBy: null,
        },
      });
    for (const [facts, found] of [
      ['Jamie was brought in.', 'name'],
      ['A child born on 27 March 2024.', 'born'],
      ['A flat at 4 Sandpiper Rise.', 'address'],
    ] as const) {
      const refused = await ask(facts);
      expect([refused.status, refused.body]).toMatchObject([
        409,
        { refused: 'NotAnonymous', facts: { found: [found] } },
      ]);
      expect(refused.text).not.toMatch(/Jamie|2024|Sandpiper/);
    }
    const id = newId();
    const first = await ask('A child of two was brought in.', id);
    expect(first.status, first.text).toBe(201);
    expect((await ask('A child of two was brought in.', id)).body).toEqual(first.body);
    const asked = entriesOf(await health.get(`/rooms/${room}/entries`)).filter(
      ({ type }) => type === 'OutsideAdviceAsked',
    );
    expect(asked).toMatchObject([{ body: { facts: 'A child of two was brought in.' } }]);
  });

  test('[M6] a copy moved to another case does not open there, nor any copy with another key', async () => {
    const other = (await open(health, [{ name: 'Other Child', bornOn: '2019-01-01' }])).body as { room: string };
    await store.db.execute(
      sql`update vault_identity set sealed = (select sealed from vault_identity where room_id = ${room} limit 1) where room_id = ${other.room}`,
    );
    expect((await read(health, 'To see.', newId(), other.room)).status).toBe(500);
    const stranger = createVault(new Uint8Array(32).fill(8));
    await expect(stranger.check(store.db)).rejects.toThrow('CANDOUR_VAULT_KEY');
    await expect(createVault(masterKey).check(store.db)).resolves.toBeUndefined();
  });

  test('[M6] before a case is opened, who is on a case of the same child is shown it, and nobody else', async () => {
    const asked = {
      details: { ...details, initials: 'Q.F.', awareOn: '2026-11-02' },
      identities: [{ name: 'QUILLFEATHER, jamie', bornOn }],
    };
    const seen = await police.send('POST', '/cases/alike', asked);
    expect(seen.body['alike']).toMatchObject([{ ref, because: ['same-child'] }]);
    expect((await outside.send('POST', '/cases/alike', asked)).text).toBe('{"alike":[]}');
    const bad = await police.send('POST', '/cases/alike', { ...asked, identities: [{ bornOn: 'May' }] });
    expect(bad.status).toBe(400);
  });

  test('[M6] beside an open case, the Chair, who is on every case, is shown the other', async () => {
    const again = (await open(police, [{ name, bornOn }], { initials: 'Y.Y.' })).body as { room: string; ref: string };
    const seen = await chair.get(`/rooms/${again.room}/alike`);
    expect(seen.body['alike']).toMatchObject([{ ref, because: ['same-child'] }]);
  });

  test('[M6] the same form sent twice opens one case and keeps one set of names', async () => {
    const id = newId();
    const first = await open(health, [{ name: 'Twice Sent', bornOn: '2018-05-05' }], {}, id);
    expect((await open(health, [{ name: 'Twice Sent', bornOn: '2018-05-05' }], {}, id)).body).toEqual(first.body);
    expect((await open(health, [{ name: 'One' }, { name: 'Two' }])).body).toMatchObject({
      refused: 'MoreThanTheChildren',
    });
  });
});
