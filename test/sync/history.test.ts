/** Who wrote what: every character and every deletion resolves to a person and a time, at every past moment. */
import { and, asc, eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { notesRoot } from '#schema/notes.ts';
import { membership, roomSnapshot, roomUpdate } from '#schema/tables/index.ts';
import { notesAt, passages, replay, writersOf, type Run } from '#server/sync/history.ts';
import { keepSnapshot, readStored } from '#server/sync/log.ts';
import { mergeParts } from '#server/sync/merge.ts';
import { pack } from '#server/sync/packed.ts';
import { textOf } from '#server/sync/text.ts';
import { databaseKinds, freshStore } from '../support/database.ts';
import { openWriter } from '../support/writer.ts';
import { docOf } from './support/client.ts';
import { honestLog } from './support/honest.ts';
import { whatPastDiffers, whoWrote } from './support/past.ts';
import { rowsOf } from './support/rows.ts';
import { openHouse, type House } from './support/house.ts';
import { until } from './support/until.ts';

describe('from random histories', () => {
  test('[R26] the text at every past moment is what everybody saw then', () => {
    for (let seed = 1; seed <= 12; seed += 1) expect(whatPastDiffers(seed, 150)).toEqual([]);
  });

  test('[R12] every character resolves to one person, and it is the one whose number it bears', () => {
    for (let seed = 20; seed <= 40; seed += 1) {
      const { told, written } = whoWrote(seed, 150);
      expect(told).toEqual(written);
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
    const read = async () => textOf(docOf([await house.rooms.updateOf(room)]));
    const before = await read();
    const { snapshot, rows } = await readStored(house.db, room);
    const merged = mergeParts({ merged: snapshot, rows: rows.map(({ updates }) => updates) });
    if (!merged) throw new Error('They cannot be merged');
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
