/** One connection to a room: what each kind of message needs and does, and nothing that is not in the table. */
import type { Duplex } from 'node:stream';
import type { Logger } from 'pino';
import type { RawData, WebSocket } from 'ws';
import type { Actor } from '#schema/actor.ts';
import { type Capability, includes } from '#schema/case.ts';
import { newId, type PersonId } from '#schema/id.ts';
import { close, kind, limits, syncKind } from '#schema/protocol.ts';
import { Allowance } from './allowance.ts';
import { end } from './end.ts';
import { step1Frame } from './frames.ts';
import type { Reason } from './guard.ts';
import { MessageReader } from './message.ts';
import { decodeState } from './note.ts';
import { Outlet } from './outlet.ts';
import { readAwareness, type Said } from './presence.ts';
import type { Room, Writer } from './room.ts';

export type Admitted = { actor: Actor; session: string; capability: Capability };

/** Hexadecimal digits of a hash. */
const hashLength = 64;
/**
 * Milliseconds of the processor's time one connection may cause: so much at once, and that again
 * every ten seconds. A short message is not worth measuring.
 */
export const work = { most: 200, perSecond: 20 };
/**
 * And of what it caused beyond that: half a minute of waiting at once, then half of its time. Whoever
 * goes on as fast as they are let is sent away after a minute; the longest honest paste is over before.
 */
const beyond = { most: 600, perSecond: 10 };
const shortMessage = 512;
/**
 * What is done after something was waited for cannot be measured: the thread does others' work
 * meanwhile. It is taken to cost by its length: entries are read, sealed and written out; a hash is
 * taken by another thread.
 */
const leastForEntries = 5;
const entriesPerMillisecond = 20_000;
const hashedPerMillisecond = 40_000;
/** Looks, a second apart, within which a client answers when it is asked whether it is there. Counted: a process that stood still has read no answers. */
const answersWithin = 10;
/** Messages passed over while a copy's first answer is on its way: more is nobody typing. */
const earlyAtMost = 256;

export type SocketParts = {
  logger: Logger;
  /** Commits of this room fail: what is taken in now may wait long. */
  isFailing: (room: Room) => boolean;
  onClosed: (socket: RoomSocket) => void;
  /** What a connection of this person may cause: what is left of an earlier one's, if it has ended. */
  workOf: (person: PersonId) => Allowance;
  /** It sent what an honest client never sends. */
  onRefused: (socket: RoomSocket) => void;
  /** Its copy is not what the server has. */
  onDiffers: (room: Room) => void;
  /** Frames a second that are read from one socket, and no more. */
  framesPerSecond: number;
  /** Milliseconds a reader may take nothing before it is sent away to come back. */
  patience: number;
};

/** Returns what later messages must wait for, if anything. */
type Handler = { needs: Capability; handle: (socket: RoomSocket, message: MessageReader) => Promise<void> | void };

/** Every kind of message a client may send; the others close the connection (R17). */
const table: ReadonlyMap<number, Handler> = new Map<number, Handler>([
  [kind.sync, { needs: 'read', handle: (socket, message) => socket.onSync(message) }],
  [kind.awareness, { needs: 'read', handle: (socket, message) => socket.onAwareness(message) }],
  [kind.queryAwareness, { needs: 'read', handle: (socket) => socket.out.sendPresence() }],
  [kind.contentHash, { needs: 'read', handle: (socket, message) => socket.onContentHash(message) }],
  [kind.entriesSince, { needs: 'read', handle: (socket, message) => socket.onEntriesSince(message) }],
]);

export class RoomSocket implements Writer {
  readonly id = newId();
  readonly actor: Actor;
  readonly session: string;
  readonly capability: Capability;
  readonly room: Room;
  /** Whether the client asked for our own message kinds. */
  readonly ours: boolean;
  readonly socket = this;
  readonly out: Outlet;
  readonly #ws: WebSocket;
  readonly #stream: Duplex;
  readonly #parts: SocketParts;
  #open = true;

  /** Whether a message waits for the database; those that came meanwhile, or faster than they may, in order. */
  #waits = false;
  #queue: Buffer[] = [];
  readonly #frames: Allowance;
  /** What it may still cause. */
  readonly work: Allowance;
  readonly #beyond = new Allowance(beyond);
  #slowed: ReturnType<typeof setTimeout> | undefined;

  /** Since it was last looked at: whether its person has written anything. */
  wrote = false;
  /** Messages with content that have come. */
  #taken = 0;

