/** Letters that somebody typed one after another, each an update of its own, as one update: taken in at a tenth of the cost. */
import { uintSize, writeUint } from './frames.ts';
import { content, scan, type Struct, type Visitor } from './scan.ts';

/** Letters typed one after another: what the first of them stands beside, each update's bytes, and how many letters that are. */
type Run = { first: Struct; updates: Uint8Array[]; lengths: number[]; letters: number };

/**
 * The same updates in the same order, each run of letters typed one after another as one of them.
 * Every copy that takes them in comes to hold the same, in the same pieces: a letter that names as
 * its left neighbour the one that came just before it stands right behind that, since nothing can
 * have come between; and Yjs itself then keeps the two as one. Letters are those of ASCII here,
 * of which each is one byte and one step of the clock.
 */
export function joinTyped(updates: readonly Uint8Array[]): Uint8Array[] {
  const joined: Uint8Array[] = [];
  let run: Run | null = null;
  const end = (): void => {
    if (run) joined.push(run.updates.length === 1 ? (run.updates[0] as Uint8Array) : asOne(run));
    run = null;
  };
  for (const update of updates) {
    const typed = readTyped(update);
    if (!typed) {
      end();
      joined.push(update);
    } else if (run && follows(run, typed)) {
      run.updates.push(update);
      run.lengths.push(typed.length);
      run.letters += typed.length;
    } else {
      end();
      run = { first: { ...typed }, updates: [update], lengths: [typed.length], letters: typed.length };
    }
  }
  end();
  return joined;
}

function follows({ first, letters }: Run, struct: Struct): boolean {
  const { client, clock, originClient, originClock, hasRight } = struct;
  if (client !== first.client || clock !== first.clock + letters) return false;
  if (originClient !== client || originClock !== clock - 1 || hasRight !== first.hasRight) return false;
  return !hasRight || (struct.rightClient === first.rightClient && struct.rightClock === first.rightClock);
}

/** The first struct of a run with the letters of all (grammar in `scan.ts`). */
function asOne({ first, updates, lengths, letters }: Run): Uint8Array {
  const { client, clock, originClient, originClock, hasRight, rightClient, rightClock } = first;
  const before = [1, 1, client, clock];
  const beside = [originClient, originClock, ...(hasRight ? [rightClient, rightClock] : []), letters];
  const size = [...before, ...beside].reduce((sum, number) => sum + uintSize(number), 0) + 1 + letters + 1;
  const one = new Uint8Array(size);
  let at = 0;
  for (const number of before) at = writeUint(one, at, number);
  one[at++] = (hasRight ? 0xc0 : 0x80) | content.string;
  for (const number of beside) at = writeUint(one, at, number);
  for (const [index, update] of updates.entries()) {
    const until = update.length - 1;
    for (let from = until - (lengths[index] as number); from < until; from += 1) one[at++] = update[from] as number;
  }
  return one;
}

/** What `look` was shown of the update that is read: the scan's own, which it uses again for the next. */
let found: Struct | null = null;
const look: Visitor<'other'> = {
  struct(struct) {
    if (found || struct.ref !== content.string || !struct.hasOrigin) return 'other';
    found = struct;
    return null;
  },
  deletion: () => 'other',
};

/** The struct of an update that brings letters alone, typed behind others, as long as nothing else is scanned; null for any other. */
function readTyped(update: Uint8Array): Struct | null {
  found = null;
  if (scan(update, look) !== null || found === null) return null;
  const { length }: Struct = found;
  // The letters come last but for a zero: no deletions. Of others than ASCII the last bytes are none either.
  const end = update.length - 1;
  for (let at = end - length; at < end; at += 1) if ((update[at] as number) >= 0x80) return null;
  return found;
}
