/** Honest traffic, made as the real editor makes it: ProseMirror transactions written to Yjs by the editor's own binding. */
import { getSchema } from '@tiptap/core';
import { baseKeymap, toggleMark, setBlockType } from '@tiptap/pm/commands';
import type { Schema } from '@tiptap/pm/model';
import { liftListItem, sinkListItem, splitListItem, wrapInList } from '@tiptap/pm/schema-list';
import { EditorState, TextSelection, type Command } from '@tiptap/pm/state';
import { initProseMirrorDoc, updateYFragment } from '@tiptap/y-tiptap';
import fc from 'fast-check';
import * as Y from 'yjs';
import { notesRoot } from '#schema/notes.ts';
import { notesSchema } from '#lib/notes/schema.ts';

export const schema: Schema = getSchema(notesSchema);

/** One thing a person does; `at` and `to` are places in the document, as a fraction of its length. */
export type Act =
  | { do: 'type'; words: string; at: number }
  | { do: 'paste'; paragraphs: string[]; at: number }
  | { do: 'delete' | 'bold' | 'italic' | 'link'; at: number; to: number }
  | {
      do: 'split' | 'join' | 'heading' | 'bullets' | 'numbers' | 'indent' | 'outdent' | 'table' | 'enter-in-list';
      at: number;
    }
  | TakeBack;
type TakeBack = { do: 'undo' | 'redo' };
type Edit = Exclude<Act, TakeBack>;

const place = fc.double({ min: 0, max: 1, noNaN: true });
const words = fc.oneof(
  fc.string({ minLength: 1, maxLength: 12 }),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 6 }),
);

export const anyAct: fc.Arbitrary<Act> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ do: fc.constant('type' as const), words, at: place }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('paste' as const),
      paragraphs: fc.array(words, { minLength: 1, maxLength: 8 }),
      at: place,
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom('delete' as const, 'bold' as const, 'italic' as const, 'link' as const),
      at: place,
      to: place,
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constantFrom(
        ...(['split', 'join', 'heading', 'bullets', 'numbers', 'indent', 'outdent', 'table', 'enter-in-list'] as const),
      ),
      at: place,
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('undo' as const, 'redo' as const) }) },
);

/** A copy of the notes at which one person edits. What it writes comes out of `onUpdate`, one transaction at a time. */
export class EditingCopy {
  readonly doc = new Y.Doc({ gc: false });
  readonly #notes = this.doc.getXmlFragment(notesRoot);
  readonly #undo = new Y.UndoManager(this.#notes, { trackedOrigins: new Set([this]), captureTimeout: 0 });

  constructor(client: number, onUpdate: (update: Uint8Array) => void) {
    this.doc.clientID = client;
    this.doc.on('update', (update: Uint8Array, _origin: unknown, _doc: Y.Doc, { local }: Y.Transaction) => {
      if (local) onUpdate(update);
    });
  }

  receive(update: Uint8Array): void {
    Y.applyUpdate(this.doc, update, 'others');
  }

  act(act: Act): void {
    if (isEdit(act)) this.#edit(act);
    else if (act.do === 'undo') this.#undo.undo();
    else this.#undo.redo();
  }

  #edit(act: Edit): void {
    const { doc, meta } = initProseMirrorDoc(this.#notes, schema);
    const whole = doc.childCount > 0 ? doc : schema.topNodeType.createAndFill();
    if (!whole) throw new Error('The notes could not be filled');
    const before = EditorState.create({ schema, doc: whole });
    const size = whole.content.size;
    const from = Math.round(act.at * size);
    const to = 'to' in act ? Math.round(act.to * size) : from;
    const placed = before.apply(
      before.tr.setSelection(
        TextSelection.between(whole.resolve(Math.min(from, to)), whole.resolve(Math.max(from, to))),
      ),
    );
    let after = placed;
    commandFor(act)(placed, (transaction) => {
      after = placed.apply(transaction);
    });
    if (after.doc.eq(whole) && doc.childCount > 0) return;
    this.doc.transact(() => updateYFragment(this.doc, this.#notes, after.doc, meta), this);
  }
}

function isEdit(act: Act): act is Edit {
  return act.do !== 'undo' && act.do !== 'redo';
}

function commandFor(act: Edit): Command {
  const node = (name: string) => {
    const type = schema.nodes[name];
    if (!type) throw new Error(`The notes have no ${name}`);
    return type;
  };
  const mark = (name: string) => {
    const type = schema.marks[name];
    if (!type) throw new Error(`The notes have no mark ${name}`);
    return type;
  };
  switch (act.do) {
    case 'type':
      return (state, dispatch) => {
        dispatch?.(state.tr.insertText(act.words));
        return true;
      };
    case 'paste':
      return (state, dispatch) => {
        const paragraphs = act.paragraphs.map((text) => node('paragraph').create(null, schema.text(text)));
        dispatch?.(
          state.tr.replaceSelectionWith(paragraphs[0] as (typeof paragraphs)[number]).insert(0, paragraphs.slice(1)),
        );
        return true;
      };
    case 'delete':
      return (state, dispatch) => {
        dispatch?.(state.tr.deleteSelection());
        return true;
      };
    case 'bold':
    case 'italic':
      return toggleMark(mark(act.do));
    case 'link':
      return toggleMark(mark('link'), { href: 'https://example.org/report' });
    case 'split':
      return baseKeymap['Enter'] as Command;
    case 'join':
      return baseKeymap['Backspace'] as Command;
    case 'heading':
      return setBlockType(node('heading'), { level: 2 });
    case 'bullets':
      return wrapInList(node('bulletList'));
    case 'numbers':
      return wrapInList(node('orderedList'));
    case 'indent':
      return sinkListItem(node('listItem'));
    case 'outdent':
      return liftListItem(node('listItem'));
    case 'enter-in-list':
      return splitListItem(node('listItem'));
    case 'table':
      return (state, dispatch) => {
        const cell = () => node('tableCell').create(null, node('paragraph').create());
        const row = () => node('tableRow').create(null, [cell(), cell()]);
        dispatch?.(state.tr.replaceSelectionWith(node('table').create(null, [row(), row()])));
        return true;
      };
  }
}
