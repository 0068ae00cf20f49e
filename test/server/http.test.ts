/** The routes, entered as a person would: who may, what is refused, what never leaves. */
import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { addWorkingDays, dayOf } from '#schema/calendar.ts';
import type { RoomCommandInput } from '#schema/command.ts';
import { newId } from '#schema/id.ts';
import { verify } from '#schema/ledger.ts';
import { fold } from '#schema/room.ts';
import { session } from '#schema/tables/index.ts';
import type { Store } from '#server/store.ts';
import { holidays } from '#server/practice/stage.ts';
import { databaseKinds, freshStore } from '../support/database.ts';
import { createWorld, details, entriesOf, openCase, positionOf, type Caller, type World } from '../support/world.ts';

describe.each(databaseKinds())('the routes on %s', (kind) => {
  let store: Store;
  let world: World;
  let health: Caller;
  let police: Caller;
  let socialCare: Caller;
  let education: Caller;
  let decides: Caller;
  let chair: Caller;

  beforeAll(async () => {
    store = await freshStore(kind);
    world = await createWorld(store.db);
    health = await world.as('Amara Fenwick');
    police = await world.as('Priya Lark');
    socialCare = await world.as('Tomas Birch');
    education = await world.as('Wren Castle');
    decides = await world.as('Denis Marsh');
    chair = await world.as('Joan Alder');
  });
  afterAll(async () => {
    await world?.close();
    await store?.close();
  });

  test('[M7] the Chair is told before the partners, in the record and in each one’s own room', async () => {
    const { room } = await openCase(world, health);
    const entries = entriesOf(await health.get(`/rooms/${room}/entries`));
    expect(entries.map(({ type }) => type)).toEqual(['CaseOpened', 'ChairTold', 'PartnersTold']);
    expect(entries[1]?.at && entries[2]?.at && entries[1].at <= entries[2].at).toBe(true);
    const told = async (who: Caller) => {
      const session = (await who.get('/session')).body as { signedIn: { workRoom: string } };
      return entriesOf(await who.get(`/rooms/${session.signedIn.workRoom}/entries`)).at(-1);
    };
    const [first, second] = [await told(chair), await told(police)];
    expect(first?.type).toBe('ToldOfCase');
    expect(first && second && first.at <= second.at).toBe(true);
  });

  test('[R36] doing something puts off when one is signed out; what a page asks by itself does not', async () => {
    const { room } = await openCase(world, health);
    const who = await world.as('Priya Lark');
    const until = async () => ((await who.get('/session')).body as { signedIn: { until: string } }).signedIn.until;
    const id = createHash('sha256')
      .update(who.cookie.split('=')[1] ?? '')
      .digest('hex');
    const soon = new Date(Date.now() + 5 * 60_000);
    const nearlyOver = () => store.db.update(session).set({ expiresAt: soon }).where(eq(session.id, id));
    await nearlyOver();
    for (const path of ['/work', '/notices', '/settings', `/rooms/${room}/entries`, `/rooms/${room}/notes`]) {
      expect((await who.get(path)).status, path).toBe(200);
    }
    expect((await who.send('POST', `/rooms/${room}/lease`, {})).status).toBe(201);
    expect(await until()).toBe(soon.toISOString());
    await who.act(room, { type: 'SubmitPosition', content: positionOf('word'), whatChanged: null });
    expect(Date.parse(await until())).toBeGreaterThan(soon.getTime() + 5 * 60_000);
    await nearlyOver();
    const answer = (await who.send('POST', '/session/activity', {})).body as { until: string; latest: string };
    expect(answer.until).toBe(await until());
    expect(Date.parse(answer.until)).toBeGreaterThan(soon.getTime() + 5 * 60_000);
    expect(Date.parse(answer.latest)).toBeGreaterThan(Date.parse(answer.until));
    await store.db
      .update(session)
      .set({ expiresAt: new Date(0) })
      .where(eq(session.id, id));
    const late = await who.send('POST', '/session/activity', {});
    expect([late.status, late.body]).toEqual([401, { refused: 'SignedOut', facts: {} }]);
  });

  test('[R20] a case one is not admitted to is answered exactly as one that does not exist', async () => {
    const { ref, room } = await openCase(world, health);
    const pairs: [string, string][] = [
      [`/cases/${ref}`, '/cases/SI-2026-ZZZZ'],
      [`/rooms/${room}/entries`, `/rooms/${newId()}/entries`],
      [`/rooms/${room}/record`, `/rooms/${newId()}/record`],
      [`/rooms/${room}/notes`, `/rooms/${newId()}/notes`],
      [`/rooms/${room}/drafts`, `/rooms/${newId()}/drafts`],
    ];
    for (const [kept, absent] of pairs) {
      const [one, other] = [await education.get(kept), await education.get(absent)];
      expect([one.status, one.text], kept).toEqual([other.status, other.text]);
      expect([...one.headers]).toEqual([...other.headers]);
      expect(one.status).toBe(404);
    }
    const command = { type: 'SubmitPosition', content: positionOf('word'), whatChanged: null } as const;
    const [one, other] = [await education.act(room, command), await education.act(newId(), command)];
    expect([one.status, one.text]).toEqual([404, other.text]);
    expect((await education.get('/register')).text).not.toContain(ref);
    expect((await education.get('/work')).text).not.toContain(ref);
  });

  test('[M20, T12] a sealed position reaches no other agency on any route, and opens whole', async () => {
    const { ref, room } = await openCase(world, health);
    const submit = (who: Caller, word: string, harm: 'met' | 'not-met' = 'met') =>
      who.act(room, {
        type: 'SubmitPosition',
        content: positionOf(word, harm, harm === 'met' ? 'notify' : 'do-not-notify'),
      });
    expect((await submit(health, 'kestrel')).status).toBe(201);
    await police.send('PUT', `/rooms/${room}/drafts/position`, { body: { reason: 'heron' } });
    for (const reader of [police, socialCare, decides, chair]) {
      for (const path of [
        `/cases/${ref}`,
        `/rooms/${room}/entries`,
        `/rooms/${room}/record`,
        `/rooms/${room}/drafts`,
        `/rooms/${room}/notes`,
        '/work',
        '/register',
      ]) {
        const { text } = await reader.get(path);
        expect(text, `${reader.actor.name} at ${path}`).not.toContain('kestrel');
        if (reader !== police) expect(text, `${reader.actor.name} at ${path}`).not.toContain('heron');
      }
      const record = entriesOf(await reader.get(`/rooms/${room}/record`));
      expect(verify(record)).toMatchObject({ whole: true, withheld: 1 });
    }
    expect((await health.get(`/rooms/${room}/record`)).text).toContain('kestrel');
    await submit(socialCare, 'plover', 'not-met');
    expect((await submit(police, 'heron')).status).toBe(201);
    for (const reader of [health, police, socialCare, decides, chair]) {
      const record = await reader.get(`/rooms/${room}/record`);
      expect(record.text).toContain('kestrel');
      const { head } = record.body as { head: { hash: string } };
      expect(verify(entriesOf(record), { head: head.hash })).toMatchObject({ whole: true, withheld: 0 });
    }
  });

  test('[M20, T12] one that is given while a record is being read stays sealed, though those before were open', async () => {
    const { room } = await openCase(world, health);
    const give = (who: Caller, word: string) =>
      who.act(room, { type: 'SubmitPosition', content: positionOf(word, 'met', 'notify') });
    for (const who of [health, socialCare, police]) await give(who, 'wagtail');
    const { answers } = positionOf('reason', 'met');
    const content: Extract<RoomCommandInput, { type: 'SignDecision' }>['content'] = {
      outcome: 'notify',
      answers,
      rationale: 'All agree.',
      weighed: ['each-criterion', 'each-partners-reasons'],
      reputation: { formedPart: 'no', explanation: '' },
      reviewOn: null,
    };
    const read = fold(entriesOf(await decides.get(`/rooms/${room}/entries`))).seq;
    expect((await decides.act(room, { type: 'SignDecision', read, content })).status).toBe(201);
    const { stateOf } = world.folds;
    const folding = vi.spyOn(world.folds, 'stateOf').mockImplementationOnce(async (db, id) => {
      const state = await stateOf(db, id);
      const reopened = await decides.act(room, { type: 'ReopenDecision', reason: 'A letter came.' });
      expect([reopened.status, (await give(health, 'kestrel')).status]).toEqual([201, 201]);
      return state;
    });
    const { text } = await police.get(`/rooms/${room}/entries`);
    folding.mockRestore();
    expect(text).toContain('wagtail');
    expect(text).not.toContain('kestrel');
    expect((await health.get(`/rooms/${room}/entries`)).text).toContain('kestrel');
  });

  test('the whole way to a signed decision, with dissent answered; sending twice changes nothing', async () => {
    const { room } = await openCase(world, health);
    const position = (word: string, harm: 'met' | 'not-met') =>
      ({
        type: 'SubmitPosition',
        content: positionOf(word, harm, harm === 'met' ? 'notify' : 'do-not-notify'),
      }) as const;
    await health.act(room, position('one', 'met'));
    await socialCare.act(room, position('two', 'not-met'));
    await police.act(room, position('three', 'met'));
    const dissent: Extract<RoomCommandInput, { type: 'RecordDissent' }> = {
      type: 'RecordDissent',
      content: {
        about: ['death-or-serious-harm'],
        statement: 'The harm will last.',
        evidence: '',
        whatWouldChangeIt: '',
      },
    };
    const id = newId();
    const recorded = await police.act(room, dissent, id);
    expect(recorded.status).toBe(201);
    expect((await police.act(room, dissent, id)).body).toEqual(recorded.body);
    const reused = { ...dissent, content: { ...dissent.content, statement: 'Other words.' } };
    expect(await police.act(room, reused, id)).toMatchObject({ status: 409, body: { refused: 'CommandIdReused' } });

    const read = fold(entriesOf(await decides.get(`/rooms/${room}/entries`))).seq;
    const sign: Extract<RoomCommandInput, { type: 'SignDecision' }> = {
      type: 'SignDecision',
      read,
      content: {
        outcome: 'do-not-notify',
        answers: positionOf('reason', 'not-met').answers,
        rationale: 'The injury is healing.',
        weighed: ['each-criterion', 'each-partners-reasons'],
        reputation: { formedPart: 'no', explanation: '' },
        reviewOn: addWorkingDays(dayOf(new Date().toISOString()), 20, holidays).due,
      },
    };
    expect(await decides.act(room, sign)).toMatchObject({
      status: 409,
      body: { refused: 'DissentUnanswered', facts: { agencies: ['Police'] } },
    });
    const { firstSeq } = recorded.body as { firstSeq: number };
    expect((await police.act(room, { type: 'AnswerDissent', dissent: firstSeq, response: 'No.' })).status).toBe(403);
    expect(
      (await decides.act(room, { type: 'AnswerDissent', dissent: firstSeq, response: 'I have read it.' })).status,
    ).toBe(201);
    const twice = newId();
    const replies = await Promise.all(Array.from({ length: 20 }, () => decides.act(room, sign, twice)));
    expect(new Set(replies.map(({ text }) => text)).size).toBe(1);
    const record = await chair.get(`/rooms/${room}/record`);
    const decisions = entriesOf(record).filter(({ type }) => type === 'DecisionSigned');
    expect(decisions).toHaveLength(1);
    expect(decisions[0]?.body).toMatchObject({ dissents: [firstSeq] });
    expect((await decides.act(room, sign)).body).toMatchObject({ refused: 'AlreadyDecided' });
  });

  test('[M20] two people of one agency never overwrite each other’s draft unawares', async () => {
    const { room } = await openCase(world, health);
    const path = `/rooms/${room}/drafts/decision`;
    const save = (who: Caller, words: string, since: unknown = null) =>
      who.send('PUT', path, { body: { words }, since });
    const first = await save(socialCare, 'what Tomas wrote');
    expect(first.status).toBe(200);
    const refused = await save(decides, 'what Denis wrote');
    expect(refused).toMatchObject({
      status: 409,
      body: { refused: 'DraftSavedMeanwhile', facts: { name: 'Tomas Birch', at: first.body['at'] } },
    });
    expect((await decides.get(`/rooms/${room}/drafts`)).text).toContain('what Tomas wrote');
    const over = await save(decides, 'what both wrote', first.body['at']);
    expect(over.status).toBe(200);
    expect((await save(socialCare, 'again', first.body['at'])).body).toMatchObject({ facts: { name: 'Denis Marsh' } });
    expect((await save(decides, 'still his', null)).status).toBe(200);
    expect((await save(decides, 'x', 'yesterday')).status).toBe(400);
  });

  test('[R25] a hundred sendings of one new case at once open one', async () => {
    const id = newId();
    const opened = await Promise.all(Array.from({ length: 100 }, () => openCase(world, health, { id })));
    expect(new Set(opened.map(({ ref }) => ref)).size).toBe(1);
  });

  test('bad input is answered 400 with a message per field, never 5xx', async () => {
    const { room } = await openCase(world, health);
    const content = positionOf('word');
    const cases: [string, unknown, string][] = [
      [`/rooms/${room}/commands`, 'not json', 'form'],
      [`/rooms/${room}/commands`, [], 'form'],
      [`/rooms/${room}/commands`, { id: newId() }, 'command'],
      [`/rooms/${room}/commands`, { id: 7, command: { type: 'SubmitPosition', content } }, 'id'],
      [`/rooms/${room}/commands`, { id: newId(), command: { type: 'Nonsense' } }, 'command.type'],
      [
        `/rooms/${room}/commands`,
        { id: newId(), command: { type: 'SubmitPosition', content, at: '2020-01-01' } },
        'command.at',
      ],
      [
        `/rooms/${room}/commands`,
        {
          id: newId(),
          command: { type: 'SubmitPosition', content: { ...content, overall: { view: 'notify', reason: ' ' } } },
        },
        'command.content.overall.reason',
      ],
      [
        `/rooms/${room}/commands`,
        {
          id: newId(),
          command: {
            type: 'SubmitPosition',
            content: { ...content, overall: { view: 'notify', reason: 'x'.repeat(2001) } },
          },
        },
        'command.content.overall.reason',
      ],
      [
        '/cases',
        { id: newId(), command: { type: 'OpenCase', details: { ...details, age: '2' }, takingPart: [] } },
        'command.details.age',
      ],
      [`/rooms/${room}/lease`, { client: 1 }, 'client'],
      ['/sign-in', { email: 'x' }, 'password'],
    ];
    for (const [path, body, field] of cases) {
      const reply = await health.send('POST', path, body);
      expect(reply.status, `${path} ${JSON.stringify(body)}`).toBe(400);
      expect(Object.keys(reply.body['errors'] as object), JSON.stringify(body)).toContain(field);
    }
    const long = await health.send('POST', `/rooms/${room}/commands`, { id: newId(), command: 'x'.repeat(300_000) });
    expect(long.status).toBe(400);
    const odd = await health.send('PUT', `/rooms/${room}/drafts/position`, { body: { reason: 'a\u0000b\ud800' } });
    expect(odd.status).toBe(200);
    expect((await health.send('PUT', `/rooms/${room}/drafts/other`, { body: {} })).status).toBe(404);
    expect((await health.get(`/rooms/${room}/entries?since=-1`)).status).toBe(400);
  });

  test('without signing in every route says the same, and sign-in tells nothing of who exists', async () => {
    for (const path of ['/work', '/people', '/register', '/cases/SI-2026-ZZZZ', `/rooms/${newId()}/entries`]) {
      expect(await world.request('GET', path)).toMatchObject({ status: 401, body: { refused: 'SignedOut' } });
    }
    const wrong = await world.request('POST', '/sign-in', {
      email: 'amara.fenwick@health.northbeck.example',
      password: 'wrong',
    });
    const nobody = await world.request('POST', '/sign-in', { email: 'nobody@northbeck.example', password: 'wrong' });
    expect([wrong.status, wrong.text]).toEqual([401, nobody.text]);
    const right = await world.request('POST', '/sign-in', {
      email: 'Amara.Fenwick@health.northbeck.example',
      password: 'northbeck practice only',
    });
    expect(right.status).toBe(200);
    expect(right.headers.get('set-cookie')).toMatch(/HttpOnly.*SameSite=Strict/i);
  });

  test('[R32] a form from another site is refused', async () => {
    const reply = await world.app.request('http://localhost/api/sign-out', {
      method: 'POST',
      headers: { origin: 'https://elsewhere.example', 'content-type': 'text/plain', cookie: health.cookie },
      body: '{}',
    });
    expect(reply.status).toBe(403);
  });

  test('what is long goes out compressed where the browser takes it, and says the same', async () => {
    const { ref } = await openCase(world, health);
    const [plain, packed] = await Promise.all(
      ['identity', 'gzip, br'].map((encoding) =>
        world.app.request(`http://localhost/api/cases/${ref}`, {
          headers: { cookie: health.cookie, 'accept-encoding': encoding },
        }),
      ),
    );
    expect([plain?.headers.get('content-encoding'), packed?.headers.get('content-encoding')]).toEqual([null, 'gzip']);
    const bytes = Buffer.from((await packed?.arrayBuffer()) ?? new ArrayBuffer());
    const text = (await plain?.text()) ?? '';
    expect(gunzipSync(bytes).toString()).toBe(text);
    expect(bytes.length).toBeLessThan(text.length / 2);
  });

  test('a room that is entered again is told only of what it does not have', async () => {
    const { ref } = await openCase(world, health);
    const all = entriesOf(await health.get(`/cases/${ref}`));
    expect(entriesOf(await health.get(`/cases/${ref}?since=2`))).toEqual(all.slice(2));
    expect((await health.get(`/cases/${ref}?since=-1`)).status).toBe(400);
  });

  test('a calendar leads to where people reach the service, whatever stands in front of it', async () => {
    const { ref, room } = await openCase(world, health);
    const elsewhere = await createWorld(store.db, { setUp: null, origin: 'https://candour.example.org' });
    for (const [{ request }, address] of [
      [world, 'http://localhost'],
      [elsewhere, 'https://candour.example.org'],
    ] as const) {
      const { text } = await request('GET', `/rooms/${room}/calendar/notify.ics`, undefined, health.cookie);
      expect(text.replaceAll('\r\n ', '')).toContain(`${address}/cases/${ref}`);
    }
    await elsewhere.close();
  });

  test('[R37] every answer carries the security headers, and scripts run only from here', async () => {
    for (const path of ['/session', '/work', '/nowhere', `/rooms/${newId()}/record`]) {
      const { headers } = await world.request('GET', path);
      const policy = headers.get('content-security-policy') ?? '';
      const scripts = /script-src ([^;]*)/.exec(policy)?.[1] ?? '';
      expect(scripts, path).toBe("'self'");
      expect(policy).toContain("default-src 'self'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('cache-control')).toBe('no-store');
    }
  });

  test('[T22] whether one more socket would be taken is told to whoever asks', async () => {
    expect((await world.request('GET', '/sockets')).body).toEqual({ taken: true });
    const stopping = await createWorld(store.db, { setUp: null });
    await stopping.close();
    expect((await stopping.request('GET', '/sockets')).body).toEqual({ taken: false });
  });

  test('outside practice nobody can be signed in with one press', async () => {
    const live = await freshStore(kind);
    const other = await createWorld(live.db, { practice: false });
    expect((await other.request('GET', '/practice/people')).status).toBe(404);
    expect((await other.request('POST', '/practice/sign-in', { person: health.actor.person })).status).toBe(404);
    await other.close();
    await live.close();
  });
});