  /** Whether its copy has answered sync step 1: until then the server may lack what it wrote while away. */
  #answered = false;
  /** Messages taken before the first that was passed over until then; null when none was. */
  #beforeEarly: number | null = null;

  #hashing = false;

  /** Whether anything came since it was last asked whether it is there; and looks since then. */
  #heard = true;
  #looks = 0;

  constructor(ws: WebSocket, stream: Duplex, room: Room, admitted: Admitted, ours: boolean, parts: SocketParts) {
    this.actor = admitted.actor;
    this.session = admitted.session;
    this.capability = admitted.capability;
    this.room = room;
    this.ours = ours;
    this.#ws = ws;
    this.#stream = stream;
    this.#parts = parts;
    this.work = parts.workOf(admitted.actor.person);
    this.#frames = new Allowance({ most: limits.frameBurst, perSecond: parts.framesPerSecond });
    ws.on('message', (data, isBinary) => this.#receive(data, isBinary));
    ws.on('pong', () => {
      this.#heard = true;
    });
    ws.on('close', () => this.#closed());
    this.out = new Outlet(stream, room, ours, (since) => this.#inBackground(this.#sendEntries(since)));
    room.sockets.add(this);
    this.out.send(step1Frame(room.stateVector));
    this.out.sendPresence();
    if (!ours) return;
    if (room.filled !== 'roomy') this.out.sendText(kind.filled, room.filled);
    if (!room.record.isFollowed) this.#inBackground(room.record.feed());
  }

  get person(): PersonId {
    return this.actor.person;
  }

  get isOpen(): boolean {
    return this.#open;
  }

  /** Called about every 20 s: says that the server is there, and asks whether the client is. */
  beat(): void {
    this.#heard = false;
    this.#looks = 0;
    this.#ws.ping();
    this.out.beat();
  }

  /** Called about every second: ends a connection that has gone silent, and sends away a reader that takes next to nothing. */
  look(now: number): void {
    if (this.#isRead) this.#looks += 1;
    if (!this.#heard && this.#looks > answersWithin) this.#ws.terminate();
    else if (this.out.hasTakenNothing(now, this.#parts.patience)) this.close(close.tryLater, 'too far behind');
  }

  /** Whether what it sends is read now. */
  get #isRead(): boolean {
    return !this.#waits && !this.#slowed && !this.out.isHeld;
  }

  /** Whether it may still be here is not known: sends nothing more and takes nothing in until it is. */
  beUnsure(): void {
    this.out.hold();
    this.#ws.pause();
  }

  /** It may. */
  beSure(): void {
    if (!this.out.isHeld) return;
    this.out.letGo();
    this.#goOn();
  }

  // As a writer.

  seal(): void {
    this.out.seal(this.#beforeEarly ?? this.#taken);
  }

  durable(): void {
    this.out.durable();
  }

  refused(why: Reason | 'no-right'): void {
    if (why === 'no-right') this.close(close.rightsChanged);
    else this.#refuse(why);
  }

  // What comes in.

  #receive(data: RawData, isBinary: boolean): void {
    if (!this.#open) return;
    this.#heard = true;
    if (!isBinary || !(data instanceof Buffer)) {
      this.#refuse('not a binary message');
      return;
    }
    this.#slow();
    if (this.#mayHandle) this.#handle(data);
    else this.#queue.push(data);
  }

  /** What goes wrong with one message, in whatever way, ends that connection and nothing else. */
  #handle(data: Buffer): void {
    const isMeasured = data.length > shortMessage || data[1] !== syncKind.update;
    try {
      const later = isMeasured ? this.#measured(() => this.#dispatch(data)) : this.#dispatch(data);
      if (later) this.#waitFor(later);
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Later messages wait for `work`, most of them in their sender's own buffers. */
  #waitFor(work: Promise<void>): void {
    this.#waits = true;
    this.#ws.pause();
    work
      .catch((error: unknown) => this.#fail(error))
      .then(() => {
        this.#waits = false;
        this.#goOn();
      });
  }

  /** Handles what came while something was waited for, and reads on. */
  #goOn(): void {
    while (this.#mayHandle) {
      const next = this.#queue.shift();
      if (!next) break;
      this.#handle(next);
    }
    if (this.#mayHandle) this.#ws.resume();
  }

  get #mayHandle(): boolean {
    return this.#open && this.#isRead;
  }

  #inBackground(work: Promise<void> | void): void {
    work?.catch((error: unknown) => this.#fail(error));
  }

  #fail(err: unknown): void {
    this.#parts.logger.error({ err, room: this.room.id, connection: this.id }, 'a message could not be handled');
    this.close(close.tryLater);
  }

  #dispatch(data: Buffer): Promise<void> | void {
    if (!this.#open) return;
    const message = new MessageReader(data);
    const handler = table.get(message.uint());
    if (!handler || !includes(this.capability, handler.needs)) return this.#refuse('a message of this kind');
    if (data.length > limits.frameBytes && !isAnswer(data)) return this.close(close.tooMuch, 'a message too large');
    return handler.handle(this, message);
  }

  onSync(message: MessageReader): Promise<void> | void {
    const step = message.uint();
    const body = message.last();
    if (body === null) return this.#refuse('a malformed message');
    switch (step) {
      case syncKind.step1:
        return this.#answer(body);
      case syncKind.step2:
        return includes(this.capability, 'write') ? this.#take(body, true) : this.#passOver(body);
      case syncKind.update:
        return includes(this.capability, 'write') ? this.#take(body, false) : this.#refuse('no right to write');
      default:
        return this.#refuse('a message of this kind');
    }
  }

  #answer(body: Uint8Array): void {
    const theirs = decodeState(body);
    if (!theirs) this.#refuse('a malformed state vector');
    else this.out.answer(theirs);
  }

  #take(update: Uint8Array, returning: boolean): Promise<void> | void {
    // What is taken in now may wait long, in memory.
    if (this.#parts.isFailing(this.room) && this.room.uncommittedBytes > limits.waitingBytes) {
      return this.close(close.tryLater, 'too much waits to be stored');
    }
    this.#taken += 1;
    this.wrote ||= !returning;
    const verdict = this.room.take(update, this, returning);
    switch (verdict.is) {
      case 'news':
      case 'known':
        if (returning) this.#hasAnswered();
        return;
      case 'full':
        return this.close(close.full, 'the notes are full');
      case 'later':
        return this.close(close.tryLater, 'too much waits to be stored');
      case 'refused':
        return this.#isEarly(verdict.why, returning) ? undefined : this.#refuse(verdict.why);
      case 'unleased':
        this.#taken -= 1;
        return this.#claim(verdict.clients).then((claimed) => {
          if (claimed && this.#open) return this.#measured(() => this.#take(update, returning));
        });
    }
  }

  /**
   * A copy with words from before it connected may send its next word before it answers step 1: a
   * stock provider does whenever somebody types at that moment. That word stands on what the server
   * has yet to get. It is passed over, because the answer that is on its way holds it too; nothing
   * from it on counts as durable until that answer is.
   */
  #isEarly(why: Reason, returning: boolean): boolean {
    if (this.#answered || returning || (why !== 'gap' && why !== 'deletes-unknown')) return false;
    this.#beforeEarly ??= this.#taken - 1;
    return this.#taken - this.#beforeEarly <= earlyAtMost;
  }

  #hasAnswered(): void {
    this.#answered = true;
    if (this.#beforeEarly === null) return;
    this.#beforeEarly = null;
    this.room.settle(this);
  }

  /** False when it was refused. */
  async #claim(clients: readonly number[]): Promise<boolean> {
    const claimed = await this.room.claim(clients, this.person);
    if (!claimed) this.close(close.tooMuch, 'too many copies');
    return claimed;
  }

  /** A reader's copy repeats what it knows. Were there more in it, saying "saved" would be untrue. */
  #passOver(update: Uint8Array): void {
    if (this.room.isNews(update)) return;
    this.#taken += 1;
    this.room.settle(this);
  }

  onAwareness(message: MessageReader): Promise<void> | void {
    const body = message.last();
    const said = body && readAwareness(body);
    if (!said) return this.#refuse('presence that says too much');
    // Nobody's yet, and alone: a plain provider saying who it is. Among others it is what it heard.
    const [first] = said;
    if (said.length === 1 && first && first.cursor !== null && this.room.holderOf(first.client) === undefined) {
      return this.#claim([first.client]).then((claimed) => {
        if (claimed && this.#open) this.#hear(said);
      });
    }
    this.#hear(said);
  }

  #hear(said: readonly Said[]): void {
    for (const each of said) {
      if (this.room.holderOf(each.client) === this.person) this.room.presence.said(this, this.actor, each);
    }
  }

