/** Words that comments are about, marked over the editor's text: nothing is added to the text or its layout. */
import { Plugin, PluginKey } from '@tiptap/pm/state';
import { Decoration, DecorationSet, type EditorView } from '@tiptap/pm/view';
import { mappingOf } from './changes.ts';
import { flatOfEditor, piecesBetween, type Flat } from './flat.ts';

/** `from` up to `to` in the notes' run of characters. */
export type Mark = { from: number; to: number; thread: number; /** The id of what tells of it. */ details: string };

const key = new PluginKey<DecorationSet>('marked');

export function marked(): Plugin {
  return new Plugin<DecorationSet>({
    key,
    state: {
      init: () => DecorationSet.empty,
      apply: (tr, before) =>
        (tr.getMeta(key) as DecorationSet | undefined) ?? (tr.docChanged ? before.map(mappingOf(tr), tr.doc) : before),
    },
    props: { decorations: (state) => key.getState(state) },
  });
}

/** Marks these words and no others. `text` is what the offsets were read from: where the editor holds other text, nothing is done. */
export function mark(view: EditorView, text: string, marks: readonly Mark[]): void {
  const { doc, tr } = view.state;
  const flat = flatOfEditor(doc);
  if (flat.text !== text) return;
  const wanted = marks.flatMap(({ from, to, thread, details }) =>
    rangesIn(flat, from, to).map((range) => ({ ...range, thread, details })),
  );
  const there = (key.getState(view.state)?.find() ?? []).map(({ from, to, spec }) => ({
    from,
    to,
    thread: spec.thread,
    details: spec.details,
  }));
  // Marks move with the text by themselves: mostly they are where they belong, and the page is left as it is.
  if (namesOf(there) === namesOf(wanted)) return;
  const decorations = wanted.map(({ from, to, thread, details }) =>
    Decoration.inline(
      from,
      to,
      { nodeName: 'mark', class: 'app-commented', 'data-thread': String(thread), 'aria-details': details },
      { thread, details },
    ),
  );
  view.dispatch(tr.setMeta(key, DecorationSet.create(doc, decorations)).setMeta('addToHistory', false));
}

/** The same for the same marks in whatever order. */
function namesOf(marks: readonly Mark[]): string {
  return marks
    .map(({ from, to, thread, details }) => `${from}-${to}-${thread}-${details}`)
    .sort()
    .join();
}

/** The editor's positions of a stretch of the notes' run of characters. */
export function rangesIn(flat: Flat<number>, from: number, to: number): { from: number; to: number }[] {
  return piecesBetween(flat, from, to).flatMap((piece) => {
    const [start, end] = [Math.max(from, piece.from), Math.min(to, piece.from + piece.length)];
    return start < end ? [{ from: piece.source + start - piece.from, to: piece.source + end - piece.from }] : [];
  });
}

/** Where the caret is in the notes' run of characters; null where it is in no text. */
export function caretIn(view: EditorView): number | null {
  const { head } = view.state.selection;
  const piece = flatOfEditor(view.state.doc).pieces.find(
    ({ source, length }) => source <= head && head <= source + length,
  );
  return piece ? piece.from + head - piece.source : null;
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
