/** Rooms beside a case's common one: who is let in, and that nothing of them shows outside. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dayOf } from '#schema/calendar.ts';
import { newId } from '#schema/id.ts';
import { verify } from '#schema/ledger.ts';
import { typist } from '#server/practice/typist.ts';
import type { SideRoom } from '#server/side-rooms.ts';
import type { Store } from '#server/store.ts';
import { databaseKinds, freshStore } from '../support/database.ts';
import { createWorld, entriesOf, openCase, type Caller, type World } from '../support/world.ts';

describe.each(databaseKinds())('rooms beside a case on %s', (kind) => {
  let store: Store;
  let world: World;
  let health: Caller;
  let police: Caller;
  let chair: Caller;
  let decides: Caller;
  let education: Caller;

  beforeAll(async () => {
    store = await freshStore(kind);
    world = await createWorld(store.db);
    [health, police, chair, decides, education] = (await Promise.all(
      ['Amara Fenwick', 'Priya Lark', 'Joan Alder', 'Denis Marsh', 'Wren Castle'].map((name) => world.as(name)),
    )) as [Caller, Caller, Caller, Caller, Caller];
  });
  afterAll(async () => {
    await world?.close();
    await store?.close();
  });

  /** Mina Frost, who advises social care, as she is added and signs in. */
  async function addAdviser(): Promise<Pick<Caller, 'get'> & { person: string }> {
    const unit = await world.as('Beth Quill');
    const person = { name: 'Mina Frost', email: 'mina.frost@northbeck.example', role: 'legal-adviser' };
    const holding = { agency: decides.actor.agency.id, from: dayOf(new Date().toISOString()), why: 'Advises.' };
    const command = { type: 'AddPerson', ...person, ...holding };
    const { password } = (await unit.send('POST', '/admin/commands', { id: newId(), command })).body;
    const signed = await world.request('POST', '/sign-in', { email: person.email, password });
    const cookie = signed.headers.get('set-cookie')?.split(';')[0] ?? '';
    const { signedIn } = signed.body as { signedIn: { actor: { person: string } } };
    return { person: signedIn.actor.person, get: (path) => world.request('GET', path, undefined, cookie) };
  }
  const roomsOf = async (who: Pick<Caller, 'get'>, ref: string) =>
    (await who.get(`/cases/${ref}/rooms`)).body['rooms'] as SideRoom[];

  test('[M11] each agency has an account that it alone writes and all on the case read', async () => {
    const { ref } = await openCase(world, health);
    const seen = (await roomsOf(health, ref)).filter((room) => room.kind === 'agency-account');
    expect(seen).toHaveLength(3);
    expect(seen.filter(({ capability }) => capability === 'write').map(({ owner }) => owner)).toEqual([
      health.actor.agency.id,
    ]);
    const account = seen.find(({ owner }) => owner === health.actor.agency.id)?.room ?? '';
    expect((await police.get(`/rooms/${account}/notes`)).text).toContain('What we did');
    expect((await roomsOf(chair, ref)).every(({ capability }) => capability === 'read')).toBe(true);
  });

  test('[M11] working notes are its own: for anyone else, the Chair too, there is no such room', async () => {
    const { ref } = await openCase(world, health);
    const own = (await roomsOf(health, ref)).find((room) => room.kind === 'agency-working-notes')?.room ?? '';
    expect((await health.get(`/rooms/${own}/notes`)).status).toBe(200);
    for (const other of [police, chair, decides, education]) {
      expect((await other.get(`/cases/${ref}/rooms`)).text).not.toContain(own);
      for (const path of ['entries', 'record', 'notes', 'drafts']) {
        const [one, absent] = [await other.get(`/rooms/${own}/${path}`), await other.get(`/rooms/${newId()}/${path}`)];
        expect([one.status, one.text], path).toEqual([absent.status, absent.text]);
      }
      expect((await other.send('POST', `/rooms/${own}/lease`, {})).status).toBe(404);
    }
  });

  test('[M18] a legal lane is its agency’s alone; what is written there is found nowhere else, only that advice was taken', async () => {
    const { ref, room } = await openCase(world, health);
    const lane = (await roomsOf(decides, ref)).find((each) => each.kind === 'legal-lane')?.room ?? '';
    expect((await roomsOf(decides, ref)).find((each) => each.kind === 'legal-lane')?.capability).toBe('write');
    await typist(store.db, world.rooms)(lane, decides.actor, 'What we were advised', 'turnstonebay');
    const before = (await chair.get(`/rooms/${room}/record`)).text;
    for (const word of ['legal-lane', 'LegalAdvice', lane]) expect(before).not.toContain(word);
    expect((await decides.act(room, { type: 'RecordLegalAdvice', on: '2020-01-06' })).status).toBe(201);
    expect((await decides.get(`/rooms/${lane}/notes`)).text).toContain('turnstonebay');
    for (const other of [health, police, chair, education]) {
      expect((await other.get(`/cases/${ref}/rooms`)).text).not.toContain(lane);
      for (const path of ['entries', 'record', 'notes', 'notes/moment', 'notes/changes?from=0', 'looked', 'drafts']) {
        const [one, absent] = [await other.get(`/rooms/${lane}/${path}`), await other.get(`/rooms/${newId()}/${path}`)];
        expect([one.status, one.text], path).toEqual([absent.status, absent.text]);
        expect((await other.get(`/rooms/${room}/${path}`)).text, path).not.toContain('turnstonebay');
      }
      expect((await other.get('/work')).text).not.toContain('turnstonebay');
    }
    expect((await health.get(`/rooms/${room}/record`)).text).toContain('LegalAdviceTaken');
  });

  test('[M18] [M5] a legal adviser is let in, has the lane and the accounts and no other agency’s, and is out again at once', async () => {
    const { ref, room } = await openCase(world, health);
    const adviser = await addAdviser();
    const letIn = { type: 'LetColleagueIn', person: adviser.person, why: 'To advise on the threshold.' } as const;
    expect((await adviser.get(`/cases/${ref}`)).status).toBe(404);
    expect((await adviser.get(`/rooms/${room}/colleagues`)).status).toBe(404);
    expect((await education.get(`/rooms/${room}/colleagues`)).status).toBe(404);
    const { colleagues } = (await decides.get(`/rooms/${room}/colleagues`)).body as { colleagues: { name: string }[] };
    expect(colleagues.map(({ name }) => name)).toEqual(['Lena Frost', 'Mina Frost']);
    expect((await health.act(room, letIn)).body).toMatchObject({ refused: 'NotYourColleague' });
    const id = newId();
    const first = await decides.act(room, letIn, id);
    expect(first.status).toBe(201);
    expect((await decides.act(room, letIn, id)).body).toEqual(first.body);

    expect((await adviser.get('/work')).text).toContain(ref);
    const rooms = await roomsOf(adviser, ref);
    expect(rooms.map((each) => each.kind).sort()).toEqual([
      ...['agency-account', 'agency-account', 'agency-account'],
      ...['agency-working-notes', 'legal-lane'],
    ]);
    const lane = rooms.find((each) => each.kind === 'legal-lane');
    expect(lane).toMatchObject({ owner: decides.actor.agency.id, capability: 'write' });
    expect(entriesOf(await health.get(`/rooms/${room}/record`)).at(-1)?.body).toMatchObject({
      type: 'ColleagueLetIn',
      why: letIn.why,
    });

    const off = { type: 'TakeColleagueOff', person: adviser.person, why: 'The advice is given.' } as const;
    expect((await decides.act(room, off)).status).toBe(201);
    for (const path of [`/cases/${ref}`, `/rooms/${lane?.room}/notes`])
      expect((await adviser.get(path)).status).toBe(404);
    expect((await adviser.get('/work')).text).not.toContain(ref);
    expect((await decides.act(room, letIn)).status).toBe(201);
    expect((await roomsOf(adviser, ref)).length).toBe(rooms.length);
    expect(verify(entriesOf(await adviser.get(`/rooms/${room}/record`)))).toMatchObject({ whole: true });
  });

  test('[M19] a private session has a room for those who take part; the open record says why, and nothing of it', async () => {
    const { ref, room } = await openCase(world, health);
    const opened = await chair.act(room, {
      type: 'OpenPrivateSession',
      rules: ['10.4(1)'],
      reason: 'It will name a sibling.',
      publicInterest: 'Naming the sibling would harm them.',
      people: [police.actor.person],
    });
    expect(opened.status).toBe(201);
    const inside = (await roomsOf(police, ref)).find((each) => each.kind === 'private-session')?.room ?? '';
    expect((await roomsOf(chair, ref)).some((each) => each.room === inside)).toBe(true);
    expect((await roomsOf(health, ref)).some((each) => each.kind === 'private-session')).toBe(false);
    const members = entriesOf(await police.get(`/rooms/${inside}/entries`));
    expect(members.map(({ type }) => type)).toEqual(['RoomOpened']);

    const open = await health.get(`/rooms/${room}/record`);
    const record = entriesOf(open);
    expect(record.at(-1)).toMatchObject({ type: 'PrivateSessionOpened', body: { reason: 'It will name a sibling.' } });
    expect(JSON.stringify(record.at(-1)?.body)).not.toContain(police.actor.person);
    expect(verify(record).whole).toBe(true);
    for (const path of ['entries', 'record', 'notes']) {
      expect((await health.get(`/rooms/${inside}/${path}`)).status).toBe(404);
    }

    const session = record.at(-1)?.seq ?? 0;
    expect((await chair.act(room, { type: 'ClosePrivateSession', session })).status).toBe(201);
    expect((await roomsOf(police, ref)).find((each) => each.room === inside)?.capability).toBe('read');
  });

  test('[M19] sent twice, one room is opened', async () => {
    const { ref, room } = await openCase(world, health);
    const command = {
      type: 'OpenPrivateSession' as const,
      rules: ['10.4(2)' as const],
      reason: 'It will say where the family lives.',
      publicInterest: 'Nobody outside needs to know.',
      people: [health.actor.person],
    };
    const id = newId();
    const [first, second] = [await chair.act(room, command, id), await chair.act(room, command, id)];
    expect(second.body).toEqual(first.body);
    expect((await roomsOf(chair, ref)).filter((each) => each.kind === 'private-session')).toHaveLength(1);
  });

  test('a case one is not on has no rooms to be listed', async () => {
    const { ref } = await openCase(world, health);
    const [kept, absent] = [
      await education.get(`/cases/${ref}/rooms`),
      await education.get('/cases/SI-2026-ZZZZ/rooms'),
    ];
    expect([kept.status, kept.text]).toEqual([404, absent.text]);
  });
});
