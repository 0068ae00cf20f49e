/** One open room: what is committed, what is on its way, and the sockets of those who are in it. */
import type { Actor } from '#schema/actor.ts';
import type { PersonId, RoomId } from '#schema/id.ts';
import { kind, limits, syncKind, type Filled } from '#schema/protocol.ts';
import type { RoomKind } from '#schema/room.ts';
import type { Database } from '../store.ts';
import type { NewRow } from './append.ts';
import { deletionsIn, type Deletions } from './deletions.ts';
import { syncFrameSize, writeSyncHead, type State } from './frames.ts';
import { judge, type Reason, type Verdict } from './guard.ts';
import { absorb, Held } from './held.ts';
import { standsOnMissing } from './in-turn.ts';
import type { Leases } from './leases.ts';
import { dropSnapshot, readRows, type LogRow } from './log.ts';
import type { Parts } from './merge.ts';
import { encodeState, Note } from './note.ts';
import { Packer, unpack, walk } from './packed.ts';
import { Presence } from './presence.ts';
import { RoomRecord } from './record.ts';
import { content, scan, type Visitor } from './scan.ts';
import { readSound, sift, updatesIn, type LeftOut } from './sift.ts';
import type { RoomSocket } from './socket.ts';

/** Somebody writing: a socket, or the service itself in a person's name. */
export type Writer = {
  /** Names the connection in the log: 32 hexadecimal digits. */
  readonly id: string;
  readonly person: PersonId;
  readonly session: string | null;
  /** The socket it came by, which is not sent its own words; null where it came by none. */
  readonly socket: RoomSocket | null;
  /** What was taken so far goes into the commit that now begins, or was in one before. */
  seal: () => void;
  /** What was taken up to the last `seal` is durable. */
  durable: () => void;
  /** What was taken in cannot be kept after all. */
  refused: (why: Reason | 'no-right') => void;
};

/** What one writer wrote since the last commit. */
type Group = { writer: Writer; packer: Packer };
/** What goes into one commit, and who waits for it though they wrote nothing new. */
type Batch = { groups: Map<string, Group>; waiting: Set<Writer>; bytes: number };

const emptyBatch = (): Batch => ({ groups: new Map(), waiting: new Set(), bytes: 0 });

type About = { id: RoomId; kind: RoomKind; owner: string | null; epoch: number };

export type RoomParts = {
  db: Database;
  leases: Leases;
  onPending: (room: Room) => void;
  /** People here came, went or moved: for the other processes. */
  onPresence: (room: RoomId, states: State[]) => void;
  /** The hash of what a note holds. */
  hash: (parts: Parts) => Promise<string>;
  /** Rows of the log that cannot be taken in, and are left out of the notes. */
  onLeftOut: (room: RoomId, rows: readonly LeftOut[]) => void;
};

/** No room: the notes are full, or so much of them waits to be stored that this has to come later. */
type Full = { is: 'full' | 'later' };
/** Bytes below the limit from which notes are said to be full: less than what stands around a paragraph. */
const fullWithin = 4 * 1024;

/** Hashes kept of a note as it stood at the last few rows. */
const hashesKept = 8;

export class Room {
  readonly id: RoomId;
  readonly kind: RoomKind;
  readonly owner: string | null;
  readonly epoch: number;
  readonly sockets = new Set<RoomSocket>();
  readonly presence: Presence;
  readonly record: RoomRecord;
  readonly #parts: RoomParts;

  /** What is committed. */
  readonly note: Note;
  /** What is committed or on its way: what the next update is judged against. */
  #held: Held;
  #deletions: Deletions | null = null;
  readonly #leases = new Map<number, PersonId>();

  /** Gathering for the next commit; and in the commit that is under way. */
  #pending = emptyBatch();
  #sealed: Batch | null = null;
  readonly #hashes = new Map<number, Promise<string>>();
  /** What its people were last told of how full the notes are. */
  #toldFilled: Filled = 'roomy';
  /** People working in the room who are not at a socket: it stays open for them. */
  #busy = 0;
  /** Dropped: whoever still holds it must open it again. */
  isClosed = false;

