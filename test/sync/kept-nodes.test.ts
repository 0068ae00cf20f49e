/** The editor's blocks: made anew where somebody wrote, and nowhere else. */
import type { Node } from '@tiptap/pm/model';
import { yXmlFragmentToProseMirrorRootNode } from '@tiptap/y-tiptap';
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { flatOf } from '#lib/notes/flat.ts';
import { blocksOf } from '#lib/notes/page.ts';
import { sectionsOf } from '#lib/notes/sections.ts';
import { notesRoot } from '#schema/notes.ts';
import { Chance } from './support/chance.ts';
import { Typist } from './support/editor.ts';

function copy(client: number, chance: Chance) {
  const doc = new Y.Doc({ gc: false });
  doc.clientID = client;
  const notes = doc.getXmlFragment(notesRoot);
  return { doc, notes, typist: new Typist(notes, chance) };
}

function hear(to: Y.Doc, from: Y.Doc): void {
  try {
    Y.applyUpdate(to, Y.encodeStateAsUpdate(from, Y.encodeStateVector(to)));
  } catch (error) {
    // The binding may fail to put the selection back where a change took its place away; the change is in by then.
    if (!(error instanceof RangeError)) throw error;
  }
}

/** A line break of bold text is bold in the editor and nowhere else: nobody sees it. */
function shownOf(node: Node): unknown {
  const { type, attrs, marks, text, children } = node;
  return {
    type: type.name,
    attrs,
    text,
    marks: type.name === 'hardBreak' ? [] : marks.map((mark) => mark.toJSON()),
    inside: children.map(shownOf),
  };
}

/** What is read of the notes block by block, and remembered until somebody writes in the block. */
function readOf(notes: Y.XmlFragment) {
  const read = { text: flatOf(notes).text, sections: sectionsOf(notes), blocks: blocksOf(notes) };
  // Half of a character in two parts does not come through an update as it was.
  return JSON.stringify(read, (_, value: unknown) => (typeof value === 'string' ? value.toWellFormed() : value));
}

/** The same notes in a copy that nothing was ever read of. */
function anew(doc: Y.Doc): Y.XmlFragment {
  const copy = new Y.Doc({ gc: false });
  Y.applyUpdate(copy, Y.encodeStateAsUpdate(doc));
  return copy.getXmlFragment(notesRoot);
}

test('when somebody writes in one block, every other stays the very same', () => {
  const chance = new Chance(1);
  const [mine, theirs] = [copy(1, chance), copy(2, chance)];
  theirs.typist.pasteLong(30);
  hear(mine.doc, theirs.doc);
  const before = mine.typist.doc.children;
  const third = theirs.notes.get(2) as Y.XmlElement;
  (third.get(0) as Y.XmlText).insert(0, 'Later: ');
  hear(mine.doc, theirs.doc);
  const after = mine.typist.doc.children;
  expect(after.map((block, index) => block === before[index])).toEqual(before.map((_, index) => index !== 2));
  expect(after[2]?.textContent).toMatch(/^Later: /);
});

test('what is shown, and what is read, is what the shared document holds, through 60 lives of 40 acts at two copies', () => {
  for (let seed = 1; seed <= 60; seed += 1) {
    const chance = new Chance(seed);
    const copies = [copy(1, chance), copy(2, chance)] as const;
    const [a, b] = copies;
    a.typist.pasteLong(6);
    hear(b.doc, a.doc);
    for (let act = 0; act < 40; act += 1) {
      chance.of([...copies]).typist.act();
      for (const { notes } of copies) readOf(notes);
      if (!chance.happens(0.3)) continue;
      hear(b.doc, a.doc);
      hear(a.doc, b.doc);
    }
    // One more word from the other, so that each has taken in the last.
    for (const [to, from] of [
      [a, b],
      [b, a],
    ] as const) {
      from.notes.push([new Y.XmlElement('paragraph')]);
      hear(to.doc, from.doc);
      const held = yXmlFragmentToProseMirrorRootNode(to.notes, to.typist.doc.type.schema);
      expect(shownOf(to.typist.doc), `seed ${seed}`).toEqual(shownOf(held));
      expect(readOf(to.notes), `seed ${seed}`).toBe(readOf(anew(to.doc)));
    }
    for (const { typist } of copies) typist.close();
  }
});
