/** All open rooms of this process: the door (upgrade), who must leave, and what the rest of the service asks of rooms. */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { and, eq, inArray } from 'drizzle-orm';
import type { Logger } from 'pino';
import { WebSocketServer, type WebSocket } from 'ws';
import type { Actor } from '#schema/actor.ts';
import { idPattern, type PersonId, type RoomId } from '#schema/id.ts';
import type { FrozenNotes } from '#schema/notes.ts';
import { close, kind, limits, ours } from '#schema/protocol.ts';
import { room as roomTable, roomMember, session as sessionTable } from '#schema/tables/index.ts';
import { actorOf } from '../auth/actor.ts';
import type { Sessions } from '../auth/sessions.ts';
import type { Bus, Hint } from '../bus.ts';
import { roomOf, stillMember } from '../rights.ts';
import type { Database } from '../store.ts';
import { textMessage } from './frames.ts';
import { issueLease } from './leases.ts';
import { createLog, readNotes } from './log.ts';
import { Room } from './room.ts';
import { scan } from './scan.ts';
import { RoomSocket } from './socket.ts';
import { frozen } from './text.ts';

type World = { db: Database; bus: Bus; sessions: Sessions; log: Logger; origins: ReadonlySet<string> };

/** Milliseconds between looks at whether everyone connected still may be, and at records appended elsewhere. */
const lookEvery = 4_000;
/** Milliseconds between looks at what other processes wrote, whether or not a hint came. */
const tailEvery = 1_000;
/** Milliseconds over which clients are sent away when the service stops, so that they do not all return at once. */
const drainOver = 1_000;

