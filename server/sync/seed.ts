/** The first words of a new case's notes: its headings, written under the clientID of whoever opened it. */
import { eq, sql } from 'drizzle-orm';
import * as Y from 'yjs';
import type { PersonId, RoomId } from '#schema/id.ts';
import { notesRoot } from '#schema/notes.ts';
import { room as roomTable, roomUpdate } from '#schema/tables/index.ts';
import type { Database } from '../store.ts';
import { issueLease } from './leases.ts';
import { pack } from './packed.ts';

/** Writes the first row of the log in the transaction that makes the room. */
export async function seedNotes(
  tx: Database,
  room: RoomId,
  person: PersonId,
  headings: readonly string[],
): Promise<void> {
  const client = await issueLease(tx, room, person);
  const [bumped] = await tx
    .update(roomTable)
    .set({ notesSeq: sql`${roomTable.notesSeq} + 1` })
    .where(eq(roomTable.id, room))
    .returning({ seq: roomTable.notesSeq });
  if (!bumped) throw new Error(`No room ${room}`);
  const updates = pack([headingsAs(client, headings)]);
  await tx.insert(roomUpdate).values({ room, seq: bumped.seq, person, connection: 'opening', updates });
}

function headingsAs(client: number, headings: readonly string[]): Uint8Array {
  const doc = new Y.Doc({ gc: false });
  doc.clientID = client;
  const notes = doc.getXmlFragment(notesRoot);
  doc.transact(() => {
    for (const title of headings) notes.push([heading(title), new Y.XmlElement('paragraph')]);
  });
  return Y.encodeStateAsUpdate(doc);
}

function heading(title: string): Y.XmlElement {
  const element = new Y.XmlElement('heading');
  // The editor's own type for a level is a number; Yjs's default type for attributes knows only text.
  (element as Y.XmlElement<{ level: number } & Record<string, string>>).setAttribute('level', 2);
  element.insert(0, [new Y.XmlText(title)]);
  return element;
}