  private constructor(about: About, parts: RoomParts, note: Note, held: Held) {
    this.id = about.id;
    this.kind = about.kind;
    this.owner = about.owner;
    this.epoch = about.epoch;
    this.#parts = parts;
    this.note = note;
    this.presence = new Presence(
      (frame) => this.sendAll(frame),
      (states) => parts.onPresence(about.id, states),
    );
    this.record = new RoomRecord(parts.db, about.id, () =>
      [...this.sockets]
        .filter(({ ours }) => ours)
        .map(({ actor, out }) => ({ actor, send: (frame) => out.send(frame) })),
    );
    this.#held = held;
    this.#toldFilled = this.filled;
  }

  static async load(about: About, parts: RoomParts): Promise<Room> {
    const { snapshot, upTo, rows, held, leftOut, seq, isMadeAnew } = await readSound(parts.db, about.id);
    if (isMadeAnew) await dropSnapshot(parts.db, about.id);
    const note = new Note(snapshot, upTo);
    for (const row of rows) note.add(row.updates, row.seq);
    note.reach(seq);
    if (leftOut.length > 0) parts.onLeftOut(about.id, leftOut);
    return new Room(about, parts, note, held);
  }

  /** How far the server has come, as sync step 1 says it. */
  get stateVector(): Uint8Array {
    return encodeState(this.#held.clocks);
  }

  /** Whether anything of this room is not yet committed, or anybody is in it. */
  get isInUse(): boolean {
    return this.sockets.size > 0 || this.#busy > 0 || this.hasPending || this.#sealed !== null;
  }

  get hasPending(): boolean {
    return this.#pending.groups.size > 0 || this.#pending.waiting.size > 0;
  }

  /** Bytes on their way to the log. */
  get uncommittedBytes(): number {
    return this.#pending.bytes + (this.#sealed?.bytes ?? 0);
  }

  /** Keeps the room open while `work` goes on. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    this.#busy += 1;
    try {
      return await work();
    } finally {
      this.#busy -= 1;
    }
  }

  holderOf(client: number): PersonId | undefined {
    return this.#leases.get(client);
  }

  /** Learns whose these clientIDs are, claiming those that are nobody's. False when this person has claimed too many. */
  async claim(clients: readonly number[], person: PersonId): Promise<boolean> {
    const { db, leases } = this.#parts;
    const holders = await leases.claim(db, this.id, clients, person);
    for (const [client, holder] of holders ?? []) this.#leases.set(client, holder);
    return holders !== null;
  }

  /** Judges an update; if it is news it is on its way to the log when this returns. */
  take(update: Uint8Array, writer: Writer, returning: boolean): Verdict | Full {
    const full = this.#isFullFor(update);
    if (full) return full;
    const verdict = this.#judge(update, writer.person, returning);
    if (verdict.is === 'news') this.#gather(verdict.update, writer);
    if (verdict.is === 'known') this.settle(writer);
    return verdict;
  }

  /** How full the notes are, as far as they are stored. */
  get filled(): Filled {
    const { bytes } = this.note;
    return bytes >= limits.noteBytes - fullWithin ? 'full' : bytes >= limits.noteWarnBytes ? 'long' : 'roomy';
  }

  /** Where the notes have no room left: whoever takes words out, or says what is known, may go on for a while. */
  #isFullFor(update: Uint8Array): Full | null {
    const stored = this.note.bytes + update.length;
    const all = stored + this.uncommittedBytes;
    if (all <= limits.noteBytes || !this.isNews(update)) return null;
    if (all <= limits.noteLastBytes && !this.#grows(update)) return null;
    return { is: stored > limits.noteBytes ? 'full' : 'later' };
  }

  /** Whether an update brings more than it takes out. What cannot be read does not: it is refused for that. */
  #grows(update: Uint8Array): boolean {
    const { clocks } = this.#held;
    let more = 0;
    const wrong = scan<never>(update, {
      struct: ({ client, clock, length, ref }) => {
        if (ref !== content.deleted && clock + length > (clocks.get(client) ?? 0)) more += length;
        return null;
      },
      deletion: (_client, _clock, length) => {
        more -= length;
        return null;
      },
    });
    return wrong === null && more > 0;
  }

