/** Known ways to harm the notes by what one sends, written byte by byte: each refused. */
import * as encoding from 'lib0/encoding';
import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { notesRoot } from '#schema/notes.ts';
import { deletionsIn } from '#server/sync/deletions.ts';
import { judge, type Verdict } from '#server/sync/guard.ts';
import { absorb, deepest, Held } from '#server/sync/held.ts';

/** A note as the server keeps it, its leases, and a document that takes whatever the guard lets in. */
function note(leases: Record<number, string> = { 1: 'amara', 2: 'priya' }) {
  const held = new Held();
  const taken: Uint8Array[] = [];
  const doc = new Y.Doc({ gc: false });
  return {
    held,
    doc,
    taken,
    text: () => doc.getXmlFragment(notesRoot).toString(),
    send(person: string, update: Uint8Array, returning = false): Verdict {
      const mine = (client: number) => (client in leases ? leases[client] === person : null);
      const verdict = judge(update, { held, mine, deletions: () => deletionsIn(taken) }, returning);
      if (verdict.is === 'news') {
        taken.push(verdict.update);
        Y.applyUpdate(doc, verdict.update);
      }
      expect(doc.store.pendingStructs, 'nothing let in waits for something missing').toBeNull();
      expect(doc.store.pendingDs).toBeNull();
      expect(held.clocks).toEqual(clocksOf(doc));
      for (const stored of [[Y.encodeStateAsUpdate(doc)], taken]) {
        const again = new Held();
        absorb(again, stored);
        expect(codesIn(again)).toEqual(codesIn(held));
      }
      return verdict;
    },
  };
}
type Note = ReturnType<typeof note>;

function clocksOf(doc: Y.Doc): Map<number, number> {
  return Y.decodeStateVector(Y.encodeStateVector(doc));
}

/** Where everything stands, id by id. */
function codesIn(held: Held): Map<number, number[]> {
  const ids = [...held.clocks].sort(([a], [b]) => a - b);
  return new Map(
    ids.map(([client, clock]) => [client, Array.from({ length: clock }, (_, at) => held.codeAt(client, at))]),
  );
}

/** A person's own copy, which sends each change. */
function writer(of: Note, client: number, person: string) {
  const doc = new Y.Doc({ gc: false });
  Y.applyUpdate(doc, Y.encodeStateAsUpdate(of.doc), 'server');
  doc.clientID = client;
  const verdicts: Verdict[] = [];
  doc.on('update', (update: Uint8Array, origin: unknown) => {
    if (origin !== 'server') verdicts.push(of.send(person, update));
  });
  const root = doc.getXmlFragment(notesRoot);
  return {
    doc,
    root,
    verdicts,
    paragraph(words: string) {
      const text = new Y.XmlText(words);
      const paragraph = new Y.XmlElement('paragraph');
      paragraph.insert(0, [text]);
      root.push([paragraph]);
      return text;
    },
    sync: () => Y.applyUpdate(doc, Y.encodeStateAsUpdate(of.doc), 'server'),
  };
}

/** An update written by hand: varUints, strings and bytes. */
function raw(...parts: readonly (number | string | { byte: number })[]): Uint8Array {
  const encoder = encoding.createEncoder();
  for (const part of parts) {
    if (typeof part === 'number') encoding.writeVarUint(encoder, part);
    else if (typeof part === 'string') encoding.writeVarString(encoder, part);
    else encoding.writeUint8(encoder, part.byte);
  }
  return encoding.toUint8Array(encoder);
}
const info = {
  gc: 0,
  deleted: 1,
  string: 4,
  format: 6,
  type: 7,
  any: 8,
  skip: 10,
  origin: 0x80,
  right: 0x40,
  sub: 0x20,
};
const element = 3;
const xmlText = 6;

/** Amara has written one paragraph: element 1:0, text 1:1, "Hello" 1:2 to 1:6. */
function withHello() {
  const n = note();
  const amara = writer(n, 1, 'amara');
  amara.paragraph('Hello');
  expect(amara.verdicts).toMatchObject([{ is: 'news' }]);
  return { ...n, n, amara };
}

