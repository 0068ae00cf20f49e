/** The page stays where it is while others write: only what is done here, undo too, brings the caret into view. */
import { Plugin, PluginKey, type Transaction } from '@tiptap/pm/state';
import { type ProsemirrorBinding, ySyncPluginKey } from '@tiptap/y-tiptap';

/** After the shared document's own plugin. */
export function still(): Plugin {
  return new Plugin({
    key: new PluginKey('still'),
    appendTransaction: (transactions, _before, after) =>
      transactions.some(isUndo) ? after.tr.scrollIntoView().setMeta('addToHistory', false) : null,
    view: ({ state }) => {
      const { binding } = ySyncPluginKey.getState(state) as { binding: ProsemirrorBinding };
      // Where it finds the caret in view, the binding brings it into view at each letter of anybody's: a caret at
      // the edge would move the page under its reader, and the browser lays all of it out to know.
      binding._isLocalCursorInView = () => false;
      return {};
    },
  });
}

function isUndo(transaction: Transaction): boolean {
  const meta = transaction.getMeta(ySyncPluginKey) as { isUndoRedoOperation?: boolean } | undefined;
  return meta?.isUndoRedoOperation === true;
}
