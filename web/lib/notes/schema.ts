/** What the editor may hold: exactly the elements, marks and attributes of `schema/notes.ts`, and no style. */
import { Mark, mergeAttributes, type Extensions } from '@tiptap/core';
import { Table, TableCell, TableHeader, TableRow } from '@tiptap/extension-table';
import { OrderedList } from '@tiptap/extension-list';
import StarterKit from '@tiptap/starter-kit';
import { countingOf } from '#schema/counting.ts';
import { safeAddress } from './address.ts';
import { countingOfType, typeOf } from './counting.ts';

/** Headings people may make. The page's own title is level 1. */
export const headingLevels = [2, 3] as const;

/** A link holds its address and nothing else: no target, class or style that could hide or disguise it. */
const Link = Mark.create({
  name: 'link',
  inclusive: false,
  addAttributes: () => ({ href: { default: null } }),
  parseHTML: () => [
    {
      tag: 'a[href]',
      getAttrs: (element: HTMLElement) => {
        const href = safeAddress(element.getAttribute('href') ?? '');
        return href === null ? false : { href };
      },
    },
  ],
  renderHTML: ({ HTMLAttributes }: { HTMLAttributes: { href?: string } }) => {
    const href = safeAddress(HTMLAttributes.href ?? '');
    return ['a', href === null ? {} : { href, rel: 'noopener noreferrer nofollow', class: 'govuk-link' }, 0];
  },
});

/** Tiptap's cells carry an alignment too, which the notes do not hold. */
const cellAttributes = {
  colspan: { default: 1, parseHTML: (element: HTMLElement) => spanOf(element, 'colspan') },
  rowspan: { default: 1, parseHTML: (element: HTMLElement) => spanOf(element, 'rowspan') },
  colwidth: { default: null, rendered: false, parseHTML: () => null },
};

function spanOf(element: HTMLElement, name: string): number {
  const span = Number(element.getAttribute(name));
  return Number.isInteger(span) && span >= 1 && span <= 100 ? span : 1;
}

/** Tiptap writes widths as style; ours come from the style sheet. */
const PlainTable = Table.extend({
  renderHTML: ({ HTMLAttributes }) => [
    'table',
    mergeAttributes(HTMLAttributes, { class: 'govuk-table' }),
    ['tbody', 0],
  ],
});

const CountedList = OrderedList.extend({
  addAttributes() {
    return {
      ...this.parent?.(),
      type: {
        default: null,
        parseHTML: (element: HTMLElement) => countingOfType(element.getAttribute('type')),
        renderHTML: (attributes: Record<string, unknown>) => {
          const counting = countingOf(attributes.type);
          return counting ? { type: typeOf(counting), 'data-counting': counting } : {};
        },
      },
    };
  },
});

/** The elements and marks of the notes. */
export const notesSchema: Extensions = [
  StarterKit.configure({
    code: false,
    codeBlock: false,
    link: false,
    orderedList: false,
    // Undo is the shared document's: it takes back one's own changes and nobody else's.
    undoRedo: false,
    // Each reader would add a paragraph of its own to the shared document.
    trailingNode: false,
    heading: { levels: [...headingLevels] },
  }),
  CountedList,
  Link,
  PlainTable.configure({ resizable: false, View: null }),
  TableRow,
  TableHeader.extend({ addAttributes: () => cellAttributes }),
  TableCell.extend({ addAttributes: () => cellAttributes }),
];
