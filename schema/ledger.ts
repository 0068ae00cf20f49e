/** The record: entries bound by a salted commitment and a chained hash, and how anyone checks them. */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import canonicalize from 'canonicalize';
import type { Actor } from './actor.ts';
import type { Event, EventType } from './event.ts';
import type { CommandId, RoomId } from './id.ts';
import type { Signed } from './signature.ts';

/** What the hash covers: everything but the body, which stands behind its commitment. */
export type EntryHeader = {
  v: 1;
  room: RoomId;
  /** 1, 2, 3 … without a gap. */
  seq: number;
  type: EventType;
  /** The database's time when it was appended; never a client's. */
  at: string;
  /** Who, for which agency, in which role, as on that day. */
  actor: Actor;
  /** The command that caused it. */
  command: CommandId;
  /** SHA-256 of salt and body, in hexadecimal. */
  commitment: string;
  /** Hash of the entry before; 64 zeros for the first. */
  prev: string;
};

/**
 * An entry as it is stored and sent. `body` and `salt` are null where the reader may not have
 * them (a sealed position): the chain verifies all the same, and the commitment binds the words.
 */
export type Entry = EntryHeader & { hash: string; salt: string | null; body: Signed<Event> | null };

export const firstPrev = '0'.repeat(64);
const saltPattern = /^[0-9a-f]{64}$/;

/** RFC 8785 canonical JSON: the same bytes on every machine. */
export function canonical(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('This value has no canonical form');
  return text;
}

/**
 * Binds a body without showing it. The salt is 256 random bits in hexadecimal: a position has few
 * possible values, so a plain hash could be guessed by trying them all.
 */
export function commit(salt: string, body: Signed<Event>): string {
  return bytesToHex(sha256(concatBytes(hexToBytes(salt), utf8ToBytes(canonical(body)))));
}

/** SHA-256 of a zero byte and the canonical header: the leaf hash of RFC 9162, so that a tree can be built over it. */
export function hashEntry(header: EntryHeader): string {
  const { v, room, seq, type, at, actor, command, commitment, prev } = header;
  const bytes = utf8ToBytes(canonical({ v, room, seq, type, at, actor, command, commitment, prev }));
  return bytesToHex(sha256(concatBytes(Uint8Array.of(0), bytes)));
}

/** SHA-256 of text, in hexadecimal. */
export function hashText(text: string): string {
  return bytesToHex(sha256(utf8ToBytes(text)));
}

/** The next entry of a chain. */
export function chain(
  header: Omit<EntryHeader, 'v' | 'commitment' | 'type'>,
  body: Signed<Event>,
  salt: string,
): Entry {
  const whole: EntryHeader = { ...header, v: 1, type: body.type, commitment: commit(salt, body) };
  return { ...whole, hash: hashEntry(whole), salt, body };
}

export type Verdict =
  | { whole: true; entries: number; withheld: number; head: string }
  | { whole: false; seq: number; why: 'gap' | 'chain' | 'hash' | 'commitment' | 'room' | 'time' | 'head' };

/** What is known of a record from elsewhere: a printed page, a partner's receipt, the head last seen. */
export type Known = {
  /** The hash of the last entry. */
  head?: string;
  /** How many entries there are at least. */
  length?: number;
  /** The hashes of entries seen before; the record may have grown since. */
  receipts?: readonly { seq: number; hash: string }[];
};

/**
 * Checks a record from its first entry: no gap, each chained to the one before, each hash and
 * commitment as computed anew, time never going back. Names the first entry that is wrong, and
 * answers for whatever it is handed: a broken entry is a verdict, never an exception. What is known
 * from elsewhere is what detects a shortened record or one rewritten whole: a chain alone cannot.
 */
export function verify(entries: readonly Entry[], known: Known = {}): Verdict {
  const receipts = new Map(known.receipts?.map(({ seq, hash }) => [seq, hash]));
  const length = Math.max(known.length ?? 0, ...receipts.keys());
  let prev = firstPrev;
  let withheld = 0;
  for (const [index, entry] of entries.entries()) {
    const wrong = (why: Exclude<Verdict, { whole: true }>['why']): Verdict => ({ whole: false, seq: index + 1, why });
    if (entry.seq !== index + 1) return wrong('gap');
    if (entry.room !== entries[0]?.room) return wrong('room');
    if (entry.prev !== prev) return wrong('chain');
    if (!holds(() => entry.hash === hashEntry(entry))) return wrong('hash');
    if ((receipts.get(entry.seq) ?? entry.hash) !== entry.hash) return wrong('head');
    if (index > 0 && entry.at < (entries[index - 1] as Entry).at) return wrong('time');
    // Withheld means both: words shown without their salt could be any words.
    if (entry.body === null && entry.salt === null) withheld += 1;
    else if (!holds(() => isCommitted(entry))) return wrong('commitment');
    prev = entry.hash;
  }
  if (entries.length < length) return { whole: false, seq: entries.length + 1, why: 'head' };
  if (known.head !== undefined && known.head !== prev) return { whole: false, seq: entries.length, why: 'head' };
  return { whole: true, entries: entries.length, withheld, head: prev };
}

function isCommitted({ type, commitment, salt, body }: Entry): boolean {
  if (salt === null || body === null) return false;
  return saltPattern.test(salt) && body.type === type && commitment === commit(salt, body);
}

/** What cannot even be put in canonical form (half of a surrogate pair, a missing body) does not hold. */
function holds(check: () => boolean): boolean {
  try {
    return check();
  } catch {
    return false;
  }
}