describe('attacks', () => {
  test('[T1] deleting what a colleague has not typed yet', () => {
    const { n, send } = withHello();
    expect(send('priya', raw(0, 1, 1, 1, 7, 2 ** 40))).toEqual({ is: 'refused', why: 'deletes-unknown' });
    expect(send('priya', raw(0, 1, 1, 1, 6, 2))).toEqual({ is: 'refused', why: 'deletes-unknown' });
    expect(send('priya', raw(0, 1, 77, 1, 0, 1))).toEqual({ is: 'refused', why: 'deletes-unknown' });
    const amara = writer(n, 1, 'amara');
    amara.paragraph('World');
    expect(n.text()).toContain('World');
  });

  test('[T2] swallowing a colleague’s number with a block of garbage, a gap to skip, or a range already deleted', () => {
    const { send } = withHello();
    expect(send('priya', raw(1, 1, 1, 7, info.gc, 2 ** 40, 0))).toEqual({ is: 'refused', why: 'garbage' });
    expect(send('priya', raw(1, 1, 1, 7, info.skip, 2 ** 40, 0))).toEqual({ is: 'refused', why: 'garbage' });
    expect(send('priya', raw(1, 1, 1, 7, { byte: info.deleted | info.origin }, 1, 6, 500, 0))).toEqual({
      is: 'refused',
      why: 'foreign',
    });
    // Nor one's own: it would hide what one's other copy has yet to send.
    expect(send('amara', raw(1, 1, 1, 7, info.gc, 5, 0))).toEqual({ is: 'refused', why: 'garbage' });
    expect(send('amara', raw(1, 1, 1, 7, info.skip, 5, 0))).toEqual({ is: 'refused', why: 'garbage' });
    const long = raw(1, 1, 1, 7, { byte: info.deleted | info.origin }, 1, 6, 65_537, 0);
    expect(send('amara', long)).toEqual({ is: 'refused', why: 'too-long' });
  });

  test('[T2] a block that begins in what is held and swallows more', () => {
    const { send } = withHello();
    expect(send('priya', raw(1, 1, 1, 0, info.gc, 2 ** 40, 0))).toEqual({ is: 'refused', why: 'garbage' });
    expect(send('amara', raw(1, 1, 1, 3, info.skip, 20, 0))).toEqual({ is: 'refused', why: 'garbage' });
    // Garbage over what is held entirely says nothing new, and is not passed on.
    expect(send('priya', raw(1, 1, 1, 0, info.gc, 7, 0), true)).toEqual({ is: 'known' });
  });

  describe('[T2] behind a block that stands on another of one’s own, which comes later', () => {
    const leases = { 1: 'amara', 5: 'priya', 6: 'priya' };
    /** Priya's 6:0 stands on her 5:0; then whatever follows. */
    const behind = (blocks: number, ...rest: (number | string | { byte: number })[]) => [
      ...[blocks, 1, 6, 0, { byte: info.type | info.origin }, 5, 0, element, 'paragraph'],
      ...[1, 5, 0, info.type, 1, notesRoot, element, 'paragraph'],
      ...rest,
    ];
    const amaras = (...parts: (number | string | { byte: number })[]) => raw(...behind(3, 1, 1, 7, ...parts), 0);
    const harms: [what: string, why: string, update: Uint8Array][] = [
      [
        'garbage over a colleague’s number, by the whole byte',
        'malformed',
        amaras({ byte: info.gc | info.sub }, 1_000),
      ],
      ['garbage over a colleague’s number', 'garbage', amaras(info.gc, 1_000)],
      ['a gap to skip', 'garbage', amaras(info.skip, 1_000)],
      ['words under a colleague’s number', 'foreign', amaras({ byte: info.string | info.origin }, 1, 6, '!')],
      ['an element of an unknown name', 'unknown-name', amaras(info.type, 1, notesRoot, element, 'script')],
      [
        'content of an unknown kind',
        'unknown-content',
        amaras({ byte: 9 | info.origin }, 1, 6, 'guid', { byte: 118 }, 0),
      ],
      ['deleting what is not typed yet', 'deletes-unknown', raw(...behind(2), 1, 1, 1, 7, 2 ** 40)],
      ['deleting one’s own that is not typed yet', 'deletes-unknown', raw(...behind(2), 1, 6, 1, 1, 1)],
      ['a deletion of nothing', 'malformed', raw(...behind(2), 1, 1, 1, 3, 0)],
      ['bytes after the end', 'malformed', raw(...behind(2), 0, 0)],
      [
        'a longer range than anyone types, deleted before it was sent',
        'too-long',
        raw(
          ...[2, 2, 6, 0, { byte: info.type | info.origin }, 5, 0, element, 'paragraph'],
          ...[{ byte: info.deleted }, 0, 6, 0, 65_537],
          ...[1, 5, 0, info.type, 1, notesRoot, element, 'paragraph', 0],
        ),
      ],
    ];

    test.each(harms)('%s: %s', (_what, why, update) => {
      const n = note(leases);
      const amara = writer(n, 1, 'amara');
      amara.paragraph('Hello');
      const before = codesIn(n.held);
      expect(n.send('priya', update)).toEqual({ is: 'refused', why });
      expect(codesIn(n.held)).toEqual(before);
      amara.paragraph('World');
      expect(amara.verdicts.map(({ is }) => is)).toEqual(['news', 'news']);
      expect(n.text()).toContain('World');
    });

    test('cut off anywhere, it is refused', () => {
      const n = note(leases);
      const whole = raw(...behind(2), 0);
      for (let length = 0; length < whole.length; length += 1) {
        expect(n.send('priya', whole.subarray(0, length)).is).toBe('refused');
      }
      expect(n.send('priya', whole).is).toBe('news');
    });

    test('a chain of five thousand numbers that are nobody’s, the last first, is walked once', () => {
      const n = note(leases);
      let walked = 0;
      const count = 5_000;
      const chain = Array.from({ length: count }, (_, index) => count + 100 - index).flatMap((client, index) => [
        ...[1, client, 0, { byte: info.type | (index < count - 1 ? info.origin : 0) }],
        ...(index < count - 1 ? [client - 1, 0] : [1, notesRoot]),
        ...[element, 'paragraph'],
      ]);
      const asked = {
        held: n.held,
        mine: () => {
          walked += 1;
          return null;
        },
        deletions: () => deletionsIn([]),
      };
      expect(judge(raw(count, ...chain, 0), asked).is).toBe('unleased');
      expect(walked).toBeLessThan(4 * count);
      expect(n.held.clocks.size).toBe(0);
    });
  });

  test('[T3] writing under a colleague’s number', () => {
    const { send } = withHello();
    expect(send('priya', raw(1, 1, 1, 7, { byte: info.string | info.origin }, 1, 6, '!', 0))).toEqual({
      is: 'refused',
      why: 'foreign',
    });
  });

  test('a number that is nobody’s is asked about, and nothing is taken meanwhile', () => {
    const { n, send } = withHello();
    const before = n.text();
    expect(send('priya', raw(1, 1, 99, 0, { byte: info.string | info.origin }, 1, 6, '!', 0))).toEqual({
      is: 'unleased',
      clients: [99],
    });
    expect(n.text()).toBe(before);
  });

  test('gaps: before it, or in what it stands on', () => {
    const { send } = withHello();
    const gap = { is: 'refused', why: 'gap' };
    expect(send('amara', raw(1, 1, 1, 9, { byte: info.string | info.origin }, 1, 6, '!', 0))).toEqual(gap);
    expect(send('priya', raw(1, 1, 2, 0, { byte: info.string | info.origin }, 1, 7, '!', 0))).toEqual(gap);
    expect(send('priya', raw(1, 1, 2, 0, { byte: info.string | info.right }, 55, 0, '!', 0))).toEqual(gap);
    expect(send('priya', raw(1, 1, 2, 0, info.type, 0, 1, 9, xmlText, 0))).toEqual(gap);
    // On itself.
    expect(send('priya', raw(1, 1, 2, 0, { byte: info.string | info.origin }, 2, 0, '!', 0))).toEqual(gap);
    // Two of one person's copies, each standing on the other.
    const two = note({ 2: 'priya', 3: 'priya' });
    const round = raw(
      2,
      1,
      3,
      0,
      { byte: info.string | info.origin },
      2,
      0,
      'a',
      1,
      2,
      0,
      { byte: info.string | info.origin },
      3,
      0,
      'b',
      0,
    );
    expect(two.send('priya', round)).toEqual(gap);
  });

  test('[T4] saying another thing under a number and clock that are taken: only what is new counts', () => {
    const { n, send } = withHello();
    const other = raw(1, 1, 1, 2, { byte: info.string | info.origin }, 1, 1, 'HELLO', 0);
    expect(send('amara', other)).toEqual({ is: 'known' });
    const longer = raw(1, 1, 1, 2, { byte: info.string }, 0, 1, 1, 'HELLO!', 0);
    expect(send('amara', longer)).toMatchObject({ is: 'news' });
    expect(n.text()).toContain('Hello!');
  });

  test('[T19] two blocks of one client, of which Yjs would read only the last', () => {
    const { send } = withHello();
    const twice = raw(
      2,
      1,
      1,
      7,
      { byte: info.string | info.origin },
      1,
      6,
      'a',
      1,
      1,
      8,
      { byte: info.string | info.origin },
      1,
      7,
      'b',
      0,
    );
    expect(send('amara', twice)).toEqual({ is: 'refused', why: 'malformed' });
  });

  test('[T16] numbers that rise: joining such an update with others loses what those hold', () => {
    const n = note({ 1: 'amara', 3: 'amara', 2: 'priya' });
    const rising = raw(
      2,
      1,
      1,
      0,
      info.type,
      1,
      notesRoot,
      element,
      'paragraph',
      1,
      3,
      0,
      info.type,
      1,
      notesRoot,
      element,
      'paragraph',
      0,
    );
    const falling = raw(
      2,
      1,
      3,
      0,
      info.type,
      1,
      notesRoot,
      element,
      'paragraph',
      1,
      1,
      0,
      info.type,
      1,
      notesRoot,
      element,
      'paragraph',
      0,
    );
    expect(n.send('amara', rising)).toEqual({ is: 'refused', why: 'malformed' });
    expect(n.send('amara', falling)).toMatchObject({ is: 'news' });
  });

  test('[T5] elements, marks, attributes, roots and kinds of content that the notes do not hold', () => {
    const { send } = withHello();
    const atRoot = (...content: (number | string | { byte: number })[]) =>
      raw(1, 1, 1, 7, info.type, 1, notesRoot, ...content, 0);
    const inText = (of: number, ...content: (number | string | { byte: number })[]) =>
      raw(1, 1, 1, 7, { byte: of | info.origin }, 1, 6, ...content, 0);
    const name = { is: 'refused', why: 'unknown-name' };
    expect(send('amara', atRoot(element, 'script'))).toEqual(name);
    expect(send('amara', atRoot(element, 'Paragraph'))).toEqual(name);
    expect(send('amara', raw(1, 1, 1, 7, info.type, 1, 'elsewhere', element, 'paragraph', 0))).toEqual(name);
    expect(send('amara', inText(info.format, 'style', '"color:white"'))).toEqual(name);
    expect(send('amara', inText(info.format, 'textStyle', '{}'))).toEqual(name);
    expect(
      send('amara', raw(1, 1, 1, 7, { byte: info.any | info.sub }, 0, 1, 0, 'style', 1, { byte: 119 }, 'x', 0)),
    ).toEqual(name);
    const content = { is: 'refused', why: 'unknown-content' };
    for (const type of [0, 1, 2, 4, 5, 7, 99]) expect(send('amara', atRoot(type, 'paragraph'))).toEqual(content);
    expect(send('amara', inText(2, 1, '"json"'))).toEqual(content);
    expect(send('amara', inText(3, 'binary'))).toEqual(content);
    expect(send('amara', inText(5, '{}'))).toEqual(content);
    expect(send('amara', inText(9, 'guid', { byte: 118 }, 0))).toEqual(content);
    const value = { is: 'refused', why: 'unknown-value' };
    expect(send('amara', inText(info.format, 'bold', '{"class":"hidden"}'))).toEqual(value);
    expect(send('amara', inText(info.format, 'link', '{"href":"javascript:alert(1)"}'))).toEqual(value);
    expect(send('amara', inText(info.format, 'link', '{"href":" JavaScript:alert(1)"}'))).toEqual(value);
    expect(send('amara', inText(info.format, 'link', '{"href":"data:text/html,x"}'))).toEqual(value);
    // A browser reads past these before it says what the scheme is.
    for (const href of [
      'java\tscript:alert(1)',
      'java\n\rscript:alert(1)',
      '\u0001javascript:alert(1)',
      'javascript\t:x',
    ])
      expect(send('amara', inText(info.format, 'link', JSON.stringify({ href }))), href).toEqual(value);
    expect(send('amara', inText(info.format, 'link', '{"href":"https://x.example","style":"a"}'))).toEqual(value);
    expect(send('amara', inText(info.format, 'link', 'not json'))).toEqual(value);
  });

  test('[T5] things in the wrong place, which would make honest copies delete what holds them', () => {
    const { n, send } = withHello();
    const misplaced = { is: 'refused', why: 'misplaced' };
    const beside = (of: number, client: number, clock: number, ...content: (number | string | { byte: number })[]) =>
      raw(1, 1, 2, 0, { byte: of | info.origin }, client, clock, ...content, 0);
    // An element among characters, characters among elements, a value among either.
    expect(send('priya', beside(info.type, 1, 4, element, 'paragraph'))).toEqual(misplaced);
    expect(send('priya', beside(info.string, 1, 0, 'words'))).toEqual(misplaced);
    expect(send('priya', beside(info.any, 1, 4, 1, { byte: 125 }, { byte: 2 }))).toEqual(misplaced);
    expect(send('priya', beside(info.any, 1, 0, 1, { byte: 125 }, { byte: 2 }))).toEqual(misplaced);
    // A table in a paragraph, a list item in the root, a text in the root.
    const inside = (clock: number, ...content: (number | string)[]) =>
      raw(1, 1, 2, 0, info.type, 0, 1, clock, ...content, 0);
    expect(send('priya', inside(0, element, 'table'))).toEqual(misplaced);
    expect(send('priya', inside(1, element, 'paragraph'))).toEqual(misplaced);
    expect(send('priya', raw(1, 1, 2, 0, info.type, 1, notesRoot, element, 'listItem', 0))).toEqual(misplaced);
    expect(send('priya', raw(1, 1, 2, 0, info.type, 1, notesRoot, xmlText, 0))).toEqual(misplaced);
    expect(send('priya', raw(1, 1, 2, 0, info.string, 1, notesRoot, 'words', 0))).toEqual(misplaced);
    // Between neighbours that have not one parent.
    expect(
      send(
        'priya',
        raw(1, 1, 2, 0, { byte: info.type | info.origin | info.right }, 1, 0, 1, 1, element, 'paragraph', 0),
      ),
    ).toEqual(misplaced);
    expect(n.text()).toBe('<paragraph>Hello</paragraph>');
  });

  test('[T5] an attribute of a size that would stop a browser', () => {
    const n = note();
    const amara = writer(n, 1, 'amara');
    const cell = new Y.XmlElement<{ colspan: number }>('tableCell');
    const row = new Y.XmlElement('tableRow');
    const table = new Y.XmlElement('table');
    row.insert(0, [cell as unknown as Y.XmlElement]);
    table.insert(0, [row]);
    amara.root.push([table]);
    cell.setAttribute('colspan', 2);
    cell.setAttribute('colspan', 100);
    expect(amara.verdicts.map(({ is }) => is)).toEqual(['news', 'news', 'news']);
    const before = clocksOf(n.doc);
    for (const wide of [101, 1_000_000_000, -1, 1e300]) {
      const copy = writer(n, 1, 'amara');
      copy.sync();
      const first = copy.root.get(0) as Y.XmlElement;
      const theirs = (first.get(0) as Y.XmlElement).get(0) as Y.XmlElement<{ colspan: number }>;
      theirs.setAttribute('colspan', wide);
      expect(copy.verdicts).toEqual([{ is: 'refused', why: 'unknown-value' }]);
    }
    expect(clocksOf(n.doc)).toEqual(before);
  });

  test('[T19] one attribute given more values than anyone presses a button, before it was sent', () => {
    const { n, send } = withHello();
    const colours = (count: number) => Array.from({ length: count }, () => ({ byte: 126 }));
    const given = (clock: number, count: number, ...origin: number[]) =>
      origin.length > 0
        ? raw(1, 1, 1, clock, { byte: info.any | info.origin }, ...origin, count, ...colours(count), 0)
        : raw(1, 1, 1, clock, { byte: info.any | info.sub }, 0, 1, 0, 'type', count, ...colours(count), 0);
    expect(send('amara', given(7, 257))).toEqual({ is: 'refused', why: 'unknown-value' });
    expect(send('amara', given(7, 256)).is).toBe('news');
    // What is held already is not counted again: a copy that comes back has them in one.
    expect(send('amara', given(7, 512)).is).toBe('news');
    expect(n.held.clockOf(1)).toBe(7 + 512);
    expect(send('amara', given(7 + 512, 257, 1, 7 + 511))).toEqual({ is: 'refused', why: 'unknown-value' });
    // However many they are, they take no more room than the changes in which they came.
    expect(n.held.placesOf(1)).toBe(4);
    const again = new Held();
    absorb(again, [Y.encodeStateAsUpdate(n.doc)]);
    expect(again.placesOf(1)).toBeLessThanOrEqual(4);
  });

  test('[T19] nesting deeper than anyone reads', () => {
    const n = note();
    const amara = writer(n, 1, 'amara');
    let at: Y.XmlFragment | Y.XmlElement = amara.root;
    for (let depth = 1; depth <= deepest; depth += 1) {
      const quote: Y.XmlElement = new Y.XmlElement('blockquote');
      at.insert(0, [quote]);
      at = quote;
    }
    expect(amara.verdicts.every(({ is }) => is === 'news')).toBe(true);
    at.insert(0, [new Y.XmlElement('blockquote')]);
    expect(amara.verdicts.at(-1)).toEqual({ is: 'refused', why: 'too-deep' });
  });

  test('[T16] an update copied from another room', () => {
    const elsewhere = withHello();
    const here = note({ 7: 'amara' });
    const update = Y.encodeStateAsUpdate(elsewhere.doc);
    expect(here.send('priya', update)).toEqual({ is: 'unleased', clients: [1] });
  });

  test('[T20] bytes that are no update, whole, cut short or with something after', () => {
    const { n, send } = withHello();
    const good = Y.encodeStateAsUpdate(writer(n, 1, 'amara').doc);
    for (let length = 0; length < good.length; length += 1) {
      expect(send('amara', good.subarray(0, length)).is).toBe('refused');
    }
    expect(send('amara', Uint8Array.from([...good, 0]))).toEqual({ is: 'refused', why: 'malformed' });
    const malformed = { is: 'refused', why: 'malformed' };
    expect(send('amara', raw(2 ** 40))).toEqual(malformed);
    expect(
      send(
        'amara',
        Uint8Array.from({ length: 40 }, () => 0xff),
      ),
    ).toEqual(malformed);
    expect(send('amara', raw(0, 1, 1, 1, 3, 0))).toEqual(malformed);
    expect(send('amara', raw(1, 0, 1, 7, 0))).toEqual(malformed);
    expect(send('amara', raw(1, 1, 1, 7, { byte: info.string | info.origin }, 1, 6, '', 0))).toEqual(malformed);
    expect(send('amara', raw(1, 1, 1, 7, { byte: info.string }, 7, 1, 1, 'x', 0))).toEqual(malformed);
    expect(send('amara', raw(1, 1, 1, 7, { byte: info.gc | info.sub }, 5, 0))).toEqual(malformed);
    // Text that the decoder in every browser would throw at.
    for (const bytes of [
      [0xc0, 0x80],
      [0xed, 0xa0, 0x80],
      [0xf5, 0x80, 0x80, 0x80],
      [0xe2, 0x82],
      [0x80],
      [0xf0, 0x80, 0x80, 0x80],
    ]) {
      const parts = [bytes.length, ...bytes.map((byte) => ({ byte }))];
      expect(send('amara', raw(1, 1, 1, 7, { byte: info.string | info.origin }, 1, 6, ...parts, 0))).toEqual(malformed);
    }
  });
});

