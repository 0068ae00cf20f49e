/** One open room: its notes as bytes, its record folded, and the sockets of those who are in it. */
import type { Logger } from 'pino';
import * as Y from 'yjs';
import type { Entry } from '#schema/ledger.ts';
import type { PersonId, RoomId } from '#schema/id.ts';
import { kind } from '#schema/protocol.ts';
import { asReadBy, emptyRoom, evolve, fold, reveals, type RoomKind, type RoomState } from '#schema/room.ts';
import type { Bus } from '../bus.ts';
import { entriesSince } from '../ledger.ts';
import type { Database } from '../store.ts';
import { Clocks } from './clocks.ts';
import { syncStep2, syncUpdate, textMessage } from './frames.ts';
import { guard, type Guarded } from './guard.ts';
import { claimLease, readLeases } from './leases.ts';
import { keepSnapshot, readLog, readNotes, type Log } from './log.ts';
import { Presence } from './presence.ts';
import type { RoomSocket } from './socket.ts';
import { scan } from './scan.ts';

/** Updates kept apart before they are merged: merging costs a little for each, sending them apart costs frames. */
const tailAtMost = 500;
/** Rows of the log after which a merged copy is kept. */
const snapshotAfter = 1_000;

type Parts = { db: Database; log: Log; logger: Logger; bus: Bus };

export class Room {
  readonly id: RoomId;
  readonly kind: RoomKind;
  readonly owner: string | null;
  readonly sockets = new Set<RoomSocket>();
  readonly presence = new Presence((message) => this.sendAll(message));
  readonly #parts: Parts;

  /** What is committed. */
  #merged: Uint8Array;
  #tail: Uint8Array[] = [];
  #bytes: number;
  /** Last row of the log taken in, without a gap before it; rows of ours that came back ahead of others'. */
  #seq: number;
  readonly #ahead = new Set<number>();
  #rowsSinceSnapshot: number;
  /** What is committed or on its way: what the guard measures the next update against. */
  readonly #clocks = new Clocks();
  readonly #leases: Map<number, PersonId>;

  /** Resolves when all that was taken in so far is durable. */
  #durable: Promise<unknown> = Promise.resolve();

  /** The record, folded from whole entries. */
  #state: RoomState = emptyRoom;
  #feeding: Promise<void> = Promise.resolve();
  #catchingUp: Promise<void> | null = null;
  #telling = false;

  private constructor(
    about: { id: RoomId; kind: RoomKind; owner: string | null },
    parts: Parts,
    notes: Awaited<ReturnType<typeof readNotes>>,
    leases: Map<number, PersonId>,
    entries: readonly Entry[],
  ) {
    this.id = about.id;
    this.kind = about.kind;
    this.owner = about.owner;
    this.#parts = parts;
    this.#merged = notes.update;
    this.#bytes = notes.update.byteLength;
    this.#seq = notes.seq;
    this.#rowsSinceSnapshot = notes.rows;
    this.#clocks.add(scan(notes.update));
    this.#leases = leases;
    this.#state = fold(entries);
  }

  static async load(about: { id: RoomId; kind: RoomKind; owner: string | null }, parts: Parts): Promise<Room> {
    const [notes, leases, entries] = await Promise.all([
      readNotes(parts.db, about.id),
      readLeases(parts.db, about.id),
      entriesSince(parts.db, about.id, 0),
    ]);
    return new Room(about, parts, notes, leases, entries);
  }

  get stateVector(): Uint8Array {
    return this.#clocks.stateVector();
  }

  /** Whose clientID this is; undefined when nobody has it yet, as far as is known here. */
  holderOf(client: number): PersonId | undefined {
    return this.#leases.get(client);
  }

