/** The partnership's own routes: only its business unit's; for everyone else they do not exist. And what follows from them. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { and, eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AdministrationCommand } from '#schema/administration.ts';
import { firstArrangements, type Arrangements } from '#schema/arrangements.ts';
import { addWorkingDays, dayOf, holidaysByDay, plainDate } from '#schema/calendar.ts';
import { bankHolidays } from '#schema/bank-holidays.ts';
import type { Chartered } from '#schema/charter.ts';
import { newId } from '#schema/id.ts';
import { verify, type Entry } from '#schema/ledger.ts';
import { close } from '#schema/protocol.ts';
import { command as commandTable, room, roomUpdate } from '#schema/tables/index.ts';
import { sayNotesOf, type UnreadableRow } from '#schema/unreadable.ts';
import { checkPassword } from '#server/auth/password.ts';
import { practicePassword } from '#server/practice/northbeck.ts';
import type { Store } from '#server/store.ts';
import { keepUnreadable } from '#server/sync/unreadable.ts';
import { databaseKinds, freshStore } from '../support/database.ts';
import { Client } from '../sync/support/client.ts';
import { until } from '../sync/support/until.ts';
import { createWorld, details, entriesOf, openCase, positionOf, type Caller, type World } from '../support/world.ts';

type Member = {
  membership: string;
  person: string;
  name: string;
  email: string;
  role: string;
  agency: { id: string; name: string };
};
type Read = {
  versions: Arrangements[];
  inForce: Arrangements;
  agencies: { id: string; name: string }[];
  members: Member[];
  covers: { cover: string; ended: boolean }[];
  entries: Entry[];
};

describe.each(databaseKinds())('the partnership’s own routes on %s', (kind) => {
  let store: Store;
  let world: World;
  let beth: Caller;
  let health: Caller;
  let tomas: Caller;
  let decides: Caller;
  let chair: Caller;
  const today = dayOf(new Date().toISOString());

  const read = async () => (await beth.get('/admin')).body as unknown as Read;
  const send = (by: Caller, command: AdministrationCommand | object, id = newId()) =>
    by.send('POST', '/admin/commands', { id, command });
  const rename = (read: number, chairTitle: string) => ({
    type: 'ChangeArrangements',
    read,
    from: today,
    why: 'Agreed at the board.',
    change: { part: 'chair', chairTitle },
  });
  const member = async (name: string, role: string) => {
    const found = (await read()).members.find((each) => each.name === name && each.role === role);
    if (!found) throw new Error(`${name} is not ${role}`);
    return found;
  };
  /** Somebody new comes to work for Health. */
  const joining = async (name: string, email: string) => ({
    type: 'AddPerson',
    name,
    email,
    agency: (await member('Amara Fenwick', 'position-holder')).agency.id,
    role: 'contributor',
    from: today,
    until: null,
    why: 'Joins the team.',
  });

  beforeAll(async () => {
    store = await freshStore(kind);
    world = await createWorld(store.db);
    beth = await world.as('Beth Quill');
    health = await world.as('Amara Fenwick');
    tomas = await world.as('Tomas Birch');
    decides = await world.as('Denis Marsh');
    chair = await world.as('Joan Alder');
  });
  afterAll(async () => {
    await world?.close();
    await store?.close();
  });

  test('[M1, R20] everyone but the business unit is answered as if there were no such route', async () => {
    for (const who of [health, tomas, decides, chair]) {
      const pairs = [
        [await who.get('/admin'), await who.get('/nothing-here')],
        [await send(who, rename(1, 'Chair')), await who.send('POST', '/nothing-here', {})],
        [await send(who, { type: 'nonsense' }), await who.send('POST', '/nothing-here', {})],
        [
          await who.send('POST', '/admin/recount', { calendar: firstArrangements.calendar }),
          await who.send('POST', '/nothing-here', {}),
        ],
      ] as const;
      for (const [kept, absent] of pairs) {
        expect([kept.status, kept.text], who.actor.name).toEqual([404, absent.text]);
        expect([...kept.headers]).toEqual([...absent.headers]);
      }
    }
    expect((await world.request('GET', '/admin')).status).toBe(401);
    expect((await read()).versions).toHaveLength(1);
  });

  test('[M1] a change is recorded once, read by all, kept by new cases and by none that was open', async () => {
    const before = await openCase(world, health);
    const id = newId();
    const first = await send(beth, rename(1, 'Independent Scrutineer'), id);
    expect(first.status).toBe(201);
    expect((await send(beth, rename(1, 'Independent Scrutineer'), id)).body).toEqual(first.body);
    expect((await send(beth, rename(1, 'Chair'), id)).body).toMatchObject({ refused: 'CommandIdReused' });
    expect(await send(beth, rename(1, 'Chair'))).toMatchObject({
      status: 409,
      body: { refused: 'ArrangementsMovedOn' },
    });
    const after = await openCase(world, health);
    const titleOf = async (room: string) => {
      const [opened] = entriesOf(await health.get(`/rooms/${room}/entries`));
      return opened?.body?.type === 'CaseOpened' ? opened.body.arrangements.chairTitle : '';
    };
    expect([await titleOf(before.room), await titleOf(after.room)]).toEqual([
      'Independent Chair',
      'Independent Scrutineer',
    ]);
    const session = (await health.get('/session')).body as { signedIn: { arrangements: Arrangements } };
    expect(session.signedIn.arrangements).toMatchObject({ version: 2, chairTitle: 'Independent Scrutineer' });
    const entries = entriesOf(await beth.get('/admin'));
    expect(verify(entries)).toMatchObject({ whole: true, withheld: 0 });
    expect(entries.at(-1)).toMatchObject({ type: 'ArrangementsChanged', actor: { name: 'Beth Quill' } });
  });

  test('[M3] everyone who is signed in reads each wording of the charter, and a change that changes nothing is refused', async () => {
    const { versions } = await read();
    const charter = versions.at(-1)?.charter ?? firstArrangements.charter;
    const reword = (read: number, name: string) => ({
      type: 'ChangeArrangements',
      read,
      from: today,
      why: 'Agreed at the board.',
      change: { part: 'charter', charter: { ...charter, contributor: { ...charter.contributor, name } } },
    });
    // As it was read, in whatever order the database keeps its parts.
    expect(await send(beth, reword(versions.length, charter.contributor.name))).toMatchObject({
      status: 409,
      body: { refused: 'NothingChanged' },
    });
    expect((await send(beth, reword(versions.length, 'Practitioner'))).status).toBe(201);
    for (const who of [health, decides, chair]) {
      const { charters } = (await who.get('/charter')).body as { charters: Chartered[] };
      expect(charters.at(-1)).toMatchObject({
        version: versions.length + 1,
        charter: { contributor: { name: 'Practitioner' } },
      });
    }
    expect((await world.request('GET', '/charter')).status).toBe(401);
  });

  test('[M10] a proclaimed day moves open cases, each in its own record; only one’s own cases are listed', async () => {
    const holidays = holidaysByDay(bankHolidays);
    const { ref, room } = await openCase(world, health);
    const first = addWorkingDays(details.awareOn, 1, holidays).due;
    const calendar = { added: [{ day: first, name: 'Day of mourning' }], removed: [] };
    const list = await beth.send('POST', '/admin/recount', { calendar });
    expect(list.body).toEqual({ cases: [] });
    expect(list.text).not.toContain(ref);
    const { versions } = await read();
    const change = {
      type: 'ChangeArrangements',
      read: versions.length,
      from: today,
      why: 'Proclaimed today.',
      change: { part: 'calendar', calendar },
    };
    expect((await send(beth, change)).status).toBe(201);
    const record = await health.get(`/rooms/${room}/record`);
    const last = entriesOf(record).at(-1);
    expect(last?.body).toMatchObject({
      type: 'ClockRecounted',
      before: addWorkingDays(details.awareOn, 5, holidays).due,
      notifyBy: addWorkingDays(details.awareOn, 6, holidays).due,
    });
    expect(verify(entriesOf(record))).toMatchObject({ whole: true });
    const row = ((await chair.get('/register')).body as { rows: { ref: string; notifyBy: string }[] }).rows.find(
      (each) => each.ref === ref,
    );
    expect(row?.notifyBy).toBe(addWorkingDays(details.awareOn, 6, holidays).due);
  });

  test('[M2] an authorised deputy acts for the days of the cover, and not a moment after it has ended', async () => {
    const { ref, room } = await openCase(world, health);
    const addition = await send(beth, {
      type: 'AddPerson',
      name: 'Ruth Vane',
      email: 'ruth.vane@northbeck.example',
      agency: decides.actor.agency.id,
      role: 'contributor',
      from: today,
      why: 'Deputy director.',
    });
    expect(addition.status).toBe(201);
    const { password } = addition.body as { password: string };
    const signed = await world.request('POST', '/sign-in', { email: 'ruth.vane@northbeck.example', password });
    expect(signed.status).toBe(200);
    const cookie = signed.headers.get('set-cookie')?.split(';')[0] ?? '';
    const ruth = {
      get: (path: string) => world.request('GET', path, undefined, cookie),
      act: (command: object) => world.request('POST', `/rooms/${room}/commands`, { id: newId(), command }, cookie),
    };
    expect((await ruth.get(`/cases/${ref}`)).status).toBe(404);
    expect((await ruth.get('/work')).text).not.toContain(ref);

    const denis = await member('Denis Marsh', 'decision-maker');
    const deputy = await member('Ruth Vane', 'contributor');
    const cover = {
      type: 'GiveCover',
      person: deputy.person,
      membership: denis.membership,
      authorisedBy: 'Dana Holt, chief executive',
      why: 'Leave.',
    };
    const tomorrow = plainDate(today)?.add({ days: 1 }).toString() ?? '';
    expect((await send(beth, { ...cover, from: tomorrow, until: tomorrow })).status).toBe(201);
    expect((await ruth.get(`/cases/${ref}`)).status).toBe(404);
    expect((await send(beth, { ...cover, from: today, until: today })).status).toBe(201);

    expect((await ruth.get(`/cases/${ref}`)).status).toBe(200);
    expect((await ruth.get('/work')).text).toContain(ref);
    const handOver = {
      type: 'HandOver',
      authority: 'Southmoor Council',
      spokenTo: 'Ada Flint',
      on: today,
      reference: '',
    };
    expect((await ruth.act(handOver)).status).toBe(201);
    const last = entriesOf(await health.get(`/rooms/${room}/record`)).at(-1);
    expect(last?.actor).toMatchObject({
      name: 'Ruth Vane',
      role: 'contributor',
      covers: [{ role: 'decision-maker', name: 'Denis Marsh', authorisedBy: 'Dana Holt, chief executive' }],
    });
    expect(verify(entriesOf(await health.get(`/rooms/${room}/record`)))).toMatchObject({ whole: true });
    expect(
      (await ruth.act({ type: 'SubmitPosition', content: positionOf('word'), whatChanged: null })).body,
    ).toMatchObject({ refused: 'NoPositionToGive' });
    const { covers } = await read();
    for (const { cover } of covers)
      expect((await send(beth, { type: 'EndCover', cover, why: 'Back.' })).status).toBe(201);
    expect((await ruth.act({ type: 'TakeBack', reason: 'Ours.' })).status).toBe(404);
    expect((await ruth.get(`/cases/${ref}`)).status).toBe(404);

    expect((await send(beth, { type: 'EndRole', membership: deputy.membership, on: null, why: 'Left.' })).status).toBe(
      201,
    );
    expect((await ruth.get('/work')).status).toBe(401);
  });

  test('[M2] cover opens no room of the colleague’s own', async () => {
    const denis = await member('Denis Marsh', 'decision-maker');
    const { workRoom } = ((await decides.get('/session')).body as { signedIn: { workRoom: string } }).signedIn;
    const cover = {
      type: 'GiveCover',
      person: tomas.actor.person,
      membership: denis.membership,
      from: today,
      until: today,
      authorisedBy: 'Dana Holt',
      why: 'Leave.',
    };
    expect((await send(beth, cover)).status).toBe(201);
    expect((await tomas.get(`/rooms/${workRoom}/entries`)).status).toBe(404);
    const session = (await tomas.get('/session')).body as { signedIn: { actor: { role: string; covers: unknown[] } } };
    expect(session.signedIn.actor.role).toBe('position-holder');
    expect(session.signedIn.actor.covers).toHaveLength(1);
    const { cases } = (await tomas.get('/work')).body as { cases: { ref: string }[] };
    expect(new Set(cases.map(({ ref }) => ref)).size).toBe(cases.length);
  });

  test('a bad field is answered beside the field, and an agency or a role is never made twice', async () => {
    const bad = await send(beth, { type: 'AddAgency', kind: 'other', name: '' });
    expect([bad.status, bad.body]).toEqual([400, { errors: { 'command.name': "Enter the agency's name" } }]);
    expect((await send(beth, { type: 'AddAgency', kind: 'other', name: 'Fire and Rescue' })).status).toBe(201);
    expect(await send(beth, { type: 'AddAgency', kind: 'other', name: 'Fire and Rescue' })).toMatchObject({
      status: 409,
      body: { refused: 'AgencyExists' },
    });
    expect((await read()).agencies.map(({ name }) => name)).toContain('Fire and Rescue');
    const own = await member('Beth Quill', 'business-unit');
    expect(
      (await send(beth, { type: 'EndRole', membership: own.membership, on: null, why: 'Left.' })).body,
    ).toMatchObject({ refused: 'LastBusinessUnit' });
  });

  test('while too many passwords wait to be worked out nobody is added; the form may be sent again', async () => {
    const { promise: someday, resolve: letGo } = Promise.withResolvers<null>();
    const others = Array.from({ length: 17 }, () => checkPassword('a guess', () => someday));
    const add = await joining('Nell Ward', 'nell.ward@northbeck.example');
    const id = newId();
    expect(await send(beth, add, id)).toMatchObject({ status: 429, body: { refused: 'Busy', facts: {} } });
    expect((await read()).members.filter(({ name }) => name === 'Nell Ward')).toEqual([]);
    letGo(null);
    await Promise.all(others);
    expect(await send(beth, add, id)).toMatchObject({ status: 201, body: { password: expect.any(String) } });
  });

  test('an answer with a password that was lost may be asked for again, for a while; nobody is added twice', async () => {
    const email = 'owen.pike@northbeck.example';
    const add = await joining('Owen Pike', email);
    const id = newId();
    const [lost, heard] = [await send(beth, add, id), await send(beth, add, id)];
    expect(heard).toMatchObject({ status: 201, body: { ...lost.body, password: expect.any(String) } });
    expect((await read()).members.filter(({ name }) => name === 'Owen Pike')).toHaveLength(1);
    const signIn = async ({ body }: typeof lost) =>
      (await world.request('POST', '/sign-in', { email, password: body['password'] })).status;
    expect([await signIn(lost), await signIn(heard)]).toEqual([401, 200]);
    await store.db
      .update(commandTable)
      .set({ at: sql`now() - interval '20 minutes'` })
      .where(eq(commandTable.id, id));
    expect((await send(beth, add, id)).body).toEqual({
      firstSeq: lost.body['firstSeq'],
      lastSeq: lost.body['lastSeq'],
    });
    expect(await signIn(heard)).toBe(200);
  });

  test('a new password takes the place of a lost one, signs out whoever has that, and is in the record without it', async () => {
    const before = await member('Wren Castle', 'position-holder');
    const wren = await world.as('Wren Castle');
    const give = { type: 'GivePassword', person: before.person, why: 'Rang from the school, known by voice.' };
    const entries = (await read()).entries.length;
    expect(await send(await world.as('Priya Lark'), give)).toMatchObject({ status: 404 });
    expect((await send(beth, { ...give, person: newId() })).body).toMatchObject({ refused: 'NoSuchPerson' });
    expect(await wren.get('/work')).toMatchObject({ status: 200 });
    const id = newId();
    const lost = await send(beth, give, id);
    expect(await wren.get('/work')).toMatchObject({ status: 401 });
    const signIn = (password: unknown) => world.request('POST', '/sign-in', { email: before.email, password });
    const cookie = (await signIn(lost.body['password'])).headers.get('set-cookie') ?? '';
    expect(await world.request('GET', '/work', undefined, cookie)).toMatchObject({ status: 200 });
    const heard = await send(beth, give, id);
    expect(await world.request('GET', '/work', undefined, cookie)).toMatchObject({ status: 401 });
    for (const [password, status] of [
      [practicePassword, 401],
      [lost.body['password'], 401],
      [heard.body['password'], 200],
    ])
      expect(await signIn(password)).toMatchObject({ status });
    const after = (await read()).entries;
    expect(after).toHaveLength(entries + 1);
    expect(after.at(-1)?.body).toEqual({
      type: 'PasswordGiven',
      person: before.person,
      name: 'Wren Castle',
      why: 'Rang from the school, known by voice.',
    });
  });

  test('a new password closes the sockets of whoever has the lost one, each time it is told', async () => {
    const server = createServer().on('upgrade', world.rooms.handleUpgrade).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const { person, email } = await member('Wren Castle', 'position-holder');
    const [own] = await store.db
      .select({ id: room.id })
      .from(room)
      .where(and(eq(room.kind, 'my-work'), eq(room.owner, person)));
    const enter = async (cookie: string) => {
      const headers = { origin: 'http://localhost' };
      const client = await Client.open({ address }, own?.id ?? '', { cookie }, { headers });
      await until('the room to be open', async () => (await world.rooms.peopleIn(own?.id ?? '')).length > 0);
      return client;
    };
    const give = { type: 'GivePassword', person, why: 'Rang from the school, known by voice.' };
    const id = newId();
    const before = await enter((await world.as('Wren Castle')).cookie);
    const { body } = await send(beth, give, id);
    expect(await before.isClosed()).toMatchObject({ code: close.signedOut });
    const signed = await world.request('POST', '/sign-in', { email, password: body['password'] });
    const between = await enter(signed.headers.get('set-cookie')?.split(';')[0] ?? '');
    await send(beth, give, id);
    expect(await between.isClosed()).toMatchObject({ code: close.signedOut });
    server.close();
  });

  test('notes that cannot be read whole are named, each row once, to the business unit alone; a case by its code to who is on it', async () => {
    const [ours, theirs] = [await openCase(world, beth), await openCase(world, health)];
    const [{ id: own } = { id: '' }] = await store.db
      .select({ id: room.id })
      .from(room)
      .where(and(eq(room.kind, 'my-work'), eq(room.owner, health.actor.person)));
    const updates = new TextEncoder().encode('kingfisher');
    for (const [n, of] of [ours.room, theirs.room, own].entries()) {
      const row = { room: of, seq: 900 + n, person: health.actor.person, connection: 'none', updates };
      await store.db.insert(roomUpdate).values({ ...row, at: `2026-03-0${n + 1}T09:00:00Z` });
      for (let time = 0; time < 2; time += 1) await keepUnreadable(store.db, of, [row.seq]);
    }
    const { body, text } = await beth.get('/admin');
    const unreadable = body['unreadable'] as UnreadableRow[];
    expect(unreadable.map((each) => [sayNotesOf(each), each.room, each.row, dayOf(each.since)])).toEqual([
      [`Notes of case ${ours.ref}`, ours.room, 900, '2026-03-01'],
      ['Notes of a case that you are not on', theirs.room, 901, '2026-03-02'],
      ['Notes in My work of Amara Fenwick', own, 902, '2026-03-03'],
    ]);
    expect(text).not.toContain('kingfisher');
    expect((await health.get('/admin')).status).toBe(404);
  });
});
