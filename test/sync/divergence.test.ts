/** [T4] A copy that differs is noticed, though its state vector says that it has everything; an honest one never is. */
import * as encoding from 'lib0/encoding';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { hashOfNotes } from '#schema/content.ts';
import { notesRoot } from '#schema/notes.ts';
import { close, kind } from '#schema/protocol.ts';
import { notesAt } from '#server/sync/history.ts';
import { readStored } from '#server/sync/log.ts';
import { mergeMost } from '#server/sync/merge.ts';
import { pack } from '#server/sync/packed.ts';
import { content } from '#server/sync/scan.ts';
import { freshStore } from '../support/database.ts';
import { Chance } from './support/chance.ts';
import { Client } from './support/client.ts';
import { Typist } from './support/editor.ts';
import { openHouse, type House, type Person } from './support/house.ts';
import { until } from './support/until.ts';

let house: House;
const closing: (() => unknown)[] = [];
beforeAll(async () => {
  house = await openHouse(await freshStore('pglite'), { framesPerSecond: 10_000 });
});
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});
afterAll(() => house.close());

/** A copy that keeps up with the room, and may ask whether it agrees. */
class Copy {
  readonly doc = new Y.Doc({ gc: false });
  readonly notes = this.doc.getXmlFragment(notesRoot);
  readonly client: Client;
  sent = 0;
  #applied = 0;

