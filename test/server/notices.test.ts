/** Notices: written with the entry that causes them, gathered into mail without case information, sent once, asked after. */
import { createServer, type AddressInfo } from 'node:net';
import { asc, eq } from 'drizzle-orm';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { firstArrangements } from '#schema/arrangements.ts';
import { bankHolidays } from '#schema/bank-holidays.ts';
import { addWorkingDays, dayOf, holidaysByDay, plainDate } from '#schema/calendar.ts';
import { newId } from '#schema/id.ts';
import { arrangements, mail, notice, person, personSetting, workItem } from '#schema/tables/index.ts';
import type { Need } from '#schema/work.ts';
import { practiceCarrier, type Carrier } from '#server/notice/carrier.ts';
import { createNotifyCarrier } from '#server/notice/notify.ts';
import { createPost, type Post } from '#server/notice/post.ts';
import { tellWhatIsNew } from '#server/notice/tell.ts';
import { createSmtpCarrier } from '#server/notice/smtp.ts';
import type { Store } from '#server/store.ts';
import { databaseKinds, empty, freshStore } from '../support/database.ts';
import { notifyKey, startNotify, startSmtp } from '../support/mail.ts';
import { type Caller, type World, createWorld, details, knownToday, openCase, positionOf } from '../support/world.ts';

const origin = 'https://candour.example.org';
const log = pino({ level: 'silent' });

