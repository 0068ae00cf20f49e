/** [M11] The headings a case starts with, through everything a person can do in the editor. */
import {
  chainCommands,
  deleteSelection,
  setBlockType,
  splitBlock,
  joinBackward,
  joinForward,
} from '@tiptap/pm/commands';
import { getSchema } from '@tiptap/core';
import { AllSelection, type Command, EditorState, TextSelection } from '@tiptap/pm/state';
import { undo, redo, ySyncPlugin, yUndoPlugin } from '@tiptap/y-tiptap';
import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { fixedHeadings, underneath } from '#lib/notes/fixed-headings.ts';
import { keptNodes } from '#lib/notes/kept-nodes.ts';
import { notesSchema } from '#lib/notes/schema.ts';
import { sectionsOf } from '#lib/notes/sections.ts';
import { caseHeadings, notesRoot } from '#schema/notes.ts';
import { Chance } from './support/chance.ts';
import { Headless, Typist } from './support/editor.ts';

const titles = caseHeadings.map(({ title }) => title);
const schema = getSchema(notesSchema);

/** The notes as a new case has them, with words under each heading. */
function begin(words: readonly string[] = titles.map((title) => `Under ${title}`)) {
  const doc = new Y.Doc({ gc: false });
  const notes = doc.getXmlFragment(notesRoot);
  for (const [index, title] of titles.entries()) {
    const heading = new Y.XmlElement('heading') as Y.XmlElement<{ level: number }>;
    heading.setAttribute('level', 2);
    heading.insert(0, [new Y.XmlText(title)]);
    const paragraph = new Y.XmlElement('paragraph');
    if (words[index]) paragraph.insert(0, [new Y.XmlText(words[index])]);
    notes.push([heading as unknown as Y.XmlElement, paragraph]);
  }
  return { doc, notes };
}

function headingsIn(notes: Y.XmlFragment): string[] {
  return sectionsOf(notes).map(({ title }) => title);
}

function textsIn(notes: Y.XmlFragment): string[] {
  return notes.toArray().map((block) => (block as Y.XmlElement).toArray().join(''));
}

function open({ notes }: ReturnType<typeof begin>) {
  let refused = 0;
  const plugins = [
    ySyncPlugin(notes),
    keptNodes(),
    yUndoPlugin(),
    fixedHeadings({ titles, onRefused: () => (refused += 1) }),
  ];
  const editor = new Headless(EditorState.create({ schema, plugins }));
  editor.begin();
  /** The place after so many characters of the block with this number. */
  const place = (block: number, characters: number): number => {
    let at = 1;
    for (let index = 0; index < block; index += 1) at += editor.state.doc.child(index).nodeSize;
    return at + characters;
  };
  return {
    editor,
    place,
    select: (from: [number, number], to = from) =>
      editor.dispatch(
        editor.state.tr.setSelection(TextSelection.create(editor.state.doc, place(...from), place(...to))),
      ),
    selectAll: () => editor.dispatch(editor.state.tr.setSelection(new AllSelection(editor.state.doc))),
    run: (command: Command) => command(editor.state, editor.dispatch),
    type: (words: string) => editor.dispatch(editor.state.tr.insertText(words)),
    refused: () => refused,
  };
}

const backspace = chainCommands(deleteSelection, joinBackward);

const typing: Command = ({ tr }, dispatch) => {
  dispatch?.(tr.insertText('x'));
  return true;
};

