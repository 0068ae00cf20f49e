/** Marks on what is shown of the notes that are not in them: a name for each heading, a hint where nothing is written. */
import type { Node } from '@tiptap/pm/model';
import { Plugin, PluginKey } from '@tiptap/pm/state';
import { Decoration, DecorationSet } from '@tiptap/pm/view';
import { headingId, hintOf } from './headings.ts';

/** Gives headings an id to go to, and an empty section its hint, drawn by the style sheet. */
export function hints(): Plugin<DecorationSet> {
  return new Plugin<DecorationSet>({
    key: new PluginKey('hints'),
    state: {
      init: (_config, { doc }) => marksOf(doc),
      apply: (transaction, marks) => (transaction.docChanged ? marksOf(transaction.doc) : marks),
    },
    props: {
      decorations(state) {
        return this.getState(state);
      },
    },
  });
}

function marksOf(doc: Node): DecorationSet {
  const marks: Decoration[] = [];
  let headings = 0;
  doc.forEach((block, at, index) => {
    if (block.type.name !== 'heading') return;
    const size = block.attrs.level === 3 ? 'govuk-heading-s' : 'govuk-heading-m';
    marks.push(Decoration.node(at, at + block.nodeSize, { id: headingId(headings), class: size }));
    headings += 1;
    const hint = hintOf(block.textContent);
    const next = doc.maybeChild(index + 1);
    const after = doc.maybeChild(index + 2);
    const isEmpty = next?.type.name === 'paragraph' && next.content.size === 0;
    if (!hint || !isEmpty || (after && after.type.name !== 'heading')) return;
    const from = at + block.nodeSize;
    marks.push(Decoration.node(from, from + next.nodeSize, { class: 'app-notes__empty', 'data-hint': hint }));
  });
  return DecorationSet.create(doc, marks);
}
