/** A copy that is not what the server has is noticed by itself, wherever it comes from; an honest one never is (T4). */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import * as decoding from 'lib0/decoding';
import type * as Y from 'yjs';
import { watchAgreement, type Agreement } from '#lib/connection/agreement.ts';
import { kind, syncKind } from '#schema/protocol.ts';
import { databaseKinds, freshStore } from '../support/database.ts';
import { openWriter, type Writer } from '../support/writer.ts';
import { Chance } from './support/chance.ts';
import { Typist } from './support/editor.ts';
import { openHouse, type House, type Person } from './support/house.ts';
import { until } from './support/until.ts';

type Copy = { writer: Writer; agreement: Agreement; differed: () => boolean };

describe.each(databaseKinds())('on %s', (databaseKind) => {
  let house: House;
  const closing: (() => unknown)[] = [];
  beforeAll(async () => {
    house = await openHouse(await freshStore(databaseKind), { framesPerSecond: 1_000 });
  });
  afterEach(() => {
    for (const close of closing.splice(0)) close();
  });
  afterAll(() => house.close());

  /** A copy of a room's notes that looks whether it agrees. `spoil` changes what the copy takes in. */
  async function copy(
    person: Person,
    room: string,
    spoil?: (writer: Writer) => void,
    takeIn?: (writer: Writer) => void,
  ): Promise<Copy> {
    const writer = openWriter({ address: house.address, room, cookie: person.cookie });
    spoil?.(writer);
    let differed = false;
    const agreement = watchAgreement(writer.provider, {
      isSaved: () => writer.allSaved(),
      takeIn: () => takeIn?.(writer),
      onDiffers: () => {
        differed = true;
      },
    });
    closing.push(
      () => writer.close(),
      () => agreement.stop(),
    );
    await until('the notes to have come', () => writer.provider.synced);
    return { writer, agreement, differed: () => differed };
  }

  /** An update that is lost between the wire and the document: every later one is taken in. */
  function losing(nth: number) {
    return ({ provider }: Writer) => {
      const takeIn = provider.messageHandlers[kind.sync];
      let updates = 0;
      provider.messageHandlers[kind.sync] = (encoder, decoder, ...rest) => {
        if (decoding.peekVarUint(decoder) === syncKind.update) {
          updates += 1;
          if (updates === nth) return;
        }
        takeIn?.(encoder, decoder, ...rest);
      };
    };
  }

  test('[R13] an update that one copy lost is noticed there once it is quiet, and nowhere else', async () => {
    const [amara, priya] = [await house.person('Amara'), await house.person('Priya')];
    const room = await house.room(amara, priya);
    const a = await copy(amara, room);
    const p = await copy(priya, room, losing(2));
    a.writer.type('first');
    await a.writer.settled();
    const bold = (a.writer.notes.get(0) as Y.XmlElement).get(0) as Y.XmlText;
    bold.format(0, 5, { bold: {} });
    await a.writer.settled();
    a.writer.type('third');
    await a.writer.settled();
    await until('the difference to be noticed', () => p.differed(), 35_000);
    expect(await p.agreement.ask(3_000)).toBe('differs');
    expect(await a.agreement.ask(3_000)).toBe('same');
    expect(a.differed()).toBe(false);
  });

  test('a copy that mends what it takes in is not asked about before what it mended is saved', async () => {
    const [amara, priya] = [await house.person('Amara'), await house.person('Priya')];
    const room = await house.room(amara, priya);
    const a = await copy(amara, room);
    let mends = 1;
    const p = await copy(priya, room, undefined, ({ type }) => {
      if (mends-- > 0) type('mended');
    });
    a.writer.type('first');
    await a.writer.settled();
    await until('it to have come', () => p.writer.notes.length === 1 && p.writer.allSaved());
    expect(await p.agreement.ask(3_000)).toBe('unknown');
    await p.writer.settled();
    await until('it to agree', async () => (await p.agreement.ask(3_000)) === 'same');
    expect(p.differed()).toBe(false);
  });

  test('people at the editor, away and back, are never told that their copies differ', async () => {
    const people = [await house.person('Amara'), await house.person('Priya'), await house.person('Tomas')];
    const room = await house.room(...people);
    const copies = await Promise.all(people.map((person) => copy(person, room)));
    const chance = new Chance(11);
    const typists = copies.map(({ writer }) => new Typist(writer.notes, chance, { undo: false }));
    const heard: string[] = [];
    for (let round = 0; round < 20; round += 1) {
      for (const typist of typists) for (let act = 0; act < 4; act += 1) typist.act();
      const away = copies[round % copies.length]?.writer.provider;
      if (round % 4 === 1) away?.disconnect();
      heard.push(...(await Promise.all(copies.map(({ agreement }) => agreement.ask(5_000)))));
      away?.connect();
      await until('all to be saved', () => copies.every(({ writer }) => writer.allSaved()));
      heard.push(...(await Promise.all(copies.map(({ agreement }) => agreement.ask(5_000)))));
    }
    expect(heard).not.toContain('differs');
    expect(heard.filter((answer) => answer === 'same').length).toBeGreaterThan(20);
    for (const { agreement } of copies) {
      await until('each to agree in the end', async () => (await agreement.ask(5_000)) === 'same');
    }
    for (const typist of typists) typist.close();
  });

  test('[R27] a copy of an epoch that has passed is turned away with all it holds', async () => {
    const amara = await house.person('Amara');
    const room = await house.room(amara);
    const old = openWriter({ address: house.address, room, cookie: amara.cookie, epoch: 1 });
    closing.push(() => old.close());
    old.type('before the restore');
    await old.settled();
    old.provider.disconnect();
    await house.newEpoch(room);
    old.type('NAME OF CHILD');
    let turned = 0;
    old.provider.on('closed', ({ code }) => {
      turned = code;
    });
    old.provider.connect();
    await until('it to be turned away', () => turned !== 0);
    expect(turned).toBe(4403);
    const now = openWriter({ address: house.address, room, cookie: amara.cookie, epoch: 2 });
    closing.push(() => now.close());
    await until('the notes to have come', () => now.provider.synced);
    expect(now.notes.toString()).not.toContain('NAME OF CHILD');
  });
});
