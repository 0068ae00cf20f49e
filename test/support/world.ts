/** The service's parts on a given database, with Northbeck's people, entered through its routes. */
import { pino } from 'pino';
import type { Actor } from '#schema/actor.ts';
import { dayOf } from '#schema/calendar.ts';
import type { CaseDetails } from '#schema/case.ts';
import type { RoomCommandInput } from '#schema/command.ts';
import { newId } from '#schema/id.ts';
import type { Entry } from '#schema/ledger.ts';
import { nothingNeeded, theLead, type PositionContent } from '#schema/position.ts';
import type { PartnershipSetUp } from '#schema/partnership.ts';
import { createApp } from '#server/app.ts';
import { ownMachine } from '#server/auth/address.ts';
import { createPasskeys } from '#server/auth/passkeys.ts';
import { createSessions } from '#server/auth/sessions.ts';
import { createSignIn } from '#server/auth/sign-in.ts';
import { createBus } from '#server/bus.ts';
import { createChairWatch } from '#server/chair-watch.ts';
import { createCommands } from '#server/command.ts';
import { createFolds, type Time } from '#server/ledger.ts';
import { tellOfClock } from '#server/notice/alert.ts';
import { northbeck, practicePassword, practicePeople } from '#server/practice/northbeck.ts';
import { setUpPartnership } from '#server/set-up.ts';
import type { Scanner } from '#server/scanner.ts';
import type { Database } from '#server/store.ts';
import { registerSuccession } from '#server/succession.ts';
import { createRooms } from '#server/sync/rooms.ts';
import { createVersions } from '#server/sync/versions.ts';
import { seedNotes } from '#server/sync/seed.ts';
import { createVault } from '#server/vault.ts';
import { createWorker } from '#server/worker.ts';

export type Reply = { status: number; body: Record<string, unknown>; text: string; headers: Headers };
/** A signed-in person at the routes. */
export type Caller = {
  actor: Actor;
  cookie: string;
  get: (path: string) => Promise<Reply>;
  send: (method: 'POST' | 'PUT', path: string, body: unknown) => Promise<Reply>;
  act: (room: string, command: RoomCommandInput, id?: string) => Promise<Reply>;
};