  constructor(client: Client) {
    this.client = client;
    this.doc.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin === this) return;
      this.sent += 1;
      client.update(update);
    });
  }

  /** Takes in what has come. */
  hear(): void {
    while (this.#applied < this.client.updates.length) {
      Y.applyUpdate(this.doc, this.client.updates[this.#applied++] as Uint8Array, this);
    }
  }

  async settled(): Promise<void> {
    await until('all to be durable', () => this.client.durable === this.sent, 30_000);
  }

  /** The server's answer to the hash of what this copy holds now. */
  async ask(hash = hashOfNotes(this.notes), received = this.#applied): Promise<string> {
    const before = this.client.texts.length;
    const encoder = encoding.createEncoder();
    encoding.writeVarUint(encoder, kind.contentHash);
    encoding.writeVarString(encoder, hash);
    encoding.writeVarUint(encoder, received);
    this.client.send(encoding.toUint8Array(encoder));
    await until('an answer', () => this.client.texts.slice(before).some(({ kind: of }) => of === kind.contentHash));
    return this.client.texts.slice(before).find(({ kind: of }) => of === kind.contentHash)?.text ?? '';
  }
}

async function copy(room: string, person: Person): Promise<Copy> {
  const client = await Client.open(house, room, person);
  closing.push(() => client.close());
  await client.doc();
  const made = new Copy(client);
  made.hear();
  return made;
}

describe('agreement', () => {
  test('copies that keep up agree, in the middle of others’ typing', async () => {
    const [amara, priya] = [await house.person('Amara'), await house.person('Priya')];
    const room = await house.room(amara, priya);
    const [a, p] = [await copy(room, amara), await copy(room, priya)];
    const chance = new Chance(5);
    const typist = new Typist(a.notes, chance);
    const answers: string[] = [];
    for (let round = 0; round < 25; round += 1) {
      for (let act = 0; act < 12; act += 1) typist.act();
      p.hear();
      answers.push(await p.ask());
    }
    await a.settled();
    answers.push(await a.ask());
    expect(answers).not.toContain('differs');
    expect(answers.filter((answer) => answer === 'same').length).toBeGreaterThan(5);
    p.hear();
    expect(await p.ask()).toBe('same');
    typist.close();
  });

  test('a copy that came back with what it wrote elsewhere agrees', async () => {
    const amara = await house.person('Amara');
    const room = await house.room(amara);
    const a = await copy(room, amara);
    a.notes.push([new Y.XmlElement('paragraph')]);
    await a.settled();
    const b = await copy(room, amara);
    expect(await b.ask()).toBe('same');
  });
});

describe('difference', () => {
  test('[R13] other words under the same numbers are noticed, each time', async () => {
    const amara = await house.person('Amara');
    const room = await house.room(amara);
    const say = (words: string) => {
      const doc = new Y.Doc({ gc: false });
      doc.clientID = 99;
      const paragraph = new Y.XmlElement('paragraph');
      paragraph.insert(0, [new Y.XmlText(words)]);
      doc.getXmlFragment(notesRoot).push([paragraph]);
      return doc;
    };
    const [black, white] = [say('black'), say('white')];
    const a = await copy(room, amara);
    a.client.update(Y.encodeStateAsUpdate(black));
    await until('it to be stored', () => a.client.durable === 1);
    const b = await copy(room, amara);
    expect(Y.encodeStateVector(b.doc)).toEqual(Y.encodeStateVector(white));
    expect(await b.ask()).toBe('same');
    for (let times = 0; times < 50; times += 1) {
      expect(await b.ask(hashOfNotes(white.getXmlFragment(notesRoot)))).toBe('differs');
    }
  });

  test('a mark, an attribute or a deletion that did not come is noticed', async () => {
    const amara = await house.person('Amara');
    const room = await house.room(amara);
    const a = await copy(room, amara);
    const text = new Y.XmlText('some words');
    const heading = new Y.XmlElement<{ level: number }>('heading');
    heading.insert(0, [text]);
    a.notes.push([heading as never]);
    const before = [hashOfNotes(a.notes)];
    text.format(0, 4, { bold: {} });
    before.push(hashOfNotes(a.notes));
    heading.setAttribute('level', 2);
    before.push(hashOfNotes(a.notes));
    text.delete(0, 1);
    await a.settled();
    for (const hash of before) expect(await a.ask(hash)).toBe('differs');
    expect(await a.ask()).toBe('same');
  });

  test('a copy that says it is where the note has not been is told that it has moved', async () => {
    const amara = await house.person('Amara');
    const room = await house.room(amara);
    const a = await copy(room, amara);
    expect(await a.ask(hashOfNotes(a.notes), 77)).toBe('moved');
    a.client.send(Uint8Array.of(kind.contentHash, 3, 1, 2, 3, 0));
    expect(await a.client.isClosed()).toMatchObject({ code: close.refusedUpdate });
  });
});

describe('words that name neighbours who never stood together', () => {
  const abcd = () => {
    const paragraph = new Y.XmlElement('paragraph');
    paragraph.insert(0, [new Y.XmlText('abcd')]);
    return paragraph;
  };
  const wordsIn = (notes: Y.XmlFragment): string => notes.toString().replaceAll(/<[^>]*>/g, '');
  /** A character that says it came between these two of client 100, whose letters have the clocks 2 to 5. */
  function between(clock: number, left: number, right: number, character: string): Uint8Array {
    const encoder = encoding.createEncoder();
    for (const value of [1, 1, 50, clock]) encoding.writeVarUint(encoder, value);
    encoding.writeUint8(encoder, 0xc0 | content.string);
    for (const value of [100, left, 100, right]) encoding.writeVarUint(encoder, value);
    encoding.writeVarString(encoder, character);
    encoding.writeVarUint(encoder, 0);
    return encoding.toUint8Array(encoder);
  }
  /** After a and before c, where b stood between them; after d and before c. */
  const misnamed = [between(0, 2, 4, 'X'), between(1, 5, 4, 'Y')];
  /** As it reads for those who were there when it came; and merged, or joined on the way. */
  const asItCame = 'aXbYcd';
  const merged = 'aXbcdY';

  test('[T4] stand for everybody where they came to stand: a copy that differs agrees once it is opened again', async () => {
    const [amara, mallory, priya] = [
      await house.person('Amara'),
      await house.person('Mallory'),
      await house.person('Priya'),
    ];
    const room = await house.room(amara, mallory, priya);
    const a = await copy(room, amara);
    a.doc.clientID = 100;
    a.notes.push([abcd()]);
    await a.settled();
    const m = await copy(room, mallory);
    for (const update of misnamed) m.client.update(update);
    await until('them to be stored', () => m.client.durable === misnamed.length);
    await until('them to have come', () => {
      a.hear();
      return wordsIn(a.notes) === asItCame;
    });
    expect(await a.ask()).toBe('same');

    const p = await copy(room, priya);
    expect(wordsIn(p.notes)).toBe(merged);
    expect(await p.ask()).toBe('differs');
    /** Opens the notes anew until they are what the server has. */
    const openAgain = () =>
      until('a copy that is opened again to agree', async () => {
        const again = await copy(room, priya);
        const isSame = (await again.ask()) === 'same' && wordsIn(again.notes) === wordsIn(a.notes);
        again.client.close();
        return isSame;
      });
    await openAgain();
    a.notes.push([abcd()]);
    await a.settled();
    expect(await a.ask()).toBe('same');
    await openAgain();
    // What the history shows, what an act would rest on, and what is kept to open the notes by.
    const { lines } = await notesAt(house.db, room, { seq: 1_000 });
    expect(lines[0]?.runs.map(({ text }) => text).join('')).toBe(asItCame);
    expect((await house.rooms.notesOf(house.db, room)).text).toBe(`${asItCame}\n\nabcd`);
    expect((await readStored(house.db, room)).upTo).toBeLessThan(3);
  });

  test('are merged as far as that reads as they came, and never so that it does not', () => {
    const doc = new Y.Doc({ gc: false });
    doc.clientID = 100;
    doc.getXmlFragment(notesRoot).push([abcd()]);
    const rows = [Y.encodeStateAsUpdate(doc), ...misnamed].map((update) => pack([update]));
    const most = mergeMost({ merged: Uint8Array.of(0, 0), rows });
    expect(most?.rows).toBe(2);
    const read = new Y.Doc({ gc: false });
    for (const update of [most?.whole ?? Uint8Array.of(), misnamed[1] as Uint8Array]) Y.applyUpdate(read, update);
    expect(wordsIn(read.getXmlFragment(notesRoot))).toBe(asItCame);
    const all = mergeMost({ merged: Uint8Array.of(0, 0), rows: rows.slice(0, 2) });
    expect(all?.rows).toBe(2);
  });
});
