/** Positions: given by holders, sealed until all are in, opened together, superseded and never edited. */
import { describe, expect, test } from 'vitest';
import {
  submitPosition,
  conflictWarning,
  currentPosition,
  differences,
  sayDifferences,
  unspokenFor,
} from '#schema/position.ts';
import { inWords } from '#schema/in-words.ts';
import { fold, hasCase, type RoomState } from '#schema/room.ts';
import { asReadBy, reveals } from '#schema/sealing.ts';
import { tell } from '#lib/deliberation/tell.ts';
import type { Actor } from '#schema/actor.ts';
import { fieldErrors } from '#schema/fields.ts';
import { packOf } from '#schema/pack.ts';
import { needsOf } from '#schema/work.ts';
import {
  admitted,
  amara,
  answersOf,
  beth,
  decisionFor,
  decisionSigned,
  denis,
  given,
  health,
  holidays,
  joan,
  northbeck,
  notesFrozen,
  notesSaying,
  opened,
  police,
  positionFor,
  positionGiven,
  positionsAgree,
  positionsDiffer,
  positionsOpened,
  priya,
  tomas,
  wren,
} from '../support/rules.ts';

const submit = (view: Parameters<typeof positionFor>[0] = 'notify', whatChanged?: 'new-evidence') =>
  ({ type: 'SubmitPosition', content: positionFor(view), ...(whatChanged ? { whatChanged } : {}) }) as const;
const open = { type: 'OpenPositions', reason: 'The notification is due tomorrow.' } as const;

function inCase(state: RoomState) {
  if (!hasCase(state)) throw new Error('No case was opened');
  return state;
}

describe('giving a position', () => {
  test('[M20] a named holder of a statutory partner gives one', () => {
    given(opened())
      .when(submit(), amara)
      .gives({ type: 'PositionSubmitted', content: positionFor('notify'), whatChanged: null, restsOn: null });
  });

  test.each([joan, denis, wren])('[M20] $role of $agency.name holds no position', (by) => {
    given(opened()).when(submit(), by).isRefused('NoPositionToGive');
  });

  test('[M20] the last partner in opens them all, together', () => {
    given(opened(), positionGiven(amara), positionGiven(tomas))
      .when(submit(), priya)
      .givesTypes('PositionSubmitted', 'PositionsOpened');
    const after = given(opened(), positionGiven(amara), positionGiven(tomas)).when(submit(), priya).recorded();
    expect(after.state.positions.opened).toMatchObject({ because: 'all-in', reason: '' });
  });

  test('[M20] only partners who take part are waited for', () => {
    given(opened([amara, denis]))
      .when(submit(), amara)
      .givesTypes('PositionSubmitted', 'PositionsOpened');
  });

  test('[M20] sent twice: a second position must say what changed', () => {
    const once = given(opened(), positionGiven(amara));
    once.when(submit(), amara).isRefused('WhatChangedMissing');
    once.when(submit('cannot-say-yet', 'new-evidence'), amara).givesTypes('PositionSubmitted');
  });

  test('[M20] a changed position supersedes and keeps the earlier one', () => {
    const after = given(opened(), positionsDiffer()).when(submit('notify', 'new-evidence'), priya).recorded();
    const held = after.state.positions.byAgency[police.id] ?? [];
    expect(held.map(({ content }) => content?.overall.view)).toEqual(['do-not-notify', 'notify']);
    expect(currentPosition(after.state.positions, police.id)?.whatChanged).toBe('new-evidence');
    expect(currentPosition(after.state.positions, 'nobody')).toBeNull();
  });

  test('[M20] positions open once: a change, or a late first position, does not open them again', () => {
    given(opened(), positionsDiffer()).when(submit('notify', 'new-evidence'), priya).givesTypes('PositionSubmitted');
    given(opened(), positionGiven(amara), positionGiven(tomas), positionsOpened('chair', joan))
      .when(submit(), priya)
      .givesTypes('PositionSubmitted');
  });

  test('[M20] none is given after the decision', () => {
    const decided = given(opened(), positionsAgree(), decisionSigned());
    decided
      .when(submit('notify', 'new-evidence'), amara)
      .isRefused('AlreadyDecided', { at: decided.state.decision?.at ?? '' });
  });

  test('[M20] [M13] it rests on the notes as they stood, which are frozen once', () => {
    const notes = notesSaying(7, 'What happened\nA broken arm.');
    const cited = { version: 7, hash: notes.hash };
    const first = given(opened()).when(submit(), amara, { notes });
    first.gives(
      { type: 'NotesFrozen', notes },
      { type: 'PositionSubmitted', content: positionFor('notify'), whatChanged: null, restsOn: cited },
    );
    first.recorded().when(submit(), tomas, { notes }).givesTypes('PositionSubmitted');
    given(opened(), notesFrozen(notes))
      .when(submit(), tomas, { notes: notesSaying(8, 'More.') })
      .givesTypes('NotesFrozen', 'PositionSubmitted');
  });
});