describe.each(databaseKinds())('notices on %s', (kind) => {
  let now: string;
  let store: Store;
  let world: World;
  let health: Caller;
  let police: Caller;

  beforeAll(async () => {
    store = await freshStore(kind);
  });
  afterAll(() => store?.close());
  beforeEach(async () => {
    // Notices are stamped by the database itself, so this day is later than any run of this test.
    now = new Date(Date.now() + 60_000).toISOString();
    await empty(store);
    world = await createWorld(store.db);
    health = await world.as('Amara Fenwick');
    police = await world.as('Priya Lark');
  });
  afterEach(() => world?.close());

  const post = (carrier: Carrier): Post =>
    createPost({ db: store.db, carrier, origin: () => origin, log, time: async () => now });
  const later = (minutes: number) => {
    now = new Date(Date.parse(now) + minutes * 60_000).toISOString();
  };
  const mails = () => store.db.select().from(mail).orderBy(asc(mail.at));
  const mailTo = async (who: Caller) => (await mails()).filter((each) => each.person === who.actor.person);

  /** The business unit sees whom an email did not reach, and nobody else does; of what it told nobody sees anything. */
  async function isToBeRung({ actor }: Caller): Promise<void> {
    const beth = await world.as('Beth Quill');
    const rung = { person: actor.person, name: actor.name, agency: actor.agency.name, state: 'bounced' };
    for (const path of ['/admin', '/work']) {
      const { body } = await beth.get(path);
      const list = body[path === '/admin' ? 'undelivered' : 'toRing'];
      expect(list).toEqual([{ ...rung, at: expect.any(String) }]);
    }
    expect((await health.get('/work')).body['toRing']).toEqual([]);
  }

  test('[M48] being asked is a notice in the same transaction; what one did oneself is none', async () => {
    await openCase(world, health);
    const told = await store.db.select().from(notice);
    expect(told.filter(({ person }) => person === police.actor.person).map(({ need }) => need.what)).toEqual([
      "Give Police's position",
    ]);
    expect(told.filter(({ person }) => person === health.actor.person)).toEqual([]);
  });

  test('[M48] several things within a few minutes are one mail, without case information', async () => {
    const [one, two] = [await openCase(world, health), await openCase(world, health)];
    const keeper = post(practiceCarrier);
    await keeper.lookNow();
    expect(await mails()).toEqual([]);
    later(4);
    await keeper.lookNow();
    await keeper.lookNow();
    const [got, ...more] = await mailTo(police);
    expect(more).toEqual([]);
    expect(got).toMatchObject({
      state: 'kept',
      subject: expect.stringMatching(/^2 things need Police, the first by /),
    });
    for (const { ref } of [one, two]) expect(got?.body).toContain(`${ref}: a position is needed from Police, by `);
    expect(got?.body).toMatch(new RegExp(`${origin}/c/[\\w-]{12}\n`));
    for (const word of [details.initials, details.account, details.toldBy, police.actor.name])
      expect(`${got?.subject} ${got?.body}`).not.toContain(word);
  });

  test('[M48] what was done before the mail is written is not written of', async () => {
    const { room } = await openCase(world, health);
    await police.act(room, { type: 'SubmitPosition', content: positionOf('given') });
    later(4);
    await post(practiceCarrier).lookNow();
    expect(await mailTo(police)).toEqual([]);
  });

  test('[M48] what cannot be told to one person keeps nobody else’s mail back', async () => {
    await openCase(world, health);
    const [broken] = await store.db.select().from(notice).where(eq(notice.person, police.actor.person));
    const need = { ...broken?.need, what: 'Something', due: 'no day at all', from: '9999-12-31' } as Need;
    const { room, person } = broken ?? { room: '', person: '' };
    await store.db.insert(workItem).values({ room, person, position: 99, need });
    await store.db.update(notice).set({ need }).where(eq(notice.person, police.actor.person));
    later(4);
    await post(practiceCarrier).lookNow();
    expect(await mailTo(police)).toEqual([]);
    expect(await mailTo(await world.as('Tomas Birch'))).toHaveLength(1);
  });

  test('[M48] a daily choice is one mail in the morning of a working day', async () => {
    await store.db.insert(personSetting).values({ person: police.actor.person, mail: 'daily' });
    await openCase(world, health);
    later(4);
    await post(practiceCarrier).lookNow();
    expect(await mailTo(police)).toEqual([]);
    later(5 * 24 * 60);
    await post(practiceCarrier).lookNow();
    // Whatever the day of this run, one of the next three is a working day, and 8am has come by 9am.
    for (let day = 0; day < 4; day += 1) {
      now = `${now.slice(0, 10)}T09:00:00.000Z`;
      await post(practiceCarrier).lookNow();
      later(24 * 60);
    }
    expect(await mailTo(police)).toHaveLength(1);
  });

  test('[M48] by SMTP each mail leaves once, however many processes look', async () => {
    const smtp = await startSmtp();
    await openCase(world, health);
    later(4);
    const carrier = createSmtpCarrier({ url: smtp.url, from: 'Candour <candour@example.org>' });
    const many = Array.from({ length: 3 }, () => post(carrier));
    await Promise.all(many.map((each) => each.lookNow()));
    await Promise.all(many.map((each) => each.lookNow()));
    const all = await mails();
    expect(all.map(({ state }) => state)).toEqual(all.map(() => 'sent'));
    expect(smtp.received.map(({ id }) => id).sort()).toEqual(all.map(({ id }) => `<${id}@example.org>`).sort());
    expect(smtp.received.find(({ to }) => to.startsWith('priya'))?.text).toContain(
      'We do not put case information in email.',
    );
    await Promise.all(many.map((each) => each.close()));
    await smtp.close();
  });

  test('[M48] an answer 4yz is tried again, later and later; 5yz is a bounce', async () => {
    let code = 451;
    const smtp = await startSmtp((to) => (to.startsWith('priya') ? code : to.startsWith('tomas') ? 550 : null));
    await openCase(world, health);
    later(4);
    const tomas = await world.as('Tomas Birch');
    const sender = post(createSmtpCarrier({ url: smtp.url, from: 'Candour <candour@example.org>' }));
    await sender.lookNow();
    expect((await mailTo(police))[0]).toMatchObject({ state: 'waiting', tries: 1 });
    expect((await mailTo(tomas))[0]).toMatchObject({ state: 'bounced', problem: expect.stringContaining('550') });
    await isToBeRung(tomas);
    await sender.lookNow();
    expect((await mailTo(police))[0]?.tries).toBe(1);
    later(2);
    await sender.lookNow();
    expect((await mailTo(police))[0]?.tries).toBe(2);
    later(1);
    await sender.lookNow();
    expect((await mailTo(police))[0]?.tries).toBe(2);
    code = 0;
    later(60 * 25);
    await smtp.close();
    await sender.lookNow();
    expect((await mailTo(police))[0]?.state).toBe('failed');
    await sender.close();
  });

  test('[M48] a mail whose sender died is sent by another, as the same mail', async () => {
    const smtp = await startSmtp();
    await openCase(world, health);
    later(4);
    const gone = post({ send: () => new Promise(() => {}) });
    void gone.lookNow();
    await expect
      .poll(async () => (await mails()).filter(({ againAt }) => Date.parse(againAt) > Date.parse(now)).length)
      .toBeGreaterThan(0);
    const [waiting] = (await mails()).filter(({ againAt }) => Date.parse(againAt) > Date.parse(now));
    const sender = post(createSmtpCarrier({ url: smtp.url, from: 'Candour <candour@example.org>' }));
    await sender.lookNow();
    const sent = () => smtp.received.map(({ id }) => id);
    // It held one and no other: those that were to go after it are not kept waiting.
    expect(sent()).toHaveLength((await mails()).length - 1);
    expect(sent()).not.toContain(`<${waiting?.id}@example.org>`);
    later(6);
    await sender.lookNow();
    expect(sent()).toContain(`<${waiting?.id}@example.org>`);
    expect((await (await world.as('Beth Quill')).get('/work')).body['toRing']).toEqual([]);
    await sender.close();
    await smtp.close();
  });

  test('[M48] a mail that takes longest is still nobody else’s: each is claimed when it is in hand', async () => {
    await openCase(world, health);
    later(4);
    const sent: string[] = [];
    const quick: Carrier = {
      async send({ id }) {
        sent.push(id);
        return { state: 'sent', as: null };
      },
    };
    // Each takes four minutes, and another process looks while it is on its way.
    const slow: Carrier = {
      async send(letter) {
        later(4);
        await post(quick).lookNow();
        return quick.send(letter);
      },
    };
    await post(slow).lookNow();
    const all = await mails();
    expect(all.length).toBeGreaterThan(2);
    expect(sent.sort()).toEqual(all.map(({ id }) => id).sort());
  });

  test('[M48] a mail server that says nothing is given up, and the mail is tried again', async () => {
    const server = createServer((socket) =>
      socket
        .on('error', () => undefined)
        .resume()
        .write('220 mail.example.org\r\n'),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const carrier = createSmtpCarrier({ url, from: 'Candour <candour@example.org>', patience: 200 });
    const letter = { id: 'one', to: 'priya@example.org', subject: 'Something', body: 'Something.' };
    expect(await carrier.send(letter)).toMatchObject({ state: 'again' });
    carrier.close?.();
    await new Promise((resolve) => server.close(resolve));
  });

  test('[M48] by GOV.UK Notify: signed, taken, and then delivered or bounced', async () => {
    const notify = await startNotify();
    notify.refusals.push(429);
    await openCase(world, health);
    later(4);
    const sender = post(createNotifyCarrier({ apiKey: notifyKey, template: 'a-template', url: notify.url }));
    await sender.lookNow();
    expect((await mails()).filter(({ tries }) => tries === 1)).toHaveLength(1);
    later(2);
    await sender.lookNow();
    const all = await mails();
    expect(notify.sent.map(({ reference }) => reference).sort()).toEqual(all.map(({ id }) => id).sort());
    expect(notify.sent[0]).toMatchObject({
      template_id: 'a-template',
      personalisation: { subject: expect.any(String) },
    });
    for (const id of notify.statuses.keys()) notify.statuses.set(id, id === 'n1' ? 'permanent-failure' : 'delivered');
    later(15);
    await sender.lookNow();
    const states = (await mails()).map(({ state }) => state).sort();
    expect(states).toEqual(['bounced', ...all.slice(1).map(() => 'delivered')]);
    await sender.close();
    await notify.close();
  });

  test('[M48] a key that is not taken is told to the business unit at once, is nobody’s bounce, and mail leaves once it is', async () => {
    const notify = await startNotify();
    const wrong = notifyKey.replace(/.$/, (last) => (last === '0' ? '1' : '0'));
    await openCase(world, health);
    later(4);
    const beth = await world.as('Beth Quill');
    const carrier = (apiKey: string) => createNotifyCarrier({ apiKey, template: 'a-template', url: notify.url });
    const says = async () => (await beth.get('/admin')).body['mailHeldUp'];
    expect(await says()).toBeNull();
    const sender = post(carrier(wrong));
    await sender.lookNow();
    const [first] = await mails();
    expect(await says()).toEqual({
      says: 'Notify answered 403. BadRequestError: Invalid token: API key not found',
      since: new Date(first?.at ?? '').toISOString(),
    });
    expect((await beth.get('/work')).body).toMatchObject({ mailHeldUp: true, toRing: [] });
    expect((await health.get('/work')).body).toMatchObject({ mailHeldUp: false });
    for (let looks = 0; looks < 6; looks += 1) {
      later(10);
      await sender.lookNow();
    }
    expect((await mails()).map(({ tries }) => tries)).toEqual((await mails()).map(() => 7));
    const mended = post(carrier(notifyKey));
    later(10);
    await mended.lookNow();
    expect((await mails()).map(({ state }) => state)).toEqual((await mails()).map(() => 'sent'));
    expect(await says()).toBeNull();
    expect((await beth.get('/work')).body).toMatchObject({ mailHeldUp: false, toRing: [] });
    await Promise.all([sender.close(), mended.close()]);
    await notify.close();
  });

  test('[M48] a sender that the mail server does not take is nobody’s bounce', async () => {
    const smtp = await startSmtp((to) => (to === 'mail@elsewhere.example' ? 553 : null));
    await openCase(world, health);
    later(4);
    const sender = post(createSmtpCarrier({ url: smtp.url, from: 'Candour <mail@elsewhere.example>' }));
    await sender.lookNow();
    expect((await mailTo(police))[0]).toMatchObject({ state: 'held-up', problem: expect.stringContaining('553') });
    expect((await (await world.as('Beth Quill')).get('/work')).body).toMatchObject({ mailHeldUp: true, toRing: [] });
    later(60 * 25);
    await sender.lookNow();
    expect((await mailTo(police))[0]?.state).toBe('failed');
    await sender.close();
    await smtp.close();
  });

  test('[M48] who still owes is reminded on the last morning, once; who has done it is not', async () => {
    const { room } = await openCase(world, health);
    const [row] = await store.db
      .select({ need: notice.need })
      .from(notice)
      .where(eq(notice.person, police.actor.person));
    const due = row?.need.due ?? '';
    await health.act(room, { type: 'SubmitPosition', content: positionOf('given') });
    const keeper = [post(practiceCarrier), world.newWorker(async () => now), world.newWorker(async () => now)];
    const reminded = async () =>
      (await store.db.select().from(notice)).filter(({ why }) => why === 'reminder').map(({ person }) => person);
    now = `${due}T08:30:00.000Z`;
    // Far enough after the case was opened, whatever day this is run on.
    await store.db.update(notice).set({ at: new Date(Date.parse(now) - 10 * 86_400_000).toISOString() });
    for (const each of keeper) await each.lookNow();
    for (const each of keeper) await each.lookNow();
    // By the clock of the stage, and not once more by its own day.
    expect((await reminded()).filter((each) => each === police.actor.person)).toHaveLength(1);
    expect(await reminded()).not.toContain(health.actor.person);
  });

  test('[M48] a second question to the same agency is told as the first was', async () => {
    const { room } = await openCase(world, health);
    const ask = (what: string) => {
      const by = plainDate(dayOf(now))?.add({ days: 3 }).toString() ?? '';
      return health.act(room, { type: 'AskQuestion', question: { what, from: police.actor.agency.id, by } });
    };
    expect((await ask('What did the officer see?')).status).toBe(201);
    expect((await ask('Who else was there?')).status).toBe(201);
    const told = (await store.db.select().from(notice)).filter(({ person }) => person === police.actor.person);
    expect(told.map(({ need }) => need.what)).toEqual([
      "Give Police's position",
      "Answer Health's question",
      "Answer Health's question",
    ]);
  });

  test('[M48] what is asked from a later day is told on that day, once, and not before', async () => {
    const { room } = await openCase(world, health);
    const tomorrow = plainDate(dayOf(now))?.add({ days: 1 }).toString() ?? '';
    const need = { what: 'Remove a document: Scan', place: 'documents' as const, due: tomorrow, from: tomorrow };
    const mine = async () =>
      (await store.db.select().from(notice))
        .filter(({ person, need: { what } }) => person === health.actor.person && what === need.what)
        .map(({ why }) => why);
    await store.db.transaction((tx) =>
      tellWhatIsNew(tx, room, { before: [], after: [{ person: health.actor.person, need }], by: null }),
    );
    await store.db.insert(workItem).values({ room, person: health.actor.person, position: 99, need });
    await post(practiceCarrier).lookNow();
    expect(await mine()).toEqual([]);
    now = `${tomorrow}T12:00:00.000Z`;
    for (const each of [post(practiceCarrier), post(practiceCarrier)]) await each.lookNow();
    expect(await mine()).toEqual(['asked']);
  });

  test('[M48] what one person cannot be reminded of stops nobody else’s reminder, and is logged', async () => {
    const { room } = await openCase(world, health);
    const due = plainDate(dayOf(now))?.add({ days: 3 }).toString() ?? '';
    const [broken, owes] = [health.actor.person, police.actor.person];
    const need: Need = { what: 'Remove a document: Scan', place: 'documents', due, from: dayOf(now) };
    await store.db.delete(workItem).where(eq(workItem.room, room));
    await store.db.insert(workItem).values([
      { room, person: broken, position: 98, need: { ...need, due: 'no day at all' } },
      { room, person: owes, position: 99, need },
    ]);
    const errors: Record<string, unknown>[] = [];
    const log = pino({ level: 'error' }, { write: (line: string) => errors.push(JSON.parse(line)) });
    await createPost({
      db: store.db,
      carrier: practiceCarrier,
      origin: () => origin,
      log,
      time: async () => now,
    }).lookNow();
    expect(errors).toMatchObject([{ room, person: broken }]);
    const told = await store.db.select().from(notice).where(eq(notice.person, owes));
    expect(told.filter(({ why }) => why === 'asked').map((each) => each.need.what)).toContain(need.what);
  });

  test('[M2, M48] whoever covers is told and reminded of what is asked of their colleague, and finds it by the link', async () => {
    const beth = await world.as('Beth Quill');
    const tomas = await world.as('Tomas Birch');
    const denis = await world.as('Denis Marsh');
    const { members } = (await beth.get('/admin')).body as { members: { person: string; membership: string }[] };
    const today = dayOf(new Date().toISOString());
    const command = {
      type: 'GiveCover',
      person: denis.actor.person,
      membership: members.find(({ person }) => person === tomas.actor.person)?.membership,
      from: today,
      until: today,
      authorisedBy: 'Dana Holt, chief executive',
      why: 'Leave.',
    };
    expect((await beth.send('POST', '/admin/commands', { id: newId(), command })).status).toBe(201);
    const { ref } = await openCase(world, health, { about: knownToday });
    type Told = { code: string; ref: string; need: { what: string } };
    const { notices } = (await denis.get('/notices')).body as { notices: Told[] };
    const told = notices.find(({ need }) => need.what === `Give ${tomas.actor.agency.name}'s position`);
    expect(told).toMatchObject({ ref });
    later(4);
    await post(practiceCarrier).lookNow();
    expect((await mailTo(denis))[0]?.subject).toContain('a position is needed');
    expect((await denis.get(`/c/${told?.code}`)).body).toEqual({ ref, place: 'positions' });
  });

  test('[M10, M48] reminders go by the bank holidays that the partnership has agreed', async () => {
    const { room } = await openCase(world, health);
    const holidays = holidaysByDay(bankHolidays);
    const due = addWorkingDays(dayOf(now), 40, holidays).due;
    // The last full working day before it is nobody's working day here, so the one before that is the last.
    const [earlier, usual] = [38, 39].map((days) => addWorkingDays(dayOf(now), days, holidays).due);
    const added = [{ day: usual ?? '', name: 'Day of mourning' }];
    const [agreed] = await store.db.select().from(arrangements);
    const content = { ...(agreed?.content ?? firstArrangements), version: 2, calendar: { added, removed: [] } };
    await store.db.insert(arrangements).values({ partnership: agreed?.partnership ?? '', version: 2, content });
    const need = { what: 'Look again', place: 'decision' as const, due };
    await store.db.insert(workItem).values({ room, person: health.actor.person, position: 99, need });
    const reminded = async () =>
      (await store.db.select().from(notice)).filter(
        ({ why, need }) => why === 'reminder' && need.what === 'Look again',
      );
    now = `${usual}T09:00:00.000Z`;
    await post(practiceCarrier).lookNow();
    expect(await reminded()).toEqual([]);
    now = `${earlier}T09:00:00.000Z`;
    await post(practiceCarrier).lookNow();
    expect(await reminded()).toHaveLength(1);
  });

  test('[M12, M48] each question to an agency is told, a second of the same agency too; and so is a mention of the agency', async () => {
    const { room } = await openCase(world, health);
    const comment = { type: 'AddComment', about: null, text: 'Which?' } as const;
    const question = { agency: police.actor.agency.id, by: '2099-01-05' };
    for (const text of ['Which ward?', 'Which day?']) await health.act(room, { ...comment, text, question });
    await health.act(room, { ...comment, question: null, agencies: [police.actor.agency.id] });
    const told = (await (await police.get('/notices')).body['notices']) as { code: string; need: Need }[];
    const of = (what: string) => told.filter(({ need }) => need.what === what).map(({ need }) => need.at);
    expect(new Set(of('Question from Health')).size).toBe(2);
    const [at] = of('Health mentions Police in a comment');
    const code = told.find(({ need }) => need.at === at)?.code;
    expect((await police.get(`/c/${code}`)).body).toMatchObject({ place: 'notes', at });
    expect((await health.get(`/c/${code}`)).status).toBe(404);
  });

  test('[M48] a person who no longer serves gets no mail', async () => {
    await openCase(world, health);
    await store.db.update(person).set({ disabledAt: now }).where(eq(person.id, police.actor.person));
    later(4);
    await post(practiceCarrier).lookNow();
    expect((await mailTo(police))[0]?.state).toBe('bounced');
  });
});
