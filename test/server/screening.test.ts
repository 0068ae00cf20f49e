/** Screening logs by their routes: an agency's own, the Chair's to sample, counted in the register, and nobody else's. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dayOf } from '#schema/calendar.ts';
import { newId } from '#schema/id.ts';
import type { Store } from '#server/store.ts';
import { databaseKinds, freshStore } from '../support/database.ts';
import { createWorld, openCase, type Caller, type World } from '../support/world.ts';

type Log = {
  agency: { id: string; name: string };
  screened: { seq: number; content: { account: string }; presentedAs: string | null }[];
  none: object[];
};

describe.each(databaseKinds())('screening logs on %s', (kind) => {
  let store: Store;
  let world: World;
  let health: Caller;
  let police: Caller;
  let chair: Caller;
  let unit: Caller;
  const today = dayOf(new Date().toISOString());

  const send = (by: Caller, command: object, id = newId()) => by.send('POST', '/screening/commands', { id, command });
  const entry = (account: string) => ({
    type: 'LogScreening',
    content: {
      consideredOn: today,
      whatHappened: 'other',
      account,
      consideredBy: 'Named nurse',
      whyNot: 'no-serious-harm',
      reason: 'A bruise that healed.',
    },
  });
  const logs = async (by: Caller) => (await by.get('/screening')).body['logs'] as Log[];

  beforeAll(async () => {
    store = await freshStore(kind);
    world = await createWorld(store.db);
    health = await world.as('Amara Fenwick');
    police = await world.as('Priya Lark');
    chair = await world.as('Joan Alder');
    unit = await world.as('Beth Quill');
  });
  afterAll(async () => {
    await world?.close();
    await store?.close();
  });

  test('[M9] recorded once however often it is sent, also two at the same time in a new log', async () => {
    const id = newId();
    const [first, other] = await Promise.all([send(health, entry('sandmartin'), id), send(health, entry('goldcrest'))]);
    expect([first.status, other.status]).toEqual([201, 201]);
    expect((await send(health, entry('sandmartin'), id)).body).toEqual(first.body);
    expect((await send(health, entry('another'), id)).body).toMatchObject({ refused: 'CommandIdReused' });
    const [log] = await logs(health);
    expect(log?.screened.map(({ content }) => content.account).sort()).toEqual(['goldcrest', 'sandmartin']);
    expect(log?.screened.map(({ seq }) => seq)).toEqual([1, 2]);
  });

  test('[M9] bad input is refused by field, and nothing is recorded', async () => {
    const reply = await send(health, { type: 'LogScreening', content: { account: 'x' } });
    expect(reply).toMatchObject({ status: 400, body: { errors: { 'command.content.reason': expect.any(String) } } });
    expect((await send(health, { type: 'SubmitPosition' })).status).toBe(400);
    expect((await logs(health))[0]?.screened).toHaveLength(2);
  });

  test('[M9] another agency reads nothing of it; the Chair and the business unit read every log', async () => {
    expect((await logs(police)).map(({ agency, screened }) => [agency.name, screened.length])).toEqual([['Police', 0]]);
    expect((await police.get('/screening')).text).not.toMatch(/sandmartin|goldcrest/);
    for (const by of [chair, unit]) {
      const read = await logs(by);
      expect(read.length).toBeGreaterThan(3);
      expect(read.find(({ agency }) => agency.name === 'Health')?.screened).toHaveLength(2);
    }
    expect((await world.request('GET', '/screening')).status).toBe(401);
  });

  test('[M9] the Chair samples, the agency answers with a case it opened, and the register counts it so', async () => {
    const agency = health.actor.agency.id;
    const sample = { type: 'SampleScreening', agency, screened: 1, view: 'present', note: 'Present it.' };
    expect(await send(health, sample)).toMatchObject({ status: 403, body: { refused: 'OnlyTheChair' } });
    expect(await send(unit, sample)).toMatchObject({ status: 403, body: { refused: 'OnlyTheChair' } });
    expect((await send(chair, { ...sample, agency: newId() })).body).toMatchObject({ refused: 'NoSuchScreening' });
    expect((await send(chair, sample)).status).toBe(201);
    const considered = async (by: Caller) => (await by.get('/register')).body['considered'];
    expect(await considered(health)).toEqual([{ agency: 'Health', notPresented: 2, upTo: today, unanswered: 1 }]);
    const { ref } = await openCase(world, health);
    const answer = { type: 'AnswerSample', screened: 1, answer: 'Opened today.', presentedAs: ref };
    expect((await send(police, answer)).body).toMatchObject({ refused: 'NoSuchScreening' });
    expect((await send(health, { ...answer, presentedAs: 'SI-2026-2222' })).body).toMatchObject({
      refused: 'NotOnTheCaseNamed',
    });
    expect((await send(health, answer)).status).toBe(201);
    expect(await considered(chair)).toContainEqual({ agency: 'Health', notPresented: 1, upTo: today, unanswered: 0 });
    expect(await considered(chair)).toContainEqual({ agency: 'Police', notPresented: 0, upTo: null, unanswered: 0 });
    expect((await chair.get('/register')).body['rows']).toHaveLength(1);
    expect(await considered(police)).toEqual([{ agency: 'Police', notPresented: 0, upTo: null, unanswered: 0 }]);
  });

  test('[M9] an empty log speaks when it is said that nothing was considered', async () => {
    expect((await send(police, { type: 'LogNoneConsidered', from: today, to: today })).status).toBe(201);
    expect((await send(health, { type: 'LogNoneConsidered', from: today, to: today })).body).toMatchObject({
      refused: 'SomeWereConsidered',
    });
    expect((await logs(police))[0]?.none).toHaveLength(1);
  });
});