describe('the form', () => {
  test('[M20] each answer and each reason is asked for by name', () => {
    const empty = { finding: '', reason: ' ' };
    const given = submitPosition.safeParse({
      type: 'SubmitPosition',
      content: {
        answers: { 'abuse-or-neglect': empty, 'death-or-serious-harm': empty, place: empty },
        overall: { view: '', reason: '' },
        reputation: {},
      },
    });
    expect(given.error && fieldErrors(given.error)).toEqual({
      'content.answers.abuse-or-neglect.finding': 'Select an answer to criterion 1',
      'content.answers.abuse-or-neglect.reason': 'Give a reason for criterion 1',
      'content.answers.death-or-serious-harm.finding': 'Select an answer to criterion 2',
      'content.answers.death-or-serious-harm.reason': 'Give a reason for criterion 2',
      'content.answers.place.finding': 'Select an answer to criterion 3',
      'content.answers.place.reason': 'Give a reason for criterion 3',
      'content.overall.view': 'Select your overall view',
      'content.overall.reason': 'Give a reason for your overall view',
      'content.reputation.formedPart': 'Select whether organisational reputation formed any part of this',
    });
  });

  test('[M23] a reputation that played a part must be explained', () => {
    const content = positionFor('notify');
    const saying = (explanation: string) =>
      submitPosition.safeParse({
        type: 'SubmitPosition',
        content: { ...content, reputation: { formedPart: 'yes', explanation } },
      });
    expect(saying('Press interest was mentioned.').success).toBe(true);
    const silent = saying('  ');
    expect(silent.error && fieldErrors(silent.error)).toEqual({
      'content.reputation.explanation': 'Explain what part organisational reputation played',
    });
  });
});

describe('opening early', () => {
  test('[M20] the Chair may, with a reason that stands in the record', () => {
    given(opened(), positionGiven(amara))
      .when(open, joan)
      .gives({ type: 'PositionsOpened', because: 'chair', reason: open.reason });
  });

  test('[M20] nobody else may', () => {
    for (const by of admitted.filter((person) => person !== joan)) {
      given(opened(), positionGiven(amara)).when(open, by).isRefused('OnlyTheChair');
    }
  });

  test('[M20] there must be something to open, and it opens once', () => {
    given(opened()).when(open, joan).isRefused('NothingToOpen');
    given(opened(), positionGiven(amara))
      .when(open, joan)
      .recorded()
      .when(open, joan)
      .isRefused('PositionsAlreadyOpen');
  });
});

