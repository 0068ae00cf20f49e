/** Who wrote what: every character and every deletion resolves to a person and a time, at every past moment. */
import { and, asc, eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { notesRoot } from '#schema/notes.ts';
import { membership, roomSnapshot, roomUpdate } from '#schema/tables/index.ts';
import { deletionsIn } from '#server/sync/deletions.ts';
import { judge } from '#server/sync/guard.ts';
import { absorb, Held } from '#server/sync/held.ts';
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

describe('words that were taken out', () => {
  const tellsOf = (bytes: Uint8Array, words: string) => Buffer.from(bytes).includes(words);
  const merge = (log: readonly Uint8Array[]) => {
    const merged = mergeParts({ merged: Uint8Array.of(0, 0), rows: [pack(log)] });
    if (!merged) throw new Error('They cannot be merged');
    return merged;
  };
  const openOn = (updates: readonly Uint8Array[], client: number) => {
    const doc = docOf(updates);
    doc.clientID = client;
    return doc;
  };
  const shown = (doc: Y.Doc) => doc.getXmlFragment(notesRoot).toString();

  test('are sent to nobody who opens the notes later, and stay in the history', () => {
    const log: Uint8Array[] = [];
    const doc = openOn([], 1);
    doc.on('update', (update: Uint8Array) => log.push(update));
    const text = new Y.XmlText('seen at home');
    const paragraph = new Y.XmlElement('paragraph');
    paragraph.insert(0, [text]);
    doc.getXmlFragment(notesRoot).push([paragraph]);
    text.insert(4, ' by the wrong person', { link: { href: 'https://example.org/wrong' } });
    text.delete(4, ' by the wrong person'.length);
    const merged = merge(log);
    expect(log.some((update) => tellsOf(update, 'wrong person') && tellsOf(update, 'example.org/wrong'))).toBe(true);
    expect(tellsOf(merged, 'wrong')).toBe(false);
    expect(shown(openOn([merged], 2))).toBe(shown(doc));
    // Merged again, with what came since, they are no more there than before.
    text.insert(0, 'Child ');
    const again = mergeParts({ merged, rows: [pack(log.slice(-1))] });
    expect(tellsOf(again ?? merged, 'wrong')).toBe(false);
    expect(shown(openOn([again ?? merged], 2))).toBe(shown(doc));
    const past = replay(rowsOf(log, ['amara', 'priya', 'tomas', 'amara']), { seq: 3 }, { deleted: true });
    expect(past.lines.flatMap(({ runs }) => runs.map(({ text, deleted }) => [text, deleted?.person ?? null]))).toEqual([
      ['seen', null],
      [' by the wrong person', 'tomas'],
      [' at home', null],
    ]);
  });

  test('come back for everybody where they are undone, and what was typed meanwhile where they stood goes out as words', () => {
    const log: Uint8Array[] = [];
    const amara = openOn([], 1);
    const notes = amara.getXmlFragment(notesRoot);
    for (const words of ['stays', 'goes']) {
      const paragraph = new Y.XmlElement('paragraph');
      paragraph.insert(0, [new Y.XmlText(words)]);
      notes.push([paragraph]);
    }
    log.push(Y.encodeStateAsUpdate(amara));
    amara.on('update', (update: Uint8Array) => log.push(update));
    const priya = openOn(log, 2);
    const unsent: Uint8Array[] = [];
    priya.on('update', (update: Uint8Array) => unsent.push(update));
    ((priya.getXmlFragment(notesRoot).get(1) as Y.XmlElement).get(0) as Y.XmlText).insert(4, ' not');

    const undo = new Y.UndoManager(notes);
    notes.delete(1, 1);
    const tomas = openOn([merge(log)], 3);
    expect(shown(tomas)).toBe('<paragraph>stays</paragraph>');
    undo.undo();
    Y.applyUpdate(tomas, log.at(-1) ?? Uint8Array.of());
    expect(shown(tomas)).toBe('<paragraph>stays</paragraph><paragraph>goes</paragraph>');

    // Kept in a tab that was closed, and sent by one that opened the notes anew.
    const back = openOn([merge(log), ...unsent], 2);
    const sent = Y.encodeStateAsUpdate(back, Y.encodeStateVector(tomas));
    expect(tellsOf(sent, ' not')).toBe(true);
    const held = new Held();
    absorb(held, [merge(log)]);
    const asked = { held, mine: (client: number) => client === 2, deletions: () => deletionsIn(log) };
    expect(judge(sent, asked, true).is).toBe('news');
    Y.applyUpdate(tomas, sent);
    Y.applyUpdate(amara, sent);
    expect(shown(tomas)).toBe(shown(amara));
    expect(shown(back)).toBe(shown(amara));
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

  test('words that were taken out are sent to nobody who comes once all have left, and stay in the log', async () => {
    const amara = await house.person('Amara');
    const room = await house.room(amara);
    const writer = openWriter({ address: house.address, room, cookie: amara.cookie });
    await until('what is there to have come', () => writer.provider.synced);
    writer.type('the wrong person');
    writer.type('the right one');
    writer.notes.delete(0, 1);
    await writer.settled();
    const told = ({ snapshot, rows }: Awaited<ReturnType<typeof readStored>>) =>
      Buffer.concat([snapshot, ...rows.map(({ updates }) => updates)]).includes('the wrong person');
    expect(told(await readStored(house.db, room))).toBe(true);
    writer.close();
    await until('them to leave what is sent', async () => !told(await readStored(house.db, room)));
    expect(textOf(docOf([await house.rooms.updateOf(room)]))).toBe('the right one');
    const { lines } = await notesAt(house.db, room, { seq: 1_000 }, { deleted: true });
    expect(lines.flatMap(({ runs }) => runs.map(({ text }) => text))).toEqual(['the wrong person', 'the right one']);
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