export function createRooms({ db, bus, sessions, log: logger, origins }: World) {
  const log = createLog(db, logger);
  const open = new Map<RoomId, Promise<Room>>();
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: limits.syncBytes,
    perMessageDeflate: false,
    clientTracking: false,
  });
  const texts = new Map<RoomId, FrozenNotes>();
  let closing = false;

  const unsubscribe = bus.subscribe((hint) => {
    hear(hint).catch((err: unknown) => logger.error({ err, hint: hint.kind }, 'a hint could not be followed'));
  });
  const looking = setInterval(() => {
    look().catch((err: unknown) => logger.error({ err }, 'rights could not be looked up'));
  }, lookEvery);

  const tailing = bus.shared
    ? setInterval(() => {
        tail().catch((err: unknown) => logger.error({ err }, "other processes' writing could not be read"));
      }, tailEvery)
    : undefined;

  /** The database's sequence is the truth; hints only make it quick. */
  async function tail(): Promise<void> {
    const busy = (await rooms()).filter(({ sockets }) => sockets.size > 0);
    await Promise.all(busy.flatMap((room) => [room.catchUp(), room.feed()]));
  }

  async function hear(hint: Hint): Promise<void> {
    switch (hint.kind) {
      case 'entries':
        return (await open.get(hint.room))?.feed();
      case 'updates':
        return (await open.get(hint.room))?.catchUp();
      case 'signed-out':
        for (const socket of await sockets()) if (socket.session === hint.session) socket.close(close.signedOut);
        return;
      case 'rights':
        return look();
      case 'work':
        for (const room of await rooms()) {
          if (room.kind !== 'my-work' || !room.owner || !hint.people.includes(room.owner)) continue;
          for (const socket of room.sockets) if (socket.ours) socket.send(textMessage(kind.refresh, 'work'));
        }
    }
  }

  async function rooms(): Promise<Room[]> {
    return Promise.all(open.values());
  }

  async function sockets(): Promise<RoomSocket[]> {
    return (await rooms()).flatMap(({ sockets }) => [...sockets]);
  }

  /** Sends away everyone whose session or right has ended or changed; drops rooms that nobody is in. */
  async function look(): Promise<void> {
    const busy = (await rooms()).filter(({ sockets }) => sockets.size > 0);
    await Promise.all(busy.map((room) => room.keep()));
    await shut();
    const connected = busy.flatMap((room) => [...room.sockets].map((socket) => ({ room, socket })));
    if (connected.length === 0) return;
    const [members, living] = await Promise.all([
      db
        .select({ room: roomMember.room, person: roomMember.person, capability: roomMember.capability })
        .from(roomMember)
        .where(
          and(
            inArray(
              roomMember.room,
              busy.map(({ id }) => id),
            ),
            stillMember,
          ),
        ),
      db
        .select({ id: sessionTable.id, expiresAt: sessionTable.expiresAt })
        .from(sessionTable)
        .where(inArray(sessionTable.id, [...new Set(connected.map(({ socket }) => socket.session))])),
    ]);
    const rights = new Map(members.map(({ room, person, capability }) => [`${room}/${person}`, capability]));
    const alive = new Set(living.filter(({ expiresAt }) => expiresAt > new Date()).map(({ id }) => id));
    for (const { room, socket } of connected) {
      const right = rights.get(`${room.id}/${socket.actor.person}`);
      if (!alive.has(socket.session)) socket.close(close.signedOut);
      else if (right === undefined) socket.close(close.noRoom);
      else if (right !== socket.capability) socket.close(close.rightsChanged);
    }
  }

  /** A room is dropped when nobody is in it and nothing of it waits to be stored. */
  async function shut(): Promise<void> {
    for (const [id, opening] of open) {
      const room = await opening;
      if (room.sockets.size > 0) continue;
      await room.durable();
      if (room.sockets.size > 0) continue;
      open.delete(id);
      room.close();
    }
  }

  function openRoom(id: RoomId): Promise<Room> {
    const known = open.get(id);
    if (known) return known;
    const opening = load(id);
    open.set(id, opening);
    opening.catch(() => open.delete(id));
    return opening;
  }

  async function load(id: RoomId): Promise<Room> {
    const [about] = await db
      .select({ id: roomTable.id, kind: roomTable.kind, owner: roomTable.owner })
      .from(roomTable)
      .where(eq(roomTable.id, id));
    if (!about) throw new Error(`No room ${id}`);
    return Room.load(about, { db, log, logger, bus });
  }

  /**
   * The door. Another site is turned away before the upgrade; a person is let in, or let in and
   * told why not by the close code, because a stock provider retries for ever on an HTTP refusal.
   */
  function handleUpgrade(request: IncomingMessage, stream: Duplex, head: Buffer): void {
    const lost = (err: Error): void => {
      logger.debug({ err }, 'a connection was lost');
      stream.destroy();
    };
    stream.on('error', lost);
    if (closing || !origins.has(request.headers.origin ?? '')) {
      turnAway(stream, closing ? '503 Service Unavailable' : '403 Forbidden');
      return;
    }
    const url = new URL(request.url ?? '', 'http://localhost');
    const id = /^\/rooms\/([^/]*)$/.exec(url.pathname)?.[1] ?? '';
    const come = async (): Promise<void> => {
      const door = await admit(id, request.headers.cookie);
      if (stream.destroyed) return;
      server.handleUpgrade(request, stream, head, (ws) => {
        stream.off('error', lost);
        ws.on('error', (err) => {
          logger.debug({ err }, 'a socket sent what is no message');
          ws.terminate();
        });
        if ('turned' in door) ws.close(door.turned);
        else enter(ws, door, url.searchParams.get(ours) === '1');
      });
    };
    come().catch((err: unknown) => {
      logger.error({ err }, 'a socket could not be opened');
      turnAway(stream, '503 Service Unavailable');
    });
  }

  async function admit(id: RoomId, cookie: string | undefined) {
    const signed = await sessions.read(cookie);
    if (!signed) return { turned: close.signedOut };
    const [found, right] = await Promise.all([
      actorOf(db, signed.person),
      idPattern.test(id) ? roomOf(db, id, signed.person) : null,
    ]);
    if (!found || !right) return { turned: close.noRoom };
    const room = await openRoom(id);
    const mine = (await sockets()).filter(({ actor }) => actor.person === signed.person);
    if (room.sockets.size >= limits.socketsPerRoom || mine.length >= limits.socketsPerPerson * 4)
      return { turned: close.tooMuch };
    return { room, admitted: { actor: found.actor, session: signed.session, capability: right.capability } };
  }

  function enter(
    ws: WebSocket,
    door: Exclude<Awaited<ReturnType<typeof admit>>, { turned: number }>,
    asksForOurs: boolean,
  ): void {
    // The room may have been dropped, empty, between the look-up and now.
    open.set(door.room.id, Promise.resolve(door.room));
    new RoomSocket(ws, door.room, door.admitted, asksForOurs, logger);
  }

  return {
    handleUpgrade,

    /** The notes' readable text as committed; inside a transaction, as that transaction sees them. */
    async notesOf(of: Database, id: RoomId): Promise<FrozenNotes> {
      const [head] = await of.select({ seq: roomTable.notesSeq }).from(roomTable).where(eq(roomTable.id, id));
      const known = texts.get(id);
      if (known && known.version === head?.seq) return known;
      const { update, seq } = await readNotes(of, id);
      const notes = frozen(update, seq);
      texts.delete(id);
      texts.set(id, notes);
      for (const oldest of texts.keys()) {
        if (texts.size <= 200) break;
        texts.delete(oldest);
      }
      return notes;
    },

    /** Issues a clientID to a person for a room, for ever. */
    async lease(of: Database, id: RoomId, person: PersonId): Promise<number> {
      return issueLease(of, id, person);
    },

    /** Takes in an update from somebody who is not at a socket, by the same guard and log. Throws when it is refused. */
    async write(id: RoomId, by: Actor, update: Uint8Array): Promise<void> {
      const room = await openRoom(id);
      for (const { client } of scan(update).blocks) {
        if (room.holderOf(client) === undefined) await room.claim(client, by.person);
      }
      const guarded = room.guard(update, by.person);
      if ('refused' in guarded) throw new Error(`The update was refused: ${guarded.refused} (${guarded.why})`);
      if ('update' in guarded) await room.accept(guarded, by.person, randomUUID());
    },

    /** The notes as one Yjs update. */
    async updateOf(id: RoomId): Promise<Uint8Array> {
      return (await readNotes(db, id)).update;
    },

    /** Who is in the room now, each once. */
    async peopleIn(id: RoomId): Promise<Actor[]> {
      const room = await open.get(id);
      return [...new Map([...(room?.sockets ?? [])].map(({ actor }) => [actor.person, actor])).values()];
    },

    /** Sends everyone away to come back elsewhere, and waits for what they wrote to be stored. */
    async close(): Promise<void> {
      closing = true;
      clearInterval(looking);
      clearInterval(tailing);
      unsubscribe();
      const leaving = await sockets();
      await Promise.all(
        leaving.map(async (socket, index) => {
          await new Promise((resolve) => setTimeout(resolve, (drainOver * index) / Math.max(leaving.length, 10)));
          socket.close(close.restart, 'the service is restarting');
        }),
      );
      await log.settled();
      for (const room of await rooms()) room.close();
      open.clear();
    },
  };
}
export type Rooms = ReturnType<typeof createRooms>;

function turnAway(stream: Duplex, status: string): void {
  if (!stream.destroyed) stream.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