describe('a heading that a case starts with', () => {
  const { heading, paragraph } = schema.nodes;
  test.each<[what: string, from: [number, number], to: [number, number], command: Command]>([
    ['typing in it', [2, 4], [2, 4], typing],
    ['taking a letter away', [2, 3], [2, 4], deleteSelection],
    ['taking all its words away', [2, 0], [2, 13], deleteSelection],
    ['joining the paragraph after it to it', [3, 0], [3, 0], backspace],
    ['joining it to the paragraph before it', [1, 19], [1, 19], joinForward],
    ['splitting it', [2, 4], [2, 4], splitBlock],
    ['making it a paragraph', [2, 4], [2, 4], setBlockType(paragraph as never)],
    ['making it smaller', [2, 4], [2, 4], setBlockType(heading as never, { level: 3 })],
  ])('is not changed by %s, and that is told', (_, from, to, command) => {
    const shared = begin();
    const before = textsIn(shared.notes);
    const notes = open(shared);
    notes.select(from, to);
    notes.run(command);
    expect(textsIn(shared.notes)).toEqual(before);
    expect(headingsIn(shared.notes)).toEqual(titles);
    expect(notes.refused()).toBe(1);
  });

  test('is passed over by words typed in it: they go under it, and the caret after them', () => {
    const shared = begin();
    const notes = open(shared);
    const under = underneath(notes.editor.state, titles, notes.place(2, 4), 'He is well. ');
    if (under) notes.editor.dispatch(under);
    notes.type('So is she. ');
    expect(headingsIn(shared.notes)).toEqual(titles);
    expect(textsIn(shared.notes)[3]).toBe('He is well. So is she. Under The child now');
    // Nowhere else, wherever the editor last knew the caret: there words go where they are typed.
    notes.select([2, 4]);
    expect(underneath(notes.editor.state, titles, notes.place(3, 0), 'x')).toBeNull();
  });

  test('stays when everything is selected and deleted, with a paragraph under each; undo brings the words back', () => {
    const shared = begin();
    const before = textsIn(shared.notes);
    const notes = open(shared);
    notes.selectAll();
    notes.run(deleteSelection);
    expect(textsIn(shared.notes)).toEqual(titles.flatMap((title) => [title, '']));
    undo(notes.editor.state);
    expect(textsIn(shared.notes)).toEqual(before);
    redo(notes.editor.state);
    expect(textsIn(shared.notes)).toEqual(titles.flatMap((title) => [title, '']));
    expect(notes.refused()).toBe(0);
  });

  test('stays when words before and after it are cut together, and the very same to others', () => {
    const shared = begin();
    const elements = shared.notes.toArray();
    const notes = open(shared);
    notes.select([1, 5], [5, 6]);
    notes.run(deleteSelection);
    expect(textsIn(shared.notes).slice(0, 6)).toEqual([
      'What happened',
      'Under',
      'The child now',
      '',
      'Abuse or neglect',
      'Abuse or neglect',
    ]);
    for (const index of [0, 2, 4]) expect(shared.notes.get(index)).toBe(elements[index]);
  });

  test('stays when something is typed over a selection that reaches over it', () => {
    const shared = begin();
    const notes = open(shared);
    notes.select([1, 5], [3, 5]);
    notes.type('!');
    expect(textsIn(shared.notes).slice(0, 4)).toEqual(['What happened', 'Under!', 'The child now', ' The child now']);
    notes.select([2, 3], [3, 4]);
    notes.type('?');
    expect(textsIn(shared.notes).slice(2, 4)).toEqual(['The child now', '? child now']);
  });

  test('stays when a document is pasted over everything', () => {
    const shared = begin();
    const notes = open(shared);
    notes.selectAll();
    const pasted = ['One', 'Two'].map((words) => schema.node('paragraph', null, schema.text(words)));
    notes.editor.dispatch(notes.editor.state.tr.replaceWith(0, notes.editor.state.doc.content.size, pasted));
    expect(headingsIn(shared.notes)).toEqual(titles);
    expect(textsIn(shared.notes).filter((words) => words !== '' && !titles.includes(words as never))).toEqual([
      'One',
      'Two',
    ]);
  });

  test('goes when somebody else takes it away: this copy becomes what the shared document is', () => {
    const shared = begin();
    const notes = open(shared);
    const other = new Y.Doc({ gc: false });
    Y.applyUpdate(other, Y.encodeStateAsUpdate(shared.doc));
    other.getXmlFragment(notesRoot).delete(2, 1);
    Y.applyUpdate(shared.doc, Y.encodeStateAsUpdate(other), 'others');
    expect(headingsIn(shared.notes)).toEqual(titles.filter((title) => title !== 'The child now'));
    expect(notes.editor.state.doc.childCount).toBe(titles.length * 2 - 1);
    expect(notes.refused()).toBe(0);
  });
});

test('whatever a person does, 100 lives of 60 acts, every heading stands, in their order', () => {
  for (let seed = 1; seed <= 100; seed += 1) {
    const shared = begin();
    const typist = new Typist(shared.notes, new Chance(seed), {
      also: [fixedHeadings({ titles, onRefused: () => {} })],
    });
    for (let act = 0; act < 60; act += 1) {
      typist.act();
      const standing = headingsIn(shared.notes);
      let found = 0;
      for (const title of standing) if (title === titles[found]) found += 1;
      expect(found, `seed ${seed}, act ${act}: ${standing.join(', ')}`).toBe(titles.length);
    }
    typist.close();
  }
});
