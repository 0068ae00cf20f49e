/** The notes on a screen: a caret that stays at its words, links that run nothing, sections, and the page to read. */
import { getSchema } from '@tiptap/core';
import { EditorState, TextSelection } from '@tiptap/pm/state';
import { ySyncPluginKey } from '@tiptap/y-tiptap';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { safeAddress } from '#lib/notes/address.ts';
import { mapBetween } from '#lib/notes/changes.ts';
import { countingOfSign, countingsOfWord } from '#lib/notes/counting.ts';
import { keptCaret } from '#lib/notes/kept-caret.ts';
import { bareHeadings, blocksOf, type Block } from '#lib/notes/page.ts';
import { withoutUnseen } from '#lib/notes/paste.ts';
import { notesSchema } from '#lib/notes/schema.ts';
import { sectionAt, sectionsOf } from '#lib/notes/sections.ts';
import { textOf } from '#server/sync/text.ts';
import { countings, countOf, signOf } from '#schema/counting.ts';
import { attributeNames, markNames, nodeNames, notesRoot } from '#schema/notes.ts';

const schema = getSchema(notesSchema);
const paragraph = (words: string) => schema.node('paragraph', null, words === '' ? [] : [schema.text(words)]);
const doc = (...words: string[]) => schema.node('doc', null, words.map(paragraph));

/** Where a caret after `words` of the whole text stands once others made the notes `after`. */
function caretAfter(before: string[], words: string, after: string[]): string {
  const start = doc(...before);
  let state = EditorState.create({ doc: start, plugins: [keptCaret()] });
  state = state.apply(state.tr.setSelection(TextSelection.create(start, placeOf(before, words))));
  const next = doc(...after);
  // As the shared document's plugin does it: everything replaced, the caret wherever that leaves it.
  const remote = state.tr
    .replaceWith(0, start.content.size, next.content)
    .setMeta(ySyncPluginKey, { isChangeOrigin: true });
  state = state.apply(remote.setSelection(TextSelection.atEnd(remote.doc)));
  const { $head } = state.selection;
  return `${$head.index(0)}:${$head.parent.textBetween(0, $head.parentOffset)}`;
}

function placeOf(paragraphs: string[], words: string): number {
  let at = 1;
  let left = words.length;
  for (const text of paragraphs) {
    if (left <= text.length) return at + left;
    left -= text.length;
    at += text.length + 2;
  }
  return at;
}

describe('my caret, when others change the structure around it', () => {
  test('stays at its words when the paragraph is split before it', () => {
    expect(caretAfter(['On Monday the officer'], 'On Monday the', ['On ', 'Monday the officer'])).toBe('1:Monday the');
  });
  test('stays at its words when the paragraph is split after it', () => {
    expect(caretAfter(['On Monday the officer'], 'On', ['On Monday ', 'the officer'])).toBe('0:On');
  });
  test('stays at its words when its paragraph is joined to the one before', () => {
    expect(caretAfter(['On Monday ', 'the officer'], 'On Monday the', ['On Monday the officer'])).toBe(
      '0:On Monday the',
    );
  });
  test('stays at its words when paragraphs elsewhere are split', () => {
    expect(caretAfter(['aaaa', 'bb', 'cc'], 'aaaab', ['aa', 'aa', 'bb', 'cc'])).toBe('2:b');
  });
  test('is left to the shared document when words change', () => {
    expect(caretAfter(['On Monday'], 'On', ['On a Monday'])).toBe('0:On a Monday');
  });
});

describe('what the editor may hold', () => {
  test('is what the notes may hold', () => {
    const nodes = Object.keys(schema.nodes).filter((name) => name !== 'doc' && name !== 'text');
    expect(nodes.sort()).toEqual([...nodeNames].sort());
    expect(Object.keys(schema.marks).sort()).toEqual([...markNames].sort());
    const attributes = Object.values(schema.nodes).flatMap(({ spec }) => Object.keys(spec.attrs ?? {}));
    expect(attributes.filter((name) => !(attributeNames as readonly string[]).includes(name))).toEqual([]);
    expect(Object.keys(schema.marks.link?.spec.attrs ?? {})).toEqual(['href']);
  });
});

describe('addresses of links', () => {
  test.each([
    ['https://www.example.org/a?b=c', 'https://www.example.org/a?b=c'],
    ['www.example.org', 'https://www.example.org/'],
    ['mailto:a@example.org', 'mailto:a@example.org'],
    ['tel:01632960100', 'tel:01632960100'],
  ])('%s may be followed', (typed, address) => {
    expect(safeAddress(typed)).toBe(address);
  });
  test.each([
    '',
    'javascript:alert(1)',
    'JAVASCRIPT:alert(1)',
    'data:text/html,x',
    'vbscript:x',
    'file:///etc/passwd',
    'localhost',
    'one word',
  ])('%s may not', (typed) => {
    expect(safeAddress(typed)).toBeNull();
  });
});

