/** What time does: each due thing happens once, at its moment or as soon after as anybody looks. */
import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { serviceClock } from '#schema/actor.ts';
import { endOf } from '#schema/calendar.ts';
import type { DecisionContent } from '#schema/decision.ts';
import { newId } from '#schema/id.ts';
import { verify } from '#schema/ledger.ts';
import { dueMoment, notice } from '#schema/tables/index.ts';
import type { Store } from '#server/store.ts';
import { databaseKinds, freshStore } from '../support/database.ts';
import { createWorld, entriesOf, openCase, positionOf, type Caller, type World } from '../support/world.ts';

/** The morning after the Friday on which the authority of `details` became aware. */
const morning = '2026-11-23T09:00:00.000000Z';
const lastDay = '2026-11-27';
const notToNotify: DecisionContent = {
  outcome: 'do-not-notify',
  answers: positionOf('reason').answers,
  rationale: 'It was an accident.',
  weighed: ['each-criterion', 'each-partners-reasons'],
  reputation: { formedPart: 'no', explanation: '' },
  reviewOn: '2027-02-01',
};

describe.each(databaseKinds())('the service’s clock on %s', (kind) => {
  let now: string;
  let store: Store;
  let world: World;
  let health: Caller;
  let decides: Caller;

  beforeAll(async () => {
    now = morning;
    store = await freshStore(kind);
    world = await createWorld(store.db, { time: async () => now });
    health = await world.as('Amara Fenwick');
    decides = await world.as('Denis Marsh');
  });
  afterAll(async () => {
    await world?.close();
    await store?.close();
  });
  beforeEach(async () => {
    // What an earlier test left to come is not this one's.
    await store.db.delete(dueMoment);
    now = morning;
  });

  const typesOf = async (room: string) => entriesOf(await health.get(`/rooms/${room}/entries`)).map(({ type }) => type);
  const passed = async (room: string, which = 'notify') =>
    entriesOf(await health.get(`/rooms/${room}/record`)).filter(
      ({ body }) => body?.type === 'LimitPassed' && body.limit === which,
    ).length;

  test('[CK1] when the last day to notify ends without a decision, the clock says so in the record, once', async () => {
    const { room } = await openCase(world, health);
    const worker = world.newWorker();
    now = `${lastDay}T23:59:59.999999Z`;
    await worker.lookNow();
    expect(await passed(room)).toBe(0);
    now = endOf(lastDay);
    await worker.lookNow();
    await worker.lookNow();
    expect(await passed(room)).toBe(1);
    const record = entriesOf(await health.get(`/rooms/${room}/record`));
    expect(record.at(-1)).toMatchObject({ actor: serviceClock, body: { limit: 'notify', day: lastDay } });
    expect(verify(record).whole).toBe(true);
  });

  test('[M48] an alert goes out at its moment to whoever owes something by that clock, once, and to nobody who does not', async () => {
    const { room } = await openCase(world, health);
    const worker = world.newWorker();
    const told = async (who: string) => {
      const rows = await store.db.select().from(notice).where(eq(notice.room, room));
      const { person } = (await world.as(who)).actor;
      return rows.filter((each) => each.why === 'reminder' && each.person === person).map(({ need }) => need.what);
    };
    const at = async (moment: string) => {
      now = moment;
      await worker.lookNow();
      await world.newWorker().lookNow();
    };
    // The last full day of stage 2, and the last morning of stage 1: one morning, one alert.
    await at('2026-11-23T08:30:00.000Z');
    expect(await told('Priya Lark')).toEqual(["Give Police's position"]);
    await health.act(room, { type: 'SubmitPosition', content: positionOf('Why.') });
    await at('2026-11-24T08:00:01.000Z');
    expect(await told('Priya Lark')).toEqual(["Give Police's position", "Give Police's position"]);
    expect(await told('Amara Fenwick')).toHaveLength(1);
    expect(await told('Denis Marsh')).toEqual([]);
    await at('2026-11-25T08:00:01.000Z');
    expect(await told('Denis Marsh')).toHaveLength(1);
    expect(await told('Joan Alder')).toEqual([]);
    await at('2026-11-27T08:00:01.000Z');
    expect(await told('Joan Alder')).toEqual(['Ask the local authority whether it decides by the last day to notify']);
  });

  test('[M48] an alert is not sent long after its moment, nor of a clock that has ended', async () => {
    const { room } = await openCase(world, health);
    const reminders = async () =>
      (await store.db.select().from(notice).where(eq(notice.room, room))).filter(({ why }) => why === 'reminder');
    now = '2026-11-25T20:00:00.000Z';
    await world.newWorker().lookNow();
    expect(await reminders()).toEqual([]);
    const signed = await decides.act(room, { type: 'SignDecision', read: 3, content: notToNotify });
    expect(signed.status).toBe(201);
    const left = await store.db.select().from(dueMoment).where(eq(dueMoment.room, room));
    expect(left.filter(({ subject, doneAt }) => subject.startsWith('notify ') && doneAt === null)).toEqual([]);
  });

  test('[CK1] what comes before its time is tried again, and not lost', async () => {
    const { room } = await openCase(world, health);
    await store.db
      .update(dueMoment)
      .set({ at: morning })
      .where(and(eq(dueMoment.room, room), eq(dueMoment.kind, 'clock')));
    await world.newWorker().lookNow();
    expect(await passed(room)).toBe(0);
    now = '2026-11-28T09:00:00.000Z';
    await world.newWorker().lookNow();
    expect([await passed(room), await passed(room, 'positions')]).toEqual([1, 1]);
  });

  test('many who look at once do it once', async () => {
    const { room } = await openCase(world, health);
    now = '2026-11-30T09:00:00.000000Z';
    await Promise.all(Array.from({ length: 8 }, () => world.newWorker().lookNow()));
    expect(await passed(room)).toBe(1);
  });

  test('after an outage it happens late, and once', async () => {
    const { room } = await openCase(world, health);
    now = '2027-03-01T09:00:00.000000Z';
    await world.newWorker().lookNow();
    await world.newWorker().lookNow();
    expect(await passed(room)).toBe(1);
  });

  test('what was done in time never comes due', async () => {
    const { room } = await openCase(world, health);
    const signed = await decides.act(room, { type: 'SignDecision', read: 3, content: notToNotify });
    expect(signed.status).toBe(201);
    now = '2026-11-30T09:00:00.000000Z';
    await world.newWorker().lookNow();
    expect(await passed(room)).toBe(0);
  });

  test('[M25] silence escalates by itself: the lead partners are told, admitted and asked, once', async () => {
    const { ref, room } = await openCase(world, health);
    const [socialCare, police, chair, lead] = await Promise.all(
      ['Tomas Birch', 'Priya Lark', 'Joan Alder', 'Hal Winter'].map((name) => world.as(name)),
    );
    if (!socialCare || !police || !chair || !lead) throw new Error('Somebody is missing');
    const submit = (who: Caller, harm: 'met' | 'not-met') =>
      who.act(room, {
        type: 'SubmitPosition',
        content: positionOf('word', harm, harm === 'met' ? 'notify' : 'do-not-notify'),
      });
    await submit(health, 'met');
    await submit(police, 'met');
    await submit(socialCare, 'not-met');
    await police.act(room, { type: 'RequestResolution', question: 'Is it serious harm?', tried: ['neither'] });
    await chair.act(room, { type: 'OpenResolution' });
    expect((await lead.get(`/cases/${ref}`)).status).toBe(404);

    now = endOf('2026-11-25');
    await Promise.all([world.newWorker().lookNow(), world.newWorker().lookNow()]);
    expect((await typesOf(room)).slice(-3)).toEqual(['StageLimitPassed', 'ResolutionEscalated', 'LeadPartnersTold']);
    expect((await lead.get(`/cases/${ref}`)).status).toBe(200);
    const session = (await lead.get('/session')).body as { signedIn: { workRoom: string } };
    expect(entriesOf(await lead.get(`/rooms/${session.signedIn.workRoom}/entries`)).at(-1)).toMatchObject({
      actor: serviceClock,
      body: { ref },
    });
    const { rooms } = (await lead.get(`/cases/${ref}/rooms`)).body as { rooms: { kind: string }[] };
    expect(new Set(rooms.map((each) => each.kind))).toEqual(
      new Set(['agency-account', 'agency-working-notes', 'legal-lane']),
    );
    expect((await lead.get('/work')).text).toContain("Give Health's view as lead partner");
    expect((await lead.act(room, { type: 'GiveLeadView', view: 'notify', reason: 'It is suspected.' })).status).toBe(
      201,
    );

    now = endOf('2026-11-26');
    await world.newWorker().lookNow();
    const record = entriesOf(await health.get(`/rooms/${room}/record`));
    expect(record.at(-1)?.body).toMatchObject({ type: 'StageLimitPassed', silent: ['Social care', 'Police'] });
    expect(verify(record).whole).toBe(true);
  });

  test('nobody can send what only the clock sends', async () => {
    const { room } = await openCase(world, health);
    const command = { type: 'PassLimit', limit: 'notify' };
    const reply = await health.send('POST', `/rooms/${room}/commands`, { id: newId(), command });
    expect(reply).toMatchObject({ status: 400 });
  });

  test('a kind of due moment is seen to by whoever registers for it, with what it writes in the same transaction', async () => {
    const { room } = await openCase(world, health);
    await store.db.insert(dueMoment).values({ room, kind: 'reminder', subject: 'one', at: morning });
    const seen: string[] = [];
    const worker = world.newWorker();
    worker.register('reminder', async ({ subject, now: at }, { tx }) => {
      seen.push(`${subject} at ${at}`);
      await tx.insert(dueMoment).values({ room, kind: 'reminder', subject: 'next', at: endOf(lastDay) });
    });
    expect(() => worker.register('reminder', async () => undefined)).toThrow('seen to already');
    await worker.lookNow();
    await worker.lookNow();
    expect(seen).toEqual([`one at ${morning}`]);
    expect((await store.db.select().from(dueMoment).where(eq(dueMoment.subject, 'next'))).length).toBe(1);
  });

  test('one that fails leaves nothing behind, holds nobody up, and is tried again later', async () => {
    const { room } = await openCase(world, health);
    await store.db.insert(dueMoment).values([
      { room, kind: 'reminder', subject: 'fails', at: '2026-11-23T08:00:00Z' },
      { room, kind: 'reminder', subject: 'works', at: '2026-11-23T08:30:00Z' },
    ]);
    const seen: string[] = [];
    let broken = true;
    const worker = world.newWorker();
    worker.register('reminder', async ({ subject }, { tx }) => {
      if (subject === 'fails' && broken) {
        await tx.insert(dueMoment).values({ room, kind: 'left', subject: 'behind', at: morning });
        throw new Error('The post office is closed');
      }
      seen.push(subject);
    });
    await worker.lookNow();
    expect(seen).toEqual(['works']);
    expect(await store.db.select().from(dueMoment).where(eq(dueMoment.kind, 'left'))).toEqual([]);
    broken = false;
    await worker.lookNow();
    expect(seen).toEqual(['works']);
    now = '2026-11-23T09:00:30.000000Z';
    await worker.lookNow();
    expect(seen).toEqual(['works', 'fails']);
  });
});
