/**
 * Our service, joined as server/main.ts joins it, with two differences: a socket may send more
 * frames a second than a person types, and rooms with many people are made by one request. Guard,
 * rights, sessions and durable store are the service's own, and so are the door and the API.
 */
import { randomBytes } from 'node:crypto';
import { createAdaptorServer } from '@hono/node-server';
import { Hono } from 'hono';
import { pino } from 'pino';
import { newId, type PartnershipId, type PersonId } from '#schema/id.ts';
import { firstPrev } from '#schema/ledger.ts';
import { agency, membership, partnership, person, room, roomMember } from '#schema/tables/index.ts';
import { createApp } from '#server/app.ts';
import { ownMachine } from '#server/auth/address.ts';
import { createPasskeys } from '#server/auth/passkeys.ts';
import { createSessions } from '#server/auth/sessions.ts';
import { createSignIn } from '#server/auth/sign-in.ts';
import { createBus } from '#server/bus.ts';
import { createChairWatch } from '#server/chair-watch.ts';
import { createCommands } from '#server/command.ts';
import { createFolds } from '#server/ledger.ts';
import { openStore, type Database } from '#server/store.ts';
import { createRooms } from '#server/sync/rooms.ts';
import { createVersions } from '#server/sync/versions.ts';
import { seedNotes } from '#server/sync/seed.ts';
import { createVault } from '#server/vault.ts';
import { ready } from './listening.ts';

/** Enough that nobody holds more sockets than a person may. */
const peopleCount = 1_400;

const log = pino({ level: 'warn' });
const store = await openStore({
  databaseUrl: process.env['DATABASE_URL'] || null,
  folder: process.env['CANDOUR_DATA'] ?? '',
  log,
});
const { db } = store;
const bus = createBus();
const sessions = createSessions(db, { secure: false });
const origins = new Set<string>();
const more = { framesPerSecond: 100_000, socketsPerRoom: 1_000, socketsPerProcess: 20_000 };
const rooms = createRooms({ db, bus, sessions, log, origins, ...more });
const folds = createFolds();
const vault = createVault(randomBytes(32));
const commands = createCommands({ db, bus, folds, vault, notesOf: rooms.notesOf, seedNotes, origins });
const chairWatch = createChairWatch({ db, bus, commands, rooms, log });
const members = await benchPeople(db);
const world = {
  versions: createVersions(),
  db,
  bus,
  sessions,
  signIn: createSignIn(db),
  passkeys: createPasskeys({ db, folds }),
  commands,
  folds,
  rooms,
  vault,
  chairWatch,
  log,
  practice: true,
};
const app = new Hono()
  .route('/', createApp({ ...world, scanner: null, proxies: ownMachine, scriptHashes: [], secure: false, origins }))
  .post('/bench/rooms', async (c) => c.json(await makeRooms(await c.req.json<{ rooms: number; people: number }>())));

const server = createAdaptorServer({ fetch: app.fetch });
server.on('upgrade', (request, socket, head) => rooms.handleUpgrade(request, socket, head));
server.listen(Number(process.env['PORT'] ?? 0), '127.0.0.1', () => {
  const bound = server.address();
  const address = `http://127.0.0.1:${typeof bound === 'object' ? bound?.port : bound}`;
  origins.add(address);
  ready(address);
});
process.once('SIGTERM', async () => {
  server.close();
  await rooms.close();
  await bus.close();
  await store.close();
  process.exit(0);
});

/** The people of the bench partnership, made at the first start. Nobody can sign in to them with a password. */
async function benchPeople(of: Database): Promise<{ partnership: PartnershipId; people: PersonId[] }> {
  const known = await of.select({ person: membership.person, partnership: membership.partnership }).from(membership);
  const [first] = known;
  if (first) return { partnership: first.partnership, people: known.map((each) => each.person) };
  const id = newId();
  const health = newId();
  const people = Array.from({ length: peopleCount }, () => newId());
  const contact = { name: 'Bench', phone: '01632 960 100', email: 'bench@example.org' };
  await of.transaction(async (tx) => {
    await tx.insert(partnership).values({ id, name: 'Bench partnership', contact, practice: true });
    await tx.insert(agency).values({ id: health, partnership: id, kind: 'health', name: 'Health' });
    const asPeople = people.map((each, n) => ({
      id: each,
      name: `Person ${n}`,
      email: `p${n}@example.org`,
      passwordHash: '-',
    }));
    for (const some of inParts(asPeople)) await tx.insert(person).values(some);
    const role = 'position-holder' as const;
    const serving = people.map((each) => ({ id: newId(), person: each, partnership: id, agency: health, role }));
    for (const some of inParts(serving)) await tx.insert(membership).values(some);
    const own = people.map(
      (each) => ({ id: newId(), partnership: id, kind: 'my-work', owner: each, headHash: firstPrev }) as const,
    );
    for (const some of inParts(own)) await tx.insert(room).values(some);
    const keys = own.map(({ id, owner }) => ({ room: id, person: owner, capability: 'write' as const }));
    for (const some of inParts(keys)) await tx.insert(roomMember).values(some);
  });
  return { partnership: id, people };
}

/** A statement takes so many parameters and no more. */
function inParts<Value>(values: readonly Value[]): Value[][] {
  const size = 1_000;
  return Array.from({ length: Math.ceil(values.length / size) }, (_, n) => values.slice(n * size, (n + 1) * size));
}

/** Whose turn it is: those who stay in rooms made before are not asked again until all others have been. */
let turn = 0;

/** Makes rooms whose members are the next people round the ring. */
async function makeRooms(asked: { rooms: number; people: number }): Promise<{ room: string; people: PersonId[] }[]> {
  const made = Array.from({ length: asked.rooms }, () => ({
    room: newId(),
    people: Array.from({ length: asked.people }, () => members.people[turn++ % members.people.length] ?? ''),
  }));
  const asRooms = made.map(({ room }) => ({
    id: room,
    partnership: members.partnership,
    kind: 'case' as const,
    headHash: firstPrev,
  }));
  const asMembers = made.flatMap(({ room, people }) =>
    people.map((each) => ({ room, person: each, capability: 'write' as const })),
  );
  for (const some of inParts(asRooms)) await db.insert(room).values(some);
  for (const some of inParts(asMembers)) await db.insert(roomMember).values(some);
  return made;
}
