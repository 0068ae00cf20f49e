/** The notes' editor: Tiptap on the room's shared document, with the keys and names that a textbox needs. */
import { Editor, Extension } from '@tiptap/core';
import { Plugin } from '@tiptap/pm/state';
import { Collaboration } from '@tiptap/extension-collaboration';
import type { Live } from '../connection/live.ts';
import { carets } from './carets.ts';
import { fixedHeadings } from './fixed-headings.ts';
import { hints } from './hints.ts';
import { keptCaret } from './kept-caret.ts';
import { keptNodes } from './kept-nodes.ts';
import { marked } from './marked.ts';
import { cleanHtml, longestPaste, withoutUnseen } from './paste.ts';
import { notesSchema } from './schema.ts';
import { still } from './still.ts';
import { tellCaret } from './tell-caret.ts';
import { tools, type Tool } from './toolbar.ts';
import { undoWhenFull, whenFull } from './when-full.ts';

export type EditorOptions = {
  live: Live;
  element: HTMLElement;
  /** The element over the text in which others' carets are drawn. */
  layer: HTMLElement;
  caretsAreShown: () => boolean;
  /** Titles of the headings that cannot be edited away. */
  headings: readonly string[];
  /** "Notes for SI-2026-7KQ4". */
  label: string;
  /** The id of the words that say how to leave the notes by keyboard. */
  describedBy: string;
  /** Alt+F10. */
  toToolbar: () => void;
  /** Escape. */
  leave: () => void;
  /** Something about the text or the caret changed: the toolbar may look different. */
  onChange: () => void;
  /** This person pressed a key that changes the text. */
  onTyped: () => void;
  /** A key switched bold, italic or underline on or off: nothing on the screen near the caret says so. */
  onSwitched: (name: string, isOn: boolean) => void;
  /** Something was not done, because it would have changed one of those headings. */
  onHeadingKept: () => void;
  /** Whether the notes take no more words. */
  isFull: () => boolean;
  /** Something was not typed in because they do not. */
  onHeld: () => void;
  /** A paste was too long and was not added. */
  onTooLong: (characters: number) => void;
  /** So many pictures or files were pasted or dropped, and not added. */
  onLeftOut: (count: number) => void;
};

/** While nothing may be typed the text can still be gone to and read. */
function lockedAs(isEditable: boolean): Record<string, string> {
  return isEditable ? {} : { 'aria-readonly': 'true', tabindex: '0' };
}

/** Opens the editor in `element`. It writes to the shared document and to nothing else. */
export function openEditor(options: EditorOptions): Editor {
  const { live, element, layer, label, describedBy } = options;
  const switched = (editor: Editor, tool: Tool, mark: string) => {
    tool.run(editor.chain().focus()).run();
    options.onSwitched(tool.name, editor.isActive(mark));
    return true;
  };
  return new Editor({
    element,
    // The page's policy forbids style elements; the editor's rules are in our own style sheet.
    injectCSS: false,
    enableInputRules: ['bulletList', 'orderedList'],
    enablePasteRules: false,
    extensions: [
      ...notesSchema,
      Collaboration.configure({ fragment: live.notes }),
      undoWhenFull(options.isFull, options.onHeld),
      Extension.create({
        name: 'around',
        // Before the marks' own keys, which say nothing.
        priority: 1_100,
        addKeyboardShortcuts: () => ({
          'Mod-b': ({ editor }) => switched(editor, tools.bold, 'bold'),
          'Mod-i': ({ editor }) => switched(editor, tools.italic, 'italic'),
          'Mod-u': ({ editor }) => switched(editor, tools.underline, 'underline'),
        }),
        addProseMirrorPlugins() {
          const { editor } = this;
          return [
            new Plugin({ props: { attributes: () => lockedAs(editor.isEditable) } }),
            keptNodes(),
            still(),
            fixedHeadings({ titles: options.headings, onRefused: options.onHeadingKept }),
            hints(),
            marked(),
            keptCaret(),
            whenFull(options.isFull, options.onHeld),
            carets({ awareness: live.awareness, layer, areShown: options.caretsAreShown }),
          ];
        },
      }),
    ],
    editorProps: {
      attributes: {
        role: 'textbox',
        'aria-multiline': 'true',
        'aria-label': label,
        'aria-describedby': describedBy,
        spellcheck: 'true',
        class: 'app-notes__text',
      },
      // The toolbar stays at the top of the window: the caret is never brought in under it.
      scrollThreshold: { top: 80, bottom: 20, left: 0, right: 0 },
      scrollMargin: { top: 100, bottom: 40, left: 0, right: 0 },
      handleDOMEvents: {
        keydown: (view, event) => {
          if (!view.composing) tellCaret();
          // Tab always leaves, in lists and tables too: the editor does not see it, so the browser
          // moves the focus on. Indenting has buttons.
          return event.key === 'Tab';
        },
        // Left to itself the browser would open a file that is dropped, in place of this page.
        drop: (_view, event) => {
          const count = event.dataTransfer?.files.length ?? 0;
          if (count === 0) return false;
          event.preventDefault();
          options.onLeftOut(count);
          return true;
        },
      },
      handleKeyDown: (_view, event) => {
        if (event.key === 'Escape') options.leave();
        else if (event.key === 'F10' && event.altKey) options.toToolbar();
        else {
          if (event.key.length === 1 || event.key === 'Enter' || event.key === 'Backspace') options.onTyped();
          return false;
        }
        return true;
      },
      transformPastedText: withoutUnseen,
      transformPastedHTML: (copied) => {
        const { html, pictures } = cleanHtml(copied);
        if (pictures > 0) options.onLeftOut(pictures);
        return html;
      },
      handlePaste: (_view, { clipboardData }, slice) => {
        const { files = [], types = [] } = clipboardData ?? {};
        if (files.length > 0 && !types.some((type) => type.startsWith('text/'))) {
          options.onLeftOut(files.length);
          return true;
        }
        const characters = slice.content.textBetween(0, slice.content.size, '\n').length;
        if (characters <= longestPaste) return false;
        options.onTooLong(characters);
        return true;
      },
    },
    onTransaction: options.onChange,
    onFocus: options.onChange,
    onBlur: options.onChange,
  });
}
