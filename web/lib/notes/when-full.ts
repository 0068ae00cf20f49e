/** Where the notes are full, keys that would make them longer do nothing: those words could not be kept. */
import { Extension, type Command } from '@tiptap/core';
import { Plugin, PluginKey, type EditorState } from '@tiptap/pm/state';
import { redo, undo, yUndoPluginKey } from '@tiptap/y-tiptap';
import type { UndoManager } from 'yjs';
import { isFromShared } from './changes.ts';

/** `onHeld` is told each time something was not typed in. */
export function whenFull(isFull: () => boolean, onHeld: () => void): Plugin {
  return new Plugin({
    key: new PluginKey('when-full'),
    filterTransaction: (transaction, { doc }) => {
      const longer = transaction.docChanged && transaction.doc.content.size > doc.content.size;
      if (!longer || isFromShared(transaction) || !isFull()) return true;
      onHeld();
      return false;
    },
  });
}

type Stack = 'undoStack' | 'redoStack';

/**
 * Undo goes by way of the shared document, past the filter above: what would bring back more than it takes out is held
 * before it is done, or the service would refuse it and end the connection. One's last words can always be taken back.
 */
export function undoWhenFull(isFull: () => boolean, onHeld: () => void): Extension {
  const takeBack =
    (stack: Stack, go: (state: EditorState) => boolean): Command =>
    ({ tr, state, dispatch }) => {
      tr.setMeta('preventDispatch', true);
      const { undoManager } = yUndoPluginKey.getState(state) as { undoManager: UndoManager };
      const last = undoManager[stack].at(-1);
      if (!last || !dispatch) return last !== undefined;
      if (!isFull() || !bringsMore(last)) return go(state);
      onHeld();
      return true;
    };
  return Extension.create({
    name: 'undo-when-full',
    // After the shared document's own, whose place these take.
    priority: 10,
    addCommands: () => ({ undo: () => takeBack('undoStack', undo), redo: () => takeBack('redoStack', redo) }),
  });
}

/** What was both written and deleted within it comes to nothing, and counts on both sides. */
function bringsMore({ deletions, insertions }: UndoManager[Stack][number]): boolean {
  return lengthOf(deletions) > lengthOf(insertions);
}

function lengthOf({ clients }: UndoManager[Stack][number]['deletions']): number {
  return [...clients.values()].flat().reduce((sum, { len }) => sum + len, 0);
}
