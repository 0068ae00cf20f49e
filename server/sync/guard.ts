/** The guard: what may enter the notes at all, and in whose name. Asked before anything is stored or sent on. */
import * as Y from 'yjs';
import { limits } from '#schema/protocol.ts';
import type { Clocks } from './clocks.ts';
import { NotAnUpdate, NotForNotes, scan, type Scan } from './scan.ts';

export type Refused =
  | 'not-an-update'
  | 'not-for-notes'
  /** Written under a clientID that is another person's (T3). */
  | 'foreign-client'
  /** Stands on text that the server does not hold. */
  | 'gap'
  /** A GC or Skip block over text that the server does not hold (T2). */
  | 'gc-or-skip'
  /** Deletes text that does not exist yet, so that it would vanish when typed (T1). */
  | 'deletes-unknown'
  | 'too-large';

export type Guarded =
  | { update: Uint8Array; scanned: Scan }
  /** All of it is held already: nothing to store, and it counts as durable. */
  | { nothingNew: true }
  | { refused: Refused; why: string };

/**
 * Looks at an update from somebody whose clientIDs `isOwn` knows. `held` is what the room holds
 * together with what is on its way to the log. What is held already is cut away, whatever it says:
 * the first text under a clock is the one that stands, so nobody can show two people two contents.
 */
export function guard(
  update: Uint8Array,
  held: Clocks,
  isOwn: (client: number) => boolean,
  noteBytes: number,
): Guarded {
  if (noteBytes + update.byteLength > limits.noteBytes) return { refused: 'too-large', why: 'the notes are full' };
  let scanned: Scan;
  try {
    scanned = scan(update);
  } catch (error) {
    if (error instanceof NotForNotes) return { refused: 'not-for-notes', why: error.message };
    if (error instanceof NotAnUpdate) return { refused: 'not-an-update', why: error.message };
    throw error;
  }
  const reached = new Map<number, number>();
  const next = (client: number): number => reached.get(client) ?? held.next(client);
  let replays = false;
  for (const { client, clock, length, kind } of scanned.blocks) {
    const known = next(client);
    if (clock + length <= known) {
      replays = true;
      continue;
    }
    if (kind !== 'item') return { refused: 'gc-or-skip', why: `a ${kind} block of client ${client}` };
    if (!isOwn(client)) return { refused: 'foreign-client', why: `client ${client}` };
    if (clock > known) return { refused: 'gap', why: `client ${client} at ${clock}, held to ${known}` };
    if (clock < known) replays = true;
    reached.set(client, clock + length);
  }
  for (const { client, clock, length } of scanned.deletions) {
    if (clock + length > next(client))
      return { refused: 'deletes-unknown', why: `client ${client} to ${clock + length}` };
  }
  if (reached.size === 0 && scanned.deletions.every((deletion) => held.hasDeleted(deletion)))
    return { nothingNew: true };
  if (!replays) return { update, scanned };
  const cut = Y.diffUpdate(update, held.stateVector());
  return { update: cut, scanned: scan(cut) };
}