test('a list that goes on at 3 does so on the page and in what the record keeps', () => {
  const notes = listed(null, 3);
  expect(blocksOf(notes)).toMatchObject([{ kind: 'numbers', start: 3 }]);
  expect(textOf(notes.doc as Y.Doc)).toBe('3. Police visit');
});

describe('a list that counts in letters', () => {
  test.each([
    ['lower-alpha', 3, 'c.'],
    ['lower-alpha', 27, 'aa.'],
    ['upper-alpha', 2, 'B.'],
    ['lower-roman', 14, 'xiv.'],
    ['upper-roman', 1, 'I.'],
    ['lower-roman', 4000, '4000.'],
    ['lower-alpha', 0, '0.'],
    // What lists bore before there were letters: frozen with numbers, and so read for ever.
    ['a', 3, '3.'],
    ['I', 3, '3.'],
    [null, 3, '3.'],
  ])('%s from %i is said as %s', (type, start, sign) => {
    expect(textOf(listed(type, start).doc as Y.Doc)).toBe(`${sign} Police visit`);
  });

  test('is one on the page to read, and for the browser only where it is one for the record', () => {
    expect(blocksOf(listed('lower-roman', 1))).toMatchObject([{ kind: 'numbers', counting: 'lower-roman' }]);
    expect(blocksOf(listed('i', 1))).toMatchObject([{ kind: 'numbers', counting: null }]);
    const shown = (type: string) =>
      schema.nodes.orderedList?.spec.toDOM?.(schema.node('orderedList', { type }, item()));
    const item = () => [schema.node('listItem', null, [paragraph('Seen')])];
    expect(shown('lower-roman')).toEqual(['ol', { type: 'i', 'data-counting': 'lower-roman' }, 0]);
    expect(shown('i')).toEqual(['ol', {}, 0]);
  });

  test('is known by what Word says of it, else by the sign of its first line', () => {
    const said =
      '@list l1:level2\n\t{mso-level-number-format:roman-lower; mso-level-text:"%2\\)";}\n@list l1:level1 {}';
    expect([...countingsOfWord(said)]).toEqual([
      ['l1 2', 'lower-roman'],
      ['l1 1', null],
    ]);
    expect(['a', 'B', 'i', 'c', 'iv', 'II', '3', ''].map(countingOfSign)).toEqual([
      'lower-alpha',
      'upper-alpha',
      'lower-roman',
      'lower-alpha',
      'lower-roman',
      'upper-roman',
      null,
      null,
    ]);
  });

  test('goes on where the sign of its first line says', () => {
    for (const counting of countings) {
      for (let count = 1; count <= 26; count += 1) expect(countOf(signOf(count, counting), counting)).toBe(count);
    }
    expect([
      countOf('bb', 'lower-alpha'),
      countOf('3', null),
      countOf('o', null),
      countOf('ab', 'lower-roman'),
    ]).toEqual([28, 3, 1, 1]);
  });
});

test('signs that cannot be seen are left out of a paste, joined emoji are kept', () => {
  expect(withoutUnseen('zero\u200bwidth \u202eturned\u202c\ufeff\u00ad')).toBe('zerowidth turned');
  expect(withoutUnseen('👩‍👧\n\tü')).toBe('👩‍👧\n\tü');
});

test('a heading is bare where no words, list or heading below it stands before the next', () => {
  const heading = (key: string, level: 2 | 3 = 2): Block => ({ key, kind: 'heading', level, words: key, runs: [] });
  const words = (said: string): Block => ({ key: said, kind: 'paragraph', words: said, runs: [] });
  const rule: Block = { key: 'rule', kind: 'rule' };
  const page = [
    words('above'),
    heading('Happened'),
    words(''),
    words('At home.'),
    heading('Harm'),
    words(' '),
    heading('Whole'),
    heading('Part', 3),
    heading('Place'),
    rule,
    heading('Unknown'),
  ];
  expect([...bareHeadings(page)]).toEqual(['Harm', 'Part', 'Unknown']);
  expect([...bareHeadings([])]).toEqual([]);
});

