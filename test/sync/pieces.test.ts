/** A large change goes out in pieces, each of which the server can take after the ones before it. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applyUpdate, decodeUpdate, Doc, encodeStateAsUpdate, encodeStateVector, XmlElement, XmlText } from 'yjs';
import { merged } from '#lib/connection/record.ts';
import { inPieces } from '#lib/connection/pieces.ts';
import { framesOf } from '#lib/connection/socket.ts';
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import type { Entry } from '#schema/ledger.ts';
import { kind, limits, syncKind } from '#schema/protocol.ts';

function notes(client: number) {
  const doc = new Doc({ gc: false });
  doc.clientID = client;
  return { doc, root: doc.getXmlFragment('notes') };
}

function paragraph(words: string): XmlElement {
  const block = new XmlElement('paragraph');
  block.insert(0, [new XmlText(words)]);
  return block;
}

/** Applies pieces one by one; each must leave nothing waiting for what has not come. */
function applyAll(doc: Doc, pieces: readonly Uint8Array[]): void {
  for (const piece of pieces) {
    applyUpdate(doc, piece);
    expect(doc.store.pendingStructs).toBeNull();
    expect(doc.store.pendingDs).toBeNull();
  }
}

describe('a large change', () => {
  test('one paragraph longer than a frame arrives whole, characters of two halves too', () => {
    const writer = notes(7);
    const words = `${'a😀é'.repeat(60_000)}.`;
    writer.root.insert(0, [paragraph(words)]);
    const pieces = inPieces(encodeStateAsUpdate(writer.doc), 32 * 1024);
    expect(pieces.length).toBeGreaterThan(5);
    for (const piece of pieces) expect(piece.byteLength).toBeLessThanOrEqual(limits.frameBytes);
    const reader = notes(8);
    applyAll(reader.doc, pieces);
    expect(reader.root.toString()).toBe(writer.root.toString());
    expect(reader.root.toString()).toContain(words);
    expect(encodeStateVector(reader.doc)).toEqual(encodeStateVector(writer.doc));
  });

  test('any history of insertions and deletions arrives whole', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ at: fc.nat(40), words: fc.string({ maxLength: 300 }), remove: fc.boolean() }), {
          maxLength: 60,
        }),
        fc.integer({ min: 64, max: 2_000 }),
        (steps, bytes) => {
          const writer = notes(7);
          const text = new XmlText();
          writer.root.insert(0, [text]);
          for (const { at, words, remove } of steps) {
            const place = Math.min(at, text.length);
            if (remove) text.delete(place, Math.min(words.length, text.length - place));
            else text.insert(place, words);
          }
          const reader = notes(8);
          applyAll(reader.doc, inPieces(encodeStateAsUpdate(writer.doc), bytes));
          expect(reader.root.toString()).toBe(writer.root.toString());
          expect(encodeStateVector(reader.doc)).toEqual(encodeStateVector(writer.doc));
        },
      ),
      { numRuns: 200 },
    );
  });

  test('a small one goes as it is', () => {
    const writer = notes(7);
    writer.root.insert(0, [paragraph('On 28 September')]);
    const update = encodeStateAsUpdate(writer.doc);
    expect(inPieces(update, 32 * 1024)).toEqual([update]);
    expect(decodeUpdate(update).structs.length).toBeGreaterThan(0);
  });
});

function sync(step: number, update: Uint8Array): Uint8Array<ArrayBuffer> {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, kind.sync);
  encoding.writeVarUint(encoder, step);
  encoding.writeVarUint8Array(encoder, update);
  return encoding.toUint8Array(encoder);
}

function awareness(...clients: number[]): Uint8Array<ArrayBuffer> {
  const inner = encoding.createEncoder();
  encoding.writeVarUint(inner, clients.length);
  for (const client of clients) {
    encoding.writeVarUint(inner, client);
    encoding.writeVarUint(inner, 1);
    encoding.writeVarString(inner, '{}');
  }
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, kind.awareness);
  encoding.writeVarUint8Array(encoder, encoding.toUint8Array(inner));
  return encoding.toUint8Array(encoder);
}

describe('what goes out on the socket', () => {
  const update = encodeStateAsUpdate(new Doc());

  test('messages with content are told from those without', () => {
    expect(framesOf(sync(syncKind.step1, update), 7, true).map(({ sync }) => sync)).toEqual([null]);
    expect(framesOf(sync(syncKind.step2, update), 7, true).map(({ sync }) => sync)).toEqual([syncKind.step2]);
    expect(framesOf(sync(syncKind.update, update), 7, true).map(({ sync }) => sync)).toEqual([syncKind.update]);
  });

  test('a reader’s copy sends no change', () => {
    expect(framesOf(sync(syncKind.update, update), 7, false)).toEqual([]);
    expect(framesOf(sync(syncKind.step2, update), 7, false)).toHaveLength(1);
  });

  test('only this copy’s own presence goes out, not what it heard of others', () => {
    expect(framesOf(awareness(7), 7, true)).toHaveLength(1);
    expect(framesOf(awareness(8, 9), 7, true)).toEqual([]);
  });

  test('a day’s work offline goes as an answer and updates after it, none too large', () => {
    const writer = notes(7);
    for (let n = 0; n < 400; n += 1) writer.root.insert(0, [paragraph('Seen at home by two officers. '.repeat(40))]);
    const frames = framesOf(sync(syncKind.step2, encodeStateAsUpdate(writer.doc)), 7, true);
    expect(frames.map(({ sync }) => sync)).toEqual([syncKind.step2, ...Array(frames.length - 1).fill(syncKind.update)]);
    const reader = notes(8);
    for (const { data } of frames) {
      if (!(data instanceof Uint8Array)) throw new Error('Not bytes');
      expect(data.byteLength).toBeLessThan(limits.frameBytes);
      const decoder = decoding.createDecoder(data);
      decoding.readVarUint(decoder);
      decoding.readVarUint(decoder);
      applyAll(reader.doc, [decoding.readVarUint8Array(decoder)]);
    }
    expect(reader.root.toString()).toBe(writer.root.toString());
  });
});

describe('entries as they come', () => {
  const entry = (seq: number, open = true) => ({ seq, body: open ? { type: 'ResolutionOpened' } : null }) as Entry;
  const held = [entry(1), entry(2, false)];

  test('later ones are added', () => {
    expect(merged(held, [entry(4), entry(3)])).toMatchObject({ grown: [{ seq: 3 }, { seq: 4 }], missing: false });
  });
  test('ones that came before change nothing', () => {
    expect(merged(held, [entry(1), entry(2, false)]).entries).toBe(held);
  });
  test('an earlier one that comes again, opened, takes the sealed one’s place', () => {
    const { entries, grown } = merged(held, [entry(2), entry(3)]);
    expect(grown).toBeNull();
    expect(entries.map(({ body }) => body !== null)).toEqual([true, true, true]);
  });
  test('nothing is taken across a gap', () => {
    expect(merged(held, [entry(4)])).toEqual({ entries: held, grown: [], missing: true });
  });
});
