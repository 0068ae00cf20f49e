/** When a note's rows are merged, so that whoever opens it is sent little and waits for nothing; never in anybody's way. */
import type { Logger } from 'pino';
import type { RoomId } from '#schema/id.ts';
import { limits } from '#schema/protocol.ts';
import type { Database } from '../store.ts';
import { keepSnapshot } from './log.ts';
import type { Merger } from './merger.ts';
import type { Room } from './room.ts';

/**
 * Rows of the log since the last merge, or their bytes, after which a note is merged again: and more
 * of both where it is long, because merging takes in all of it. Else each key in a note of a
 * megabyte would cost twenty times as much as in a short one.
 */
const after = { rows: 500, bytes: 64 * 1024, bytesForARow: 256 } as const;
/**
 * Where nobody has written for so many milliseconds, fewer bytes are enough: the next person to come
 * is sent what lies there already merged, and waits for nothing.
 */
const resting = { after: 2_000, bytes: 16 * 1024 } as const;
/** Characters taken out of notes that are nearly full after which, at rest, they are merged: that makes room in them. */
const takenOutOfFull = 1_024;
/**
 * Where nothing but words taken out asks for it, a note is merged again after so many times as long as
 * the last time took: whoever presses backspace again and again in a long one has a twentieth of the thread.
 */
const apart = 20;
/** Milliseconds before what went wrong is tried again: what cannot be merged must not keep the thread from others every second. */
const again = 60_000;
/** Notes that are being merged at once: the others wait for a later look. */
const atOnce = 2;

type Parts = {
  db: Database;
  merger: Merger;
  logger: Logger;
  /** Whether nothing of a room is left that only its rows tell. */
  mayMerge: (room: Room) => boolean;
  onMerged: (room: Room) => void;
};

export function createMerging({ db, merger, logger, mayMerge, onMerged }: Parts) {
  /** Each until it is done. */
  const under = new Map<Room, Promise<void>>();
  /** Of which somebody's copy differs: perhaps it was sent what reads differently when joined, which merging tells. */
  const differing = new WeakSet<Room>();
  /** The last row of those of which some could not be merged, whether or not they have been left since. */
  const stuckAt = new Map<RoomId, number>();
  /** When merging last went wrong. */
  const failedAt = new Map<RoomId, number>();
  /** When merging last ended, and the milliseconds it took: as long as that matters. */
  const mergedAt = new Map<RoomId, { at: number; took: number }>();

  async function merge(room: Room): Promise<void> {
    differing.delete(room);
    const { seq } = room.note;
    const parts = room.note.parts();
    if (!parts) throw new Error(`Room ${room.id} is not at row ${seq}`);
    const began = performance.now();
    const merged = await merger.merge(parts);
    noteMerged(room, began);
    const isAll = merged?.rows === parts.rows.length;
    if (isAll) {
      stuckAt.delete(room.id);
    } else {
      if (!stuckAt.has(room.id))
        logger.warn({ room: room.id, seq }, 'notes read differently when merged: rows are kept apart');
      stuckAt.set(room.id, seq);
      room.note.keepOrder();
    }
    if (!merged) return;
    const upTo = isAll ? seq : room.note.seqAfter(merged.rows);
    room.takeMerged(merged.whole, upTo);
    await keepSnapshot(db, room.id, upTo, merged.whole);
  }

  function noteMerged({ id }: Room, began: number): void {
    const now = performance.now();
    for (const [each, { at, took }] of mergedAt) if (now - at >= took * apart) mergedAt.delete(each);
    mergedAt.set(id, { at: now, took: now - began });
  }

  /** Whether it was tried not long ago to merge all of it, in vain. */
  function isStuck({ id, note }: Room): boolean {
    const at = stuckAt.get(id);
    return at !== undefined && note.seq < at + after.rows;
  }

  function hasFailed({ id }: Room): boolean {
    const at = failedAt.get(id);
    return at !== undefined && performance.now() - at < again;
  }

  function isTooSoon({ id }: Room): boolean {
    const last = mergedAt.get(id);
    return last !== undefined && performance.now() - last.at < last.took * apart;
  }

  function isAsked(room: Room): boolean {
    return differing.has(room) && room.note.tailRows > 0;
  }

  return {
    /** Somebody's copy of its notes is not what is here. */
    differs: (room: Room): void => void differing.add(room),

    /** Begins to merge a room's notes where that is due. Whether they are to be merged, now or at a later look. */
    look(room: Room): boolean {
      if (under.has(room)) return true;
      if (isStuck(room)) {
        room.note.keepOrder();
        return false;
      }
      const isDueAnyway = isAsked(room) || isDue(room);
      if (!isDueAnyway && !hasTakenOut(room)) return false;
      if (hasFailed(room) || !mayMerge(room)) return false;
      if (under.size >= atOnce || (!isDueAnyway && isTooSoon(room))) return true;
      const work = merge(room)
        .then(() => void failedAt.delete(room.id))
        .catch((err: unknown) => {
          failedAt.set(room.id, performance.now());
          logger.error({ err, room: room.id }, 'notes could not be merged');
        })
        .finally(() => {
          under.delete(room);
          onMerged(room);
        });
      under.set(room, work);
      return true;
    },

    ended: async (): Promise<void> => void (await Promise.all(under.values())),
  };
}

/**
 * A room that nobody is in is merged before it is dropped where opening it again would mean much
 * reading. Where notes are nearly full they are merged as often as short ones: what is typed key by
 * key takes many times its place until then, and nobody is to be told that there is no room while there is.
 */
function isDue({ isInUse, note: { tailRows, tailBytes, bytes, grewAt } }: Room): boolean {
  const rows = isNearlyFull(bytes) ? after.rows : Math.max(after.rows, bytes / after.bytesForARow);
  if (!isInUse) return tailRows >= rows / 5;
  if (tailRows >= rows || tailBytes >= Math.max(after.bytes, bytes / 2)) return true;
  return tailBytes >= Math.max(resting.bytes, bytes / 16) && performance.now() - grewAt >= resting.after;
}

/** Words were taken out that merging leaves out: whoever opens the room next is not sent them; and there is room again in notes that are nearly full. */
function hasTakenOut({ isInUse, note }: Room): boolean {
  if (!isInUse) return note.takenOut > 0;
  const rests = performance.now() - note.grewAt >= resting.after;
  return rests && isNearlyFull(note.bytes) && note.takenOut >= takenOutOfFull;
}

const isNearlyFull = (bytes: number): boolean => bytes >= limits.noteBytes - after.bytes;
