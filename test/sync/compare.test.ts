/** Two versions of the notes side by side: what was added and removed, and by whom. */
import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { notesRoot } from '#schema/notes.ts';
import { compare, type Hunk } from '#server/sync/compare.ts';
import { replay } from '#server/sync/history.ts';
import { honestLog } from './support/honest.ts';
import { rowsOf } from './support/rows.ts';

/** "Seen +[amara: at 7:40] -[priya: once]": a hunk as a line. */
const said = ({ under, pieces }: Hunk): string =>
  `${under}: ${pieces
    .map(({ is, text, act }) => (is === 'same' ? text : `${is === 'added' ? '+' : '-'}[${act?.person}: ${text}]`))
    .join('')}`;

/** Notes, each change of them by a person: one row of the log each. */
function written(): {
  did: (person: string, what: (notes: Y.XmlFragment) => void) => void;
  rows: () => ReturnType<typeof rowsOf>;
} {
  const doc = new Y.Doc({ gc: false });
  const log: Uint8Array[] = [];
  const senders: string[] = [];
  doc.on('update', (update: Uint8Array) => log.push(update));
  return {
    did(person, what) {
      doc.clientID = person.length;
      doc.transact(() => what(doc.getXmlFragment(notesRoot)));
      senders.push(person);
      expect(log).toHaveLength(senders.length);
    },
    rows: () => rowsOf(log, senders),
  };
}

function block(name: string, words: string): Y.XmlElement {
  const element = new Y.XmlElement(name);
  element.insert(0, [new Y.XmlText(words)]);
  return element;
}

const textOf = (notes: Y.XmlFragment, at: number): Y.XmlText => (notes.get(at) as Y.XmlElement).get(0) as Y.XmlText;

describe('[M13] two versions compared', () => {
  const notes = written();
  notes.did('amara', (root) =>
    root.insert(0, [
      block('heading', 'Harm'),
      block('paragraph', 'A fracture was seen on 30 September.'),
      block('heading', 'Place'),
      block('paragraph', 'At home.'),
    ]),
  );
  notes.did('priya', (root) => textOf(root, 1).insert(2, 'recent '));
  notes.did('tomas', (root) => textOf(root, 1).delete(22, 20));
  notes.did('priya', (root) => root.insert(2, [block('paragraph', 'The report is awaited.')]));

  test('says what was added and what removed, by whom, under its heading, and nothing of what stayed', () => {
    expect(compare(notes.rows(), 1, 4).map(said)).toEqual([
      'Harm: A +[priya: recent ]fracture was -[tomas: seen on 30 September.]+[tomas: .]\n+[priya: The report is awaited.]',
    ]);
    expect(compare(notes.rows(), 3, 4).map(said)).toEqual(['Harm: +[priya: The report is awaited.]']);
    expect(compare(notes.rows(), 4, 4)).toEqual([]);
  });

  test('a word written on to belongs to who changed it, and one taken back in between is not told', () => {
    const other = written();
    other.did('amara', (root) => root.insert(0, [block('paragraph', 'She is seven.')]));
    other.did('priya', (root) => textOf(root, 0).insert(12, 'teen'));
    other.did('tomas', (root) => textOf(root, 0).insert(0, 'Perhaps '));
    other.did('tomas', (root) => textOf(root, 0).delete(0, 8));
    expect(compare(other.rows(), 1, 4).map(said)).toEqual([': She is -[priya: seven.]+[priya: seventeen.]']);
    expect(compare(other.rows(), 2, 4)).toEqual([]);
  });

  test('a sentence typed again is shown whole, not in the words that happen to be the same', () => {
    const other = written();
    other.did('amara', (root) => root.insert(0, [block('paragraph', 'The mark was seen on Monday at school. Kept.')]));
    other.did('priya', (root) => {
      textOf(root, 0).delete(0, 38);
      textOf(root, 0).insert(0, 'A doctor said the mark was older, at 4pm.');
    });
    expect(compare(other.rows(), 1, 2).map(said)).toEqual([
      ': -[priya: The mark was seen on Monday at school. ]+[priya: A doctor said the mark was older, at 4pm. ]Kept.',
    ]);
  });

  test('a paragraph that is parted or joined shows no words as changed', () => {
    const other = written();
    other.did('amara', (root) => root.insert(0, [block('paragraph', 'Seen twice. Sent home.')]));
    other.did('priya', (root) => {
      textOf(root, 0).delete(12, 10);
      root.insert(1, [block('paragraph', 'Sent home.')]);
    });
    other.did('priya', (root) => textOf(root, 1).insert(0, 'Then '));
    other.did('tomas', (root) => {
      root.delete(1, 1);
      textOf(root, 0).insert(12, 'Then Sent home.');
    });
    expect(compare(other.rows(), 1, 2)).toEqual([]);
    expect(compare(other.rows(), 3, 4)).toEqual([]);
    expect(compare(other.rows(), 1, 4).map(said)).toEqual([': Seen twice. +[tomas: Then ]Sent home.']);
  });

  test('a paragraph that goes is shown whole, under its heading', () => {
    const other = written();
    other.did('amara', (root) => root.insert(0, [block('heading', 'Harm'), block('paragraph', 'A bruise.')]));
    other.did('priya', (root) => root.delete(1, 1));
    expect(compare(other.rows(), 1, 2).map(said)).toEqual(['Harm: -[priya: A bruise.]']);
  });
});

