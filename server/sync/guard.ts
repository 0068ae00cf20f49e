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
import { Trail, type Held, type Misplaced } from './held.ts';
import { scanInTurn, standsOnMissing } from './in-turn.ts';
import { content, deletionsOffset, scan, type Malformed, type Struct, type Visitor } from './scan.ts';

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
/** Most values one attribute is given without another key between: far more than anyone presses a button. */
const mostValues = 256;

/** What the guard must know of one note. `mine` is null where a number's owner is not known here. */
type Judge = {
  held: Held;
  /** Whether the number is the sender's; null when it has no known owner. */
  mine: (client: number) => boolean | null;
  /** What is deleted; asked for only where an update may be no news. */
  deletions: () => Deletions;
};

type Stop = Misplaced | Wrong | 'elsewhere';

/** More deleted ranges than one change makes: such an update is looked through for what is news. */
const fewRanges = 4;

/**
 * Judges `update` and, if it is news, notes in `asked.held` what it brings: the next update is
 * judged as if this one were already stored. Whoever takes the verdict must store it, or rebuild
 * `held` from the log. `returning` is for a copy that says all it knows (sync step 2).
 */
export function judge(update: Uint8Array, asked: Judge, returning = false): Verdict {
  let judging = new Judging(asked);
  let stop = scan<Stop>(update, judging);
  if (stop === 'elsewhere') {
    // One person's two tabs, say: what it stands on may come later in the same update.
    judging.goBack();
    judging = new Judging(asked);
    stop = scanInTurn<Stop>(update, judging, asked.held.clockOf);
  }
  const { unleased } = judging;
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
class Judging implements Visitor<Stop> {
  readonly #asked: Judge;
  readonly #trail: Trail;
  readonly unleased = new Set<number>();
  /** Whether some of it was held already. */
  overlaps = false;
  structs = false;
  ranges = 0;
  #last = -1;

  constructor(asked: Judge) {
    this.#asked = asked;
    this.#trail = new Trail(asked.held);
  }

  struct(struct: Struct): Stop | null {
    const { held, mine } = this.#asked;
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
    }
    if (struct.ref === content.deleted && length > longestDeleted) return 'too-long';
    if (struct.ref === content.any && clock + length - known > mostValues) return 'unknown-value';
    if (struct.ref === content.format && struct.runs) return 'unknown-value';
    const missing = standsOnMissing(struct, held.clockOf);
    if (missing) return missing;
    this.#trail.leave(client);
    const wrong = held.put(struct);
    if (wrong) return wrong;
    this.structs = true;
    return null;
  }

  deletion(client: number, clock: number, length: number): Stop | null {
    this.ranges += 1;
    return clock + length > this.#asked.held.clockOf(client) ? 'deletes-unknown' : null;
  }

  goBack(): void {
    this.#trail.goBack();
  }
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
