/** The decision: the local authority's alone, never blocked, and never without its dissents. */
import { describe, expect, test } from 'vitest';
import { sayRefusal } from '#lib/words.ts';
import { firstArrangements, type Arrangements } from '#schema/arrangements.ts';
import { decisionContent, mayDecide } from '#schema/decision.ts';
import type { Event } from '#schema/event.ts';
import { fieldErrors } from '#schema/fields.ts';
import { refuse } from '#schema/refusal.ts';
import {
  admitted,
  amara,
  answersOf,
  decisionFor,
  decisionSigned,
  denis,
  dissentAnswered,
  dissentRecorded,
  dissentReviewed,
  education,
  given,
  health,
  northbeck,
  notesFrozen,
  notesSaying,
  opened,
  police,
  positionGiven,
  positionsDiffer,
  priya,
  resolutionAsked,
  resolutionOpened,
  tomas,
} from '../support/rules.ts';

const sign = (read: number, content = decisionFor('notify')) => ({ type: 'SignDecision', content, read }) as const;
/** Served at once on everyone who takes part beside the authority, and on the Chair. */
const served: Event = {
  type: 'RationaleServed',
  on: [northbeck, health, police, education],
  receiptBy: '2026-11-25',
};
const differing = [opened(), positionsDiffer()] as const;

describe('who decides', () => {
  test("[M29] the authority's decision-maker signs", () => {
    const after = given(...differing).when(sign(7), denis);
    after.gives({ type: 'DecisionSigned', content: decisionFor('notify'), dissents: [], restsOn: null }, served);
    expect(after.recorded().state.decision).toMatchObject({ seq: 8, by: denis, dissents: [] });
  });

  test('[M29] nobody else does, whatever their role or agency', () => {
    for (const by of admitted.filter((person) => person !== denis)) {
      given(...differing)
        .when(sign(7), by)
        .isRefused('OnlyTheAuthorityDecides');
    }
    const elsewhere = { ...denis, agency: health };
    expect(mayDecide(elsewhere)).toBe(false);
    given(opened([amara, elsewhere]))
      .when(sign(3), elsewhere)
      .isRefused('OnlyTheAuthorityDecides');
  });

  test('[M29] signed twice is refused and the first stands', () => {
    given(...differing, decisionSigned())
      .when(sign(8), denis)
      .isRefused('AlreadyDecided');
  });
});