describe('the seal', () => {
  test('[M20] a sealed position shows that it exists, by whom and when; not what it says', () => {
    const { entries, state } = given(opened(), positionGiven(amara));
    const seen = fold(entries.map((entry) => asReadBy(entry, state, priya)));
    const [sealed] = seen.positions.byAgency[health.id] ?? [];
    expect(sealed).toMatchObject({ by: amara, content: null, whatChanged: null, restsOn: null });
    expect(seen.lastStated).toBe(4);
    expect(JSON.stringify(entries.map((entry) => asReadBy(entry, state, priya)))).not.toContain('The facts so far');
  });

  test("[M20] before opening, only the agency's own people read it", () => {
    const { entries, state } = given(opened(), positionGiven(tomas));
    const given_ = entries[3];
    if (!given_) throw new Error('No position was given');
    for (const reader of admitted) {
      const own = reader.agency.id === tomas.agency.id;
      expect(asReadBy(given_, state, reader).body === null, reader.name).toBe(!own);
      expect(asReadBy(given_, state, reader).salt === null, reader.name).toBe(!own);
    }
    expect(asReadBy(given_, state, denis)).toBe(given_);
  });

  test('[M20] after opening everybody on the case reads all of them, and earlier entries are sent again', () => {
    const { entries, state } = given(opened(), positionsDiffer());
    for (const entry of entries) for (const reader of admitted) expect(asReadBy(entry, state, reader)).toBe(entry);
    expect(entries.filter(reveals).map(({ type }) => type)).toEqual(['PositionsOpened']);
  });

  test('[M20] nothing but a position is ever sealed', () => {
    const { entries, state } = given(opened(), notesFrozen(notesSaying(1, 'Said.')), positionGiven(amara));
    for (const entry of entries.filter(({ type }) => type !== 'PositionSubmitted')) {
      expect(asReadBy(entry, state, wren)).toBe(entry);
    }
  });
});

describe('[M21] where views differ, in words', () => {
  test('sealed positions do not differ yet', () => {
    const sealed = inCase(
      given(opened(), positionGiven(amara), positionGiven(priya, positionFor('do-not-notify'))).state,
    );
    expect(differences(sealed)).toEqual([]);
    expect(sayDifferences(sealed)).toBe('');
  });

  test('each criterion that differs, and the overall view, with who says what', () => {
    const state = inCase(given(opened(), positionsDiffer()).state);
    expect(differences(state)).toEqual([
      {
        about: 'death-or-serious-harm',
        answers: [
          { agency: tomas.agency, says: 'Met' },
          { agency: amara.agency, says: 'Met' },
          { agency: priya.agency, says: 'Not met' },
        ],
      },
      {
        about: 'overall',
        answers: [
          { agency: tomas.agency, says: 'Notify' },
          { agency: amara.agency, says: 'Notify' },
          { agency: priya.agency, says: 'Do not notify' },
        ],
      },
    ]);
    expect(sayDifferences(state)).toBe('Views differ on criterion 2 (death or serious harm) and whether to notify.');
  });

  test('they stop differing when a position changes', () => {
    const after = given(opened(), positionsDiffer()).when(submit('notify', 'new-evidence'), priya).recorded();
    expect(differences(inCase(after.state))).toEqual([]);
  });

  test('"not enough information yet" differs from both answers', () => {
    const unsure = positionFor('cannot-say-yet', 'not-enough-information');
    const state = inCase(
      given(opened([amara, priya]), positionGiven(amara), positionGiven(priya, unsure), positionsOpened()).state,
    );
    expect(differences(state).map(({ about }) => about)).toEqual(['death-or-serious-harm', 'overall']);
  });

  test('a partner who has not answered differs from nobody', () => {
    const state = inCase(given(opened(), positionGiven(amara), positionsOpened('chair', joan)).state);
    expect(differences(state)).toEqual([]);
  });

  test('a list is said as people say it', () => {
    expect([[], ['a'], ['a', 'b'], ['a', 'b', 'c']].map(inWords)).toEqual(['', 'a', 'a and b', 'a, b and c']);
  });
});