  /** Whether an update would bring anything: for a reader, whose copy may only repeat what is known. */
  isNews(update: Uint8Array): boolean {
    const { clocks } = this.#held;
    const deletions = this.#allDeletions();
    return (
      scan<'news'>(update, {
        struct: ({ client, clock, length }) => (clock + length > (clocks.get(client) ?? 0) ? 'news' : null),
        deletion: (client, clock, length) => (deletions.has(client, clock, length) ? null : 'news'),
      }) !== null
    );
  }

  /** The hash of what the note held at row `seq`; null when that can no longer be told. */
  async hashAt(seq: number): Promise<string | null> {
    const known = this.#hashes.get(seq);
    if (known) return known;
    const parts = this.note.parts(seq);
    if (!parts) return null;
    const hash = this.#parts.hash(parts);
    this.#hashes.set(seq, hash);
    // One that failed is asked for again by the next who asks.
    hash.catch(() => this.#hashes.delete(seq));
    for (const oldest of this.#hashes.keys()) {
      if (this.#hashes.size <= hashesKept) break;
      this.#hashes.delete(oldest);
    }
    return hash;
  }

  /** Tells `writer` that all is durable, once everything taken in before is. */
  settle(writer: Writer): void {
    if (this.hasPending) {
      this.#pending.waiting.add(writer);
      return;
    }
    writer.seal();
    if (this.#sealed) this.#sealed.waiting.add(writer);
    else writer.durable();
  }

  #judge(update: Uint8Array, person: PersonId, returning: boolean): Verdict {
    return judge(
      update,
      {
        held: this.#held,
        mine: (client) => {
          const holder = this.#leases.get(client);
          return holder === undefined ? null : holder === person;
        },
        deletions: () => this.#allDeletions(),
      },
      returning,
    );
  }

  #allDeletions(): Deletions {
    if (!this.#deletions) {
      this.#deletions = deletionsIn(this.note.updates());
      for (const batch of [this.#sealed, this.#pending]) {
        for (const { packer } of batch?.groups.values() ?? []) this.#noteDeletions(unpack(packer.bytes));
      }
    }
    return this.#deletions;
  }

  #noteDeletions(updates: readonly Uint8Array[]): void {
    const deletions = this.#deletions;
    if (!deletions) return;
    for (const update of updates) {
      scan<never>(update, {
        struct: () => null,
        deletion: (client, clock, length) => {
          deletions.add(client, clock, length);
          return null;
        },
      });
    }
  }

  #gather(update: Uint8Array, writer: Writer): void {
    this.#noteDeletions([update]);
    const { groups } = this.#pending;
    const group = groups.get(writer.id) ?? { writer, packer: new Packer() };
    if (group.packer.count === 0) groups.set(writer.id, group);
    group.packer.add(update);
    this.#pending.bytes += update.length;
    this.#parts.onPending(this);
  }

  /** What the next commit is to append; null when there is nothing. Until told how it went, nothing else is sealed. */
  seal(): { room: RoomId; epoch: number; onto: number; rows: NewRow[] } | null {
    if (!this.#sealed) {
      if (!this.hasPending) return null;
      this.#sealed = this.#pending;
      this.#pending = emptyBatch();
      for (const { writer } of this.#sealed.groups.values()) writer.seal();
      for (const writer of this.#sealed.waiting) writer.seal();
    }
    const rows = [...this.#sealed.groups.values()].map(({ writer, packer }) => ({
      person: writer.person,
      connection: writer.id,
      session: writer.session,
      updates: packer.bytes,
    }));
    return { room: this.id, epoch: this.epoch, onto: this.note.seq, rows };
  }

