/** When a note's rows are merged, so that whoever opens it is sent little and waits for nothing; never in anybody's way. */
import type { Logger } from 'pino';
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
  /** The last row of those of which some could not be merged. */
  const stuckAt = new WeakMap<Room, number>();
  /** When merging last went wrong. */
  const failedAt = new WeakMap<Room, number>();

  async function merge(room: Room): Promise<void> {
    differing.delete(room);
    const { seq } = room.note;
    const parts = room.note.parts();
    if (!parts) throw new Error(`Room ${room.id} is not at row ${seq}`);
    const merged = await merger.merge(parts);
    const isAll = merged?.rows === parts.rows.length;
    if (!isAll) {
      if (!stuckAt.has(room))
        logger.warn({ room: room.id, seq }, 'notes read differently when merged: rows are kept apart');
      stuckAt.set(room, seq);
      room.note.keepOrder();
    }
    if (!merged) return;
    const upTo = isAll ? seq : room.note.seqAfter(merged.rows);
    room.takeMerged(merged.whole, upTo);
    await keepSnapshot(db, room.id, upTo, merged.whole);
  }

  /** Whether it was tried not long ago to merge all of it, in vain. */
  function isStuck(room: Room): boolean {
    const at = stuckAt.get(room);
    return at !== undefined && room.note.seq < at + after.rows;
  }

  function hasFailed(room: Room): boolean {
    const at = failedAt.get(room);
    return at !== undefined && performance.now() - at < again;
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
      if (!(isAsked(room) || isDue(room)) || isStuck(room) || hasFailed(room) || !mayMerge(room)) return false;
      if (under.size >= atOnce) return true;
      const work = merge(room)
        .catch((err: unknown) => {
          failedAt.set(room, performance.now());
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
 * reading, or where words were taken out: whoever opens it next is not sent them. Where notes are nearly full they are merged as often as short ones: what is typed key by
 * key takes many times its place until then, and nobody is to be told that there is no room while there is.
 */
function isDue({ isInUse, note }: Room): boolean {
  const { tailRows, tailBytes, bytes, grewAt } = note;
  const isNearlyFull = bytes >= limits.noteBytes - after.bytes;
  const rows = isNearlyFull ? after.rows : Math.max(after.rows, bytes / after.bytesForARow);
  if (!isInUse) return tailRows >= rows / 5 || note.takenOut > 0;
  if (tailRows >= rows || tailBytes >= Math.max(after.bytes, bytes / 2)) return true;
  if (performance.now() - grewAt < resting.after) return false;
  return tailBytes >= Math.max(resting.bytes, bytes / 16) || (isNearlyFull && note.takenOut >= takenOutOfFull);
}