  /** Whether a copy holds what the note held when it last heard of it (T4). */
  onContentHash(message: MessageReader): Promise<void> | void {
    const hash = message.text(hashLength);
    const received = message.uint();
    if (hash === null || received < 0) return this.#refuse('a malformed message');
    const seq = this.out.rowAfter(received);
    if (this.#hashing || seq === undefined) return this.out.sendText(kind.contentHash, 'moved');
    this.#hashing = true;
    this.#inBackground(this.#compare(hash, seq));
  }

  async #compare(theirs: string, seq: number): Promise<void> {
    this.#cost(this.room.note.bytes / hashedPerMillisecond);
    const ours = await this.room.hashAt(seq);
    this.#hashing = false;
    if (ours !== null && ours !== theirs) {
      const { person, id: connection } = this;
      this.#parts.logger.warn({ room: this.room.id, person, connection, seq }, 'a copy differs');
      this.#parts.onDiffers(this.room);
    }
    this.out.sendText(kind.contentHash, ours === null ? 'moved' : ours === theirs ? 'same' : 'differs');
  }

  onEntriesSince(message: MessageReader): Promise<void> | void {
    const since = message.uint();
    if (since < 0) return this.#refuse('a malformed message');
    return this.#sendEntries(since);
  }

  /** Entries after `since`, now or once it takes more. */
  #sendEntries(since: number): Promise<void> | void {
    if (this.out.defersEntries(since)) return;
    const { actor } = this;
    const send = (frame: Buffer): void => {
      this.#cost(leastForEntries + frame.length / entriesPerMillisecond);
      if (!this.out.defersEntries(since)) this.out.send(frame);
    };
    return this.room.record.answer({ actor, send }, since);
  }

  // Limits.

  /** Reads no faster than it may: a burst is taken, a flood waits in its sender's own buffers. */
  #slow(): void {
    const wait = this.#frames.use(1);
    if (wait > 0) this.#readLater(wait + 100);
  }

  /** Does something and measures what it costs. */
  #measured<Result>(act: () => Result): Result {
    const began = worked();
    try {
      return act();
    } finally {
      this.#cost(worked() - began);
    }
  }

  /** Whoever causes much work waits until others have had theirs; whoever never stops is sent away (T19). */
  #cost(milliseconds: number): void {
    const wait = this.work.use(milliseconds);
    if (wait === 0) return;
    const owed = (wait / 1000) * work.perSecond;
    if (this.#beyond.use(Math.min(milliseconds, owed)) > 0)
      this.#sendAway(close.tooMuch, 'too much work without a pause');
    else this.#readLater(wait);
  }

  #readLater(wait: number): void {
    if (this.#slowed || !this.#open) return;
    this.#ws.pause();
    this.#slowed = setTimeout(() => {
      this.#slowed = undefined;
      this.#goOn();
    }, wait);
  }

  #refuse(why: string): void {
    this.#sendAway(close.refusedUpdate, why);
  }

  /** For what no honest client does: it is remembered of its person. */
  #sendAway(code: number, why: string): void {
    if (!this.#open) return;
    this.#parts.logger.warn({ room: this.room.id, person: this.person, connection: this.id, why }, 'refused');
    this.#parts.onRefused(this);
    this.close(code, why);
  }

  /** Ends the connection. From here on nothing that comes is read and nothing is sent. */
  close(code: number, reason = ''): void {
    if (!this.#open) return;
    this.#closed();
    this.#queue = [];
    end(this.#ws, this.#stream, code, reason);
  }

  #closed(): void {
    if (!this.#open) return;
    this.#open = false;
    this.out.close();
    clearTimeout(this.#slowed);
    this.room.sockets.delete(this);
    this.room.presence.gone(this);
    this.#parts.onClosed(this);
  }
}

/**
 * Milliseconds this thread has worked. Not the clock on the wall: on a busy machine that would count
 * what others did meanwhile against whoever sends much, and make an honest paste wait (T19).
 */
function worked(): number {
  const { user, system } = processorTime.call(process);
  return (user + system) / 1000;
}
/** Node 22 tells it of the whole process only. */
const processorTime = process.threadCpuUsage ?? process.cpuUsage;

/** A copy that was away may answer with more than one change holds. */
function isAnswer(data: Buffer): boolean {
  return data[0] === kind.sync && data[1] === syncKind.step2;
}
