/**
 * Judges an update before anything is stored, applied or relayed: who may have written it, whether
 * it stands on what the server holds, and whether the notes may hold it (security: T1 to T3, T16, T19).
 *
 * Yjs applies whatever it is given. Twelve bytes can delete what a colleague has not typed yet; a
 * block of garbage under their number swallows what they wrote offline. So nothing is trusted here
 * but the person the socket belongs to.
 */
import * as encoding from 'lib0/encoding';
import { diffUpdate } from 'yjs';
import type { Deletions } from './deletions.ts';
import type { Held, Misplaced } from './held.ts';
import { content, deletionsOffset, scan, type Malformed, type Struct } from './scan.ts';

/** Why an update is refused. For logs and tests: a person is told in words by their screen. */
export type Reason = Malformed | Misplaced | Wrong;
type Wrong =
  /** Written under a number that is another person's. */
  | 'foreign'
  /** Something before it is missing, or it stands on what is not there. */
  | 'gap'
  /** Garbage-collected or skipped blocks: they could swallow what somebody has yet to send. */
  | 'garbage'
  /** A range deleted before it was ever sent that is longer than anyone types. */
  | 'too-long'
  /** Deletes what the server does not hold: perhaps what somebody has yet to type. */
  | 'deletes-unknown';

export type Verdict =
  /** Take it as it came; or `update`, without what was held already. */
  | { is: 'news'; update: Uint8Array }
  /** All of it is held already. */
  | { is: 'known' }
  /** These numbers are nobody's that is known here: ask whose they are, then judge again. */
  | { is: 'unleased'; clients: number[] }
  | { is: 'refused'; why: Reason };

/** Longest range deleted before it was sent (T2). */
const longestDeleted = 65_536;

/** What the guard must know of one note. `mine` is null where a number's owner is not known here. */
export type Judge = {
  held: Held;
  /** Whether the number is the sender's; null when it has no known owner. */
  mine: (client: number) => boolean | null;
  /** What is deleted; asked for only where an update may be no news. */
  deletions: () => Deletions;
};

type Undo = { client: number; clock: number; places: number };

/** `elsewhere`: it stands on something of another client that may come later in the same update. */
type Stop = Misplaced | Wrong | 'elsewhere';

/** More deleted ranges than one change makes: such an update is looked through for what is news. */
const fewRanges = 4;

/**
 * Judges `update` and, if it is news, notes in `asked.held` what it brings: the next update is
 * judged as if this one were already stored. Whoever takes the verdict must store it, or rebuild
 * `held` from the log. `returning` is for a copy that says all it knows (sync step 2).
 */
export function judge(update: Uint8Array, asked: Judge, returning = false): Verdict {
  const judging = new Judging(asked);
  const stop = scan<Stop>(update, judging);
  if (stop === 'elsewhere') {
    judging.goBack();
    return conclude(update, judgeInTurn(update, asked), returning);
  }
  judging.stop = stop;
  return conclude(update, judging, returning);
}

function conclude(update: Uint8Array, judging: Judging, returning: boolean): Verdict {
  const { asked, stop, unleased } = judging;
  if (stop !== null) {
    judging.goBack();
    return { is: 'refused', why: stop === 'elsewhere' ? 'gap' : stop };
  }
  if (unleased.size > 0) {
    judging.goBack();
    return { is: 'unleased', clients: [...unleased] };
  }
  if (judging.overlaps) {
    judging.goBack();
    return judge(withoutHeld(update, asked.held), asked, returning);
  }
  if (judging.ranges > fewRanges || (returning && judging.ranges > 0)) {
    const trimmed = withoutKnownDeletions(update, asked.deletions());
    return trimmed === null && !judging.structs ? { is: 'known' } : { is: 'news', update: trimmed ?? update };
  }
  return judging.structs || judging.ranges > 0 ? { is: 'news', update } : { is: 'known' };
}

/** One judgement under way, and what to undo if it ends in a refusal. */
class Judging {
  readonly asked: Judge;
  readonly unleased = new Set<number>();
  stop: Stop | Malformed | null = null;
  /** Whether some of it was held already. */
  overlaps = false;
  structs = false;
  ranges = 0;
  #undo: Undo[] = [];
  #last = -1;

  constructor(asked: Judge) {
    this.asked = asked;
  }

  struct(struct: Struct): Stop | null {
    const { held, mine } = this.asked;
    const { client, clock, length } = struct;
    const known = held.clockOf(client);
    if (clock < known) {
      this.overlaps = true;
      if (clock + length <= known) return null;
    }
    if (struct.ref === content.gc || struct.ref === content.skip) return 'garbage';
    if (clock > known) return 'gap';
    if (client !== this.#last) {
      this.#last = client;
      const owned = mine(client);
      if (owned === false) return 'foreign';
      if (owned === null) this.unleased.add(client);
      this.#undo.push({ client, clock: known, places: held.placesOf(client) });
    }
    if (struct.ref === content.deleted && length > longestDeleted) return 'too-long';
    const wrong = standsOnMissing(struct, held) ?? held.put(struct);
    if (wrong) return wrong;
    held.clocks.set(client, clock + length);
    this.structs = true;
    return null;
  }