describe('what stops it', () => {
  test('[M22] a dissent that is not answered, by the name of its agency', () => {
    given(...differing, dissentRecorded(priya), dissentRecorded(amara), dissentAnswered(9))
      .when(sign(10), denis)
      .isRefused('DissentUnanswered', { agencies: ['Police'] });
  });

  test('[M22] nothing else about a dissent: answered, maintained, eased', () => {
    const answered = [...differing, dissentRecorded(priya), dissentAnswered(8)];
    given(...answered)
      .when(sign(9), denis)
      .givesTypes('DecisionSigned', 'RationaleServed');
    for (const standing of ['maintained', 'eased'] as const) {
      given(...answered, dissentReviewed(priya, 8, standing))
        .when(sign(10), denis)
        .gives({ type: 'DecisionSigned', content: decisionFor('notify'), dissents: [8], restsOn: null }, served);
    }
  });

  test('[M22] a position or dissent that the signer has not read', () => {
    given(opened(), positionGiven(amara)).when(sign(3), denis).isRefused('SomethingChanged', { seq: 4 });
    given(...differing, dissentRecorded(priya))
      .when(sign(7), denis)
      .isRefused('SomethingChanged', { seq: 8 });
    given(...differing, dissentRecorded(priya), dissentAnswered(8), dissentReviewed(priya, 8, 'maintained'))
      .when(sign(9), denis)
      .isRefused('SomethingChanged', { seq: 10 });
  });

  test("[M29] not the authority's own answer, nor a resolution step, nor frozen notes", () => {
    given(...differing, dissentRecorded(priya), dissentAnswered(8))
      .when(sign(8), denis)
      .givesTypes('DecisionSigned', 'RationaleServed');
    given(...differing, resolutionAsked(), resolutionOpened)
      .when(sign(7), denis)
      .givesTypes('DecisionSigned', 'RationaleServed');
    given(opened(), notesFrozen(notesSaying(1, 'Said.')))
      .when(sign(0), denis)
      .givesTypes('DecisionSigned', 'RationaleServed');
  });

  test('[M30] a review day that is not in the future', () => {
    const reviewedOn = (reviewOn: string) => ({ ...decisionFor('do-not-notify'), reviewOn });
    for (const day of ['2026-11-22', '2026-11-23']) {
      given(...differing)
        .when(sign(7, reviewedOn(day)), denis)
        .isRefused('DateInThePast', { field: 'content.reviewOn' });
    }
    given(...differing)
      .when(sign(7, reviewedOn('2026-11-24')), denis)
      .givesTypes('DecisionSigned', 'RationaleServed');
  });

  test('[M30] [CK10] a review day later than the months that the partnership has agreed', () => {
    const reviewedOn = (reviewOn: string) => ({ ...decisionFor('do-not-notify'), reviewOn });
    const { state } = given(...differing);
    expect(state.case?.arrangements.clocks.firstLookWithin).toBe(3);
    for (const day of ['2027-02-24', '2099-01-05']) {
      given(...differing)
        .when(sign(7, reviewedOn(day)), denis)
        .isRefused('TooFarAhead', { field: 'content.reviewOn', until: '2027-02-23' });
    }
    const signed = given(...differing).when(sign(7, reviewedOn('2027-02-23')), denis);
    signed.givesTypes('DecisionSigned', 'RationaleServed');
    signed
      .recorded()
      .when(sign(7, reviewedOn('2027-02-23')), denis)
      .isRefused('AlreadyDecided');
    expect(sayRefusal(refuse('TooFarAhead', { field: 'content.reviewOn', until: '2027-02-23' }))).toBe(
      'Enter a date on or before Tuesday 23 February 2027',
    );
  });

  test('[M30] [CK10] a decision signed for a later day, before there was a last one, still folds', () => {
    const { by, event } = decisionSigned([], 'do-not-notify');
    if (event.type !== 'DecisionSigned') throw new Error('It signs the decision');
    const content = { ...event.content, reviewOn: '2099-01-05' };
    expect(given(opened(), { by, event: { ...event, content } }).state.decision?.content.reviewOn).toBe('2099-01-05');
  });

  test('[M30] [CK10] a case keeps the months that it was opened under; one from before there were any has three', () => {
    const { clocks, ...rest } = firstArrangements;
    const { firstLookWithin, ...older } = clocks;
    const arrangementsWith = (clocks: object) => ({ ...rest, clocks }) as Arrangements;
    const openedUnder = (clocks: object) =>
      given(
        [opened()]
          .flat()
          .map(({ by, event }) =>
            event.type === 'CaseOpened'
              ? { by, event: { ...event, arrangements: arrangementsWith(clocks) } }
              : { by, event },
          ),
      );
    const until = (clocks: object) => openedUnder(clocks).state.case?.arrangements.clocks.firstLookWithin;
    expect(until(older)).toBe(firstLookWithin);
    expect(until({ ...clocks, firstLookWithin: 1 })).toBe(1);
    openedUnder({ ...clocks, firstLookWithin: 1 })
      .when(sign(1, { ...decisionFor('do-not-notify'), reviewOn: '2026-12-24' }), denis)
      .isRefused('TooFarAhead', { until: '2026-12-23' });
  });
});

