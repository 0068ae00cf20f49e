/** One connection to a room: a table of message kinds and what each needs; everything not in it is refused. */
import { randomUUID } from 'node:crypto';
import * as decoding from 'lib0/decoding';
import type { Logger } from 'pino';
import type { RawData, WebSocket } from 'ws';
import type { Actor } from '#schema/actor.ts';
import type { Capability } from '#schema/case.ts';
import { close, kind, limits, syncKind } from '#schema/protocol.ts';
import { includes } from '#schema/room.ts';
import { durable, send, syncStep1 } from './frames.ts';
import { hear } from './presence.ts';
import type { Room } from './room.ts';
import { scan } from './scan.ts';

export type Admitted = { actor: Actor; session: string; capability: Capability };

type Handler = { needs: Capability; handle: (decoder: decoding.Decoder, bytes: number) => Promise<void> | void };

/** Milliseconds a reader may stay too far behind before it is sent away to come back. */
const behindAtMost = 15_000;

export class RoomSocket {
  readonly id = randomUUID();
  readonly actor: Actor;
  readonly session: string;
  readonly capability: Capability;
  /** Whether the client asked for our own message kinds. */
  readonly ours: boolean;
  readonly #ws: WebSocket;
  readonly #room: Room;
  readonly #logger: Logger;
  readonly #table: ReadonlyMap<number, Handler>;
  #open = true;
  /** The clientID this connection is present as. */
  #client: number | null = null;
  /** Sync messages with content that came on this connection, and how many of them are durable. */
  #came = 0;
  #durable = 0;
  /** Messages wait here, in order, while one needs the database. */
  #inbox: Promise<void> | null = null;
  #allowance: number = limits.frameBurst;
  #allowedAt = performance.now();
  /** Since when this reader has been too far behind to be sent notes; null when it is not. */
  #behindSince: number | null = null;

