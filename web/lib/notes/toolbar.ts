/** The editor's buttons: what each is called, whether it is on, and what it does. */
import type { ChainedCommands, Editor } from '@tiptap/core';

export type Tool = {
  name: string;
  /** Keys that do the same, as the help lists them. */
  keys?: string;
  /** Whether it is on here; absent for buttons that are not switches. */
  isOn?: (editor: Editor) => boolean;
  /** Whether it would do anything here; absent when it always would. */
  may?: (editor: Editor) => boolean;
  run: (chain: ChainedCommands) => ChainedCommands;
};

/** Always there, in this order. Link is opened by the toolbar itself, which asks for the address. */
export const tools = {
  bold: { name: 'Bold', keys: 'Ctrl+B', isOn: (editor) => editor.isActive('bold'), run: (chain) => chain.toggleBold() },
  italic: {
    name: 'Italic',
    keys: 'Ctrl+I',
    isOn: (editor) => editor.isActive('italic'),
    run: (chain) => chain.toggleItalic(),
  },
  underline: {
    name: 'Underline',
    keys: 'Ctrl+U',
    isOn: (editor) => editor.isActive('underline'),
    run: (chain) => chain.toggleUnderline(),
  },
  heading: {
    name: 'Heading',
    keys: 'Ctrl+Alt+2',
    isOn: (editor) => editor.isActive('heading'),
    run: (chain) => chain.toggleHeading({ level: 2 }),
  },
  bullets: {
    name: 'Bulleted list',
    keys: 'Ctrl+Shift+8',
    isOn: (editor) => editor.isActive('bulletList'),
    run: (chain) => chain.toggleBulletList(),
  },
  numbers: {
    name: 'Numbered list',
    keys: 'Ctrl+Shift+7',
    isOn: (editor) => editor.isActive('orderedList'),
    run: (chain) => chain.toggleOrderedList(),
  },
  indent: {
    name: 'Indent',
    may: (editor) => editor.can().sinkListItem('listItem'),
    run: (chain) => chain.sinkListItem('listItem'),
  },
  outdent: {
    name: 'Outdent',
    may: (editor) => editor.can().liftListItem('listItem'),
    run: (chain) => chain.liftListItem('listItem'),
  },
  link: { name: 'Link', isOn: (editor) => editor.isActive('link'), run: (chain) => chain },
  table: {
    name: 'Table',
    may: (editor) => !editor.isActive('table'),
    run: (chain) => chain.insertTable({ rows: 3, cols: 2, withHeaderRow: true }),
  },
  undo: { name: 'Undo', keys: 'Ctrl+Z', may: (editor) => editor.can().undo(), run: (chain) => chain.undo() },
  redo: { name: 'Redo', keys: 'Ctrl+Y', may: (editor) => editor.can().redo(), run: (chain) => chain.redo() },
} satisfies Record<string, Tool>;

/** Only inside a table. */
export const tableTools: readonly Tool[] = [
  { name: 'Add row', run: (chain) => chain.addRowAfter() },
  { name: 'Delete row', run: (chain) => chain.deleteRow() },
  { name: 'Add column', run: (chain) => chain.addColumnAfter() },
  { name: 'Delete column', run: (chain) => chain.deleteColumn() },
  { name: 'Delete table', run: (chain) => chain.deleteTable() },
];
