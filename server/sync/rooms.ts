/** All open rooms of this process, and what the rest of the service asks of rooms. */
import { eq } from 'drizzle-orm';
import type { Logger } from 'pino';
import { mergeUpdates } from 'yjs';
import type { Actor } from '#schema/actor.ts';
import { idPattern, newId, type PersonId, type RoomId } from '#schema/id.ts';
import { close, kind, limits } from '#schema/protocol.ts';
import { room as roomTable } from '#schema/tables/index.ts';
import { actorOf } from '../auth/actor.ts';
import { ownMachine, type Proxies } from '../auth/address.ts';
import type { Sessions } from '../auth/sessions.ts';
import type { Bus, Hint } from '../bus.ts';
import { deputiesOf } from '../cover.ts';
import { roomOf } from '../rights.ts';
import type { Database } from '../store.ts';
import { Returning } from './allowance.ts';
import { createCommitter } from './committer.ts';
import { end } from './end.ts';
import { createLeases } from './leases.ts';
import { createMerger } from './merger.ts';
import { createMerging } from './merging.ts';
import { RefusedPeople } from './misdeeds.ts';
import { unpack } from './packed.ts';
import { createReadable } from './readable.ts';
import { Room, type Writer } from './room.ts';
import { readSound } from './sift.ts';
import { createNaming } from './unreadable.ts';
import { RoomSocket, work, type SocketParts } from './socket.ts';
import { hotRunner, runner, type HotRunner, type Run } from './statements.ts';
import { createDoor, type Answer } from './upgrade.ts';
import { readEnded, readHeads, type Ended } from './watch.ts';

type World = {
  db: Database;
  bus: Bus;
  sessions: Pick<Sessions, 'read' | 'prolong'>;
  log: Logger;
  origins: ReadonlySet<string>;
  /** Whose word is believed about whom they speak for; where none are named, those on this machine. */
  proxies?: Proxies;
  /** Frames a second that are read from one socket; benchmarks read more. */
  framesPerSecond?: number;
  /** Sockets that one room, and this process, may have; benchmarks open more. */
  socketsPerRoom?: number;
  socketsPerProcess?: number;
  /** Lets those back in at once who were refused; tests are refused ten thousand times. */
  forgives?: boolean;
  /** Milliseconds a reader may take nothing before it is sent away. */
  patience?: number;
  /** Runs what appends to the log; tests make it fail. */
  appending?: HotRunner;
  /** Asks who may still be here; tests make it fail. */
  watching?: Run;
  /** Milliseconds without an answer to that after which everyone is sent away; tests wait less. */
  leaveAfter?: number;
};

