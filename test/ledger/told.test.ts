/** The record in words: what each entry tells its reader, what a signer has not read, what a check found, where views stand. */
import { describe, expect, test } from 'vitest';
import { sayVerdict } from '#lib/deliberation/check.ts';
import { restored } from '#lib/deliberation/fields.ts';
import { sayWhereViewsStand } from '#lib/deliberation/standing.ts';
import { readUpTo, sayStated, statedSince } from '#lib/deliberation/stated.ts';
import { sayVouched, shortHash, tell } from '#lib/deliberation/tell.ts';
import { verify, type Entry } from '#schema/ledger.ts';
import { fold, hasCase } from '#schema/room.ts';
import { asReadBy } from '#schema/sealing.ts';
import {
  amara,
  at,
  decisionSigned,
  denis,
  dissentAnswered,
  dissentRecorded,
  dissentReviewed,
  notesFrozen,
  notesSaying,
  opened,
  outcomeRecorded,
  positionFor,
  positionGiven,
  positionsAgree,
  positionsDiffer,
  positionsOpened,
  priya,
  record,
  resolutionAsked,
  resolutionOpened,
  today,
  tomas,
} from '../support/rules.ts';

const story = record([
  ...opened(),
  ...positionsDiffer(),
  resolutionAsked(priya),
  resolutionOpened,
  outcomeRecorded(),
  dissentRecorded(priya),
  dissentAnswered(11, denis),
  dissentReviewed(priya, 11, 'maintained'),
  notesFrozen(notesSaying(6, 'What happened\nAn arm was broken.'), denis),
  decisionSigned([11], 'do-not-notify'),
]);
const titles = (entries: readonly Entry[]) => entries.map((entry) => tell(entry, entries).title);

describe('[M44] history in words', () => {
  test('each entry of the story is one plain sentence', () => {
    expect(titles(story)).toEqual([
      'Case opened',
      'The Chair was told',
      'The partners were told',
      'Health gave its position',
      'Social care gave its position',
      'Police gave its position',
      'Positions opened',
      'Police asked for resolution',
      'The Chair opened the resolution step',
      'Resolution step ended: not agreed, the local authority decides',
      'Police recorded disagreement',
      "Social care responded to Police's disagreement",
      'Police maintained its disagreement',
      'Notes version 6 kept as it stood',
      'Decision signed: do not notify',
    ]);
  });

  test('nothing that was said is left out of it', () => {
    const words = story.flatMap((entry) => tell(entry, story).lines.map((line) => line.words)).join('\n');
    for (const said of [
      'A child was taken to hospital with a broken arm.',
      'Why place is as we say.',
      'The facts so far lead here.',
      'Whether the child was seriously harmed',
      'How long it will last.',
      'The injury may last; that is serious harm.',
      'A second medical opinion.',
      'We weighed this and say why.',
      'Having read the answer.',
      'An arm was broken.',
      'Each criterion and each reason was weighed.',
      'Police (entry 11)',
    ]) {
      expect(words).toContain(said);
    }
  });

  test('a second position is a change, and says what changed', () => {
    const entries = record([...opened(), ...positionsDiffer(), positionGiven(priya)]);
    expect(titles(entries).at(-1)).toBe('Police changed its position');
  });

  test('[M20] a sealed position tells who and that it was given, and not a word of it', () => {
    const sealed = record([...opened(), positionGiven(amara)]);
    const state = fold(sealed);
    const read = sealed.map((entry) => asReadBy(entry, state, priya));
    expect(tell(read[3] as Entry, read)).toEqual({ title: 'Health gave its position', lines: [], sealed: true });
    expect(tell(sealed[3] as Entry, sealed).sealed).toBe(false);
  });

  test('a fingerprint is read aloud in fours', () => {
    expect(shortHash('0123456789abcdef0123456789abcdef')).toBe('0123 4567 89ab cdef');
  });
});

describe('[M29] what a signer has not read', () => {
  const before = record([...opened(), ...positionsDiffer()]);
  const changed = record(
    [
      at('2026-11-23T15:40:00.000Z', positionGiven(amara, positionFor('do-not-notify'))),
      at('2026-11-23T15:42:00.000Z', resolutionAsked(priya)),
      at('2026-11-23T15:45:00.000Z', dissentRecorded(priya)),
    ],
    before,
  );

  test('is every position and disagreement that came after, and nothing else', () => {
    expect(statedSince(before, 7)).toEqual([]);
    expect(statedSince(changed, 7).map(({ seq }) => seq)).toEqual([8, 10]);
  });

  test('is told with its time, and with its day where that is not today', () => {
    const [first] = statedSince(changed, 7) as [Entry];
    expect(sayStated(first, changed, today)).toBe('Health changed its position at 3:40pm');
    expect(sayStated(first, changed, '2026-11-24')).toBe(
      'Health changed its position on Monday 23 November 2026 at 3:40pm',
    );
  });

  test('reading goes up to the first that has not been opened', () => {
    const [position, dissent] = statedSince(changed, 7) as [Entry, Entry];
    expect(readUpTo(changed, [position, dissent])).toBe(7);
    expect(readUpTo(changed, [dissent])).toBe(9);
    expect(readUpTo(changed, [])).toBe(10);
  });
});