  deletion(client: number, clock: number, length: number): Stop | null {
    this.ranges += 1;
    return clock + length > this.asked.held.clockOf(client) ? 'deletes-unknown' : null;
  }

  goBack(): void {
    for (const { client, clock, places } of this.#undo.reverse()) this.asked.held.forget(client, clock, places);
    this.#undo = [];
  }
}

/**
 * An update of several clients (one person's two tabs, say) lists them by number, so a struct may
 * stand on one that comes later. Judges each once what it stands on is there, as Yjs applies them;
 * what is left then stands on nothing.
 */
function judgeInTurn(update: Uint8Array, asked: Judge): Judging {
  const queues = new Map<number, Struct[]>();
  const judging = new Judging(asked);
  const deletions: [number, number, number][] = [];
  scan<never>(update, {
    struct(struct) {
      const queue = queues.get(struct.client);
      if (queue) queue.push({ ...struct });
      else queues.set(struct.client, [{ ...struct }]);
      return null;
    },
    deletion(...range) {
      deletions.push(range);
      return null;
    },
  });
  const next = new Map<number, number>();
  for (let progress = true; progress;) {
    progress = false;
    for (const [client, queue] of queues) {
      let at = next.get(client) ?? 0;
      for (; at < queue.length; at += 1) {
        const stop = judging.struct(queue[at] as Struct);
        if (stop === 'elsewhere') break;
        if (stop !== null) {
          judging.stop = stop;
          return judging;
        }
        progress = true;
      }
      next.set(client, at);
    }
  }
  if ([...queues].some(([client, queue]) => (next.get(client) ?? 0) < queue.length)) judging.stop = 'gap';
  for (const range of deletions) judging.stop ??= judging.deletion(...range);
  return judging;
}

function standsOnMissing(struct: Struct, held: Held): 'gap' | 'elsewhere' | null {
  const { client, clock } = struct;
  if (struct.hasOrigin && struct.originClock >= reach(held, struct.originClient, client, clock)) {
    return struct.originClient === client ? 'gap' : 'elsewhere';
  }
  if (struct.hasRight && struct.rightClock >= reach(held, struct.rightClient, client, clock)) {
    return struct.rightClient === client ? 'gap' : 'elsewhere';
  }
  if (struct.hasParent && struct.parentClock >= reach(held, struct.parentClient, client, clock)) {
    return struct.parentClient === client ? 'gap' : 'elsewhere';
  }
  return null;
}

/** How far a client may be stood on: one's own struct only on what came before it. */
function reach(held: Held, other: number, client: number, clock: number): number {
  return other === client ? clock : held.clockOf(other);
}

function withoutHeld(update: Uint8Array, held: Held): Uint8Array {
  const clients = new Set<number>();
  scan<never>(update, {
    struct: ({ client }) => {
      clients.add(client);
      return null;
    },
    deletion: () => null,
  });
  const known = [...clients].filter((client) => held.clockOf(client) > 0);
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, known.length);
  for (const client of known) {
    encoding.writeVarUint(encoder, client);
    encoding.writeVarUint(encoder, held.clockOf(client));
  }
  return diffUpdate(update, encoding.toUint8Array(encoder));
}

/**
 * The update with those of its deletions that are news: a returning copy sends all it knows of.
 * Null when none is; the update itself when all are.
 */
function withoutKnownDeletions(update: Uint8Array, deletions: Deletions): Uint8Array | null {
  const news = new Map<number, [clock: number, length: number][]>();
  let known = 0;
  let structs = false;
  scan<never>(update, {
    struct: () => {
      structs = true;
      return null;
    },
    deletion: (client, clock, length) => {
      if (deletions.has(client, clock, length)) {
        known += 1;
        return null;
      }
      const ranges = news.get(client);
      if (ranges) ranges.push([clock, length]);
      else news.set(client, [[clock, length]]);
      return null;
    },
  });
  if (known === 0) return update;
  if (news.size === 0 && !structs) return null;
  const encoder = encoding.createEncoder();
  encoding.writeUint8Array(encoder, update.subarray(0, deletionsOffset(update)));
  encodeDeletions(encoder, news);
  return encoding.toUint8Array(encoder);
}

function encodeDeletions(
  encoder: encoding.Encoder,
  news: ReadonlyMap<number, readonly [clock: number, length: number][]>,
): void {
  encoding.writeVarUint(encoder, news.size);
  for (const [client, ranges] of news) {
    encoding.writeVarUint(encoder, client);
    encoding.writeVarUint(encoder, ranges.length);
    for (const [clock, length] of ranges) {
      encoding.writeVarUint(encoder, clock);
      encoding.writeVarUint(encoder, length);
    }
  }
}
