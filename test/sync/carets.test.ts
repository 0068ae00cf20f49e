/** My caret while others write: two copies of one note, each in an editor, and words that come from the other. */
import { getSchema } from '@tiptap/core';
import { EditorState, TextSelection } from '@tiptap/pm/state';
import { ySyncPlugin } from '@tiptap/y-tiptap';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { keptCaret } from '#lib/notes/kept-caret.ts';
import { keptNodes } from '#lib/notes/kept-nodes.ts';
import { notesSchema } from '#lib/notes/schema.ts';
import { notesRoot } from '#schema/notes.ts';
import { Headless } from './support/editor.ts';

const schema = getSchema(notesSchema);

/** An editor on a copy of a note that begins with these paragraphs, and the other copy. */
function open(paragraphs: readonly string[]) {
  const [mine, theirs] = [new Y.Doc({ gc: false }), new Y.Doc({ gc: false })];
  theirs.getXmlFragment(notesRoot).insert(
    0,
    paragraphs.map((words) => {
      const paragraph = new Y.XmlElement('paragraph');
      if (words !== '') paragraph.insert(0, [new Y.XmlText(words)]);
      return paragraph;
    }),
  );
  Y.applyUpdate(mine, Y.encodeStateAsUpdate(theirs));
  const plugins = [ySyncPlugin(mine.getXmlFragment(notesRoot)), keptNodes(), keptCaret()];
  const editor = new Headless(EditorState.create({ schema, plugins }));
  editor.begin();
  return {
    /** Puts the caret into a paragraph. */
    put(paragraph: number, offset: number): void {
      const { tr, doc } = editor.state;
      let at = 1;
      for (let index = 0; index < paragraph; index += 1) at += doc.child(index).nodeSize;
      editor.dispatch(tr.setSelection(TextSelection.create(doc, at + offset)));
    },
    /** Others' words, in one update. */
    others(write: (notes: Y.XmlFragment) => void): void {
      const known = Y.encodeStateVector(mine);
      theirs.transact(() => write(theirs.getXmlFragment(notesRoot)));
      Y.applyUpdate(mine, Y.encodeStateAsUpdate(theirs, known), 'others');
    },
    type(words: string): void {
      for (const letter of words) editor.dispatch(editor.state.tr.insertText(letter));
      Y.applyUpdate(theirs, Y.encodeStateAsUpdate(mine, Y.encodeStateVector(theirs)));
    },
    caret(): [number, number] {
      const { $head } = editor.state.selection;
      return [$head.index(0), $head.parentOffset];
    },
    texts: () => editor.state.doc.children.map((node) => node.textContent),
    close: () => editor.end(),
  };
}

function writeIn(notes: Y.XmlFragment, paragraph: number, offset: number, words: string): void {
  const element = notes.get(paragraph) as Y.XmlElement;
  if (element.length === 0) element.insert(0, [new Y.XmlText(words)]);
  else (element.get(0) as Y.XmlText).insert(offset, words);
}

test('in an empty paragraph it stays while others fill the empty paragraphs before it, and what is typed goes there', () => {
  const notes = open(['', '', '', '']);
  notes.put(2, 0);
  notes.others((root) => writeIn(root, 0, 0, 'The ambulance was called at 7:40am.'));
  expect(notes.caret()).toEqual([2, 0]);
  notes.others((root) => writeIn(root, 1, 0, 'A social worker is on the ward.'));
  notes.type('Officers attended.');
  expect(notes.texts()).toEqual([
    'The ambulance was called at 7:40am.',
    'A social worker is on the ward.',
    'Officers attended.',
    '',
  ]);
  notes.close();
});

test('wherever others write, it stays in its paragraph, after the same words', () => {
  const words = fc.constantFrom('', '', 'On Monday', 'On Monday', 'Seen');
  const one = fc.record({
    paragraphs: fc.array(words, { minLength: 2, maxLength: 6 }),
    mine: fc.nat(),
    after: fc.nat(),
    theirs: fc.array(
      fc.record({ paragraph: fc.nat(), at: fc.nat(), words: fc.constantFrom('a', 'on Monday ', 'Seen') }),
      {
        minLength: 1,
        maxLength: 5,
      },
    ),
    together: fc.boolean(),
  });
  let moved = 0;
  fc.assert(
    fc.property(one, ({ paragraphs, mine, after, theirs, together }) => {
      const notes = open(paragraphs);
      const paragraph = mine % paragraphs.length;
      const text = paragraphs[paragraph] ?? '';
      const offset = after % (text.length + 1);
      notes.put(paragraph, offset);
      // A mark of my own shows where the caret stands, whatever else is written in its paragraph.
      notes.type('|');
      const writes = theirs.map((each) => (root: Y.XmlFragment) => {
        const element = root.get(each.paragraph % paragraphs.length) as Y.XmlElement;
        const length = element.length === 0 ? 0 : (element.get(0) as Y.XmlText).length;
        writeIn(root, each.paragraph % paragraphs.length, each.at % (length + 1), each.words);
      });
      const updates = together ? [writes] : writes.map((write) => [write]);
      for (const update of updates) {
        notes.others((root) => {
          for (const write of update) write(root);
        });
      }
      const [now, at] = notes.caret();
      expect(now).toBe(paragraph);
      expect(notes.texts()[paragraph]?.slice(0, at).endsWith('|')).toBe(true);
      moved += at === offset + 1 ? 0 : 1;
      notes.close();
    }),
    { numRuns: 500 },
  );
  expect(moved).toBeGreaterThan(20);
});
