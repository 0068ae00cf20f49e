/** Notes with a history: a real editing trace where one is given, else one that is made up, and texts of a length. */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import * as Y from 'yjs';
import { notesRoot } from '#schema/notes.ts';

/** [position, characters deleted, text inserted] */
type Edit = [at: number, deleted: number, inserted: string];

/** Operations of the made-up trace: as many as the real one has. */
const operations = 260_000;
/** Edits that are sent as one update, so that a history of many is there soon. */
const together = 500;
/** Author of all content: claimed by whoever first sends it. */
const author = 1_000_001;

const made = new Map<string, Uint8Array[]>();

/** A document's whole history as updates, `times` over, each in a paragraph of its own, from a file in the format of editing traces (`txns` of `patches`). */
export function historyFrom(trace: string | null, times = 1): Uint8Array[] {
  return once(`history ${trace} ${times}`, () =>
    Array.from({ length: times }, (_, nth) => updatesOf(trace ? readTrace(trace) : inventTrace(), author + nth)).flat(),
  );
}

/** A text of about so many bytes, typed in short pieces all over it. */
export function textOf(bytes: number): Uint8Array[] {
  return once(`text ${bytes}`, () => updatesOf(pieces(bytes)));
}

function once(key: string, make: () => Uint8Array[]): Uint8Array[] {
  const known = made.get(key) ?? make();
  made.set(key, known);
  return known;
}

function readTrace(path: string): Edit[] {
  const { txns } = JSON.parse(gunzipSync(readFileSync(path)).toString()) as { txns: { patches: Edit[] }[] };
  return txns.flatMap(({ patches }) => patches);
}

/** Somebody writing: mostly on from where they are, at times taking back, at times elsewhere. */
function* inventTrace(): Generator<Edit> {
  const random = randomFrom(7);
  let length = 0;
  let cursor = 0;
  for (let n = 0; n < operations; n += 1) {
    if (random() < 0.02) cursor = Math.floor(random() * (length + 1));
    if (cursor > 0 && random() < 0.3) {
      cursor -= 1;
      length -= 1;
      yield [cursor, 1, ''];
    } else {
      yield [cursor, 0, 'etaoin shrdlu'[Math.floor(random() * 13)] ?? ' '];
      cursor += 1;
      length += 1;
    }
  }
}

function* pieces(bytes: number): Generator<Edit> {
  const random = randomFrom(11);
  const piece = 'forty characters typed one after another';
  for (let length = 0; length < bytes; length += piece.length) yield [Math.floor(random() * (length + 1)), 0, piece];
}

/** Whole numbers of a linear congruence, as shares: the same at each run. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function updatesOf(edits: Iterable<Edit>, by = author): Uint8Array[] {
  const doc = new Y.Doc({ gc: false });
  doc.clientID = by;
  const updates: Uint8Array[] = [];
  doc.on('update', (update: Uint8Array) => updates.push(update));
  const text = new Y.XmlText();
  const paragraph = new Y.XmlElement('paragraph');
  paragraph.insert(0, [text]);
  doc.getXmlFragment(notesRoot).push([paragraph]);
  let batch: Edit[] = [];
  const apply = () =>
    doc.transact(() => {
      for (const [at, deleted, inserted] of batch) {
        if (deleted > 0) text.delete(at, deleted);
        if (inserted) text.insert(at, inserted);
      }
      batch = [];
    });
  for (const edit of edits) if (batch.push(edit) >= together) apply();
  apply();
  doc.destroy();
  return updates;
}
