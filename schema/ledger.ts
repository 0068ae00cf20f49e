/** The record: entries bound by a salted commitment and a chained hash, and how anyone checks them. */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import canonicalize from 'canonicalize';
import type { Actor } from './actor.ts';
import type { Event, EventType } from './event.ts';
import type { CommandId, RoomId } from './id.ts';

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
export type Entry = EntryHeader & { hash: string; salt: string | null; body: Event | null };

export const firstPrev = '0'.repeat(64);

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
export function commit(salt: string, body: Event): string {
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
export function chain(header: Omit<EntryHeader, 'v' | 'commitment' | 'type'>, body: Event, salt: string): Entry {
  const whole: EntryHeader = { ...header, v: 1, type: body.type, commitment: commit(salt, body) };
  return { ...whole, hash: hashEntry(whole), salt, body };
}

export type Verdict =
  | { whole: true; entries: number; withheld: number; head: string }
  | { whole: false; seq: number; why: 'gap' | 'chain' | 'hash' | 'commitment' | 'room' | 'time' | 'head' };

/**
 * Checks a record from its first entry: no gap, each chained to the one before, each hash and
 * commitment as computed anew, time never going back. `head`, where known from elsewhere (a
 * printed page, a receipt), must be the last hash: it is what detects a shortened record. Names
 * the first entry that is wrong.
 */
export function verify(entries: readonly Entry[], expected: { head?: string; length?: number } = {}): Verdict {
  let prev = firstPrev;
  let withheld = 0;
  for (const [index, entry] of entries.entries()) {
    const wrong = (why: Exclude<Verdict, { whole: true }>['why']): Verdict => ({ whole: false, seq: index + 1, why });
    if (entry.seq !== index + 1) return wrong('gap');
    if (entry.room !== entries[0]?.room) return wrong('room');
    if (entry.prev !== prev) return wrong('chain');
    if (entry.hash !== hashEntry(entry)) return wrong('hash');
    if (index > 0 && entry.at < (entries[index - 1] as Entry).at) return wrong('time');
    if (entry.body === null || entry.salt === null) withheld += 1;
    else if (entry.body.type !== entry.type || entry.commitment !== commit(entry.salt, entry.body))
      return wrong('commitment');
    prev = entry.hash;
  }
  if (expected.length !== undefined && entries.length < expected.length) {
    return { whole: false, seq: entries.length + 1, why: 'head' };
  }
  if (expected.head !== undefined && expected.head !== prev) return { whole: false, seq: entries.length, why: 'head' };
  return { whole: true, entries: entries.length, withheld, head: prev };
}
