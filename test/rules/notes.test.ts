/** Notes in the record: the copies that acts rest on, frozen once each. */
import { expect, test } from 'vitest';
import { hashText } from '#schema/ledger.ts';
import { caseHeadings, cite, freeze, frozenNotes, markNames, noNotes, nodeNames } from '#schema/notes.ts';
import { childrenAct2004 } from '#schema/criteria.ts';
import { hasCase } from '#schema/room.ts';
import { onEarlierNotes } from '#lib/deliberation/standing.ts';
import {
  amara,
  given,
  joan,
  notesFrozen,
  notesSaying,
  opened,
  positionFor,
  positionsOpened,
  priya,
  tomas,
  type Happened,
} from '../support/rules.ts';

const first = notesSaying(4, 'What happened');
const second = notesSaying(5, 'What happened, and when');

test('[M13] what readers saw is kept: each frozen copy, in order, with its entry', () => {
  const { state } = given(opened(), notesFrozen(first), notesFrozen(second));
  expect(state.notes.frozen).toEqual([
    { ...first, seq: 4, at: '2026-11-23T09:00:04.000Z' },
    { ...second, seq: 5, at: '2026-11-23T09:00:05.000Z' },
  ]);
});

test('[M13] the same words are not frozen twice in a row, whatever their version', () => {
  const { notes } = given(opened(), notesFrozen(first)).state;
  expect(freeze(notes, first)).toEqual([]);
  expect(freeze(notes, { ...first, version: 9 })).toEqual([]);
  expect(freeze(notes, second)).toEqual([{ type: 'NotesFrozen', notes: second }]);
});

test('[M13] words that came back are frozen again: the record says what stood there then', () => {
  const { notes } = given(opened(), notesFrozen(first), notesFrozen(second)).state;
  expect(freeze(notes, first)).toEqual([{ type: 'NotesFrozen', notes: first }]);
});

test('an act that rests on no notes freezes and cites none', () => {
  expect(freeze(noNotes, undefined)).toEqual([]);
  expect(cite(undefined)).toBeNull();
  expect(cite(first)).toEqual({ version: 4, hash: first.hash });
});

test('a frozen copy is hashed as anyone can hash it', () => {
  expect(hashText('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  expect(hashText('')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  expect(frozenNotes.parse(first)).toEqual(first);
});

test('[M11] the headings follow the statutory questions, and nothing may be hidden by style', () => {
  const titles: string[] = caseHeadings.map(({ title }) => title);
  for (const word of ['Abuse or neglect', 'Harm', 'Place']) expect(titles).toContain(word);
  expect(childrenAct2004.criteria).toHaveLength(3);
  expect([...nodeNames, ...markNames].filter((name) => /style|color|colour|image|iframe/i.test(name))).toEqual([]);
});

test('[M13] a version is named: the notes are kept as they stand, and the name says which', () => {
  given(opened())
    .when({ type: 'NameVersion', name: 'Before the meeting' }, joan, { notes: first })
    .gives(
      { type: 'NotesFrozen', notes: first },
      { type: 'VersionNamed', version: 4, hash: first.hash, name: 'Before the meeting' },
    );
});

test('[M13] naming what is kept already keeps no second copy, and names the copy that there is', () => {
  given(opened(), notesFrozen(first))
    .when({ type: 'NameVersion', name: 'As positions rest on it' }, amara, { notes: { ...first, version: 9 } })
    .gives({ type: 'VersionNamed', version: 4, hash: first.hash, name: 'As positions rest on it' });
});

test('[M13] a version is not named twice alike, nor when nothing is written', () => {
  const named = given(opened()).when({ type: 'NameVersion', name: 'First' }, amara, { notes: first }).recorded();
  expect(named.state.notes.named).toMatchObject([{ version: 4, hash: first.hash, name: 'First', by: amara }]);
  named
    .when({ type: 'NameVersion', name: 'first' }, priya, { notes: second })
    .isRefused('NameTaken', { field: 'name' });
  given(opened())
    .when({ type: 'NameVersion', name: 'First' }, amara, { notes: notesSaying(0, '') })
    .isRefused('NotesAreEmpty');
});

test('[M20] which positions rest on notes that have changed since is told, and is quiet while they say the same', () => {
  const frozen = (version: number, text: string) => notesFrozen(notesSaying(version, text));
  const on = (version: number, text: string, by: typeof amara): Happened => ({
    by,
    event: {
      type: 'PositionSubmitted',
      content: positionFor('notify'),
      whatChanged: null,
      restsOn: cite(notesSaying(version, text)),
    },
  });
  const before = [opened(), frozen(1, 'Facts.'), on(1, 'Facts.', amara)] as const;
  const later = [
    frozen(2, 'Facts, and more.'),
    on(2, 'Facts, and more.', tomas),
    on(2, 'Facts, and more.', priya),
  ] as const;
  const earlier = (...history: Parameters<typeof given>) => {
    const { state } = given(...history);
    if (!hasCase(state)) throw new Error('No case');
    return onEarlierNotes(state);
  };
  expect(earlier(...before, ...later)).toEqual([]);
  expect(earlier(...before, ...later, positionsOpened())).toEqual(['Health']);
  expect(earlier(...before, on(1, 'Facts.', tomas), on(1, 'Facts.', priya), positionsOpened())).toEqual([]);
});
