/** The headings that a room's notes start with cannot be edited away here: only what stands between them can. */
import { type Node, Slice } from '@tiptap/pm/model';
import { type EditorState, Plugin, PluginKey, Selection, TextSelection, type Transaction } from '@tiptap/pm/state';
import { ySyncPluginKey } from '@tiptap/y-tiptap';

export type FixedHeadings = {
  /** Their titles, in order. A copy of one that stands elsewhere is a heading like any other. */
  titles: readonly string[];
  /** Something was not done, because it would have changed one of them. */
  onRefused: () => void;
};

/**
 * Refuses what would remove, split, join, retype, move or alter one of them. Where a selection reaches
 * over one, what was selected around it goes and it stays. What others do is never refused: this copy
 * has to become what the shared document is. Nor is undo, which takes back only what was done here.
 */
export function fixedHeadings({ titles, onRefused }: FixedHeadings): Plugin {
  const areKept = (before: Node, after: Node): boolean => {
    const fixed = fixedIn(before, titles);
    let found = 0;
    for (const block of after.children) if (fixed[found]?.eq(block)) found += 1;
    return found === fixed.length;
  };
  return new Plugin({
    key: new PluginKey('fixed-headings'),
    filterTransaction: (tr, state) => {
      if (!tr.docChanged || isShared(tr) || areKept(tr.before, tr.doc)) return true;
      if (isReplaced(tr, state) && stretchesOf(state, titles).length > 0) return true;
      onRefused();
      return false;
    },
    appendTransaction: (transactions, before, after) => {
      if (transactions.some(isShared) || areKept(before.doc, after.doc)) return null;
      const around = aroundThem(before, after.doc.slice(...whereNow(transactions, before)), titles);
      return becoming(after, areKept(before.doc, around.doc) ? around : before.tr);
    },
    props: {
      handleTextInput: (view, from, to, words) => {
        // Where the browser put them, not where the editor last knew the caret: it is told of a caret that was
        // moved a moment later, on a busy computer after the next key.
        const tr = from === to ? underneath(view.state, titles, from, words) : null;
        if (tr) view.dispatch(tr);
        return tr !== null;
      },
    },
  });
}

/** Words typed into one of them go under it, where they were meant to: a click on a heading is easily made. Null anywhere else. */
export function underneath(
  { doc, schema, tr }: EditorState,
  titles: readonly string[],
  at: number,
  words: string,
): Transaction | null {
  const $at = doc.resolve(at);
  if ($at.depth !== 1 || !fixedIn(doc, titles).includes($at.parent)) return null;
  const below = $at.after();
  if (doc.resolve(below).nodeAfter?.type.name !== 'paragraph') tr.insert(below, schema.node('paragraph'));
  tr.insertText(words, below + 1);
  return tr.setSelection(TextSelection.create(tr.doc, below + 1 + words.length)).scrollIntoView();
}

function isShared(tr: Transaction): boolean {
  return tr.getMeta(ySyncPluginKey) !== undefined;
}

/** For each title the first heading with it that comes after those before. */
function fixedIn({ children }: Node, titles: readonly string[]): Node[] {
  let from = 0;
  return titles.flatMap((title) => {
    const at = children.findIndex(
      (block, index) => index >= from && block.type.name === 'heading' && block.textContent === title,
    );
    const found = children[at];
    if (!found) return [];
    from = at + 1;
    return [found];
  });
}

/** Whether something took the place of what was selected, and nothing else was done. */
function isReplaced({ steps, mapping }: Transaction, { selection: { from, to } }: EditorState): boolean {
  if (from === to || steps.length === 0) return false;
  return mapping.maps.every((map, index) => {
    const before = mapping.slice(0, index);
    const [start, end] = [before.map(from, -1), before.map(to, 1)];
    let within = true;
    // A block at the edge may be opened for it.
    map.forEach((first, last) => {
      within &&= first >= start - 1 && last <= end + 1;
    });
    return within;
  });
}

/** Where what took the place of the selection begins and ends. */
function whereNow(transactions: readonly Transaction[], { selection: { from, to } }: EditorState): [number, number] {
  const now = (at: number, side: number) => transactions.reduce((place, { mapping }) => mapping.map(place, side), at);
  return [now(from, -1), now(to, 1)];
}

/** What is selected between, before and after the headings. */
function stretchesOf({ doc, selection: { from, to } }: EditorState, titles: readonly string[]) {
  const fixed = fixedIn(doc, titles);
  const stretches: { from: number; to: number }[] = [];
  let start = from;
  const until = (end: number) => {
    if (start < Math.min(end, to)) stretches.push({ from: start, to: Math.min(end, to) });
  };
  doc.forEach((block, at) => {
    if (!fixed.includes(block)) return;
    until(at);
    start = Math.max(start, at + block.nodeSize);
  });
  until(to);
  return stretches;
}

/** The same state with what was selected around the headings gone, and what came in the first place it left. */
function aroundThem(state: EditorState, came: Slice, titles: readonly string[]): Transaction {
  const { tr, schema } = state;
  const [first, ...more] = stretchesOf(state, titles);
  // The last first: so the places of those before it stay what they are.
  for (const { from, to } of more.toReversed()) empty(tr, from, to);
  if (!first) return tr;
  empty(tr, first.from, first.to);
  const at = Selection.near(tr.doc.resolve(tr.mapping.map(first.from)), 1).from;
  const isWords = came.content.childCount === 1 && came.openStart > 0 && came.openEnd > 0;
  const words = came.content.firstChild?.textContent ?? '';
  if (isWords && words !== '') tr.insert(at, schema.text(words));
  else if (came.size > 0) tr.replaceRange(at, at, new Slice(came.content, 0, 0));
  return tr.setSelection(
    Selection.near(tr.doc.resolve(came.size > 0 ? tr.mapping.slice(tr.steps.length - 1).map(at) : at), -1),
  );
}

/** A paragraph stays to write in where whole blocks go. */
function empty(tr: Transaction, from: number, to: number): void {
  const [$from, $to] = [tr.doc.resolve(from), tr.doc.resolve(to)];
  const start = $from.depth === 1 && $from.parentOffset === 0 ? $from.before() : from;
  const end = $to.depth === 1 && $to.parentOffset === $to.parent.content.size ? $to.after() : to;
  const isWhole = tr.doc.resolve(start).depth === 0 && tr.doc.resolve(end).depth === 0;
  if (isWhole) tr.replaceWith(start, end, tr.doc.type.schema.node('paragraph'));
  else tr.delete(from, to);
}

/** From `now` to what `wanted` makes: only blocks that differ are put in anew. */
function becoming(now: EditorState, wanted: Transaction): Transaction {
  const [was, is] = [now.doc.children, wanted.doc.children];
  let [first, last] = [0, 0];
  while (first < Math.min(was.length, is.length) && was[first]?.eq(is[first] as Node)) first += 1;
  while (last < Math.min(was.length, is.length) - first && was.at(-1 - last)?.eq(is.at(-1 - last) as Node)) last += 1;
  const sizeOf = (blocks: readonly Node[]) => blocks.reduce((size, { nodeSize }) => size + nodeSize, 0);
  const from = sizeOf(was.slice(0, first));
  const tr = now.tr.replaceWith(
    from,
    from + sizeOf(was.slice(first, was.length - last)),
    is.slice(first, is.length - last),
  );
  return tr.setSelection(Selection.near(tr.doc.resolve(Math.min(wanted.selection.from, tr.doc.content.size))));
}