describe('honest copies', () => {
  test('typing, marks, attributes, deleting and undoing', () => {
    const n = note();
    const amara = writer(n, 1, 'amara');
    const undo = new Y.UndoManager(amara.root);
    const text = amara.paragraph('Grüße, 世界 and 🙂');
    text.insert(3, '👩‍👧');
    text.format(0, 4, { bold: {} });
    text.format(2, 6, { link: { href: 'https://example.org/' } });
    text.delete(2, 4);
    const heading = new Y.XmlElement<{ level: number }>('heading');
    amara.root.insert(0, [heading as unknown as Y.XmlElement]);
    heading.setAttribute('level', 2);
    heading.setAttribute('level', 3);
    undo.undo();
    undo.redo();
    undo.undo();
    expect(amara.verdicts.length).toBeGreaterThan(8);
    expect(amara.verdicts.filter(({ is }) => is !== 'news')).toEqual([]);
    expect(n.text()).toBe(amara.root.toString());
  });

  test('a copy that comes back says all it knows: only what is new is taken', () => {
    const { n, amara, send } = withHello();
    amara.root.delete(0, 1);
    expect(send('amara', Y.encodeStateAsUpdate(amara.doc), true)).toEqual({ is: 'known' });
    expect(send('priya', Y.encodeStateAsUpdate(amara.doc), true)).toEqual({ is: 'known' });
    const before = n.taken.length;
    const away = new Y.Doc({ gc: false });
    away.clientID = 2;
    Y.applyUpdate(away, Y.encodeStateAsUpdate(n.doc));
    away.getXmlFragment(notesRoot).push([new Y.XmlElement('paragraph')]);
    const verdict = send('priya', Y.encodeStateAsUpdate(away), true);
    expect(verdict.is).toBe('news');
    expect(n.taken.length).toBe(before + 1);
    const taken = Y.decodeUpdate(n.taken.at(-1) as Uint8Array);
    expect(taken.structs.map(({ id }) => id.client)).toEqual([2]);
    expect(taken.ds.clients.size).toBe(0);
  });

  test('one person’s two copies, of which one passes on what the other wrote', () => {
    const n = note({ 1: 'amara', 3: 'amara' });
    const [one, two] = [new Y.Doc({ gc: false }), new Y.Doc({ gc: false })];
    one.clientID = 1;
    two.clientID = 3;
    one.getXmlFragment(notesRoot).push([new Y.XmlElement('paragraph')]);
    Y.applyUpdate(two, Y.encodeStateAsUpdate(one));
    (two.getXmlFragment(notesRoot).get(0) as Y.XmlElement).insert(0, [new Y.XmlText('words')]);
    Y.applyUpdate(one, Y.encodeStateAsUpdate(two));
    two.getXmlFragment(notesRoot).push([new Y.XmlElement('paragraph')]);
    Y.applyUpdate(one, Y.encodeStateAsUpdate(two));
    one.getXmlFragment(notesRoot).push([new Y.XmlElement('heading')]);
    Y.applyUpdate(two, Y.encodeStateAsUpdate(one));
    expect(n.send('amara', Y.encodeStateAsUpdate(two), true).is).toBe('news');
    expect(n.text()).toBe(two.getXmlFragment(notesRoot).toString());
  });

  test('a stock provider that collects garbage may type and delete words', () => {
    const n = note();
    const doc = new Y.Doc();
    doc.clientID = 1;
    const paragraph = new Y.XmlElement('paragraph');
    const text = new Y.XmlText('Hello world');
    paragraph.insert(0, [text]);
    doc.getXmlFragment(notesRoot).push([paragraph]);
    text.delete(2, 5);
    text.insert(2, 'y');
    expect(n.send('amara', Y.encodeStateAsUpdate(doc), true).is).toBe('news');
    expect(n.text()).toBe(doc.getXmlFragment(notesRoot).toString());
  });
});
