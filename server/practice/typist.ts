/** Types in a room's notes as a person of the practice partnership would. */
import * as Y from 'yjs';
import type { Actor } from '#schema/actor.ts';
import type { RoomId } from '#schema/id.ts';
import { notesRoot } from '#schema/notes.ts';
import type { Database } from '../store.ts';
import { issueLease } from '../sync/leases.ts';
import type { Rooms } from '../sync/rooms.ts';

/** Types a paragraph under a heading of a room's notes, as that person. */
export type Type = (room: RoomId, by: Actor, heading: string, words: string) => Promise<void>;

/** Typing by the road that everyone's typing takes: a leased clientID, the guard, the log. */
export function typist(db: Database, rooms: Rooms): Type {
  return async (room, by, heading, words) => {
    const doc = new Y.Doc({ gc: false });
    Y.applyUpdate(doc, await rooms.updateOf(room));
    doc.clientID = await issueLease(db, room, by.person);
    const notes = doc.getXmlFragment(notesRoot);
    const updates: Uint8Array[] = [];
    doc.on('update', (update: Uint8Array) => updates.push(update));
    doc.transact(() => {
      const at = notes.toArray().findIndex((node) => node instanceof Y.XmlElement && textIn(node) === heading);
      if (at < 0) throw new Error(`The notes have no heading "${heading}"`);
      const after = notes
        .toArray()
        .findIndex((node, index) => index > at && node instanceof Y.XmlElement && node.nodeName === 'heading');
      const empty = notes.get(at + 1);
      const place = after < 0 ? notes.length : after;
      if (empty instanceof Y.XmlElement && empty.length === 0 && place === at + 2) {
        empty.insert(0, [new Y.XmlText(words)]);
        return;
      }
      const paragraph = new Y.XmlElement('paragraph');
      paragraph.insert(0, [new Y.XmlText(words)]);
      notes.insert(place, [paragraph]);
    });
    for (const update of updates) await rooms.write(room, by, update);
  };
}

function textIn(node: Y.XmlElement): string {
  return node
    .toArray()
    .map((child) => (child instanceof Y.XmlText ? child.toString() : ''))
    .join('');
}
