/** The guard: what may enter the notes, in whose name. Attacks are refused; honest writing never is. */
import * as encoding from 'lib0/encoding';
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { markNames, notesRoot } from '#schema/notes.ts';
import { type Deletions, deletionsIn } from '#server/sync/deletions.ts';
import { judge, type Reason } from '#server/sync/guard.ts';
import { Held } from '#server/sync/held.ts';
import { scan } from '#server/sync/scan.ts';
import { honestTraffic } from '../support/honest-traffic.ts';

const mine = 1001;
const theirs = 2002;

/** A room's notes as the server has them, and what each of two people may send. */
class Server {
  readonly doc = new Y.Doc({ gc: false });
  readonly held = new Held();
  readonly taken: Uint8Array[] = [];

  /** What became of an update from the person who holds `client`. */
  send(update: Uint8Array, client = mine): Reason | 'unleased' | 'taken' | 'nothing new' {
    const asked = {
      held: this.held,
      mine: (each: number) => each === client,
      deletions: (): Deletions => deletionsIn(this.taken),
    };
    const verdict = judge(update, asked);
    if (verdict.is === 'refused') return verdict.why;
    if (verdict.is === 'known') return 'nothing new';
    if (verdict.is === 'unleased') return 'unleased';
    this.taken.push(verdict.update);
    Y.applyUpdate(this.doc, verdict.update);
    expect(this.doc.store.pendingStructs).toBeNull();
    expect(this.doc.store.pendingDs).toBeNull();
    return 'taken';
  }

  get text(): string {
    return this.doc.getXmlFragment(notesRoot).toString();
  }
}

function writing(client: number, change: (notes: Y.XmlFragment) => void, base?: Y.Doc): Uint8Array {
  const doc = new Y.Doc({ gc: false });
  if (base) Y.applyUpdate(doc, Y.encodeStateAsUpdate(base));
  doc.clientID = client;
  const before = Y.encodeStateVector(doc);
  doc.transact(() => change(doc.getXmlFragment(notesRoot)));
  return Y.encodeStateAsUpdate(doc, before);
}

function paragraph(words: string): Y.XmlElement {
  const element = new Y.XmlElement('paragraph');
  element.insert(0, [new Y.XmlText(words)]);
  return element;
}

/** An update by hand: structs as raw bytes, then ranges to delete. */
function byHand(
  blocks: { client: number; clock: number; structs: number[][] }[],
  deletions: [number, number, number][] = [],
): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, blocks.length);
  for (const { client, clock, structs } of blocks) {
    encoding.writeVarUint(encoder, structs.length);
    encoding.writeVarUint(encoder, client);
    encoding.writeVarUint(encoder, clock);
    for (const bytes of structs) encoding.writeUint8Array(encoder, Uint8Array.from(bytes));
  }
  encoding.writeVarUint(encoder, deletions.length);
  for (const [client, clock, length] of deletions) {
    encoding.writeVarUint(encoder, client);
    encoding.writeVarUint(encoder, 1);
    encoding.writeVarUint(encoder, clock);
    encoding.writeVarUint(encoder, length);
  }
  return encoding.toUint8Array(encoder);
}