  /**
   * The sealed batch is stored. It enters the committed note, everyone else is sent it and its
   * writers are told, and only now.
   */
  stored(): void {
    const batch = this.#sealed;
    if (!batch) throw new Error(`Room ${this.id} had nothing under way`);
    const groups = [...batch.groups.values()];
    const before = this.note.seq;
    for (const { packer } of groups) this.note.add(packer.bytes, this.note.seq + 1);
    this.#sealed = null;
    this.#deliver(groups, before);
    for (const writer of batch.waiting) writer.durable();
  }

  /** Nothing of the sealed batch is stored, because these of its writers may not write. They go; the rest is judged anew. */
  barred(places: readonly number[]): void {
    const groups = [...(this.#sealed?.groups.values() ?? [])];
    const writers = new Set(places.map((place) => groups[place]?.writer));
    for (const writer of writers) writer?.refused('no-right');
    for (const batch of [this.#sealed, this.#pending]) {
      for (const writer of writers) {
        if (!writer) continue;
        batch?.groups.delete(writer.id);
        batch?.waiting.delete(writer);
      }
    }
    this.#rebase([]);
  }

  /** Reads rows that others stored and sends them on. Not while a commit of this room is under way. */
  async catchUp(): Promise<void> {
    const rows = await readRows(this.#parts.db, this.id, this.note.seq);
    if (rows.length === 0) return;
    if (this.#meets(rows)) this.#rebase(rows);
    else this.#follow(rows, this.#held);
  }

  /** Adds others' rows, which `held` learns, and sends them on; but for those that every process leaves out. */
  #follow(rows: readonly LogRow[], held: Held): void {
    const { rows: sound, leftOut } = sift(rows, held);
    for (const row of sound) {
      this.#noteDeletions(unpack(row.updates));
      this.note.add(row.updates, row.seq);
      this.#relay(row);
    }
    this.note.reach(rows.at(-1)?.seq ?? this.note.seq);
    if (leftOut.length > 0) this.#parts.onLeftOut(this.id, leftOut);
  }

  /**
   * Whether rows meet with what is on its way: they hold something under a clock that was already given
   * away here to that, or stand on it or delete it, which for whoever reads the log is not there.
   */
  #meets(rows: readonly LogRow[]): boolean {
    const starts = this.#startsUnderWay();
    if (starts.size === 0) return false;
    const reached = new Map<number, number>();
    const clockOf = (client: number): number =>
      reached.get(client) ?? Math.min(this.#held.clockOf(client), starts.get(client) ?? Number.POSITIVE_INFINITY);
    const look: Visitor<'meets'> = {
      struct(struct) {
        const { client, clock, length } = struct;
        if (starts.has(client) || standsOnMissing(struct, clockOf) !== null) return 'meets';
        reached.set(client, clock + length);
        return null;
      },
      deletion: (client, clock, length) => (clock + length > clockOf(client) ? 'meets' : null),
    };
    return rows.some((row) => updatesIn(row.updates)?.some((update) => scan(update, look) !== null) ?? true);
  }

  /** Where what is on its way begins, for each client that has anything on its way. */
  #startsUnderWay(): Map<number, number> {
    const starts = new Map<number, number>();
    for (const batch of [this.#sealed, this.#pending]) {
      for (const { packer } of batch?.groups.values() ?? []) {
        for (const update of unpack(packer.bytes)) {
          scan<never>(update, {
            struct({ client, clock }) {
              starts.set(client, Math.min(clock, starts.get(client) ?? clock));
              return null;
            },
            deletion: () => null,
          });
        }
      }
    }
    return starts;
  }

  /** Adds others' rows, and judges anew, on top of them, all that is on its way. */
  #rebase(rows: readonly LogRow[]): void {
    const held = new Held();
    absorb(held, this.note.updates());
    this.#deletions = null;
    this.#follow(rows, held);
    this.#held = held;
    const under = this.#sealed;
    const batches = [this.#sealed, this.#pending];
    this.#sealed = under ? emptyBatch() : null;
    this.#pending = emptyBatch();
    for (const batch of batches) {
      if (!batch) continue;
      const next = batch === under ? (this.#sealed as Batch) : this.#pending;
      for (const { writer, packer } of batch.groups.values()) this.#judgeAgain(writer, packer, next);
      for (const writer of batch.waiting) next.waiting.add(writer);
    }
  }

  /** Judges what a writer has on its way as if it came now; what others' rows hold already is dropped. */
  #judgeAgain(writer: Writer, before: Packer, next: Batch): void {
    const packer = new Packer();
    for (const update of unpack(before.bytes)) {
      const verdict = this.#judge(update, writer.person, true);
      if (verdict.is === 'news') packer.add(verdict.update);
      if (verdict.is === 'refused' || verdict.is === 'unleased') {
        writer.refused(verdict.is === 'refused' ? verdict.why : 'foreign');
        break;
      }
    }
    next.waiting.add(writer);
    if (packer.count === 0) return;
    next.groups.set(writer.id, { writer, packer });
    next.bytes += packer.length;
  }

  /** Sends committed groups to everyone but their own writers, each socket one write, its acknowledgement with it. */
  #deliver(groups: readonly Group[], before: number): void {
    let size = 0;
    let count = 0;
    for (const { packer } of groups) {
      count += packer.count;
      walk(packer.bytes, (from, to) => {
        size += syncFrameSize(to - from);
      });
    }
    const frames = size < 4096 ? Buffer.allocUnsafe(size) : Buffer.allocUnsafeSlow(size);
    let at = 0;
    for (const { writer, packer } of groups) {
      const start = at;
      const { bytes } = packer;
      walk(bytes, (from, to) => {
        at = writeSyncHead(frames, at, syncKind.update, to - from);
        frames.set(bytes.subarray(from, to), at);
        at += to - from;
      });
      writer.socket?.out.omit(frames, start, at, packer.count);
      if (!writer.socket) writer.durable();
    }
    for (const socket of this.sockets) socket.out.deliver(frames, count, before);
    this.#tellFilled();
  }

  /** Puts a merged copy in place of the rows up to `seq`: it may leave more room than they did. */
  takeMerged(merged: Uint8Array, seq: number): void {
    this.note.replace(merged, seq);
    this.#tellFilled();
  }

  #tellFilled(): void {
    const { filled } = this;
    if (filled === this.#toldFilled) return;
    this.#toldFilled = filled;
    for (const socket of this.sockets) if (socket.ours) socket.out.sendText(kind.filled, filled);
  }

  #relay({ connection, updates, seq }: LogRow): void {
    const sender = [...this.sockets].find(({ id }) => id === connection);
    this.#deliver([{ writer: sender ?? nobody, packer: packerOf(updates) }], seq - 1);
  }

  sendAll(frame: Buffer): void {
    for (const socket of this.sockets) socket.out.send(frame);
  }

  /** Who is here, each once. */
  people(): Actor[] {
    return [...new Map([...this.sockets].map(({ actor }) => [actor.person, actor])).values()];
  }

  close(): void {
    this.isClosed = true;
    this.presence.close();
  }
}

/** Whoever wrote a row on another process. */
const nobody: Writer = {
  id: '',
  person: '',
  session: null,
  socket: null,
  seal: () => undefined,
  durable: () => undefined,
  refused: () => undefined,
};

function packerOf(row: Uint8Array): Packer {
  const packer = new Packer();
  for (const update of unpack(row)) packer.add(update);
  return packer;
}