test('[M13] a paragraph of a hundred thousand words is told whole', () => {
  const notes = written();
  notes.did('amara', (root) => root.insert(0, [block('paragraph', 'Seen')]));
  notes.did('priya', (root) => textOf(root, 0).insert(4, ' again'.repeat(100_000)));
  const [hunk, ...others] = compare(notes.rows(), 1, 2);
  expect(others).toEqual([]);
  expect(hunk?.pieces.map(({ text }) => text).join('')).toBe(`Seen${' again'.repeat(100_000)}`);
});

test('[M13] where there is no time for words, a line is shown as removed and added', () => {
  const notes = written();
  const words = (n: number) => `word${n} is `;
  const all = Array.from({ length: 300 }, (_, n) => words(n)).join('');
  notes.did('amara', (root) => root.insert(0, [block('paragraph', all)]));
  notes.did('priya', (root) => {
    for (let n = 299; n >= 0; n -= 1) {
      const at = all.indexOf(words(n));
      textOf(root, 0).delete(at, 4);
      textOf(root, 0).insert(at, 'name');
    }
  });
  const pieces = (within?: number) => compare(notes.rows(), 1, 2, within).flatMap((hunk) => hunk.pieces);
  expect(pieces().length).toBeGreaterThan(300);
  expect(pieces(0).map(({ is }) => is)).toEqual(['removed', 'added']);
});

test('[M13] from random histories: what was added less what was removed is what the text grew by', () => {
  const letters = (text: string): number => text.replaceAll(/\s/g, '').length;
  let compared = 0;
  for (let seed = 50; seed < 62; seed += 1) {
    const { log, senders } = honestLog(seed, 120);
    const rows = rowsOf(log, senders);
    const lettersAt = (seq: number): number =>
      replay(rows, { seq }).lines.reduce((sum, { runs }) => sum + letters(runs.map(({ text }) => text).join('')), 0);
    for (const share of [0, 0.3, 0.7]) {
      const from = Math.floor(rows.length * share);
      const hunks = compare(rows, from, rows.length);
      const pieces = hunks.flatMap((hunk) => hunk.pieces);
      const sum = (is: string): number =>
        pieces.filter((piece) => piece.is === is).reduce((all, { text }) => all + letters(text), 0);
      expect(sum('added') - sum('removed')).toBe(lettersAt(rows.length) - lettersAt(from));
      for (const { is, act, text } of pieces) {
        if (is === 'same' || text.trim() === '') continue;
        expect(act?.seq, text).toBeGreaterThan(from);
        compared += 1;
      }
    }
  }
  expect(compared).toBeGreaterThan(100);
});