describe('[M44] what a check found', () => {
  test('a whole record says how many entries, and the last fingerprint', () => {
    const { whole, sentences } = sayVerdict(verify(story), 'the business unit');
    expect(whole).toBe(true);
    expect(sentences[0]).toBe('This record is whole: 15 entries, each bound to the one before.');
    expect(sentences.join(' ').replaceAll(' ', '')).toContain(story.at(-1)?.hash);
  });

  test('it says how many were withheld from this reader', () => {
    const sealed = record([...opened(), positionGiven(amara), positionGiven(tomas)]);
    const read = sealed.map((entry) => asReadBy(entry, fold(sealed), priya));
    expect(sayVerdict(verify(read), 'the business unit').sentences[1]).toMatch(/^The words of 2 entries are withheld/);
  });

  test('a record that is wrong names its first wrong entry, and says what to do', () => {
    const altered = story.map((entry) =>
      entry.seq === 11 ? { ...entry, actor: { ...entry.actor, name: 'Somebody else' } } : entry,
    );
    const { whole, heading, sentences } = sayVerdict(verify(altered), 'the business unit, 01632 960 100');
    expect(whole).toBe(false);
    expect(heading).toBe('Entry 11 is wrong');
    expect(sentences[0]).toContain('Entry 11 does not match its own fingerprint');
    expect(sentences.join(' ')).toContain('01632 960 100');
  });

  test('a record that was cut short of what this screen has seen is wrong', () => {
    const receipts = story.map(({ seq, hash }) => ({ seq, hash }));
    expect(sayVerdict(verify(story.slice(0, 13), { receipts }), 'the business unit').heading).toBe('Entry 14 is wrong');
  });

  test('[M24] signatures are named by their entries: those that fit, or the first that does not and what to do', () => {
    const said = (fitting: number[], wrong: number[], unchecked: number[] = []) =>
      sayVerdict(verify(story), 'Beth Quill', { fitting, wrong, unchecked });
    expect(said([7], []).sentences[1]).toMatch(/^The signature of entry 7 was worked out again, and fits its words/);
    expect(said([7, 9], []).sentences[1]).toMatch(/^The signatures of entries 7 and 9 were worked out again/);
    expect(said([], [], [7, 9])).toMatchObject({ whole: true });
    expect(said([], [], [7, 9]).sentences[1]).toMatch(
      /^The signatures of entries 7 and 9 could not be worked out again/,
    );
    const { whole, heading, sentences } = said([7], [9, 11]);
    expect({ whole, heading }).toEqual({ whole: false, heading: 'The signature of entry 9 does not fit' });
    expect(sentences.at(-1)).toContain('tell Beth Quill');
  });
});

describe('[M21] where views stand, in words', () => {
  const standing = (...history: Parameters<typeof record>[0]) => {
    const state = fold(record([...opened(), ...history]));
    if (!hasCase(state)) throw new Error('No case');
    return sayWhereViewsStand(state);
  };

  test('they differ, or they agree; never a tally', () => {
    expect(standing(...positionsDiffer())).toBe(
      'Views differ on criterion 2 (death or serious harm) and whether to notify.',
    );
    expect(standing(...positionsAgree())).toBe('Views agree on every criterion and on whether to notify.');
  });

  test('those who have not answered are not counted among those who agree', () => {
    expect(standing(positionGiven(amara), positionGiven(priya), positionsOpened('chair'))).toBe(
      'Health and Police agree on every criterion and on whether to notify. Social care has given no position.',
    );
    expect(standing(positionGiven(amara), positionsOpened('chair'))).toBe(
      'Only Health has answered. Social care and Police have given no position.',
    );
  });
});

describe('[M47] a draft put back into its form', () => {
  const empty = { view: '', about: ['none'], answers: { place: { finding: '', reason: '' } } };

  test('fills what the form still asks, in its own kind', () => {
    const kept = { view: 'notify', about: ['place'], answers: { place: { finding: 'met', reason: 'Here.' } } };
    expect(restored(empty, kept)).toEqual(kept);
  });

  test('what no longer has a place, or is of another kind, is left out', () => {
    const kept = { view: 7, about: 'place', answers: { place: null, other: {} }, more: 'x' };
    expect(restored(empty, kept)).toEqual(empty);
    expect(restored(empty, null)).toEqual(empty);
    expect(restored(empty, { about: ['place', 3] })).toEqual({ ...empty, about: ['place'] });
  });

  test('[M24] nothing is said of who vouches for words that are withheld: their signature is withheld with them', () => {
    expect(sayVouched({ body: null })).toBe('Whether it is signed with a passkey is withheld with its words');
    expect(sayVouched(story[0])).toBe('Attested by the service');
  });
});
