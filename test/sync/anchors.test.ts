/** [M12] Comments stay with their words, whatever people do in the notes at several copies. */
import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { anchorOf, carried, placeOf } from '#lib/comments/anchors.ts';
import { flatOf, flatOfEditor } from '#lib/notes/flat.ts';
import { notesRoot } from '#schema/notes.ts';
import { Chance } from './support/chance.ts';
import { Typist } from './support/editor.ts';

const word = 'qwzxjkvq';

/** Two people's copies of one note, which hear of each other when told to. */
function twoCopies(chance: Chance) {
  const copies = [1, 2].map((client) => {
    const doc = new Y.Doc({ gc: false });
    doc.clientID = client;
    const notes = doc.getXmlFragment(notesRoot);
    return { doc, notes, typist: new Typist(notes, chance) };
  });
  const [a, b] = copies as [(typeof copies)[0], (typeof copies)[0]];
  return {
    a,
    b,
    copies,
    meet() {
      hear(b.doc, Y.encodeStateAsUpdate(a.doc, Y.encodeStateVector(b.doc)));
      hear(a.doc, Y.encodeStateAsUpdate(b.doc, Y.encodeStateVector(a.doc)));
    },
    close() {
      for (const { typist, doc } of copies) {
        typist.close();
        doc.destroy();
      }
    },
  };
}

/** The binding may fail to put the selection back where a change took its place away; the change is in by then. */
function hear(doc: Y.Doc, update: Uint8Array): void {
  try {
    Y.applyUpdate(doc, update);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
}

function begin(chance: Chance) {
  const copies = twoCopies(chance);
  const { typist } = copies.a;
  typist.pasteLong(4);
  typist.caret();
  typist.type(word);
  copies.meet();
  return copies;
}

/** Where the words are by looking for them: the answer the anchor must give while they are whole, and once. */
function lookedFor(notes: Y.XmlFragment): string[] {
  return flatOf(notes).text.replaceAll('\n', '').split(word);
}

function anchored(notes: Y.XmlFragment) {
  const flat = flatOf(notes);
  const from = flat.text.indexOf(word);
  const anchor = anchorOf(flat, { from, to: from + word.length });
  if (!anchor) throw new Error('The word could not be anchored');
  return anchor;
}

function standsOn(notes: Y.XmlFragment, anchor: ReturnType<typeof anchored>): string | null {
  const flat = flatOf(notes);
  const place = placeOf(notes, flat, anchor);
  return place && flat.text.slice(place.from, place.to);
}

describe('an anchor', () => {
  test('stays on its words at both copies through 500 lives of 25 acts: typing, splitting, joining, moving, undo, tables', () => {
    let whole = 0;
    let gone = 0;
    for (let seed = 1; seed <= 500; seed += 1) {
      const chance = new Chance(seed);
      const copies = begin(chance);
      const anchor = anchored(copies.a.notes);
      for (let act = 0; act < 25; act += 1) {
        chance.of(copies.copies).typist.act();
        if (chance.happens(0.3)) copies.meet();
      }
      copies.meet();
      const stands = copies.copies.map(({ notes }) => standsOn(notes, anchor));
      for (const [index, { notes }] of copies.copies.entries()) {
        if (lookedFor(notes).length === 2) {
          whole += 1;
          expect(stands[index]?.replaceAll('\n', ''), `seed ${seed}`).toContain(word);
        } else if (stands[index] === null) gone += 1;
      }
    }
    // It is the words' being there, and their being taken away, that was tried.
    expect(whole).toBeGreaterThan(400);
    expect(gone).toBeGreaterThan(50);
  });

  test('takes in what is typed within its words, and nothing typed before or after them', () => {
    const doc = new Y.Doc();
    const notes = doc.getXmlFragment(notesRoot);
    const text = new Y.XmlText('the call was at seven that day');
    const paragraph = new Y.XmlElement('paragraph');
    paragraph.insert(0, [text]);
    notes.insert(0, [paragraph]);
    const flat = flatOf(notes);
    const anchor = anchorOf(flat, { from: 4, to: 21 });
    if (!anchor) throw new Error('No anchor');
    expect(anchor.quote).toBe('call was at seven');
    text.insert(0, 'Before: ');
    text.insert(8 + 21, ', perhaps,');
    text.insert(8 + 9, 'certainly ');
    expect(standsOn(notes, anchor)).toBe('call certainly was at seven');
  });

  test('is gone with its words, keeps their quote, and comes back when somebody undoes it', () => {
    const copies = twoCopies(new Chance(1));
    const { a, b } = copies;
    // Another's words: one's own would be undone together with their deletion.
    b.typist.type(`before ${word} after`);
    copies.meet();
    const anchor = anchored(a.notes);
    a.typist.selectAll();
    a.typist.backspace();
    copies.meet();
    expect(copies.copies.map(({ notes }) => standsOn(notes, anchor))).toEqual([null, null]);
    expect(anchor.quote).toBe(word);
    a.typist.undo();
    copies.meet();
    expect(copies.copies.map(({ notes }) => standsOn(notes, anchor))).toEqual([word, word]);
    expect(b.notes.length).toBe(a.notes.length);
    copies.close();
  });

  test('with no meaning in these notes stands on nothing, and nothing throws', () => {
    const notes = new Y.Doc().getXmlFragment(notesRoot);
    for (const end of ['', 'AAAA', 'not base64', 'AP////8P/////w8=']) {
      expect(placeOf(notes, flatOf(notes), { start: end, end, quote: 'gone', section: '' })).toBeNull();
    }
  });
});

test('what is selected on a page a moment old is carried to where it stands now, or not at all', () => {
  const before = 'one two three';
  const words = (after: string) => {
    const place = carried({ from: 4, to: 7 }, before, after);
    return place && after.slice(place.from, place.to);
  };
  expect(words(before)).toBe('two');
  expect(words('nought one two three')).toBe('two');
  expect(words('two three')).toBe('two');
  expect(words('one two three four')).toBe('two');
  expect(words('one two')).toBe('two');
  expect(words('one twenty three')).toBeNull();
  expect(words('three')).toBeNull();
});

test('the shared document and the editor’s read the same, character for character', () => {
  for (let seed = 1; seed <= 100; seed += 1) {
    const copies = begin(new Chance(seed));
    for (let act = 0; act < 30; act += 1) copies.a.typist.act();
    expect(flatOfEditor(copies.a.typist.doc).text, `seed ${seed}`).toBe(flatOf(copies.a.notes).text);
    copies.close();
  }
});
