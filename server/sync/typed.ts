/** Letters that somebody typed one after another, each an update of its own, as one update: taken in at a tenth of the cost. */
import * as encoding from 'lib0/encoding';
import { content, scan, type Struct } from './scan.ts';

/** An update that brings letters alone, typed behind others. */
type Typed = { update: Uint8Array; struct: Struct; letters: Uint8Array };

/**
 * The same updates in the same order, each run of letters typed one after another as one of them.
 * Every copy that takes them in comes to hold the same, in the same pieces: a letter that names as
 * its left neighbour the one that came just before it stands right behind that, since nothing can
 * have come between; and Yjs itself then keeps the two as one. Letters are those of ASCII here,
 * of which each is one byte and one step of the clock.
 */
export function joinTyped(updates: readonly Uint8Array[]): Uint8Array[] {
  const joined: Uint8Array[] = [];
  let run: Typed[] = [];
  const end = (): void => {
    const [first] = run;
    if (first) joined.push(run.length === 1 ? first.update : asOne(first.struct, run));
    run = [];
  };
  for (const update of updates) {
    const typed = readTyped(update);
    const last = run.at(-1);
    if (!typed || (last && !follows(last.struct, typed.struct))) end();
    if (typed) run.push(typed);
    else joined.push(update);
  }
  end();
  return joined;
}

function follows(before: Struct, struct: Struct): boolean {
  const { client, clock, originClient, originClock, hasRight } = struct;
  if (client !== before.client || clock !== before.clock + before.length) return false;
  if (originClient !== client || originClock !== clock - 1 || hasRight !== before.hasRight) return false;
  return !hasRight || (struct.rightClient === before.rightClient && struct.rightClock === before.rightClock);
}

/** The first struct of a run with the letters of all (grammar in `scan.ts`). */
function asOne(first: Struct, run: readonly Typed[]): Uint8Array {
  const { client, clock, originClient, originClock, hasRight, rightClient, rightClock } = first;
  const encoder = encoding.createEncoder();
  for (const number of [1, 1, client, clock]) encoding.writeVarUint(encoder, number);
  encoding.writeUint8(encoder, (hasRight ? 0xc0 : 0x80) | content.string);
  for (const number of [originClient, originClock, ...(hasRight ? [rightClient, rightClock] : [])])
    encoding.writeVarUint(encoder, number);
  encoding.writeVarUint(
    encoder,
    run.reduce((sum, { letters }) => sum + letters.length, 0),
  );
  for (const { letters } of run) encoding.writeUint8Array(encoder, letters);
  encoding.writeVarUint(encoder, 0);
  return encoding.toUint8Array(encoder);
}

/** Null for what is anything but one struct of ASCII letters with something to its left, and no deletions. */
function readTyped(update: Uint8Array): Typed | null {
  let found: Struct | null = null;
  const wrong = scan<'other'>(update, {
    struct(struct) {
      if (found || struct.ref !== content.string || !struct.hasOrigin) return 'other';
      found = { ...struct };
      return null;
    },
    deletion: () => 'other',
  });
  if (wrong !== null || found === null) return null;
  const struct: Struct = found;
  // The letters come last but for a zero: no deletions. Of others than ASCII the last bytes are none either.
  const letters = update.subarray(-1 - struct.length, -1);
  return letters.every((byte) => byte < 0x80) ? { update, struct, letters } : null;
}