export async function createWorld(
  db: Database,
  options: {
    practice?: boolean;
    time?: Time;
    vaultKey?: Uint8Array;
    scanner?: Scanner;
    origin?: string;
    /** Null where the people are there already. */ setUp?: PartnershipSetUp | null;
  } = {},
) {
  const log = pino({ level: 'silent' });
  const timed = options.time ? { time: options.time } : {};
  const bus = createBus();
  const sessions = createSessions(db, { secure: false });
  const folds = createFolds();
  const vault = createVault(options.vaultKey ?? new Uint8Array(32));
  const origins = new Set(options.origin ? [options.origin] : ['http://127.0.0.1', 'http://localhost']);
  const rooms = createRooms({ db, bus, sessions, log, origins });
  const versions = createVersions();
  const commands = createCommands({ db, bus, folds, vault, notesOf: rooms.notesOf, seedNotes, origins, ...timed });
  const chairWatch = createChairWatch({ db, bus, commands, rooms, log, ...timed });
  const newWorker = (time = options.time) => {
    const worker = createWorker({ db, bus, commands, log, ...(time ? { time } : {}) });
    worker.register('alert', tellOfClock);
    registerSuccession(worker, folds);
    return worker;
  };
  const signIn = createSignIn(db);
  const practice = options.practice ?? true;
  const app = createApp({
    db,
    bus,
    sessions,
    signIn,
    passkeys: createPasskeys({ db, folds }),
    commands,
    folds,
    rooms,
    versions,
    vault,
    chairWatch,
    scanner: options.scanner ?? null,
    proxies: ownMachine,
    log,
    practice,
    scriptHashes: [],
    secure: false,
    origins,
  });
  const setUp = options.setUp === undefined ? northbeck : options.setUp;
  if (setUp) await setUpPartnership(db, setUp, { practice: true, password: practicePassword });
  const people = await practicePeople(db);

  async function request(method: string, path: string, body?: unknown, cookie?: string): Promise<Reply> {
    const headers = new Headers({ origin: 'http://localhost', ...(cookie ? { cookie } : {}) });
    if (body !== undefined) headers.set('content-type', 'application/json');
    const init: RequestInit = { method, headers };
    if (body !== undefined) init.body = typeof body === 'string' ? body : JSON.stringify(body);
    const reply = await app.request(`http://localhost/api${path}`, init);
    const text = await reply.text();
    return { status: reply.status, body: text.startsWith('{') ? JSON.parse(text) : {}, text, headers: reply.headers };
  }

  async function as(name: string): Promise<Caller> {
    const found = people.find((each) => each.name === name);
    if (!found) throw new Error(`${name} is not in Northbeck`);
    const { cookie: full } = await sessions.start(found.person);
    const cookie = full.split(';')[0] ?? '';
    const { about, ...actor } = found;
    const caller: Caller = {
      actor,
      cookie,
      get: (path) => request('GET', path, undefined, cookie),
      send: (method, path, body) => request(method, path, body, cookie),
      act: (room, command, id = newId()) => request('POST', `/rooms/${room}/commands`, { id, command }, cookie),
    };
    return caller;
  }

  return {
    app,
    bus,
    rooms,
    chairWatch,
    sessions,
    commands,
    folds,
    /** A worker of this world; each is as good as one of another process. */
    newWorker,
    people,
    request,
    as,
    async close(): Promise<void> {
      await versions.close();
      await rooms.close();
      await bus.close();
    },
  };
}
export type World = Awaited<ReturnType<typeof createWorld>>;

export const details: CaseDetails = {
  awareOn: '2026-11-20',
  whatHappened: 'seriously-harmed',
  account: 'A two-year-old came to hospital with a broken arm.',
  incidentPlace: 'this-area',
  homePlace: 'this-area',
  lookedAfter: 'no',
  initials: 'J.M.',
  age: 2,
  toldBy: 'Children’s ward',
  toldByDetail: '',
};

/** The same, but known today, whichever day it is: what is asked by the service's own clock is then not yet late. */
export const knownToday: CaseDetails = { ...details, awareOn: dayOf(new Date().toISOString()) };

/** Opens a case as `by`, with the three statutory partners taking part. */
export async function openCase(
  world: World,
  by: Caller,
  { id = newId(), about = details }: { id?: string; about?: CaseDetails } = {},
): Promise<{ ref: string; room: string }> {
  const speakers = world.people.filter(
    ({ role, agency }) => role === 'position-holder' && ['local-authority', 'health', 'police'].includes(agency.kind),
  );
  const takingPart = speakers.map(({ agency, person }) => ({ agency: agency.id, speaker: person }));
  const reply = await by.send('POST', '/cases', { id, command: { type: 'OpenCase', details: about, takingPart } });
  if (reply.status !== 201) throw new Error(`Opening the case was answered ${reply.status}: ${reply.text}`);
  return reply.body as { ref: string; room: string };
}

/** A position with `word` in every reason, so that a test can search for it where it must not be. */
export function positionOf(
  word: string,
  harm: PositionContent['answers']['place']['finding'] = 'met',
  view: PositionContent['overall']['view'] = 'notify',
): PositionContent {
  return {
    answers: {
      'abuse-or-neglect': { finding: 'met', reason: `${word} abuse` },
      'death-or-serious-harm': { finding: harm, reason: `${word} harm` },
      place: { finding: 'met', reason: `${word} place` },
    },
    overall: { view, reason: `${word} overall` },
    needed: nothingNeeded,
    speaker: theLead,
    reputation: { formedPart: 'no', explanation: '' },
  };
}

export function entriesOf(reply: Reply): Entry[] {
  return reply.body['entries'] as Entry[];
}