describe('[M20] a view that does not follow from the criteria is warned of, not stopped', () => {
  const warned = (answers: ReturnType<typeof answersOf>, view: 'notify' | 'do-not-notify' | 'cannot-say-yet') =>
    conflictWarning({ answers, overall: { view, reason: 'Because.' } });

  test('notify with a criterion not met', () => {
    expect(warned(answersOf('met', { place: 'not-met' }), 'notify')).toBe(
      "Criterion 3 is 'Not met' but the overall view is 'Notify'. Change one, or explain in the overall reason.",
    );
  });
  test('do not notify with every criterion met', () => {
    expect(warned(answersOf('met'), 'do-not-notify')).toContain("Every criterion is 'Met'");
  });
  test('no warning otherwise', () => {
    expect(warned(answersOf('met'), 'notify')).toBe('');
    expect(warned(answersOf('not-enough-information'), 'notify')).toBe('');
    expect(warned(answersOf('met', { place: 'not-enough-information' }), 'do-not-notify')).toBe('');
    expect(warned(answersOf('not-met'), 'cannot-say-yet')).toBe('');
  });
});

describe('[M20] a statutory partner for which nobody can give a position', () => {
  /** Police take no part; Health's only holder has left without answering. */
  const without = [
    ...opened([amara, tomas, denis, beth]),
    {
      by: beth,
      event: {
        type: 'RoleLaidDown',
        person: amara.person,
        name: amara.name,
        agency: health,
        role: 'position-holder',
        why: 'She left.',
        authorisedBy: beth.name,
      },
    },
  ] as const;
  const { state } = given([...without]);

  test('is named, whether it never took part or nobody answers for it any more; one that has answered is not', () => {
    expect(unspokenFor(inCase(state))).toEqual(['Health', 'Police']);
    expect(unspokenFor(inCase(given(opened()).state))).toEqual([]);
    const answered = given(opened([amara, tomas, denis]), positionGiven(amara), without.slice(3));
    expect(unspokenFor(inCase(answered.state))).toEqual(['Police']);
  });

  test('the Chair and the business unit are asked to see to it, and nobody else; not once it is decided', () => {
    const asked = (by: Actor, of = state) =>
      needsOf(inCase(of), by, { holidays }).filter(({ what }) => what.includes('nobody is set up'));
    const police = 'Police: nobody is set up to give a position. See that somebody is';
    for (const by of [joan, beth]) expect(asked(by)).toMatchObject([{}, { what: police, place: 'positions' }]);
    for (const by of [tomas, denis]) expect(asked(by)).toEqual([]);
    expect(asked(joan, given([...without], decisionSigned()).state)).toEqual([]);
  });

  test('never stops the authority, and the decision says so, in the record, the history and the pack', () => {
    const content = decisionFor('notify');
    const signed = given([...without]).when({ type: 'SignDecision', content, read: 4 }, denis);
    signed.gives(
      { type: 'DecisionSigned', content, dissents: [], restsOn: null, unspoken: ['Health', 'Police'] },
      { type: 'RationaleServed', on: [northbeck, health], receiptBy: '2026-11-25' },
    );
    const after = signed.recorded();
    expect(after.state.decision?.unspoken).toEqual(['Health', 'Police']);
    const entry = after.entries[4];
    expect(entry && JSON.stringify(tell(entry, after.entries))).toContain('Police: nobody is set up');
    expect(JSON.stringify(packOf(inCase(after.state)))).toContain('Police: nobody is set up to give a position.');
  });

  test('a decision signed before this was kept says nothing of it', () => {
    expect(given(opened([amara, denis]), decisionSigned()).state.decision?.unspoken).toEqual([]);
  });
});

test('[M20] a change is refused where a colleague gave a position after the form was opened', () => {
  const first = given(opened(), positionGiven(amara));
  const change = { ...submit('notify', 'new-evidence'), replaces: null };
  first.when(change, amara).isRefused('PositionGivenMeanwhile', { by: 'Amara Fenwick' });
  first.when({ ...change, replaces: 4 }, amara).givesTypes('PositionSubmitted');
  given(opened())
    .when({ ...submit(), replaces: 4 }, amara)
    .isRefused('PositionGivenMeanwhile', {});
  given(opened()).when(submit('notify', 'new-evidence'), amara).isRefused('NotAReplacement', { field: 'whatChanged' });
});
