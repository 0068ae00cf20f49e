/** My caret stays at its words when somebody else splits, joins or turns into a list the paragraph they are in. */
import type { Node } from '@tiptap/pm/model';
import { Plugin, PluginKey, TextSelection } from '@tiptap/pm/state';
import { isFromShared } from './changes.ts';

/**
 * The shared document keeps a caret by the character it stands at. A paragraph that is split or
 * joined is written anew there: the character is deleted and its copy is another, so the caret
 * would go to the end of what is left. Where the words are the same before and after, only their
 * structure was changed, and the caret belongs at the same words.
 */
export function keptCaret(): Plugin {
  return new Plugin({
    key: new PluginKey('kept-caret'),
    appendTransaction: (transactions, before, after) => {
      if (!transactions.some(isFromShared) || !(before.selection instanceof TextSelection)) return null;
      const moved = movedBy(before.doc, after.doc);
      if (!moved) return null;
      const { anchor, head } = before.selection;
      const to = { anchor: moved(anchor), head: moved(head) };
      if (to.anchor === after.selection.anchor && to.head === after.selection.head) return null;
      return after.tr.setSelection(TextSelection.create(after.doc, to.anchor, to.head)).setMeta('addToHistory', false);
    },
  });
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
