/** The notes' editor without a page: ProseMirror's state and y-tiptap's binding, driven by the editor's own commands. */
import { getSchema } from '@tiptap/core';
import {
  chainCommands,
  createParagraphNear,
  deleteSelection,
  joinBackward,
  joinForward,
  lift,
  liftEmptyBlock,
  setBlockType,
  splitBlock,
  toggleMark,
  wrapIn,
} from '@tiptap/pm/commands';
import { Fragment, type Node, Slice } from '@tiptap/pm/model';
import { liftListItem, sinkListItem, splitListItem, wrapInList } from '@tiptap/pm/schema-list';
import {
  EditorState,
  NodeSelection,
  type Plugin,
  type PluginView,
  TextSelection,
  type Command,
  type Transaction,
} from '@tiptap/pm/state';
import {
  addColumnAfter,
  addRowAfter,
  CellSelection,
  deleteColumn,
  deleteRow,
  deleteTable,
  mergeCells,
  splitCell,
  tableEditing,
  toggleHeaderRow,
} from '@tiptap/pm/tables';
import type { EditorView } from '@tiptap/pm/view';
import { redo, undo, ySyncPlugin, yUndoPlugin } from '@tiptap/y-tiptap';
import type { XmlFragment } from 'yjs';
import { keptNodes } from '#lib/notes/kept-nodes.ts';
import { notesSchema } from '#lib/notes/schema.ts';
import type { Chance } from './chance.ts';

const schema = getSchema(notesSchema);
const { nodes, marks } = schema;

/** As much of a view as the plugins ask for: what has to do with a page, they do not touch here. */
export class Headless {
  state: EditorState;
  readonly isDestroyed = false;
  #views: PluginView[] = [];

  constructor(state: EditorState) {
    this.state = state;
  }

  begin(): void {
    this.#views = this.state.plugins.flatMap((plugin) => plugin.spec.view?.(this as unknown as EditorView) ?? []);
  }

