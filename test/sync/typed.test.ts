/** Letters typed one after another are taken in as one update, and every copy comes to hold the same as without. */
import * as encoding from 'lib0/encoding';
import { expect, test } from 'vitest';
import { applyUpdate, Doc, encodeStateAsUpdate, encodeStateVector, Item, XmlElement, XmlText } from 'yjs';
import { notesRoot } from '#schema/notes.ts';
import { content } from '#server/sync/scan.ts';
import { joinTyped } from '#server/sync/typed.ts';
import { Chance } from './support/chance.ts';

type Id = [client: number, clock: number];

/** An update of letters that says what it stands between. */
function letters(client: number, clock: number, left: Id, right: Id | null, text: string): Uint8Array {
  const encoder = encoding.createEncoder();
  for (const value of [1, 1, client, clock]) encoding.writeVarUint(encoder, value);
  encoding.writeUint8(encoder, 0x80 | (right ? 0x40 : 0) | content.string);
  for (const value of [...left, ...(right ?? [])]) encoding.writeVarUint(encoder, value);
  encoding.writeVarString(encoder, text);
  encoding.writeVarUint(encoder, 0);
  return encoding.toUint8Array(encoder);
}

function paragraph(client: number): Uint8Array {
  const doc = new Doc({ gc: false });
  doc.clientID = client;
  const element = new XmlElement('paragraph');
  element.insert(0, [new XmlText('abcd')]);
  doc.getXmlFragment(notesRoot).push([element]);
  return encodeStateAsUpdate(doc);
}

function docOf(updates: readonly Uint8Array[]): Doc {
  const doc = new Doc({ gc: false });
  for (const update of updates) applyUpdate(doc, update);
  return doc;
}

/** Every piece a copy keeps, what stands left and right of it, and what it says. */
function pieces(doc: Doc): unknown[] {
  expect(doc.store.pendingStructs).toBeNull();
  return [...doc.store.clients.values()].flat().map((struct) => {
    if (!(struct instanceof Item)) return [struct.id, struct.length];
    const { id, length, left, right, origin, rightOrigin, deleted } = struct;
    return [id, length, left?.lastId, right?.id, origin, rightOrigin, deleted, struct.content.getContent().join('')];
  });
}

/** What several people write, honest and not: runs of letters, some of them beside letters that never were neighbours; and what they delete. */
function writings(chance: Chance): Uint8Array[] {
  const updates = [paragraph(100)];
  const clocks = new Map([[100, 6]]);
  const written: Id[] = [2, 3, 4, 5].map((clock) => [100, clock]);
  const anyOf = (): Id => chance.of(written);
  for (let runs = 12; runs > 0; runs -= 1) {
    const client = 50 + chance.below(4);
    if (chance.happens(1 / 6)) {
      const copy = docOf(updates);
      const before = encodeStateVector(copy);
      const text = (copy.getXmlFragment(notesRoot).get(0) as XmlElement).get(0) as XmlText;
      text.delete(chance.below(text.length), 1);
      updates.push(encodeStateAsUpdate(copy, before));
      continue;
    }
    let left = anyOf();
    const right = chance.happens(1 / 3) ? null : anyOf();
    for (let keys = 1 + chance.below(8); keys > 0; keys -= 1) {
      const text = ['k', 'key', 'é', '😀'][chance.below(12)] ?? 'x';
      const clock = clocks.get(client) ?? 0;
      const isOther = chance.happens(0.1);
      updates.push(letters(client, clock, left, isOther ? anyOf() : right, text));
      for (let at = clock; at < clock + text.length; at += 1) written.push([client, at]);
      clocks.set(client, clock + text.length);
      left = [client, clock + text.length - 1];
    }
  }
  return updates;
}

test('what a run of letters is taken in as makes the same copy, down to its pieces, wherever they say they stand', () => {
  let joinedAway = 0;
  for (let seed = 1; seed <= 400; seed += 1) {
    const updates = writings(new Chance(seed));
    const joined = joinTyped(updates);
    joinedAway += updates.length - joined.length;
    const [apart, together] = [docOf(updates), docOf(joined)];
    expect(pieces(together), `seed ${seed}`).toEqual(pieces(apart));
    expect(encodeStateAsUpdate(together)).toEqual(encodeStateAsUpdate(apart));
  }
  expect(joinedAway).toBeGreaterThan(5_000);
});

test('only letters of one person, one after another, beside the same neighbour, are joined', () => {
  const [a, b, c] = [
    letters(7, 0, [100, 3], [100, 4], 'a'),
    letters(7, 1, [7, 0], [100, 4], 'bc'),
    letters(7, 3, [7, 2], [100, 4], 'd'),
  ];
  expect(joinTyped([a, b, c])).toEqual([letters(7, 0, [100, 3], [100, 4], 'abcd')]);
  const apart: [string, Uint8Array][] = [
    ['somebody else', letters(8, 1, [7, 0], [100, 4], 'b')],
    ['beside another', letters(7, 1, [7, 0], [100, 5], 'b')],
    ['beside none', letters(7, 1, [7, 0], null, 'b')],
    ['behind another', letters(7, 1, [100, 2], [100, 4], 'b')],
    ['later', letters(7, 2, [7, 0], [100, 4], 'b')],
    ['no ASCII', letters(7, 1, [7, 0], [100, 4], 'ß')],
    ['half a character', Uint8Array.of(...letters(7, 1, [7, 0], [100, 4], 'b').slice(0, -2), 0xc3, 0)],
    ['a paragraph', paragraph(100)],
    ['nothing', Uint8Array.of(0, 0)],
    ['no update', Uint8Array.of(1, 1, 7)],
    ['no bytes', Uint8Array.of()],
  ];
  for (const [why, update] of apart) expect(joinTyped([a, update]), why).toEqual([a, update]);
  expect(joinTyped([])).toEqual([]);
});
