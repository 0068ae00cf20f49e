/** The editor's blocks that others have not touched stay the very same when others write: then what depends on them is not done again. */
import type { Node } from '@tiptap/pm/model';
import { Plugin, PluginKey } from '@tiptap/pm/state';
import { type ProsemirrorBinding, ySyncPluginKey } from '@tiptap/y-tiptap';
import type { Doc } from 'yjs';
import { onWritten, type Part } from './written.ts';

/**
 * The binding knows for each element of the shared document the editor's node, and forgets them all
 * whenever others write, so that 200 pages are made anew for each letter. Here it forgets what was
 * written in since it last asked to, by anyone, and what that stands in.
 */
class KeptNodes extends Map<Part, Node | Node[]> {
  readonly written = new Set<Part>();

  override clear(): void {
    for (const part of this.written) this.delete(part);
    this.written.clear();
  }
}

/** After the shared document's own plugin. */
export function keptNodes(): Plugin {
  return new Plugin({
    key: new PluginKey('kept-nodes'),
    view: ({ state }) => {
      const { binding, doc } = ySyncPluginKey.getState(state) as { binding: ProsemirrorBinding; doc: Doc };
      const nodes = new KeptNodes();
      for (const [part, node] of binding.mapping) nodes.set(part, node);
      binding.mapping = nodes;
      return { destroy: onWritten(doc, (part) => nodes.written.add(part)) };
    },
  });
}