  constructor(ws: WebSocket, room: Room, admitted: Admitted, ours: boolean, logger: Logger) {
    this.actor = admitted.actor;
    this.session = admitted.session;
    this.capability = admitted.capability;
    this.ours = ours;
    this.#ws = ws;
    this.#room = room;
    this.#logger = logger;
    this.#table = new Map<number, Handler>([
      [kind.sync, { needs: 'read', handle: (decoder, bytes) => this.#sync(decoder, bytes) }],
      [kind.awareness, { needs: 'read', handle: (decoder) => this.#awareness(decoder) }],
      [kind.queryAwareness, { needs: 'read', handle: () => this.#sendPresence() }],
      [kind.entriesSince, { needs: 'read', handle: (decoder) => room.entriesFor(this, decoding.readVarUint(decoder)) }],
    ]);
    ws.on('message', (data) => this.#receive(data));
    ws.on('close', () => this.#closed());
    room.sockets.add(this);
    this.send(syncStep1(room.stateVector));
    this.#sendPresence();
  }

  send(message: Uint8Array): void {
    if (this.#open) send(this.#ws, message);
  }

  /**
   * Sends a change of the notes, unless this reader has stopped reading: then nothing more is
   * queued for it, and once it has caught up it is sent all it lacks.
   */
  sendNotes(message: Uint8Array): void {
    if (this.#behindSince !== null) return;
    this.send(message);
    if (this.#ws.bufferedAmount > limits.sendBufferBytes) this.#fallBehind();
  }

  /** Ends the connection. From here on nothing it sends is read. */
  close(code: number, reason = ''): void {
    if (!this.#open) return;
    this.#closed();
    this.#ws.close(code, reason);
  }

  #receive(data: RawData): void {
    if (!this.#open) return;
    if (!(data instanceof Buffer) || data.byteLength === 0) {
      this.#refuse(close.refusedUpdate, 'not a message');
    } else if (!this.#mayReceive()) {
      this.#refuse(close.tooMuch, 'too many messages');
    } else if (this.#inbox) {
      this.#await(this.#inbox.then(() => this.#dispatch(data)));
    } else {
      const work = this.#dispatch(data);
      if (work) this.#await(work);
    }
  }

  /** Later messages wait for this one. */
  #await(work: Promise<void>): void {
    const inbox = Promise.resolve(work)
      .catch((err: unknown) => {
        this.#logger.error({ err, room: this.#room.id }, 'a message could not be handled');
        this.close(1011);
      })
      .then(() => {
        if (this.#inbox === inbox) this.#inbox = null;
      });
    this.#inbox = inbox;
  }

  #dispatch(data: Buffer): Promise<void> | void {
    if (!this.#open) return;
    // A copy: what is kept must not hold on to the larger buffer the frame arrived in.
    const decoder = decoding.createDecoder(new Uint8Array(data));
    try {
      const entry = this.#table.get(decoding.readVarUint(decoder));
      if (!entry || !includes(this.capability, entry.needs))
        return this.#refuse(close.refusedUpdate, 'not for this room');
      return entry.handle(decoder, data.byteLength);
    } catch (error) {
      if (error instanceof Error) return this.#refuse(close.refusedUpdate, 'not a message');
      throw error;
    }
  }

  #sync(decoder: decoding.Decoder, bytes: number): Promise<void> | void {
    const step = decoding.readVarUint(decoder);
    const payload = decoding.readVarUint8Array(decoder);
    if (step === syncKind.step1) {
      for (const message of this.#room.answerTo(payload)) this.send(message);
      return;
    }
    if (step !== syncKind.step2 && step !== syncKind.update) return this.#refuse(close.refusedUpdate, 'not a message');
    if (step === syncKind.update && bytes > limits.frameBytes)
      return this.#refuse(close.refusedUpdate, 'too large a change');
    this.#came += 1;
    if (!includes(this.capability, 'write')) {
      // A reader's provider answers our first question; what it says is not read.
      if (step === syncKind.update)
        return this.#refuse(close.refusedUpdate, 'you may read these notes, not change them');
      return this.#tellDurable(this.#came, this.#room.durable());
    }
    return this.#take(payload, this.#came, true);
  }

  #take(update: Uint8Array, count: number, mayAsk: boolean): Promise<void> | void {
    const guarded = this.#room.guard(update, this.actor.person);
    if ('nothingNew' in guarded) return this.#tellDurable(count, this.#room.durable());
    if ('refused' in guarded) {
      const mayMend = ['foreign-client', 'gap', 'deletes-unknown'].includes(guarded.refused);
      if (mayMend && mayAsk) return this.#askAndTake(update, count);
      this.#logger.warn(
        { room: this.#room.id, person: this.actor.person, refused: guarded.refused, why: guarded.why },
        'an update was refused',
      );
      return this.#refuse(close.refusedUpdate, guarded.refused);
    }
    this.#tellDurable(count, this.#room.accept(guarded, this.actor.person, this.id, this));
  }

  /** What this process does not know another may have written, or a plain provider may be new: look once, then decide. */
  async #askAndTake(update: Uint8Array, count: number): Promise<void> {
    for (const { client } of scan(update).blocks) {
      if (this.#room.holderOf(client) === undefined && !(await this.#claim(client))) return;
    }
    await this.#room.catchUp();
    if (this.#open) await this.#take(update, count, false);
  }

  async #claim(client: number): Promise<boolean> {
    if ((await this.#room.claim(client, this.actor.person)) !== null) return true;
    this.#refuse(close.tooMuch, 'too many copies of the notes');
    return false;
  }

  /** Counts in order: `durable(n)` says that the first n are, all of them. */
  #tellDurable(count: number, done: Promise<unknown>): void {
    done.then(
      () => {
        this.#durable = Math.max(this.#durable, count);
        if (this.ours) this.send(durable(this.#durable));
      },
      (err: unknown) => {
        this.#logger.error({ err, room: this.#room.id }, 'an update was not stored');
        this.close(close.tryLater);
      },
    );
  }

  #awareness(decoder: decoding.Decoder): Promise<void> | void {
    const heard = hear(decoding.readVarUint8Array(decoder), this.#client);
    if (heard === null) return;
    if ('refused' in heard) return this.#refuse(close.refusedUpdate, heard.refused);
    const { client, clock, cursor } = heard;
    if (this.#client === client) return this.#present(client, clock, cursor);
    const holder = this.#room.holderOf(client);
    if (holder === this.actor.person) return this.#present(client, clock, cursor);
    if (holder !== undefined) return;
    return this.#room.claim(client, this.actor.person).then((now) => {
      if (now === this.actor.person && this.#open) this.#present(client, clock, cursor);
    });
  }

  #present(client: number, clock: number, cursor: string | null): void {
    this.#client = client;
    if (cursor === null) this.#room.presence.left(client);
    else this.#room.presence.moved(client, clock, this.actor, cursor);
  }

  #sendPresence(): void {
    const all = this.#room.presence.all();
    if (all) this.send(all);
  }

  #mayReceive(): boolean {
    const now = performance.now();
    this.#allowance = Math.min(
      limits.frameBurst,
      this.#allowance + ((now - this.#allowedAt) / 1000) * limits.framesPerSecond,
    );
    this.#allowedAt = now;
    this.#allowance -= 1;
    return this.#allowance >= 0;
  }

  #fallBehind(): void {
    this.#behindSince = performance.now();
    const look = setInterval(() => {
      if (!this.#open) return clearInterval(look);
      if (this.#ws.bufferedAmount < limits.sendBufferBytes / 16) {
        clearInterval(look);
        this.#behindSince = null;
        for (const message of this.#room.answerTo(new Uint8Array([0]))) this.send(message);
      } else if (performance.now() - (this.#behindSince ?? 0) > behindAtMost) {
        clearInterval(look);
        this.close(close.tryLater, 'too far behind');
      }
    }, 250);
  }

  #refuse(code: number, why: string): void {
    this.close(code, why.slice(0, 100));
  }

  #closed(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#room.sockets.delete(this);
    if (this.#client !== null) this.#room.presence.left(this.#client);
  }
}
