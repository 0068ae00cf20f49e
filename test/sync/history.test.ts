/** Who wrote what: every character and every deletion resolves to a person and a time, at every past moment. */
import { and, asc, eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { notesRoot } from '#schema/notes.ts';
import { membership, roomSnapshot, roomUpdate } from '#schema/tables/index.ts';
import { notesAt, passages, replay, writersOf, type Line, type Run } from '#server/sync/history.ts';
import { keepSnapshot, readNotes, readStored } from '#server/sync/log.ts';
import { mergeParts } from '#server/sync/merge.ts';
import { pack } from '#server/sync/packed.ts';
import { textOf } from '#server/sync/text.ts';
import { databaseKinds, freshStore } from '../support/database.ts';
import { openWriter } from '../support/writer.ts';
import { docOf } from './support/client.ts';
import { honestLog } from './support/honest.ts';
import { rowsOf } from './support/rows.ts';
import { openHouse, type House } from './support/house.ts';
import { until } from './support/until.ts';

const words = (lines: readonly Line[]): string =>
  lines.map(({ runs }) => runs.map(({ text }) => text).join('')).join('|');
/** Every text of the document in the order it is shown, as the history shows it. */
function wordsIn(doc: Y.Doc): string {
  const lines: string[] = [];
  const walk = (parent: Y.XmlFragment | Y.XmlElement): string =>
    parent
      .toArray()
      .map((node) => {
        if (node instanceof Y.XmlText)
          return (node.toDelta() as { insert: string }[]).map(({ insert }) => insert).join('');
        if (!(node instanceof Y.XmlElement)) return '';
        if (node.nodeName === 'hardBreak') return '\n';
        const own = walk(node);
        if (['paragraph', 'heading', 'horizontalRule'].includes(node.nodeName)) lines.push(own);
        return '';
      })
      .join('');
  walk(doc.getXmlFragment(notesRoot));
  return lines.join('|');
}

describe('from random histories', () => {
  test('[R26] the text at every past moment is what everybody saw then', () => {
    for (let seed = 1; seed <= 12; seed += 1) {
      const { log, senders } = honestLog(seed, 150);
      const rows = rowsOf(log, senders);
      const doc = new Y.Doc({ gc: false });
      for (const { seq } of rows) {
        Y.applyUpdate(doc, log[seq - 1] as Uint8Array);
        if (seq % 3 !== 0 && seq < rows.length) continue;
        const moment = replay(rows, { seq });
        expect(moment.seq).toBe(seq);
        expect(words(moment.lines).toWellFormed()).toBe(wordsIn(doc).toWellFormed());
      }
    }
  });

  test('[R12] every character resolves to one person, and it is the one whose number it bears', () => {
    for (let seed = 20; seed <= 40; seed += 1) {
      const { log, senders, leases } = honestLog(seed, 150);
      const rows = rowsOf(log, senders);
      const doc = docOf(log);
      const owners = new Map<string, number>();
      for (const [client, structs] of doc.store.clients) {
        for (const struct of structs) {
          if (!(struct instanceof Y.Item) || !(struct.content instanceof Y.ContentString) || struct.deleted) continue;
          const person = leases.get(client) as string;
          owners.set(person, (owners.get(person) ?? 0) + struct.length);
        }
      }
      const counted = new Map<string, number>();
      for (const { runs } of replay(rows, { seq: rows.length }).lines) {
        for (const { text, written } of runs) {
          if (text !== '\n') counted.set(written.person, (counted.get(written.person) ?? 0) + text.length);
        }
      }
      expect([...counted].sort()).toEqual([...owners].sort());
    }
  });

  test('[R12] what is deleted is still told, with who wrote it and who deleted it when', () => {
    const log: Uint8Array[] = [];
    const doc = new Y.Doc({ gc: false });
    doc.on('update', (update: Uint8Array) => log.push(update));
    doc.clientID = 1;
    const text = new Y.XmlText('keep this, drop that');
    const paragraph = new Y.XmlElement('paragraph');
    paragraph.insert(0, [text]);
    doc.getXmlFragment(notesRoot).push([paragraph]);
    text.delete(9, 11);
    text.insert(9, '.');
    doc.getXmlFragment(notesRoot).delete(0, 1);
    const rows = rowsOf(log, ['amara', 'priya', 'amara', 'tomas']);
    const run = ({ text, written, deleted }: Run) => [
      text,
      written.person,
      deleted?.person ?? null,
      deleted?.seq ?? null,
    ];
    const at = (seq: number, deleted: boolean) =>
      replay(rows, { seq }, { deleted }).lines.flatMap(({ runs }) => runs.map(run));
    expect(at(1, true)).toEqual([['keep this, drop that', 'amara', null, null]]);
    expect(at(2, false)).toEqual([['keep this', 'amara', null, null]]);
    expect(at(3, true)).toEqual([
      ['keep this', 'amara', null, null],
      [', drop that', 'amara', 'priya', 2],
      ['.', 'amara', null, null],
    ]);
    expect(at(4, false)).toEqual([]);
    expect(at(4, true)).toEqual([
      ['keep this', 'amara', 'tomas', 4],
      [', drop that', 'amara', 'priya', 2],
      ['.', 'amara', 'tomas', 4],
    ]);
    expect(replay(rows, { at: '2023-11-14T22:13:21.500Z' }).seq).toBe(2);
  });
});

describe.each(databaseKinds())('on %s', (databaseKind) => {
  let house: House;
  beforeAll(async () => {
    house = await openHouse(await freshStore(databaseKind));
  });
  afterAll(() => house.close());

  test('from the log of a room: who, for which agency on that day, and when', async () => {
    const amara = await house.person('Amara');
    const priya = await house.person('Priya', { agency: 'Police', kind: 'police' });
    const room = await house.room(amara, priya);
    for (const [person, said] of [
      [amara, 'seen at 7:40'],
      [priya, 'seen at 7:20'],
    ] as const) {
      const writer = openWriter({ address: house.address, room, cookie: person.cookie });
      // Whoever writes before they have what is there writes beside it: then chance says whose comes first.
      await until('what is there to have come', () => writer.provider.synced);
      writer.type(said);
      await writer.settled();
      writer.close();
    }
    const { lines, seq } = await notesAt(house.db, room, { at: new Date(Date.now() + 60_000).toISOString() });
    expect(lines.map((line) => passages(line).map(({ text, person }) => [text, person]))).toEqual([
      [['seen at 7:40', amara.actor.person]],
      [['seen at 7:20', priya.actor.person]],
    ]);
    expect(seq).toBe(2);
    const acts = lines.flatMap(({ runs }) => runs.map(({ written }) => written));
    const moved = new Date(Date.parse(acts.at(-1)?.at ?? '') + 1).toISOString();
    await house.db.update(membership).set({ until: moved }).where(eq(membership.person, priya.actor.person));
    const writers = await writersOf(house.db, room, acts);
    expect(acts.map((act) => writers.get(act))).toEqual([
      { name: 'Amara', agency: { id: amara.actor.agency.id, name: 'Health' } },
      { name: 'Priya', agency: { id: priya.actor.agency.id, name: 'Police' } },
    ]);
  });

  test('[T17] a snapshot is a cache: dropped and made anew, everybody reads the same', async () => {
    const amara = await house.person('Amara');
    const room = await house.room(amara);
    const { log } = honestLog(3, 200);
    await house.db.insert(roomUpdate).values(
      log.map((update, index) => ({
        room,
        seq: index + 1,
        person: amara.actor.person,
        connection: 'c',
        updates: pack([update]),
      })),
    );
    const read = async () => textOf(docOf([(await readNotes(house.db, room)).update]));
    const before = await read();
    const { snapshot, rows } = await readStored(house.db, room);
    const merged = mergeParts({ merged: snapshot, rows: rows.map(({ updates }) => updates) });
    expect(merged.length).toBeLessThan(rows.reduce((sum, { updates }) => sum + updates.length, 0));
    await keepSnapshot(house.db, room, rows.length, merged);
    // An older one that comes late does not take its place.
    await keepSnapshot(house.db, room, 2, Uint8Array.of(0, 0));
    expect((await readStored(house.db, room)).rows).toHaveLength(0);
    expect(await read()).toBe(before);
    const count = async () => (await house.db.select().from(roomUpdate).where(eq(roomUpdate.room, room))).length;
    expect(await count()).toBe(log.length);
    await house.db.delete(roomSnapshot).where(eq(roomSnapshot.room, room));
    expect(await read()).toBe(before);
    const kept = await house.db
      .select()
      .from(roomUpdate)
      .where(and(eq(roomUpdate.room, room)))
      .orderBy(asc(roomUpdate.seq));
    expect(kept.map(({ updates }) => Buffer.from(updates).toString('hex'))).toEqual(
      log.map((update) => Buffer.from(pack([update])).toString('hex')),
    );
  });
});
