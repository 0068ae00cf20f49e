/** Words that comments are about, marked over the editor's text: nothing is added to the text or its layout. */
import { Plugin, PluginKey } from '@tiptap/pm/state';
import { Decoration, DecorationSet, type EditorView } from '@tiptap/pm/view';
import { flatOfEditor, type Flat } from './flat.ts';

/** `from` up to `to` in the notes' run of characters. */
export type Mark = { from: number; to: number; thread: number };

const key = new PluginKey<DecorationSet>('marked');

export function marked(): Plugin {
  return new Plugin<DecorationSet>({
    key,
    state: {
      init: () => DecorationSet.empty,
      apply: (tr, before) => (tr.getMeta(key) as DecorationSet | undefined) ?? before.map(tr.mapping, tr.doc),
    },
    props: { decorations: (state) => key.getState(state) },
  });
}

/** Marks these words and no others. `text` is what the offsets were read from: where the editor holds other text, nothing is done. */
export function mark(view: EditorView, text: string, marks: readonly Mark[]): void {
  const { doc, tr } = view.state;
  const flat = flatOfEditor(doc);
  if (flat.text !== text) return;
  const decorations = marks.flatMap(({ from, to, thread }) =>
    rangesIn(flat, from, to).map((range) =>
      Decoration.inline(range.from, range.to, {
        nodeName: 'mark',
        class: 'app-commented',
        'data-thread': String(thread),
      }),
    ),
  );
  view.dispatch(tr.setMeta(key, DecorationSet.create(doc, decorations)).setMeta('addToHistory', false));
}

/** The editor's positions of a stretch of the notes' run of characters. */
export function rangesIn(flat: Flat<number>, from: number, to: number): { from: number; to: number }[] {
  return flat.pieces.flatMap((piece) => {
    const [start, end] = [Math.max(from, piece.from), Math.min(to, piece.from + piece.length)];
    return start < end ? [{ from: piece.source + start - piece.from, to: piece.source + end - piece.from }] : [];
  });
}

/** The selected stretch of the notes' run of characters; null when nothing is selected. */
export function selectedIn(view: EditorView): { from: number; to: number } | null {
  const { from, to } = view.state.selection;
  const stretches = flatOfEditor(view.state.doc).pieces.flatMap(({ source, length, from: at }) => {
    const [start, end] = [Math.max(from, source), Math.min(to, source + length)];
    return start < end ? [{ from: at + start - source, to: at + end - source }] : [];
  });
  const [first, last] = [stretches[0], stretches.at(-1)];
  return first && last ? { from: first.from, to: last.to } : null;
}
