/** Where the notes are full, keys that would make them longer do nothing: those words could not be kept. */
import { Plugin, PluginKey } from '@tiptap/pm/state';
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
