/** Who answers for an agency now can act on its open cases, and who no longer does is out of them: whatever order the changes come in. */
import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AdministrationCommand } from '#schema/administration.ts';
import type { Role } from '#schema/agency.ts';
import { dayOf, plainDate } from '#schema/calendar.ts';
import { partnersOf } from '#schema/case.ts';
import { newId } from '#schema/id.ts';
import { verify } from '#schema/ledger.ts';
import { fold } from '#schema/room.ts';
import { dueMoment, membership } from '#schema/tables/index.ts';
import type { Store } from '#server/store.ts';
import { databaseKinds, freshStore } from '../support/database.ts';
import { createWorld, entriesOf, openCase, type Caller, type Reply, type World } from '../support/world.ts';

type Joined = {
  person: string;
  membership: string;
  get: (path: string) => Promise<Reply>;
  act: (room: string, command: object) => Promise<Reply>;
};

describe.each(databaseKinds())('succession on %s', (kind) => {
  let store: Store;
  let world: World;
  let beth: Caller;
  let health: Caller;
  const today = dayOf(new Date().toISOString());
  const tomorrow = plainDate(today)?.add({ days: 1 }).toString() ?? '';

  beforeAll(async () => {
    store = await freshStore(kind);
    world = await createWorld(store.db);
    beth = await world.as('Beth Quill');
    health = await world.as('Amara Fenwick');
  });
  afterAll(async () => {
    await world?.close();
    await store?.close();
  });

  const send = async (command: AdministrationCommand | object, id = newId()) => {
    const reply = await beth.send('POST', '/admin/commands', { id, command });
    expect(reply.status, reply.text).toBe(201);
    return reply;
  };
  const members = async () =>
    (await beth.get('/admin')).body['members'] as {
      membership: string;
      person: string;
      name: string;
      role: Role;
      ended: boolean;
    }[];
  const roleOf = async (person: string, role: Role) =>
    (await members()).find((each) => each.person === person && each.role === role && !each.ended)?.membership ?? '';
  const endRole = async (person: string, role: Role, on: string | null = null) =>
    send({ type: 'EndRole', membership: await roleOf(person, role), on, why: 'Left.' });

  /** Somebody new, with a role in the agency of somebody who is there already. */
  async function join(name: string, like: Caller, role: Role, from = today, id = newId()): Promise<Joined> {
    const email = `${name.toLowerCase()}@northbeck.example`;
    const command = { type: 'AddPerson', name, email, agency: like.actor.agency.id, role, from, why: 'Successor.' };
    await send(command, id);
    // As if the first answer was lost: the second tells another password, which takes its place.
    const { password } = (await send(command, id)).body as { password: string };
    const signed = await world.request('POST', '/sign-in', { email, password });
    const cookie = signed.headers.get('set-cookie')?.split(';')[0] ?? '';
    const found = (await members()).find((each) => each.name === name);
    return {
      person: found?.person ?? '',
      membership: found?.membership ?? '',
      get: (path) => world.request('GET', path, undefined, cookie),
      act: (room, command) => world.request('POST', `/rooms/${room}/commands`, { id: newId(), command }, cookie),
    };
  }
  const record = async (room: string) => entriesOf(await health.get(`/rooms/${room}/record`));
  const handOver = {
    type: 'HandOver',
    authority: 'Southmoor Council',
    spokenTo: 'Ada Flint',
    on: today,
    reference: '',
  };

  test('[M2, M5] a new decision-maker can act on open cases, once, and the one before them on none', async () => {
    const { ref, room } = await openCase(world, health);
    const denis = await world.as('Denis Marsh');
    await endRole(denis.actor.person, 'decision-maker');
    expect((await denis.get(`/cases/${ref}`)).status).toBe(401);
    const dora = await join('Dora', denis, 'decision-maker');
    const entries = await record(room);
    expect(entries.slice(-2)).toMatchObject([
      { type: 'RoleLaidDown', actor: { name: 'Beth Quill' }, body: { name: 'Denis Marsh', role: 'decision-maker' } },
      {
        type: 'RoleTakenUp',
        actor: { name: 'Beth Quill' },
        body: { name: 'Dora', role: 'decision-maker', why: 'Successor.', authorisedBy: 'Beth Quill' },
      },
    ]);
    expect(verify(entries)).toMatchObject({ whole: true });
    expect((await dora.get(`/cases/${ref}`)).body).toMatchObject({ capability: 'comment' });
    expect((await dora.get('/work')).text).toContain(ref);
    expect((await dora.act(room, handOver)).status).toBe(201);
    expect((await record(room)).at(-1)).toMatchObject({ actor: { name: 'Dora', role: 'decision-maker' } });
  });

  test('[M2] whoever speaks for the authority and is made its decision-maker acts on the cases they were on', async () => {
    const { room } = await openCase(world, health);
    const tomas = await world.as('Tomas Birch');
    const agency = tomas.actor.agency.id;
    expect((await tomas.act(room, { ...handOver, type: 'HandOver' })).body).toMatchObject({
      refused: 'OnlyTheAuthorityDecides',
    });
    await send({
      type: 'GiveRole',
      person: tomas.actor.person,
      agency,
      role: 'decision-maker',
      from: today,
      why: 'Both.',
    });
    expect((await tomas.act(room, { ...handOver, type: 'HandOver' })).status).toBe(201);
    expect((await record(room)).at(-1)).toMatchObject({ actor: { name: 'Tomas Birch', role: 'decision-maker' } });
    await endRole(tomas.actor.person, 'decision-maker');
    const { people } = fold(await record(room)).case ?? { people: [] };
    expect(people.find(({ person }) => person === tomas.actor.person)).toMatchObject({
      role: 'position-holder',
      capability: 'write',
    });
  });

  test('[M3] a partner whose turn it is to chair comes onto every open case, is one person still, may be covered, and leaves with the turn', async () => {
    const { ref, room } = await openCase(world, health);
    const rae = await world.as('Rae Stone');
    expect((await rae.get(`/cases/${ref}`)).status).toBe(404);
    const turn = {
      type: 'GiveRole',
      person: rae.actor.person,
      agency: rae.actor.agency.id,
      from: today,
      why: 'Police.',
    };
    await send({ ...turn, role: 'partner-chair' });
    expect((await rae.get(`/cases/${ref}`)).body).toMatchObject({ capability: 'comment' });
    expect((await rae.act(room, { type: 'OpenResolution' })).body).toMatchObject({ refused: 'ResolutionNotAsked' });
    const { people } = (await rae.get('/practice/people')).body as { people: { person: string }[] };
    expect(people.filter(({ person }) => person === rae.actor.person)).toMatchObject([{ role: 'lead-partner' }]);
    const otto = await join('Otto', rae, 'contributor');
    expect((await otto.get(`/cases/${ref}`)).status).toBe(404);
    await send({
      type: 'GiveCover',
      person: otto.person,
      membership: await roleOf(rae.actor.person, 'partner-chair'),
      from: today,
      until: today,
      authorisedBy: 'Ruth Vane, deputy chief constable',
      why: 'Leave.',
    });
    expect((await otto.act(room, { type: 'OpenResolution' })).body).toMatchObject({ refused: 'ResolutionNotAsked' });
    await endRole(rae.actor.person, 'partner-chair');
    expect((await rae.get(`/cases/${ref}`)).status).toBe(404);
    expect((await otto.get(`/cases/${ref}`)).status).toBe(404);
  });

  test('[M3, M7] a new Chair opens every case, older ones too, and is told of each', async () => {
    const { ref, room } = await openCase(world, health);
    const joan = await world.as('Joan Alder');
    const chair = await join('Nora', joan, 'chair');
    expect((await chair.get(`/cases/${ref}`)).status).toBe(200);
    const { workRoom } = ((await chair.get('/session')).body as { signedIn: { workRoom: string } }).signedIn;
    expect(entriesOf(await chair.get(`/rooms/${workRoom}/entries`)).map(({ body }) => body)).toContainEqual({
      type: 'ToldOfCase',
      ref,
      room,
    });
    expect((await health.act(room, { type: 'TellChair' })).body).toMatchObject({ refused: 'ChairAlreadyTold' });
  });

  test('[M2] a role that begins with a day lets in on that day, and one that ends with a day takes out', async () => {
    const { room } = await openCase(world, health);
    const later = await join('Lara', health, 'position-holder', tomorrow);
    const dueNow = () =>
      store.db
        .update(dueMoment)
        .set({ at: sql`now()` })
        .where(eq(dueMoment.kind, 'role'));
    expect((await record(room)).map(({ type }) => type)).not.toContain('RoleTakenUp');
    await store.db
      .update(membership)
      .set({ since: sql`now()` })
      .where(eq(membership.id, later.membership));
    await dueNow();
    await world.newWorker().lookNow();
    await world.newWorker().lookNow();
    const taken = (await record(room)).filter(({ type }) => type === 'RoleTakenUp');
    expect(taken).toMatchObject([{ actor: { role: 'service' }, body: { name: 'Lara', authorisedBy: 'Beth Quill' } }]);
    await endRole(later.person, 'position-holder', tomorrow);
    expect((await record(room)).map(({ type }) => type)).not.toContain('RoleLaidDown');
    await store.db
      .update(membership)
      .set({ until: sql`now()` })
      .where(eq(membership.id, later.membership));
    await dueNow();
    await world.newWorker().lookNow();
    expect((await record(room)).at(-1)).toMatchObject({ type: 'RoleLaidDown', body: { name: 'Lara', why: 'Left.' } });
  });

  test('[M20] an agency stays a partner while nobody speaks for it, and its new speaker comes onto its cases only', async () => {
    const { ref, room } = await openCase(world, health);
    const police = await world.as('Priya Lark');
    const { rooms } = (await police.get(`/cases/${ref}/rooms`)).body as { rooms: { room: string; kind: string }[] };
    const own = rooms.find(({ kind }) => kind === 'agency-working-notes')?.room ?? '';
    await endRole(police.actor.person, 'position-holder');
    const without = fold(await record(room)).case;
    expect(without && partnersOf(without).map(({ name }) => name)).toContain('Police');
    expect(without?.people.map(({ person }) => person)).not.toContain(police.actor.person);
    const paul = await join('Paul', police, 'position-holder');
    expect((await paul.get(`/cases/${ref}`)).body).toMatchObject({ capability: 'write' });
    expect((await paul.get(`/rooms/${own}/entries`)).status).toBe(200);
    const writer = await join('Wes', police, 'contributor');
    expect((await writer.get(`/cases/${ref}`)).status).toBe(404);
  });
});
