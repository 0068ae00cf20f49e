/** The notes as text, for acts that rest on them and for the pages: as committed, each version worked out once. */
import { eq } from 'drizzle-orm';
import type { RoomId } from '#schema/id.ts';
import type { FrozenNotes } from '#schema/notes.ts';
import { room as roomTable } from '#schema/tables/index.ts';
import type { Database } from '../store.ts';
import { readStored, readWhole, type Stored } from './log.ts';
import type { Merger } from './merger.ts';

/** Texts kept of notes that were asked for. */
const kept = 200;

export function createReadable(merger: Merger) {
  const texts = new Map<RoomId, { version: number; notes: Promise<FrozenNotes> }>();

  async function textOf(of: Database, id: RoomId, stored: Stored): Promise<FrozenNotes> {
    const notes = (await merger.text(stored)) ?? (await merger.text(await readWhole(of, id)));
    if (!notes) throw new Error(`The notes of room ${id} cannot be read`);
    return notes;
  }

  function keep(id: RoomId, version: number, notes: Promise<FrozenNotes>): void {
    texts.delete(id);
    texts.set(id, { version, notes });
    notes.catch(() => {
      if (texts.get(id)?.notes === notes) texts.delete(id);
    });
    for (const oldest of texts.keys()) {
      if (texts.size <= kept) break;
      texts.delete(oldest);
    }
  }

  /** The notes' readable text as committed; inside a transaction, as that transaction sees them. */
  return async (of: Database, id: RoomId): Promise<FrozenNotes> => {
    const [head] = await of.select({ seq: roomTable.notesSeq }).from(roomTable).where(eq(roomTable.id, id));
    const known = texts.get(id);
    if (known && known.version === head?.seq) return known.notes;
    const stored = await readStored(of, id);
    const version = stored.rows.at(-1)?.seq ?? stored.upTo;
    const read = texts.get(id);
    // Somebody who asked at the same time was first.
    if (read?.version === version) return read.notes;
    const notes = textOf(of, id, stored);
    keep(id, version, notes);
    return notes;
  };
}