describe('attacks', () => {
  let server: Server;
  beforeEach(() => {
    server = new Server();
    expect(
      server.send(
        writing(theirs, (notes) => notes.push([paragraph('We disagree.')])),
        theirs,
      ),
    ).toBe('taken');
  });

  test('[T1] [R11] deleting what a colleague has not typed yet is refused, and what they type then stands', () => {
    expect(server.send(byHand([], [[theirs, 0, 2 ** 40]]))).toBe('deletes-unknown');
    const next = server.held.clockOf(theirs);
    expect(server.send(byHand([], [[theirs, next, 1]]))).toBe('deletes-unknown');
    expect(server.send(byHand([], [[3003, 0, 1]]))).toBe('deletes-unknown');
    expect(
      server.send(
        writing(theirs, (notes) => notes.push([paragraph('Still here.')]), server.doc),
        theirs,
      ),
    ).toBe('taken');
    expect(server.text).toContain('Still here.');
  });

  test('[T2] [R11] GC and Skip blocks over a colleague’s clientID, or one’s own, are refused', () => {
    const next = server.held.clockOf(theirs);
    for (const reference of [0, 10]) {
      expect(server.send(byHand([{ client: theirs, clock: next, structs: [[reference, 100]] }]))).toBe('garbage');
      expect(server.send(byHand([{ client: mine, clock: 0, structs: [[reference, 100]] }]))).toBe('garbage');
    }
  });

  test('[T3] [R12] writing under a colleague’s clientID is refused', () => {
    expect(server.send(writing(theirs, (notes) => notes.push([paragraph('Forged.')]), server.doc))).toBe('foreign');
    expect(server.text).not.toContain('Forged');
  });

  test('[T4] another text under a clock that is taken never replaces the first', () => {
    const first = writing(mine, (notes) => notes.push([paragraph('Met.')]));
    const second = writing(mine, (notes) => notes.push([paragraph('Not.')]));
    expect(server.send(first)).toBe('taken');
    expect(server.send(second)).toBe('nothing new');
    expect(server.text).toContain('Met.');
    expect(server.text).not.toContain('Not.');
  });

  test('[T4] [T16] an update that repeats some and adds some is cut to what it adds', () => {
    const doc = new Y.Doc({ gc: false });
    doc.clientID = mine;
    doc.getXmlFragment(notesRoot).push([paragraph('One.')]);
    expect(server.send(Y.encodeStateAsUpdate(doc))).toBe('taken');
    const first = server.held.clockOf(mine);
    doc.getXmlFragment(notesRoot).push([paragraph('Two.')]);
    expect(server.send(Y.encodeStateAsUpdate(doc))).toBe('taken');
    const cut = Y.decodeUpdate(server.taken.at(-1) as Uint8Array);
    expect(cut.structs.map(({ id }) => id.clock)[0]).toBe(first);
    expect(server.text.match(/One\./g)).toHaveLength(1);
  });

  test('[T19] a gap is refused: nothing waits for a parent that never comes', () => {
    const doc = new Y.Doc({ gc: false });
    doc.clientID = mine;
    doc.getXmlFragment(notesRoot).push([paragraph('First.')]);
    const from = Y.encodeStateVector(doc);
    doc.getXmlFragment(notesRoot).push([paragraph('Second.')]);
    expect(server.send(Y.encodeStateAsUpdate(doc, from))).toBe('gap');
  });

  test('[T5] elements, marks, attributes, roots and links that notes may not hold are refused', () => {
    const refuses = (change: (notes: Y.XmlFragment) => void) =>
      expect(['unknown-name', 'unknown-content', 'unknown-value', 'misplaced']).toContain(
        server.send(writing(mine, change)),
      );
    refuses((notes) => notes.push([new Y.XmlElement('iframe')]));
    refuses((notes) => {
      const hidden = paragraph('We disagree.');
      hidden.setAttribute('style', 'color: white');
      notes.push([hidden]);
    });
    refuses((notes) => {
      const long = new Y.XmlElement('heading');
      long.setAttribute('level', 'x'.repeat(300));
      notes.push([long]);
    });
    const marked = (name: string, value: unknown) => (notes: Y.XmlFragment) => {
      const text = new Y.XmlText();
      const element = new Y.XmlElement('paragraph');
      element.insert(0, [text]);
      notes.push([element]);
      text.insert(0, 'words', { [name]: value });
    };
    refuses(marked('textStyle', { color: 'white' }));
    refuses(marked('link', { href: 'javascript:alert(1)' }));
    refuses((notes) => notes.doc?.getMap('elsewhere').set('a', 1));
    refuses((notes) => notes.doc?.getText('elsewhere').insert(0, 'hidden'));
    for (const name of markNames.filter((each) => each !== 'link')) {
      expect(new Server().send(writing(mine, marked(name, {})))).toBe('taken');
    }
    expect(new Server().send(writing(mine, marked('link', { href: 'https://example.org' })))).toBe('taken');
  });

  test('[T2] text that comes already deleted is taken only in a short run', () => {
    const run = (length: number) => {
      const doc = new Y.Doc();
      doc.clientID = mine;
      const text = new Y.XmlText('x'.repeat(length));
      const element = new Y.XmlElement('paragraph');
      element.insert(0, [text]);
      doc.getXmlFragment(notesRoot).push([element]);
      text.delete(0, length);
      return Y.encodeStateAsUpdate(doc);
    };
    expect(new Server().send(run(64 * 1024 + 1))).toBe('too-long');
    expect(new Server().send(run(10))).toBe('taken');
  });

  test('[R29] bytes that are no update are refused, whatever they are', () => {
    const whole = writing(mine, (notes) => notes.push([paragraph('words of some length')]));
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array({ maxLength: 200 }),
          fc.integer({ min: 1, max: whole.length - 1 }).map((length) => whole.slice(0, length)),
          fc
            .tuple(fc.integer({ min: 0, max: whole.length - 1 }), fc.integer({ min: 1, max: 255 }))
            .map(([at, by]) => whole.map((byte, index) => (index === at ? (byte + by) % 256 : byte))),
        ),
        (bytes) => {
          const fresh = new Server();
          const before = fresh.send(
            writing(theirs, (notes) => notes.push([paragraph('We disagree.')])),
            theirs,
          );
          expect(before).toBe('taken');
          fresh.send(bytes);
          expect(fresh.text).toContain('We disagree.');
          return true;
        },
      ),
      { numRuns: 5_000 },
    );
  });
});

test('[R11] 5,000 honest updates of the real editor, by three people, two tabs and an hour offline: none is refused', () => {
  const { updates, refused, converged } = honestTraffic({ updates: 5_000, seed: 20_261_123 });
  expect(updates).toBeGreaterThanOrEqual(5_000);
  expect(refused).toEqual([]);
  expect(converged).toBe(true);
}, 120_000);

test('what the scan reads of an update is what Yjs reads', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme', maxLength: 20 }), { minLength: 1, maxLength: 10 }), (lines) => {
      const update = writing(mine, (notes) => notes.push(lines.map(paragraph)));
      const read = Y.decodeUpdate(update);
      let clocks = 0;
      scan<never>(update, {
        struct: ({ length }) => {
          clocks += length;
          return null;
        },
        deletion: () => null,
      });
      expect(clocks).toBe(read.structs.reduce((sum, { length }) => sum + length, 0));
    }),
    { numRuns: 300 },
  );
});
