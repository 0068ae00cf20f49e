/** A room server on a fresh database, with invented people in it, and sockets into its rooms. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { and, eq, sql } from 'drizzle-orm';
import { pino } from 'pino';
import type { Actor } from '#schema/actor.ts';
import type { AgencyKind, Role } from '#schema/agency.ts';
import type { Capability } from '#schema/case.ts';
import { newId, type RoomId } from '#schema/id.ts';
import { firstPrev } from '#schema/ledger.ts';
import * as tables from '#schema/tables/index.ts';
import { createSessions } from '#server/auth/sessions.ts';
import { createBus, type Bus } from '#server/bus.ts';
import type { Database, Store } from '#server/store.ts';
import { createRooms, type Rooms } from '#server/sync/rooms.ts';
import { freePort } from '../../support/port.ts';

export type Person = { actor: Actor; session: string; cookie: string };

export type House = {
  db: Database;
  rooms: Rooms;
  bus: Bus;
  /** `http://127.0.0.1:…`: the only origin let in. */
  address: string;
  /** Where the rooms of the log's warnings are. */
  person: (name: string, options?: { agency?: string; kind?: AgencyKind; role?: Role }) => Promise<Person>;
  room: (...people: readonly (Person | readonly [Person, Capability])[]) => Promise<RoomId>;
  /** The person's "My work". */
  ownRoom: (person: Person) => Promise<RoomId>;
  admit: (room: RoomId, person: Person, capability: Capability | null) => Promise<void>;
  /** For today the first may do what the second, of the same agency and partnership, may. Ends it again by its id. */
  cover: (deputy: Person, whom: Person) => Promise<string>;
  signOut: (person: Person) => Promise<void>;
  /** As erasing or restoring does it: every copy of the room's notes is void from now on. */
  newEpoch: (room: RoomId) => Promise<void>;
  /** Another process on the same database, as far as rooms can tell. */
  another: (bus?: Bus, options?: Options) => Promise<{ rooms: Rooms; address: string; close: () => Promise<void> }>;
  /** Wires to the room server that are open. */
  wires: () => Promise<number>;
  /** Stops and starts the room server on the same port. */
  restart: () => Promise<void>;
  close: () => Promise<void>;
};

type Options = Partial<Omit<Parameters<typeof createRooms>[0], 'db' | 'bus' | 'sessions' | 'origins'>>;

export async function openHouse(store: Store, options: Options = {}): Promise<House> {
  const { db } = store;
  const log = pino({ level: process.env.LOG_LEVEL ?? 'silent' });
  const sessions = createSessions(db, { secure: false });
  const partnership = newId();
  await db.insert(tables.partnership).values({
    id: partnership,
    name: 'Northbeck',
    contact: { name: 'Northbeck', phone: '01632 960 100', email: 'office@northbeck.example' },
  });
  const agencies = new Map<string, Actor['agency']>();
  let bus = createBus();
  let serving = await serve(await freePort());

  async function serve(port: number, on = bus, given = options) {
    const origins = new Set<string>();
    const rooms = createRooms({ db, bus: on, sessions, log, origins, ...given });
    const server = createServer();
    server.on('upgrade', rooms.handleUpgrade);
    const address = await listen(server, port);
    origins.add(address);
    return {
      rooms,
      address,
      wires: () =>
        new Promise<number>((resolve, reject) =>
          server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
        ),
      async close() {
        const closed = new Promise((resolve) => server.close(resolve));
        await rooms.close();
        server.closeAllConnections();
        await closed;
      },
    };
  }

  return {
    db,
    get rooms() {
      return serving.rooms;
    },
    get bus() {
      return bus;
    },
    get address() {
      return serving.address;
    },
    async person(name, { agency = 'Health', kind = 'health', role = 'position-holder' } = {}) {
      let of = agencies.get(agency);
      if (!of) {
        of = { id: newId(), kind, name: agency };
        agencies.set(agency, of);
        await db.insert(tables.agency).values({ ...of, partnership });
      }
      const person = newId();
      await db
        .insert(tables.person)
        .values({ id: person, name, email: `${person}@northbeck.example`, passwordHash: '-' });
      await db.insert(tables.membership).values({ id: newId(), person, partnership, agency: of.id, role });
      const { session, cookie } = await sessions.start(person);
      return { actor: { person, name, agency: of, role }, session, cookie: cookie.split(';')[0] ?? '' };
    },
    async room(...people) {
      const room = newId();
      await db.insert(tables.room).values({ id: room, partnership, kind: 'case', case: newId(), headHash: firstPrev });
      for (const each of people) {
        const [person, capability] = 'actor' in each ? ([each, 'write'] as const) : each;
        await db.insert(tables.roomMember).values({ room, person: person.actor.person, capability });
      }
      return room;
    },
    async ownRoom({ actor: { person } }) {
      const room = newId();
      await db
        .insert(tables.room)
        .values({ id: room, partnership, kind: 'my-work', owner: person, headHash: firstPrev });
      await db.insert(tables.roomMember).values({ room, person, capability: 'write' });
      return room;
    },
    async admit(room, { actor: { person } }, capability) {
      const { roomMember } = tables;
      const which = and(eq(roomMember.room, room), eq(roomMember.person, person));
      if (capability === null) await db.update(roomMember).set({ until: new Date().toISOString() }).where(which);
      else await db.update(roomMember).set({ capability, until: null }).where(which);
    },
    async cover(deputy, { actor }) {
      const id = newId();
      const [from, until] = ['2020-01-01', '2099-01-01'];
      await db.insert(tables.cover).values({
        id,
        partnership,
        person: deputy.actor.person,
        for: actor.person,
        agency: actor.agency.id,
        role: 'position-holder',
        from,
        until,
        authorisedBy: 'Dana Holt',
      });
      return id;
    },
    signOut: ({ session }) => sessions.end(session),
    async newEpoch(room) {
      const { epoch, id } = tables.room;
      await db
        .update(tables.room)
        .set({ epoch: sql`${epoch} + 1` })
        .where(eq(id, room));
    },
    another: async (on = createBus(), given = {}) => serve(await freePort(), on, given),
    wires: () => serving.wires(),
    async restart() {
      const port = Number(new URL(serving.address).port);
      await serving.close();
      bus = createBus();
      serving = await serve(port);
    },
    async close() {
      await serving.close();
      await store.close();
    },
  };
}

function listen(server: Server, port: number): Promise<string> {
  return new Promise((resolve) => {
    server.listen(port, '127.0.0.1', () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
  });
}
