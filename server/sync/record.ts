/** A room's record as its sockets hear it: each entry as that reader may have it, and again when it opens. */
import type { RoomId } from '#schema/id.ts';
import type { Entry } from '#schema/ledger.ts';
import type { Actor } from '#schema/actor.ts';
import { kind } from '#schema/protocol.ts';
import { emptyRoom, evolve, type RoomState } from '#schema/room.ts';
import { asReadBy, maySeal, reveals } from '#schema/sealing.ts';
import { entriesSince } from '../ledger.ts';
import type { Database } from '../store.ts';
import { textFrame } from './frames.ts';

/** Somebody who is sent entries. */
export type Reader = { actor: Pick<Actor, 'agency'>; send: (frame: Buffer) => void };

export class RoomRecord {
  readonly #db: Database;
  readonly #room: RoomId;
  readonly #readers: () => Iterable<Reader>;
  /** Folded from whole entries: what tells who may read what. */
  #state: RoomState = emptyRoom;
  #reading: Promise<void> = Promise.resolve();
  #folded = false;

  /** `readers` gives those who are to be sent what is new. */
  constructor(db: Database, room: RoomId, readers: () => Iterable<Reader>) {
    this.#db = db;
    this.#room = room;
    this.#readers = readers;
  }

  /** The last entry that was read, and sent to those who were here then. */
  get seq(): number {
    return this.#state.seq;
  }

  /** Whether anybody has come to hear of it. */
  get isFollowed(): boolean {
    return this.#folded;
  }

  /** Reads what was appended and sends it. One reading at a time, each after the one before. */
  feed(): Promise<void> {
    const next = this.#reading.then(() => this.#feed());
    // A reading that failed is heard by whoever asked for it; the next starts afresh.
    this.#reading = next.catch(() => undefined);
    return next;
  }

  /** Sends one reader everything after `since`. */
  async answer(reader: Reader, since: number): Promise<void> {
    await this.feed();
    const state = this.#state;
    const entries = since < state.seq ? await entriesSince(this.#db, this.#room, since) : [];
    send(
      reader,
      entries.filter(({ seq }) => seq <= state.seq),
      state,
    );
  }

  async #feed(): Promise<void> {
    const entries = await entriesSince(this.#db, this.#room, this.#state.seq);
    const before = this.#state.seq;
    this.#state = entries.reduce(evolve, this.#state);
    // The first reading is of what was there before anybody came: they ask for it themselves.
    const first = !this.#folded;
    this.#folded = true;
    if (first || entries.length === 0) return;
    const opened = entries.some(reveals) ? await this.#sealedUpTo(before) : [];
    for (const reader of this.#readers()) send(reader, [...opened, ...entries], this.#state);
  }

  /** What was sealed before it opened: sent again, whole, to those from whom it was withheld. */
  async #sealedUpTo(seq: number): Promise<Entry[]> {
    const earlier = await entriesSince(this.#db, this.#room, 0);
    return earlier.filter((entry) => entry.seq <= seq && maySeal(entry.type));
  }
}

function send(reader: Reader, entries: readonly Entry[], state: RoomState): void {
  const readable = entries.map((entry) => asReadBy(entry, state, reader.actor));
  reader.send(textFrame(kind.entries, JSON.stringify(readable)));
}
