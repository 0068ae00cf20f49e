/** The Chair's session with real clients: three sessions of eight people at once, a restart in the middle, a Chair who is lost. */
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import * as encoding from 'lib0/encoding';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { RoomCommandInput } from '#schema/command.ts';
import { newId } from '#schema/id.ts';
import { verify, type Entry } from '#schema/ledger.ts';
import { minutesOf } from '#schema/minutes.ts';
import type { PartnershipSetUp } from '#schema/partnership.ts';
import { kind as messages } from '#schema/protocol.ts';
import { fold, hasCase, type RoomState } from '#schema/room.ts';
import type { Session } from '#schema/session-evolve.ts';
import { northbeck } from '#server/practice/northbeck.ts';
import type { Store } from '#server/store.ts';
import { Client } from '../sync/support/client.ts';
import { until } from '../sync/support/until.ts';
import { databaseKinds, empty, freshStore } from '../support/database.ts';
import { createWorld, details, entriesOf, positionOf, type Caller, type World } from '../support/world.ts';

/** Eight agencies and roles, three people for each: one of each on each of three cases. */
const seats = [
  ['Social care', 'position-holder'],
  ['Health', 'position-holder'],
  ['Police', 'position-holder'],
  ['Education', 'position-holder'],
  ['Probation', 'position-holder'],
  ['Housing', 'position-holder'],
  ['Social care', 'decision-maker'],
  ['Partnership', 'chair'],
] as const;
const groups = ['North', 'Middle', 'South'] as const;
const nameOf = (agency: string, role: string, group: string) => `${group} ${agency} ${role}`;
const manyPeople: PartnershipSetUp = {
  ...northbeck,
  agencies: [...northbeck.agencies, { kind: 'other', name: 'Probation' }, { kind: 'other', name: 'Housing' }],
  people: groups.flatMap((group) =>
    seats.map(([agency, role]) => {
      const name = nameOf(agency, role, group);
      return { name, email: `${name.replaceAll(' ', '.')}@northbeck.example`.toLowerCase(), agency, role };
    }),
  ),
};

type Served = { world: World; server: Server; address: string; close: () => Promise<void> };