/** Milliseconds between looks at where open rooms stand: what was written elsewhere is never further away. */
const headsEvery = 1_000;
/** Milliseconds between looks at everyone's rights; after so many without an answer nothing more goes out; then everyone is sent away. */
const rightsEvery = 3_500;
const unsureAfter = 5_000;
const leaveAfter = 30_000;
/** Milliseconds after rights were read within which somebody enters on them: looked at again in time, they were not lost for longer than that. */
const rightsGoodFor = unsureAfter - rightsEvery;
/** Milliseconds between beats: a stock provider gives up after 30 s of silence. */
const beatEvery = 20_000;
/** Milliseconds a reader may take nothing before it is sent away to come back (T21). */
const patience = 15_000;
/** Milliseconds between two times that the other processes are told who is here, whether or not anybody moved. */
const presenceEvery = 5_000;
/** Milliseconds over which clients are sent away when the service stops, so that they do not all return at once. */
const drainOver = 10_000;
const drainEach = 25;
/** Milliseconds for what was written to be stored before the service stops all the same. */
const settleWithin = 10_000;
export function createRooms(world: World) {
  const { db, bus, sessions, log: logger, origins, proxies = ownMachine } = world;
  const run = runner(db);
  const appending = world.appending ?? hotRunner(db);
  const committer = createCommitter(appending.run, logger, ({ id }) => {
    if (bus.shared) bus.publishElsewhere({ kind: 'updates', room: id });
  });
  const merger = createMerger();
  const naming = createNaming(db, logger);
  const merging = createMerging({
    db,
    merger,
    logger,
    mayMerge: ({ id }) => naming.isDone(id),
    onMerged: (room) => void (room.isInUse || drop(room)),
  });
  const open = new Map<RoomId, Promise<Room>>();
  const loaded = new Map<RoomId, Room>();
  const leases = createLeases();
  const refusedPeople = new RefusedPeople();
  const works = new Returning(work);
  const sockets = new Set<RoomSocket>();
  const socketsOf = new Map<PersonId, number>();
  const watching = world.watching ?? run;
  const leavingAfter = world.leaveAfter ?? leaveAfter;
  let closing = false;
  let rightsKnownAt = performance.now();
  let unsure = false;
  let beatAt = performance.now();
  /** Names this process among those that share the bus. */
  const self = newId();
  let presenceSaidAt = performance.now();
  const rights = alone(lookAtEveryonesRights, (err) => logger.error({ err }, 'rights could not be looked at'));
  const rest = alone(tick, (err) => logger.error({ err }, 'rooms could not be looked after'));

  const socketParts: SocketParts = {
    logger,
    framesPerSecond: world.framesPerSecond ?? limits.framesPerSecond,
    patience: world.patience ?? patience,
    isFailing: committer.isFailing,
    workOf: (person) => works.begin(person),
    onRefused: ({ person }) => refusedPeople.refused(person),
    onDiffers: merging.differs,
    onClosed: (socket) => {
      sockets.delete(socket);
      works.end(socket.person, socket.work);
      const left = (socketsOf.get(socket.person) ?? 1) - 1;
      if (left > 0) socketsOf.set(socket.person, left);
      else socketsOf.delete(socket.person);
    },
  };

  const unsubscribe = bus.subscribe((hint) => {
    hear(hint).catch((err: unknown) => logger.error({ err, hint: hint.kind }, 'a hint could not be followed'));
  });
  const timer = setInterval(() => {
    const now = performance.now();
    if (unsure || now - rightsKnownAt >= rightsEvery - headsEvery / 2) rights.begin();
    rest.begin();
    beUnsure(now);
    for (const socket of [...sockets]) socket.look(now);
    if (bus.shared) lookWhoIsElsewhere(now);
    if (now - beatAt < beatEvery) return;
    beatAt = now;
    for (const socket of [...sockets]) socket.beat();
  }, headsEvery);

  async function hear(hint: Hint): Promise<void> {
    switch (hint.kind) {
      case 'entries':
        return loaded.get(hint.room)?.record.feed();
      case 'updates': {
        const room = loaded.get(hint.room);
        if (room) committer.behind(room);
        return;
      }
      case 'presence':
        loaded.get(hint.room)?.presence.heardFrom(hint.process, hint.states, performance.now());
        return;
      case 'presence-asked':
        loaded.get(hint.room)?.presence.sayAgain();
        return;
      case 'signed-out':
        for (const socket of [...sockets]) if (socket.session === hint.session) socket.close(close.signedOut);
        return;
      case 'rights':
        return lookAtRights(
          [...sockets].filter(
            ({ room, person }) =>
              (hint.room === undefined || room.id === hint.room) &&
              (hint.person === undefined || person === hint.person),
          ),
        );
      case 'work': {
        const own = [...loaded.values()].filter(({ kind, owner }) => kind === 'my-work' && owner);
        if (own.length === 0) return;
        const covering = (await deputiesOf(db, hint.people)).map(({ deputy }) => deputy);
        const people = new Set([...hint.people, ...covering]);
        for (const room of own) {
          if (!room.owner || !people.has(room.owner)) continue;
          for (const socket of room.sockets) if (socket.ours) socket.out.sendText(kind.refresh, 'work');
        }
      }
    }
  }

  /** Hints may be lost, and a process with all its people: what is true is said again, and what is not is forgotten. */
  function lookWhoIsElsewhere(now: number): void {
    for (const { presence } of loaded.values()) presence.look(now);
    if (now - presenceSaidAt < presenceEvery) return;
    presenceSaidAt = now;
    for (const { presence } of loaded.values()) presence.sayAgain();
  }

  async function tick(): Promise<void> {
    await lookAtHeads();
    naming.tryAgain();
    for (const room of [...loaded.values()]) if (!merging.look(room) && !room.isInUse) drop(room);
  }

  /** Whatever was written on another process, its hint lost or not. */
  async function lookAtHeads(): Promise<void> {
    const rooms = [...loaded.values()].filter(({ sockets }) => sockets.size > 0);
    const heads = await readHeads(
      run,
      rooms.map(({ id }) => id),
    );
    for (const room of rooms) {
      const head = heads.get(room.id);
      if (!head) continue;
      if (head.epoch !== room.epoch) for (const socket of [...room.sockets]) socket.close(close.rightsChanged);
      if (head.notes > room.note.seq) committer.behind(room);
      if (room.record.isFollowed && head.record > room.record.seq) await room.record.feed();
    }
  }

  async function lookAtEveryonesRights(): Promise<void> {
    const asked = performance.now();
    // Where nothing can be written, who may read can still be asked.
    await putOffTheirEnds().catch((err: unknown) => logger.error({ err }, 'sessions could not be prolonged'));
    await lookAtRights([...sockets]);
    rightsKnownAt = asked;
    if (!unsure) return;
    unsure = false;
    for (const socket of sockets) socket.beSure();
  }

  /** Typing is being here: nobody is signed out while they write. */
  async function putOffTheirEnds(): Promise<void> {
    const writing = [...sockets].filter(({ wrote }) => wrote);
    for (const socket of writing) socket.wrote = false;
    try {
      await sessions.prolong([...new Set(writing.map(({ session }) => session))]);
    } catch (error) {
      for (const socket of writing) socket.wrote = true;
      throw error;
    }
  }

  async function lookAtRights(asked: readonly RoomSocket[]): Promise<void> {
    const code: Record<Ended, number> = {
      session: close.signedOut,
      place: close.noRoom,
      terms: close.rightsChanged,
    };
    for (const [socket, ended] of await readEnded(watching, asked)) {
      logger.info(
        { room: socket.room.id, person: socket.person, ended },
        'somebody was sent away whose right has ended',
      );
      socket.close(code[ended]);
    }
  }

  /** Nobody may be sent anything on the strength of rights that were last known too long ago (T9). */
  function beUnsure(now: number): void {
    const since = now - rightsKnownAt;
    if (since > unsureAfter) {
      if (!unsure) logger.error('rights are not known: nothing is sent or taken in until they are');
      unsure = true;
      for (const socket of sockets) socket.beUnsure();
    }
    if (since > leavingAfter) for (const socket of [...sockets]) socket.close(close.tryLater, 'rights are not known');
  }

  /** Forgets a room that nobody is in. */
  function drop(room: Room): void {
    room.close();
    open.delete(room.id);
    loaded.delete(room.id);
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
    const { id: is, kind, owner, epoch } = roomTable;
    const [about] = await db.select({ id: is, kind, owner, epoch }).from(roomTable).where(eq(is, id));
    if (!about) throw new Error(`No room ${id}`);
    const room = await Room.load(about, {
      db,
      leases,
      onPending: committer.pending,
      onPresence: (of, states) => bus.publishElsewhere({ kind: 'presence', room: of, process: self, states }),
      hash: merger.hash,
      onLeftOut: naming.name,
    });
    loaded.set(id, room);
    bus.publishElsewhere({ kind: 'presence-asked', room: id });
    return room;
  }

  async function admit(id: RoomId, cookie: string | undefined): Promise<Answer> {
    const signed = await sessions.read(cookie);
    if (!signed) return { turned: close.signedOut };
    const [found, right] = await Promise.all([
      actorOf(db, signed.person),
      idPattern.test(id) ? roomOf(db, id, signed.person) : null,
    ]);
    if (!found || !right) return { turned: close.noRoom };
    if (!world.forgives && refusedPeople.mustWait(signed.person)) return { turned: close.tryLater };
    if (hasTooMany(signed.person)) return { turned: close.tooManyOpen };
    const readAt = performance.now();
    const room = await openRoom(id);
    // A slow database took long to open it: what was read of their rights is asked again, now that it is open.
    if (performance.now() - readAt > rightsGoodFor) return admit(id, cookie);
    // Its notes were erased or restored a moment ago, and this is what was before: it is dropped within a second.
    if (room.epoch !== right.epoch) return { turned: close.tryLater };
    const admitted = { actor: found.actor, session: signed.session, capability: right.capability };
    return {
      enter(ws, stream, { ours, epoch }) {
        if (room.isClosed) return end(ws, stream, close.tryLater);
        if (closing) return end(ws, stream, close.restart);
        // Its copy may hold what was erased: it comes back through the door, and discards it (T18).
        if (epoch !== null && epoch !== String(room.epoch)) return end(ws, stream, close.rightsChanged);
        // Counted where it enters: others may have come in since it was admitted.
        if (hasTooMany(signed.person)) return end(ws, stream, close.tooManyOpen);
        if (isFull(room)) return end(ws, stream, close.roomFull);
        // What is no websocket frame at all is refused before it comes to the socket.
        ws.once('error', () => refusedPeople.refused(signed.person));
        const socket = new RoomSocket(ws, stream, room, admitted, ours, socketParts);
        sockets.add(socket);
        socketsOf.set(signed.person, (socketsOf.get(signed.person) ?? 0) + 1);
        if (unsure) socket.beUnsure();
      },
    };
  }

  const hasTooMany = (person: PersonId): boolean => (socketsOf.get(person) ?? 0) >= limits.socketsPerPerson;
  const isFull = (room: Room): boolean => room.sockets.size >= (world.socketsPerRoom ?? limits.socketsPerRoom);
  const isCrowded = (): boolean => sockets.size >= (world.socketsPerProcess ?? limits.socketsPerProcess);

  return {
    ...createDoor({ origins, proxies, logger, admit, isClosing: () => closing, isCrowded }),

    /** The notes' readable text as committed; inside a transaction, as that transaction sees them. */
    notesOf: createReadable(merger),

    /** Issues a clientID to a person for a room, for ever; null when they have had too many within the hour. */
    lease: leases.issue,

    /**
     * Takes in an update from somebody who is not at a socket, by the same guard and log. Resolves
     * once it is durable; throws when it is refused.
     */
    async write(id: RoomId, by: Actor, update: Uint8Array): Promise<void> {
      const room = await openRoom(id);
      if (room.isClosed) return this.write(id, by, update);
      await room.during(
        () =>
          new Promise<void>((resolve, reject) => {
            const writer: Writer = {
              id: newId(),
              person: by.person,
              session: null,
              socket: null,
              seal: () => undefined,
              durable: resolve,
              refused: (why) => reject(new Error(`The update was refused: ${why}`)),
            };
            writeAs(room, writer, update).catch(reject);
          }),
      );
    },

    /** The notes as one Yjs update. */
    async updateOf(id: RoomId): Promise<Uint8Array> {
      const { snapshot, rows } = await readSound(db, id);
      return mergeUpdates([snapshot, ...rows.flatMap(({ updates }) => unpack(updates))]);
    },

    /** Who is in the room now on this process, each once. */
    async peopleIn(id: RoomId): Promise<Actor[]> {
      return loaded.get(id)?.people() ?? [];
    },

    /** Sends everyone away to come back elsewhere, a few at a time, and waits for what they wrote to be stored. */
    async close(): Promise<void> {
      closing = true;
      // Until the last of them is gone, whoever may no longer be here goes at once.
      const leaving = [...sockets];
      const each = Math.min(drainEach, drainOver / Math.max(leaving.length, 1));
      for (const socket of leaving) {
        await new Promise((resolve) => setTimeout(resolve, each));
        socket.close(close.restart, 'the service is restarting');
      }
      clearInterval(timer);
      unsubscribe();
      await committer.settled(settleWithin);
      await Promise.all([rights.ended(), rest.ended()]);
      // A room that is just being opened may find a row to name: a merged copy would hide it from the next start.
      await Promise.allSettled(open.values());
      await naming.ended();
      await merging.ended();
      await merger.close();
      await appending.close();
      for (const room of loaded.values()) room.close();
      open.clear();
      loaded.clear();
    },
  };
}
export type Rooms = ReturnType<typeof createRooms>;

/** Work that is begun again and again, but not while it is still under way. */
function alone(work: () => Promise<void>, failed: (error: unknown) => void) {
  let under: Promise<void> | null = null;
  return {
    begin(): void {
      under ??= work()
        .catch(failed)
        .finally(() => {
          under = null;
        });
    },
    ended: async () => under,
  };
}

async function writeAs(room: Room, writer: Writer, update: Uint8Array): Promise<void> {
  const verdict = room.take(update, writer, false);
  switch (verdict.is) {
    case 'news':
    case 'known':
      return;
    case 'full':
    case 'later':
      throw new Error(`The update was refused: ${verdict.is === 'full' ? 'the notes are full' : 'come later'}`);
    case 'refused':
      return writer.refused(verdict.why);
    case 'unleased': {
      const claimed = await room.claim(verdict.clients, writer.person);
      if (!claimed) throw new Error('The update was refused: too many clientIDs');
      return writeAs(room, writer, update);
    }
  }
}