describe('sections and the page to read', () => {
  const shared = new Y.Doc({ gc: false });
  const notes = shared.getXmlFragment(notesRoot);
  const element = (name: string, words: string) => {
    const made = new Y.XmlElement(name);
    const text = new Y.XmlText(words);
    made.insert(0, [text]);
    return { made, text };
  };
  const before = element('paragraph', 'Above all headings');
  const first = element('heading', 'What happened');
  const body = element('paragraph', 'At 7:40am');
  const second = element('heading', 'Harm');
  const list = new Y.XmlElement('bulletList');
  const item = new Y.XmlElement('listItem');
  const inItem = element('paragraph', 'A fracture');
  notes.insert(0, [before.made, first.made, body.made, second.made, new Y.XmlElement('paragraph')]);
  const caretIn = (text: Y.XmlText) => Y.relativePositionToJSON(Y.createRelativePositionFromTypeIndex(text, 1));

  test('a section is empty until something is written under it', () => {
    expect(sectionsOf(notes).map(({ title, empty }) => [title, empty])).toEqual([
      ['What happened', false],
      ['Harm', true],
    ]);
    notes.push([list]);
    list.insert(0, [item]);
    item.insert(0, [inItem.made]);
    expect(sectionsOf(notes).at(-1)?.empty).toBe(false);
  });

  test('a caret is in the section of the heading above it, however deep it stands', () => {
    expect(sectionAt(notes, caretIn(before.text))).toBeUndefined();
    expect(sectionAt(notes, caretIn(first.text))).toBe('What happened');
    expect(sectionAt(notes, caretIn(body.text))).toBe('What happened');
    expect(sectionAt(notes, caretIn(inItem.text))).toBe('Harm');
    expect(sectionAt(notes, null)).toBeUndefined();
  });

  test('the page holds marks and safe links, and passes over what notes do not hold', () => {
    body.text.format(0, 2, { bold: {} });
    body.text.format(3, 6, { link: { href: 'javascript:alert(1)' } });
    notes.push([new Y.XmlElement('script')]);
    const blocks = blocksOf(notes);
    expect(blocks.map(({ kind }) => kind)).toEqual([
      'paragraph',
      'heading',
      'paragraph',
      'heading',
      'paragraph',
      'bullets',
    ]);
    expect(blocks[2]).toMatchObject({
      runs: [
        { words: 'At', marks: ['bold'], href: null },
        { words: ' ', marks: [], href: null },
        { words: '7:40am', href: null },
      ],
    });
    expect(new Set(blocks.map(({ key }) => key)).size).toBe(blocks.length);
  });
});

describe('what changed, where the whole document is put in anew', () => {
  const words = fc.string({ unit: fc.constantFrom('a', 'b', ' '), maxLength: 6 });
  const change = fc.oneof(
    fc.record({ do: fc.constant('keep' as const) }),
    fc.record({ do: fc.constant('remove' as const) }),
    fc.record({ do: fc.constant('rewrite' as const), words }),
    fc.record({ do: fc.constant('insert' as const), words }),
  );

  test('every place in a block that stays is still at that place of that block', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(words, change), { minLength: 1, maxLength: 12 }), (blocks) => {
        const before = blocks.map(([text], index) => paragraph(`${index}${text}`));
        const after = before.flatMap((block, index) => {
          const made = blocks[index]?.[1];
          if (made?.do === 'remove') return [];
          if (made?.do === 'rewrite') return [paragraph(`${index}${made.words}`)];
          return made?.do === 'insert' ? [paragraph(`n${made.words}`), block] : [block];
        });
        fc.pre(after.length > 0);
        const [was, is] = [schema.node('doc', null, before), schema.node('doc', null, after)];
        const map = mapBetween(was, is);
        for (const block of before.filter((each) => after.includes(each))) {
          for (let offset = 1; offset < block.nodeSize; offset += 1) {
            expect(map.map(startOf(was, block) + offset)).toBe(startOf(is, block) + offset);
          }
        }
        expect(map.map(was.content.size)).toBe(is.content.size);
      }),
    );
  });

  test('in a block that was written in, what stands before and after the new words moves with them', () => {
    const [first, last] = [paragraph('as it was'), paragraph('also as it was')];
    const was = schema.node('doc', null, [first, paragraph('the officer came'), last]);
    const is = schema.node('doc', null, [first, paragraph('the first officer came'), last]);
    const map = mapBetween(was, is);
    const at = startOf(was, was.child(1)) + 1;
    expect(map.map(at + 'the '.length, -1)).toBe(at + 'the '.length);
    expect(map.map(at + 'the officer'.length)).toBe(at + 'the first officer'.length);
  });

  test('words of several people in as many blocks leave alone what lies between', () => {
    const middle = paragraph('between them');
    const was = schema.node('doc', null, [paragraph('one'), middle, paragraph('three')]);
    const is = schema.node('doc', null, [paragraph('one more'), middle, paragraph('three more')]);
    const map = mapBetween(was, is);
    expect(map.map(startOf(was, middle) + 3)).toBe(startOf(is, middle) + 3);
  });

  function startOf(whole: ReturnType<typeof doc>, block: ReturnType<typeof paragraph>): number {
    let found = -1;
    whole.forEach((each, at) => {
      if (each === block) found = at;
    });
    return found;
  }
});

/** Notes with one list of one item, "Police visit". */
function listed(type: string | null, start: number): Y.XmlFragment {
  const notes = new Y.Doc().getXmlFragment(notesRoot);
  const [list, item, words] = ['orderedList', 'listItem', 'paragraph'].map((name) => new Y.XmlElement(name));
  if (!list || !item || !words) throw new Error('No list');
  notes.insert(0, [list]);
  if (type !== null) list.setAttribute('type', type);
  // Yjs keeps any value, as the editor gives it; its types know texts only.
  list.setAttribute('start', start as unknown as string);
  list.insert(0, [item]);
  item.insert(0, [words]);
  words.insert(0, [new Y.XmlText('Police visit')]);
  return notes;
}
