/** Letters that somebody typed one after another, each an update of its own, as one update: taken in at a tenth of the cost. */
import { uintSize, writeUint } from './frames.ts';
import { content } from './scan.ts';

/** An update that brings letters alone, typed behind others: where its parts begin, and what they say. */
type Typed = {
  update: Uint8Array;
  client: number;
  /** Its clock, and the one that comes after it. */
  clock: number;
  next: number;
  /** Whether it stands behind what the same client wrote just before. */
  goesOn: boolean;
  /** From the struct's first byte up to its letters: the letters it stands between. */
  info: number;
  rightAt: number;
  rightEnd: number;
  lettersAt: number;
};

const hasOrigin = 0x80;
const hasRight = 0x40;

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
    if (first) joined.push(run.length === 1 ? first.update : asOne(first, run));
    run = [];
  };
  for (const update of updates) {
    const typed = readTyped(update);
    const last = run.at(-1);
    if (!typed || (last && !follows(last, typed))) end();
    if (typed) run.push(typed);
    else joined.push(update);
  }
  end();
  return joined;
}

function follows(before: Typed, typed: Typed): boolean {
  if (!typed.goesOn || typed.client !== before.client || typed.clock !== before.next) return false;
  if (typed.info !== before.info) return false;
  const length = typed.rightEnd - typed.rightAt;
  if (length !== before.rightEnd - before.rightAt) return false;
  for (let at = 0; at < length; at += 1) {
    if (typed.update[typed.rightAt + at] !== before.update[before.rightAt + at]) return false;
  }
  return true;
}

/** The first of a run with the letters of all. */
function asOne(first: Typed, run: readonly Typed[]): Uint8Array {
  const letters = (run.at(-1) as Typed).next - first.clock;
  const head = first.update.subarray(0, first.rightEnd);
  const update = new Uint8Array(head.length + uintSize(letters) + letters + 1);
  update.set(head);
  let at = writeUint(update, head.length, letters);
  for (const typed of run) {
    update.set(typed.update.subarray(typed.lettersAt, -1), at);
    at += typed.next - typed.clock;
  }
  return update;
}

let bytes: Uint8Array = new Uint8Array(0);
let pos = 0;

/** A varUint; NaN past the end, which equals nothing. */
function uint(): number {
  let value = 0;
  let scale = 1;
  for (;;) {
    const byte = bytes[pos++];
    if (byte === undefined) return Number.NaN;
    value += (byte & 0x7f) * scale;
    if (byte < 0x80) return value;
    scale *= 128;
  }
}

/** Null for what is anything but one struct of ASCII letters with something to its left, and no deletions (`scan.ts`). */
function readTyped(update: Uint8Array): Typed | null {
  bytes = update;
  pos = 0;
  if (uint() !== 1 || uint() !== 1) return null;
  const client = uint();
  const clock = uint();
  const info = update[pos++] as number;
  if ((info & ~hasRight) !== (hasOrigin | content.string)) return null;
  const originClient = uint();
  const originClock = uint();
  const rightAt = pos;
  if (info & hasRight) {
    uint();
    uint();
  }
  const rightEnd = pos;
  const length = uint();
  const lettersAt = pos;
  // After the letters comes a single zero: no deletions.
  if (lettersAt + length + 1 !== update.length || update[update.length - 1] !== 0) return null;
  for (let at = lettersAt; at < lettersAt + length; at += 1) if ((update[at] as number) >= 0x80) return null;
  const goesOn = originClient === client && originClock === clock - 1;
  return { update, client, clock, next: clock + length, goesOn, info, rightAt, rightEnd, lettersAt };
}