describe('what it carries', () => {
  test('[M22] every live dissent by its entry, and no withdrawn one', () => {
    const history = [
      ...differing,
      dissentRecorded(priya),
      dissentRecorded(amara),
      dissentAnswered(8),
      dissentAnswered(9),
      dissentReviewed(priya, 8, 'withdrawn'),
    ];
    const after = given(...history)
      .when(sign(12), denis)
      .recorded();
    expect(after.state.decision?.dissents).toEqual([9]);
  });

  test('[M29] it does not wait for positions: sealed ones open with it, before it', () => {
    const after = given(opened(), positionGiven(amara), positionGiven(tomas)).when(sign(5), denis);
    after.givesTypes('PositionsOpened', 'DecisionSigned', 'RationaleServed');
    expect(after.recorded().state.positions.opened).toMatchObject({ because: 'decision', reason: '' });
  });

  test('[M29] with no position at all there is nothing to open', () => {
    given(opened()).when(sign(0), denis).givesTypes('DecisionSigned', 'RationaleServed');
  });

  test('[M13] the notes it rests on, frozen unless they already are', () => {
    const notes = notesSaying(3, 'What happened');
    const cited = { version: 3, hash: notes.hash };
    given(...differing)
      .when(sign(7), denis, { notes })
      .gives(
        { type: 'NotesFrozen', notes },
        { type: 'DecisionSigned', content: decisionFor('notify'), dissents: [], restsOn: cited },
        served,
      );
    given(...differing, notesFrozen(notes))
      .when(sign(7), denis, { notes })
      .givesTypes('DecisionSigned', 'RationaleServed');
  });
});

describe('[M30] the written rationale', () => {
  const problems = (other: object) => {
    const { error } = decisionContent.safeParse({ ...decisionFor('do-not-notify'), ...other });
    return error ? fieldErrors(error) : {};
  };
  test('a reason on every criterion, a rationale, and what was weighed', () => {
    const blank = answersOf('met');
    const answers = { ...blank, place: { ...blank.place, reason: '' } };
    expect(problems({ answers, rationale: '', weighed: ['each-criterion'] })).toEqual({
      'answers.place.reason': 'Give a reason for criterion 3',
      rationale: 'Give the written rationale',
      weighed: 'Confirm what you have weighed',
    });
  });
  test('"do not notify" says when it will be looked at again; "notify" need not', () => {
    const reviewOn = 'Enter the date this will be looked at again';
    expect(problems({ reviewOn: null })).toEqual({ reviewOn });
    expect(problems({ reviewOn: '2026-02-30' })).toEqual({ reviewOn });
    expect(problems({ outcome: 'notify', reviewOn: null })).toEqual({});
  });
  test('[M23] the reputation question, explained where it played a part', () => {
    expect(problems({ reputation: { formedPart: 'yes', explanation: '' } })).toEqual({
      'reputation.explanation': 'Explain what part organisational reputation played',
    });
  });
  test('a field that is not known is refused by its name', () => {
    expect(problems({ tally: 3 })).toEqual({ tally: 'This field is not known' });
  });
});

describe('[M29] decide by a date', () => {
  const later = (decideBy: string) =>
    ({ type: 'DeferDecision', decideBy, waitingFor: 'The second scan, from Health.' }) as const;
  test('inside the clock, and what it waits for is said', () => {
    const after = given(...differing).when(later('2026-11-26'), denis);
    after.gives({ type: 'DecisionDeferred', decideBy: '2026-11-26', waitingFor: 'The second scan, from Health.' });
    expect(after.recorded().state).toMatchObject({ decision: null, deferred: { decideBy: '2026-11-26' } });
    after.recorded().when(sign(8), denis).givesTypes('DecisionSigned', 'RationaleServed');
  });
  test('not beyond the last day to notify, not in the past, and by nobody else', () => {
    const when = (decideBy: string, by = denis) => given(...differing).when(later(decideBy), by);
    when('2026-11-27').givesTypes('DecisionDeferred');
    when('2026-11-28').isRefused('OutsideTheClock', { notifyBy: '2026-11-27' });
    when('2026-11-22').isRefused('DateInThePast', { field: 'decideBy' });
    when('2026-11-26', tomas).isRefused('OnlyTheAuthorityDecides');
  });
  test('not once it is decided', () => {
    given(...differing, decisionSigned())
      .when(later('2026-11-26'), denis)
      .isRefused('AlreadyDecided');
  });
});

test('[M29] the decision stands in the record beside what each partner said', () => {
  const { state } = given(...differing, dissentRecorded(priya), dissentAnswered(8), decisionSigned([8]));
  expect(state.decision?.dissents).toEqual(state.dissents.map(({ seq }) => seq));
  expect(Object.keys(state.positions.byAgency).length).toBe(3);
});