  /** Claims a clientID at first sight. Whose it is now; null when this person has claimed too many. */
  async claim(client: number, person: PersonId): Promise<PersonId | null> {
    const holder = await claimLease(this.#parts.db, this.id, client, person);
    if (holder !== null) this.#leases.set(client, holder);
    return holder;
  }

  guard(update: Uint8Array, person: PersonId): Guarded {
    return guard(update, this.#clocks, (client) => this.#leases.get(client) === person, this.#bytes);
  }

  /**
   * Takes in an update that the guard let through: to the log first, then to this copy, then to
   * everybody else. Resolves once it is durable and on its way to the others.
   */
  async accept(
    guarded: Extract<Guarded, { update: Uint8Array }>,
    person: PersonId,
    connection: string,
    from?: RoomSocket,
  ): Promise<void> {
    const { update, scanned } = guarded;
    this.#clocks.add(scanned);
    this.#bytes += update.byteLength;
    const appended = this.#parts.log.append(this.id, person, connection, update);
    this.#durable = appended;
    const seq = await appended;
    this.#take(update);
    this.#reached(seq);
    this.#broadcast(update, from);
    this.#tellElsewhere();
  }

  /** Waits for what was taken in before: an update that brought nothing new is durable once that is. */
  durable(): Promise<unknown> {
    return this.#durable;
  }

  /**
   * What a client that has `stateVector` lacks, as messages: the last is sync step 2, so that a
   * provider that says "synced" has the whole.
   */
  answerTo(stateVector: Uint8Array): Uint8Array[] {
    this.#mergeTail();
    const empty = stateVector.byteLength <= 1;
    return [syncStep2(empty ? this.#merged : Y.diffUpdate(this.#merged, stateVector))];
  }

  /** Reads rows that other processes wrote. */
  catchUp(): Promise<void> {
    this.#catchingUp ??= this.#readBehind().finally(() => {
      this.#catchingUp = null;
    });
    return this.#catchingUp;
  }

  async #readBehind(): Promise<void> {
    for (const { seq, updates } of await readLog(this.#parts.db, this.id, this.#seq)) {
      if (this.#ahead.has(seq) || seq <= this.#seq) continue;
      for (const update of updates) {
        this.#clocks.add(scan(update));
        this.#bytes += update.byteLength;
        this.#take(update);
        this.#broadcast(update);
      }
      this.#reached(seq);
    }
  }

  /** One hint for all that was taken in within a turn of the event loop. */
  #tellElsewhere(): void {
    if (!this.#parts.bus.shared || this.#telling) return;
    this.#telling = true;
    setImmediate(() => {
      this.#telling = false;
      this.#parts.bus.publishElsewhere({ kind: 'updates', room: this.id });
    });
  }

  #take(update: Uint8Array): void {
    this.#tail.push(update);
    if (this.#tail.length >= tailAtMost) this.#mergeTail();
  }

  #mergeTail(): void {
    if (this.#tail.length === 0) return;
    this.#merged = Y.mergeUpdates([this.#merged, ...this.#tail]);
    this.#tail = [];
  }

  #reached(seq: number): void {
    if (seq <= this.#seq) return;
    this.#ahead.add(seq);
    while (this.#ahead.delete(this.#seq + 1)) {
      this.#seq += 1;
      this.#rowsSinceSnapshot += 1;
    }
  }

  #broadcast(update: Uint8Array, from?: RoomSocket): void {
    const message = syncUpdate(update);
    for (const socket of this.sockets) if (socket !== from) socket.sendNotes(message);
  }

  sendAll(message: Uint8Array): void {
    for (const socket of this.sockets) socket.send(message);
  }

  /** Reads entries that were appended, folds them, and sends each socket what its reader may have. */
  feed(): Promise<void> {
    this.#feeding = this.#feeding.then(() => this.#feedNow());
    return this.#feeding;
  }

  async #feedNow(): Promise<void> {
    const entries = await entriesSince(this.#parts.db, this.id, this.#state.seq);
    if (entries.length === 0) return;
    this.#state = entries.reduce(evolve, this.#state);
    const again = entries.some(reveals) ? await this.#submitted(entries) : [];
    for (const socket of this.sockets) this.#sendEntries(socket, [...again, ...entries]);
  }

  /** Positions given before they opened, to be sent again, whole. */
  async #submitted(now: readonly Entry[]): Promise<Entry[]> {
    const first = now[0]?.seq ?? 0;
    const earlier = await entriesSince(this.#parts.db, this.id, 0);
    return earlier.filter(({ seq, type }) => seq < first && type === 'PositionSubmitted');
  }

  async entriesFor(socket: RoomSocket, since: number): Promise<void> {
    await this.feed();
    this.#sendEntries(socket, await entriesSince(this.#parts.db, this.id, since));
  }

  #sendEntries(socket: RoomSocket, entries: readonly Entry[]): void {
    if (!socket.ours) return;
    const readable = entries.map((entry) => asReadBy(entry, this.#state, socket.actor));
    socket.send(textMessage(kind.entries, JSON.stringify(readable)));
  }

  /** Keeps a merged copy when enough has come since the last. Nothing rests on it but time. */
  async keep(): Promise<void> {
    if (this.#rowsSinceSnapshot < snapshotAfter || this.#ahead.size > 0) return;
    this.#mergeTail();
    this.#rowsSinceSnapshot = 0;
    await keepSnapshot(this.#parts.db, this.id, this.#seq, this.#merged);
  }

  close(): void {
    this.presence.close();
  }
}