async function serve(store: Store, options: Parameters<typeof createWorld>[1] = {}): Promise<Served> {
  const world = await createWorld(store.db, options);
  const server = createAdaptorServer({ fetch: world.app.fetch }) as Server;
  server.on('upgrade', (request, socket, head) => world.rooms.handleUpgrade(request, socket, head));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    world,
    server,
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      await world.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Somebody at a screen: requests by the routes, the record by the socket. */
class Attendee {
  readonly who: Caller;
  readonly room: string;
  client: Client | null = null;
  #before: Entry[] = [];

  constructor(who: Caller, room: string) {
    this.who = who;
    this.room = room;
  }

  /** Opens the socket, and asks for all that came since the last one. */
  async come(address: string): Promise<void> {
    this.#before = this.entries();
    const person = { actor: this.who.actor, session: '', cookie: this.who.cookie };
    this.client = await Client.open({ address }, this.room, person, { headers: { origin: 'http://127.0.0.1' } });
    const encoder = encoding.createEncoder();
    encoding.writeVarUint(encoder, messages.entriesSince);
    encoding.writeVarUint(encoder, this.#before.length);
    this.client.send(encoding.toUint8Array(encoder));
  }

  /** All that was ever said to this person, each entry as it last came. */
  entries(): Entry[] {
    const bySeq = new Map(this.#before.map((entry) => [entry.seq, entry]));
    for (const { kind, text } of this.client?.texts ?? [])
      if (kind === messages.entries) for (const entry of JSON.parse(text) as Entry[]) bySeq.set(entry.seq, entry);
    return [...bySeq.values()].sort((a, b) => a.seq - b.seq);
  }

  heard(): string {
    return JSON.stringify(this.entries());
  }

  state(): RoomState {
    return fold(this.entries());
  }

  session(): Session | undefined {
    return this.state().sessions.at(-1);
  }

  async act(command: RoomCommandInput): Promise<void> {
    const reply = await this.who.act(this.room, command);
    if (reply.status !== 201) throw new Error(`${command.type}: ${reply.status} ${reply.text}`);
  }

  sees(what: string, seen: (session: Session) => boolean): Promise<void> {
    return until(`${this.who.actor.name} to see ${what}`, () => {
      const session = this.session();
      return session !== undefined && seen(session);
    });
  }
}

type Cast = { all: Attendee[]; chair: Attendee; partners: Attendee[]; room: string; ref: string };

/** Whenever the test runs: the service's own clock decides what lies in the past. */
const aMonthAhead = new Date(Date.now() + 30 * 24 * 60 * 60_000).toISOString();

/** A case on which three partners differ and a session is called, with eight people on it. */
async function callSession(world: World, group: string): Promise<Cast> {
  const callers = await Promise.all(seats.map(([agency, role]) => world.as(nameOf(agency, role, group))));
  const speakers = callers.filter(({ actor }) => actor.role === 'position-holder');
  const takingPart = speakers.map(({ actor }) => ({ agency: actor.agency.id, speaker: actor.person }));
  const raises = speakers[1];
  if (!raises) throw new Error('Nobody raises the case');
  const opened = await raises.send('POST', '/cases', {
    id: newId(),
    command: { type: 'OpenCase', details, takingPart },
  });
  const { room, ref } = opened.body as { room: string; ref: string };
  const all = callers.map((who) => new Attendee(who, room));
  const partners = all.slice(0, 3);
  const chair = all.at(-1);
  if (!chair) throw new Error('There is no Chair');
  for (const [index, partner] of partners.entries()) {
    const content = index === 0 ? positionOf('differs', 'not-met', 'do-not-notify') : positionOf('agrees');
    await partner.act({ type: 'SubmitPosition', content });
  }
  await partners[1]?.act({ type: 'RequestResolution', question: 'Was the harm serious?', tried: ['neither'] });
  await chair.act({
    type: 'CallSession',
    startsAt: aMonthAhead,
    meeting: 'Room 1',
    attending: takingPart.map((each) => ({ ...each, deputy: null })),
    agenda: [{ about: 'death-or-serious-harm', title: 'Serious harm' }],
    deputyChair: all[3]?.who.actor.person ?? null,
    reason: 'Nobody can come before then.',
  });
  return { all, chair, partners, room, ref };
}

const isRunning = ({ status }: Session) => status === 'running';

async function startSession({ all, chair }: Cast, address: string): Promise<void> {
  await Promise.all(all.map((each) => each.come(address)));
  await Promise.all(all.filter((each) => each !== chair).map((each) => each.act({ type: 'JoinSession' })));
  await chair.act({ type: 'StartSession' });
  await Promise.all(all.map((each) => each.sees('it start', isRunning)));
}

async function putWording({ all, chair }: Cast): Promise<number> {
  const after = chair.session()?.now?.seq ?? 0;
  await chair.act({ type: 'OpenStep', item: 1, step: 'test', after });
  await chair.act({ type: 'PutWording', text: 'The child has been seriously harmed.' });
  await Promise.all(all.map((each) => each.sees('the wording', ({ wordings }) => wordings.length === 1)));
  return chair.session()?.wordings[0]?.seq ?? 0;
}

describe.each(databaseKinds())('sessions on %s', (kind) => {
  let store: Store;
  beforeAll(async () => {
    store = await freshStore(kind);
  });
  beforeEach(() => empty(store));
  afterAll(() => store?.close());

  test('[M26, T12] three sessions of eight people at once; a restart in the middle loses nothing and opens nothing', async () => {
    let served = await serve(store, { setUp: manyPeople });
    const casts = await Promise.all(groups.map((group) => callSession(served.world, group)));
    await Promise.all(casts.map((cast) => startSession(cast, served.address)));
    const wordings = await Promise.all(casts.map(putWording));

    const disagree = (of: number, by: number) =>
      ({
        type: 'AnswerWording',
        wording: wordings[of] ?? 0,
        content: { answer: 'disagree', says: `secret${of}${by}` },
      }) as const;
    // Two of three answer in each, all six at the same moment.
    await Promise.all(
      casts.flatMap(({ partners }, of) => partners.slice(0, 2).map((partner, by) => partner.act(disagree(of, by)))),
    );
    await Promise.all(
      casts.flatMap(({ all }) =>
        all.map((each) => each.sees('two answers', ({ wordings }) => wordings[0]?.answers.length === 2)),
      ),
    );
    for (const [of, { all, partners }] of casts.entries())
      for (const each of all)
        for (const by of [0, 1]) {
          const own = each.who.actor.agency.id === partners[by]?.who.actor.agency.id;
          expect(each.heard().includes(`secret${of}${by}`), `${each.who.actor.name} hears ${of}${by}`).toBe(own);
        }

    await served.close();
    served = await serve(store, { setUp: null });
    const again = await Promise.all(
      casts.map(async (cast) => {
        await Promise.all(cast.all.map((each) => each.come(served.address)));
        return cast.all.map(({ who }) => new Attendee({ ...who, act: actAt(served.world, who.cookie) }, cast.room));
      }),
    );
    for (const [of, all] of again.entries()) {
      await Promise.all(all.map((each) => each.come(served.address)));
      await Promise.all(
        all.map((each) =>
          each.sees('the same step', ({ now, status }) => now?.step === 'test' && status === 'running'),
        ),
      );
      expect(all[7]?.heard()).not.toContain(`secret${of}0`);
    }
    await Promise.all(again.map((all, of) => all[2]?.act(disagree(of, 2))));
    await Promise.all(
      again.flatMap((all) => all.map((each) => each.sees('them open', ({ wordings }) => wordings[0]?.opened !== null))),
    );
    await Promise.all(
      again.map(async (all) => {
        await all[7]?.act({ type: 'RecordItem', item: 1, outcome: 'not-agreed', pointsAtIssue: 'How long it lasts.' });
        await all[7]?.act({ type: 'EndSession' });
        await Promise.all(all.map((each) => each.sees('the end', ({ status }) => status === 'ended')));
      }),
    );
    for (const [of, all] of again.entries()) {
      const read = all.map((each) => {
        const state = each.state();
        const session = state.sessions.at(-1);
        return session && hasCase(state) ? minutesOf(session, state) : undefined;
      });
      for (const minutes of read) expect(minutes).toEqual(read[0]);
      expect(read[0]?.items[0]?.wordings[0]?.answers.map(({ note }) => note)).toEqual(
        [0, 1, 2].map((by) => `secret${of}${by}`),
      );
      expect(read[0]?.present).toHaveLength(8);
      for (const each of all) expect(verify(each.entries())).toMatchObject({ whole: true, withheld: 0 });
    }
    for (const each of [...casts.flatMap(({ all }) => all), ...again.flat()]) each.client?.close();
    await served.close();
  });

  test('[M26] a Chair without a connection for 20 seconds pauses the session in the record; one who is here does not', async () => {
    let now = '2026-11-23T10:00:00.000000Z';
    const served = await serve(store, { setUp: manyPeople, time: async () => now });
    const cast = await callSession(served.world, 'North');
    await startSession(cast, served.address);
    const { chair, all, room } = cast;
    const { chairWatch, rooms } = served.world;
    const member = all[1];
    const status = () => member?.session()?.status;

    await chairWatch.lookNow();
    now = '2026-11-23T10:00:40.000000Z';
    await chairWatch.lookNow();
    expect(status()).toBe('running');

    chair.client?.close();
    await until('the Chair to be gone', async () =>
      (await rooms.peopleIn(room)).every(({ person }) => person !== chair.who.actor.person),
    );
    now = '2026-11-23T10:00:59.000000Z';
    await chairWatch.lookNow();
    expect(entriesOf(await chair.who.get(`/rooms/${room}/record`)).at(-1)?.type).not.toBe('SessionPaused');
    // The answer above was a request of the Chair's own, not at a page that stands for a socket.
    now = '2026-11-23T10:01:01.000000Z';
    await chairWatch.lookNow();
    await chairWatch.lookNow();
    await member?.sees('the pause', ({ status, paused }) => status === 'paused' && paused?.because === 'chair-lost');
    const record = entriesOf(await chair.who.get(`/rooms/${room}/record`));
    expect(record.filter(({ type }) => type === 'SessionPaused')).toHaveLength(1);
    expect(record.at(-1)?.actor.name).toBe("The service's clock");

    const deputy = all[3];
    expect(await deputy?.who.act(room, { type: 'TakeChair' })).toMatchObject({ body: { refused: 'ChairMayReturn' } });
    now = '2026-11-23T10:03:02.000000Z';
    await deputy?.act({ type: 'TakeChair' });
    await member?.sees('it go on', isRunning);
    await chair.act({ type: 'TakeChair' });
    await member?.sees('the Chair back', ({ chair: sits }) => sits?.person === chair.who.actor.person);
    for (const each of all) each.client?.close();
    await served.close();
  });
});

function actAt(world: World, cookie: string): Caller['act'] {
  return (room, command, id = newId()) => world.request('POST', `/rooms/${room}/commands`, { id, command }, cookie);
}