  readonly dispatch = (tr: Transaction): void => {
    const before = this.state;
    this.state = before.apply(tr);
    for (const view of this.#views) view.update?.(this as unknown as EditorView, before);
  };

  hasFocus(): boolean {
    return false;
  }

  end(): void {
    for (const view of this.#views) view.destroy?.();
  }
}

export class Typist {
  readonly #view: Headless;
  readonly #chance: Chance;
  readonly #undoes: boolean;
  #clipboard: Slice = Slice.empty;

  /** `undo: false` for somebody who never takes anything back by undo, which may leave copies that differ. */
  constructor(notes: XmlFragment, chance: Chance, { undo = true, also = [] as Plugin[] } = {}) {
    this.#chance = chance;
    this.#undoes = undo;
    this.#view = new Headless(
      EditorState.create({
        schema,
        plugins: [ySyncPlugin(notes), keptNodes(), yUndoPlugin(), tableEditing(), ...also],
      }),
    );
    this.#view.begin();
  }

  get doc(): Node {
    return this.#view.state.doc;
  }

  close(): void {
    this.#view.end();
  }

  /** Does one thing a person does, chosen by chance. */
  act(): void {
    const [, act] = this.#chance.weighed(acts);
    act(this);
  }

  // What a person does.

  type(words = this.#chance.words()): void {
    this.#do((state) => state.tr.insertText(words));
  }

  key(): void {
    this.type(this.#chance.of([...'abc xyz.,', 'é', '世', '🙂', '👩‍👧', '\u00a0']));
  }

  caret(): void {
    const at = this.#chance.below(this.doc.content.size + 1);
    this.#do(({ doc, tr }) => tr.setSelection(TextSelection.near(doc.resolve(at))));
  }

  select(): void {
    const [from, to] = [this.#chance.below(this.doc.content.size + 1), this.#chance.below(this.doc.content.size + 1)];
    this.#do(({ doc, tr }) => tr.setSelection(TextSelection.between(doc.resolve(from), doc.resolve(to))));
  }

  selectAll(): void {
    this.#do(({ doc, tr }) => tr.setSelection(TextSelection.between(doc.resolve(0), doc.resolve(doc.content.size))));
  }

  selectCells(): void {
    const cells: number[] = [];
    this.doc.descendants((node, at) => {
      if (node.type === nodes.tableCell || node.type === nodes.tableHeader) cells.push(at);
    });
    const first = cells[this.#chance.below(cells.length)];
    if (first === undefined) return;
    const $first = this.doc.resolve(first);
    const same = cells.filter((at) => this.doc.resolve(at).node(1) === $first.node(1));
    const other = same[this.#chance.below(same.length)];
    if (other === undefined || $first.depth !== 2) return;
    this.#do(({ tr, doc }) => tr.setSelection(CellSelection.create(doc, first, other)));
  }

  enter(): void {
    // Where deleting what is selected leaves a rule alone, splitBlock throws: a person sees nothing happen.
    const split: Command = (state, dispatch) =>
      state.tr.deleteSelection().selection.$from.depth > 0 && splitBlock(state, dispatch);
    this.run(chainCommands(splitListItem(nodes.listItem as never), createParagraphNear, liftEmptyBlock, split));
  }

  backspace(): void {
    this.run(
      chainCommands(deleteSelection, joinBackward, ({ selection: { $from }, tr }, dispatch) => {
        const before = $from.nodeBefore;
        if (!before) return false;
        // A browser takes away a whole character, however many units it has.
        const units = before.isText ? ([...(before.text ?? '')].at(-1)?.length ?? 1) : before.nodeSize;
        dispatch?.(tr.delete($from.pos - units, $from.pos));
        return true;
      }),
    );
  }

  copy(): void {
    const { selection } = this.#view.state;
    if (!selection.empty) this.#clipboard = selection.content();
  }

  cut(): void {
    this.copy();
    this.run(deleteSelection);
  }

  paste(): void {
    if (this.#clipboard.size > 0) this.#do((state) => state.tr.replaceSelection(this.#clipboard));
  }

  /** A document from elsewhere: headings, lists and paragraphs. */
  pasteLong(blocks = 20): void {
    const content = Array.from({ length: blocks }, (_, index) => {
      const text = schema.text(this.#chance.words(30), index % 3 === 0 ? [marks.bold?.create() as never] : []);
      if (index % 7 === 0) return nodes.heading?.create({ level: 2 }, text);
      if (index % 5 === 0) {
        return nodes.bulletList?.create(null, [
          nodes.listItem?.create(null, nodes.paragraph?.create(null, text)) as Node,
        ]);
      }
      return nodes.paragraph?.create(null, text);
    });
    this.#do((state) => state.tr.replaceSelection(new Slice(Fragment.from(content as Node[]), 0, 0)));
  }

  mark(): void {
    const type = this.#chance.of([marks.bold, marks.italic, marks.underline, marks.strike]);
    if (type) this.run(toggleMark(type));
  }

  link(): void {
    const href = this.#chance.of(['https://example.org/a?b=c', 'mailto:a@example.org', 'tel:+441632960100']);
    if (marks.link) this.run(toggleMark(marks.link, { href }));
  }

  block(): void {
    const made = this.#chance.of([2, 3, 0]);
    const { heading, paragraph } = nodes;
    if (heading && paragraph) this.run(made ? setBlockType(heading, { level: made }) : setBlockType(paragraph));
  }

  list(): void {
    const list = this.#chance.of([nodes.bulletList, nodes.orderedList]);
    if (list) this.run(wrapInList(list, list === nodes.orderedList ? { start: this.#chance.of([1, 7, 2026]) } : null));
  }

  indent(): void {
    if (nodes.listItem) this.run(this.#chance.of([sinkListItem, liftListItem])(nodes.listItem));
  }

  quote(): void {
    if (nodes.blockquote) this.run(this.#chance.of([wrapIn(nodes.blockquote), lift]));
  }

  rule(): void {
    const node = nodes.horizontalRule?.create();
    if (node) this.#do((state) => state.tr.replaceSelectionWith(node));
  }

  lineBreak(): void {
    const node = nodes.hardBreak?.create();
    if (node && this.#view.state.selection.$from.parent.inlineContent) {
      this.#do((state) => state.tr.replaceSelectionWith(node, true));
    }
  }

  table(): void {
    const cell = () => nodes.tableCell?.createAndFill() as Node;
    const row = () => nodes.tableRow?.create(null, [cell(), cell(), cell()]) as Node;
    const table = nodes.table?.create(null, [row(), row()]);
    if (table) this.#do((state) => state.tr.replaceSelectionWith(table));
  }

  changeTable(): void {
    this.run(
      this.#chance.of([
        addRowAfter,
        addColumnAfter,
        deleteRow,
        deleteColumn,
        deleteTable,
        mergeCells,
        splitCell,
        toggleHeaderRow,
      ]),
    );
  }

  /** Takes a block and puts it elsewhere, as dragging does. */
  drag(): void {
    const { doc } = this;
    if (doc.childCount < 2) return;
    const index = this.#chance.below(doc.childCount);
    let at = 0;
    for (let child = 0; child < index; child += 1) at += doc.child(child).nodeSize;
    const node = doc.child(index);
    this.#do((state) => {
      const tr = state.tr.setSelection(NodeSelection.create(state.doc, at)).deleteSelection();
      const to = tr.mapping.map(index === 0 ? state.doc.content.size : 0);
      return tr.insert(to, node);
    });
  }

  join(): void {
    this.run(this.#chance.of([joinBackward, joinForward]));
  }

  undo(): void {
    if (this.#undoes) this.#attempt(() => undo(this.#view.state));
  }

  redo(): void {
    this.#attempt(() => redo(this.#view.state));
  }

  run(command: Command): void {
    this.#attempt(() => command(this.#view.state, this.#view.dispatch));
  }

  #do(make: (state: EditorState) => Transaction): void {
    this.#attempt(() => this.#view.dispatch(make(this.#view.state)));
  }

  /** ProseMirror throws where a change does not fit the schema: a person would see nothing happen. */
  #attempt(change: () => unknown): void {
    try {
      change();
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
    }
  }
}

/** How often a person does each of these. */
const acts: readonly (readonly [weight: number, act: (typist: Typist) => void])[] = [
  [30, (typist) => typist.type()],
  [60, (typist) => typist.key()],
  [20, (typist) => typist.caret()],
  [14, (typist) => typist.select()],
  [1, (typist) => typist.selectAll()],
  [4, (typist) => typist.selectCells()],
  [14, (typist) => typist.enter()],
  [24, (typist) => typist.backspace()],
  [4, (typist) => typist.copy()],
  [4, (typist) => typist.cut()],
  [6, (typist) => typist.paste()],
  [1, (typist) => typist.pasteLong()],
  [10, (typist) => typist.mark()],
  [4, (typist) => typist.link()],
  [6, (typist) => typist.block()],
  [6, (typist) => typist.list()],
  [6, (typist) => typist.indent()],
  [4, (typist) => typist.quote()],
  [2, (typist) => typist.rule()],
  [3, (typist) => typist.lineBreak()],
  [3, (typist) => typist.table()],
  [6, (typist) => typist.changeTable()],
  [4, (typist) => typist.drag()],
  [5, (typist) => typist.join()],
  [12, (typist) => typist.undo()],
  [8, (typist) => typist.redo()],
];
