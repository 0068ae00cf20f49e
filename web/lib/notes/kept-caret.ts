/** My caret stays where it is when somebody else writes elsewhere, or splits, joins or turns into a list the paragraph it is in. */
import type { Node } from '@tiptap/pm/model';
import { type EditorState, Plugin, PluginKey, TextSelection } from '@tiptap/pm/state';
import { type ProsemirrorBinding, relativePositionToAbsolutePosition, ySyncPluginKey } from '@tiptap/y-tiptap';
import { getItem, type ID, type RelativePosition } from 'yjs';
import { isFromShared } from './changes.ts';

type Caret = { anchor: number; head: number };

/**
 * The shared document keeps a caret by the character, or the empty paragraph, it stands at. A paragraph
 * that is split or joined is written anew there: the character is deleted and its copy is another, so
 * the caret would go to the end of what is left. Where the words are the same before and after, only
 * their structure was changed, and the caret belongs at the same words. Where what it stood at is still
 * there, it belongs there: the binding guesses by the text around, and of several empty paragraphs it
 * takes another one as soon as somebody fills the first.
 */
export function keptCaret(): Plugin {
  return new Plugin({
    key: new PluginKey('kept-caret'),
    appendTransaction: (transactions, before, after) => {
      if (!transactions.some(isFromShared) || !(before.selection instanceof TextSelection)) return null;
      const to = moved(before, after.doc) ?? byWhatItStoodAt(after);
      if (!to || (to.anchor === after.selection.anchor && to.head === after.selection.head)) return null;
      return after.tr.setSelection(TextSelection.create(after.doc, to.anchor, to.head)).setMeta('addToHistory', false);
    },
  });
}

/** Where the caret's words went, if what changed holds the same words as before; null if it does not. */
function moved({ doc, selection: { anchor, head } }: EditorState, after: Node): Caret | null {
  const to = movedBy(doc, after);
  return to && { anchor: to(anchor), head: to(head) };
}

/** Where the shared document has what the caret stood at; null where that was deleted, or is no place for a caret. */
function byWhatItStoodAt(after: EditorState): Caret | null {
  const binding = (ySyncPluginKey.getState(after) as { binding?: ProsemirrorBinding } | undefined)?.binding;
  const stood = binding?.beforeTransactionSelection as { anchor: RelativePosition; head: RelativePosition } | null;
  if (!binding || !stood) return null;
  const place = (at: RelativePosition): number | null => {
    const item = at.item ?? at.type;
    if (!item || isDeleted(binding, item)) return null;
    const position = relativePositionToAbsolutePosition(binding.doc, binding.type, at, binding.mapping);
    return position !== null && after.doc.resolve(position).parent.isTextblock ? position : null;
  };
  const [anchor, head] = [place(stood.anchor), place(stood.head)];
  return anchor === null || head === null ? null : { anchor, head };
}

function isDeleted({ doc }: ProsemirrorBinding, id: ID): boolean {
  return getItem(doc.store, id).deleted;
}

/** Where each position went, if what changed holds the same words as before; null if it does not. */
function movedBy(before: Node, after: Node): ((position: number) => number) | null {
  const start = before.content.findDiffStart(after.content);
  const end = before.content.findDiffEnd(after.content);
  if (start === null || end === null) return null;
  // Where both ends meet inside repeated characters, the later end is the true one.
  const overlap = Math.max(0, start - Math.min(end.a, end.b));
  const [endBefore, endAfter] = [end.a + overlap, end.b + overlap];
  if (before.textBetween(start, endBefore) !== after.textBetween(start, endAfter)) return null;
  return (position) => {
    if (position <= start) return position;
    if (position >= endBefore) return position + endAfter - endBefore;
    return placeAfter(after, start, before.textBetween(start, position).length);
  };
}

/** The position `characters` characters on from `start`: before the next character, so that it follows what is split off. */
function placeAfter(doc: Node, start: number, characters: number): number {
  let left = characters;
  let place = start;
  let found = false;
  doc.nodesBetween(start, doc.content.size, (node, at) => {
    if (found || !node.isText) return !found;
    const from = Math.max(at, start);
    const length = at + node.nodeSize - from;
    if (left < length) {
      place = from + left;
      found = true;
    } else {
      left -= length;
      place = from + length;
    }
    return false;
  });
  return place;
}
