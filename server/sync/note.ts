/** One note's committed bytes: a merged update and the rows since. Never a Yjs document. */
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { diffUpdate, mergeUpdates } from 'yjs';
import { nothing, step2Frame, updateFrame } from './frames.ts';
import type { Parts } from './merge.ts';
import { unpack } from './packed.ts';
import { deletionsOffset, scan } from './scan.ts';
import { joinTyped } from './typed.ts';

/** How far a copy has come, by client. */
export type StateVector = ReadonlyMap<number, number>;

export class Note {
  /** The last row of the log that is in here. */
  seq: number;
  /** When a row was last taken in, by this process's clock. */
  grewAt = 0;
  #merged: Uint8Array;
  /** The last row that is in the merged update. */
  #mergedSeq: number;
  /** What the merged update holds, worked out when first asked for. */
  #mergedState: StateVector | null = null;
  #tail: { seq: number; row: Uint8Array }[] = [];
  #tailBytes = 0;
  /** What the tail takes out, until it grows. */
  #takenOut: number | null = null;
  /** The tail as one update, until it grows. */
  #tailMerged: Uint8Array | null = null;
  /** Whether rows may be joined on their way to a copy that has nothing: not where that would read differently. */
  #joins = true;
  /** The answer to a copy that has nothing, until there is something new: twenty who come at once share it. */
  #whole: Buffer[] | null = null;

  constructor(merged: Uint8Array, seq: number) {
    this.#merged = merged;
    this.#mergedSeq = seq;
    this.seq = seq;
  }

  /** Takes in a committed row. */
  add(row: Uint8Array, seq: number): void {
    this.#tail.push({ seq, row });
    this.#tailBytes += row.length;
    this.#takenOut = null;
    this.#tailMerged = null;
    this.#whole = null;
    this.grewAt = performance.now();
    this.seq = seq;
  }

  /** Row `seq` has been read, and what was to be added of it has been. */
  reach(seq: number): void {
    this.seq = seq;
  }

  get bytes(): number {
    return this.#merged.length + this.#tailBytes;
  }

  get tailBytes(): number {
    return this.#tailBytes;
  }

  get tailRows(): number {
    return this.#tail.length;
  }

  /** What the rows since the last merge take out, as Yjs counts: at most so many characters are left out by merging. */
  get takenOut(): number {
    this.#takenOut ??= this.#tail.flatMap(({ row }) => unpack(row)).reduce((sum, update) => sum + deletedBy(update), 0);
    return this.#takenOut;
  }

  /** Everything in here, oldest first. */
  *updates(): Generator<Uint8Array> {
    yield this.#merged;
    for (const { row } of this.#tail) yield* unpack(row);
  }

  /** The note as of row `seq`, in parts; null when it has been merged with later rows since. */
  parts(seq = this.seq): Parts | null {
    if (seq < this.#mergedSeq || seq > this.seq) return null;
    return { merged: this.#merged, rows: this.#tail.filter((each) => each.seq <= seq).map(({ row }) => row) };
  }

  /** The row of the log that the first so many of those kept apart end with. */
  seqAfter(rows: number): number {
    return this.#tail[rows - 1]?.seq ?? this.#mergedSeq;
  }

  /** From now on whoever has nothing is sent what is here one by one, in the order in which it came. */
  keepOrder(): void {
    if (!this.#joins) return;
    this.#joins = false;
    this.#whole = null;
  }

  /** Puts `merged` in place of the parts as of row `seq`, of which it was made. */
  replace(merged: Uint8Array, seq: number): void {
    this.#merged = merged;
    this.#mergedSeq = seq;
    this.#mergedState = null;
    this.#tail = this.#tail.filter((each) => each.seq > seq);
    this.#tailBytes = this.#tail.reduce((sum, { row }) => sum + row.length, 0);
    this.#takenOut = null;
    this.#tailMerged = null;
    this.#whole = null;
  }

  /**
   * What a copy that has come as far as `theirs` lacks, as frames. Sync step 2 comes last, so that
   * a provider that then says "synced" has the whole. Deletions have no clock, so all of them go
   * to every copy.
   */
  answer(theirs: StateVector): Buffer[] {
    if (theirs.size === 0) {
      this.#whole ??= this.#joins ? this.#frames(this.#merged, this.#mergedTail()) : this.#inOrder();
      return this.#whole;
    }
    const state = encodeState(theirs);
    const tail = this.#mergedTail();
    return this.#frames(this.#mergedFor(theirs, state), tail === nothing ? tail : diffUpdate(tail, state));
  }

  /** The rows after `seq`, or everything where they have been merged since: for a reader who missed some. */
  since(seq: number): Buffer[] {
    if (seq >= this.seq) return [];
    const first = this.#tail[0]?.seq ?? this.seq + 1;
    if (seq < first - 1) return this.answer(new Map());
    return this.#tail.filter((each) => each.seq > seq).flatMap(({ row }) => unpack(row).map(updateFrame));
  }

  #frames(merged: Uint8Array, tail: Uint8Array): Buffer[] {
    return tail === nothing ? [step2Frame(merged)] : [updateFrame(merged), step2Frame(tail)];
  }

  #inOrder(): Buffer[] {
    const updates = [...this.updates()];
    return updates.map((update, index) => (index < updates.length - 1 ? updateFrame(update) : step2Frame(update)));
  }

  #mergedFor(theirs: StateVector, state: Uint8Array): Uint8Array {
    if (this.#merged === nothing) return nothing;
    this.#mergedState ??= stateOf(this.#merged);
    for (const [client, clock] of this.#mergedState) {
      if ((theirs.get(client) ?? 0) < clock) return diffUpdate(this.#merged, state);
    }
    // They have every struct: what is left is no structs and all deletions, which stand at its end.
    const deletions = this.#merged.subarray(deletionsOffset(this.#merged));
    const update = new Uint8Array(1 + deletions.length);
    update.set(deletions, 1);
    return update;
  }

  #mergedTail(): Uint8Array {
    if (this.#tail.length === 0) return nothing;
    this.#tailMerged ??= mergeUpdates(joinTyped(this.#tail.flatMap(({ row }) => unpack(row))));
    return this.#tailMerged;
  }
}

function deletedBy(update: Uint8Array): number {
  let deleted = 0;
  scan<never>(update, {
    struct: () => null,
    deletion: (_client, _clock, length) => {
      deleted += length;
      return null;
    },
  });
  return deleted;
}

function stateOf(update: Uint8Array): StateVector {
  const state = new Map<number, number>();
  scan<never>(update, {
    struct: ({ client, clock, length }) => {
      state.set(client, clock + length);
      return null;
    },
    deletion: () => null,
  });
  return state;
}

export function encodeState(state: StateVector): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, state.size);
  for (const [client, clock] of state) {
    encoding.writeVarUint(encoder, client);
    encoding.writeVarUint(encoder, clock);
  }
  return encoding.toUint8Array(encoder);
}

/** Null when the bytes are no state vector. */
export function decodeState(bytes: Uint8Array): StateVector | null {
  const state = new Map<number, number>();
  try {
    const decoder = decoding.createDecoder(bytes);
    for (let left = decoding.readVarUint(decoder); left > 0; left -= 1) {
      const client = decoding.readVarUint(decoder);
      const clock = decoding.readVarUint(decoder);
      if (clock > 0) state.set(client, clock);
    }
  } catch {
    // lib0 throws where the bytes end too soon: it does so at the first that is missing.
    return null;
  }
  return state;
}
