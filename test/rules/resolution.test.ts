/** Resolution: the step that differing views open, asked for by partners and led by the Chair. */
import { describe, expect, test } from 'vitest';
import { fieldErrors } from '#schema/fields.ts';
import { mayAskForResolution, recordOutcome, requestResolution } from '#schema/resolution.ts';
import { emptyRoom, fold } from '#schema/room.ts';
import {
  admitted,
  amara,
  decisionSigned,
  denis,
  given,
  idris,
  joan,
  mina,
  opened,
  outcomeRecorded,
  positionGiven,
  positionsAgree,
  positionsDiffer,
  priya,
  record,
  resolutionAsked,
  resolutionOpened,
  tomas,
  wren,
} from '../support/rules.ts';

const asked = { question: 'Was the harm serious?', tried: ['spoke-directly' as const] };
const ask = { type: 'RequestResolution' as const, ...asked };
const open = { type: 'OpenResolution' } as const;
const outcome = {
  type: 'RecordOutcome',
  outcome: 'not-agreed',
  commonGround: 'The facts.',
  pointsAtIssue: 'What follows from them.',
} as const;
const differing = [opened(), positionsDiffer()] as const;

describe('asking for it', () => {
  test.each([amara, tomas, priya, wren, joan])('[M25] $agency.name may ask', (by) => {
    given(...differing)
      .when(ask, by)
      .gives({ type: 'ResolutionRequested', ...asked });
  });

  test('[M25] the decision-maker, contributors and advisers do not', () => {
    given(...differing)
      .when(ask, denis)
      .isRefused('NotYourRole', { role: 'decision-maker' });
    for (const by of [denis, idris, mina]) expect(mayAskForResolution(by)).toBe(false);
  });

  test('[M25] views must be open and must differ', () => {
    given(opened(), positionGiven(amara)).when(ask, priya).isRefused('PositionsStillSealed');
    given(opened(), positionsAgree()).when(ask, priya).isRefused('ViewsDoNotDiffer');
  });

  test('[M25] not once the authority has decided', () => {
    given(...differing, decisionSigned())
      .when(ask, priya)
      .isRefused('AlreadyDecided');
  });

  test('[M25] sent twice, or while one is open, it is refused', () => {
    given(...differing, resolutionAsked())
      .when(ask, priya)
      .isRefused('ResolutionAlreadyAsked');
    given(...differing, resolutionAsked(), resolutionOpened)
      .when(ask, priya)
      .isRefused('ResolutionAlreadyAsked');
  });

  test('[M25] once recorded, and views still differ, another step may be asked for; the first is kept', () => {
    const again = given(...differing, resolutionAsked(), resolutionOpened, outcomeRecorded())
      .when(ask, priya)
      .recorded();
    expect(again.state.resolutions.map(({ status }) => status)).toEqual(['recorded', 'asked']);
  });

  test('the form asks for a question and what was tried', () => {
    const empty = requestResolution.safeParse({ type: 'RequestResolution', question: '', tried: [] });
    expect(empty.error && fieldErrors(empty.error)).toEqual({
      question: 'Enter what the session should settle',
      tried: 'Select what you have tried already',
    });
  });
});

describe('opening it', () => {
  const waiting = given(...differing, resolutionAsked());
  test('[M26] the Chair opens it', () => {
    const after = waiting.when(open, joan);
    after.gives({ type: 'ResolutionOpened' });
    expect(after.recorded().state.resolutions).toMatchObject([{ status: 'open', openedBy: joan, askedBy: wren }]);
  });
  test('[M26] nobody else does', () => {
    for (const by of admitted.filter((person) => person !== joan)) waiting.when(open, by).isRefused('OnlyTheChair');
  });
  test('[M26] only one that was asked for, once, before the decision', () => {
    given(...differing)
      .when(open, joan)
      .isRefused('ResolutionNotAsked');
    waiting.when(open, joan).recorded().when(open, joan).isRefused('ResolutionAlreadyOpen');
    given(...differing, resolutionAsked(), decisionSigned())
      .when(open, joan)
      .isRefused('AlreadyDecided');
    given(...differing, resolutionAsked(), resolutionOpened, outcomeRecorded())
      .when(open, joan)
      .isRefused('ResolutionNotAsked');
  });
});

describe('recording what it settled', () => {
  const underWay = [...differing, resolutionAsked(), resolutionOpened] as const;
  test('[M28] the Chair records the outcome, the common ground and the points at issue', () => {
    const after = given(...underWay).when(outcome, joan);
    const { type: _, ...said } = outcome;
    after.gives({ type: 'OutcomeRecorded', ...said });
    expect(after.recorded().state.resolutions).toMatchObject([{ status: 'recorded', ...said }]);
  });
  test('[M28] nobody else does', () => {
    for (const by of admitted.filter((person) => person !== joan)) {
      given(...underWay)
        .when(outcome, by)
        .isRefused('OnlyTheChair');
    }
  });
  test('[M28] only while it is open, once', () => {
    given(...differing)
      .when(outcome, joan)
      .isRefused('ResolutionNotOpen');
    given(...differing, resolutionAsked())
      .when(outcome, joan)
      .isRefused('ResolutionNotOpen');
    given(...underWay, outcomeRecorded())
      .when(outcome, joan)
      .isRefused('ResolutionNotOpen');
  });
  test('[M28] a step that was open when the authority signed may still be recorded', () => {
    given(...underWay, decisionSigned())
      .when(outcome, joan)
      .givesTypes('OutcomeRecorded');
  });
  test('the form asks for each part', () => {
    const empty = recordOutcome.safeParse({ type: 'RecordOutcome' });
    expect(empty.error && fieldErrors(empty.error)).toEqual({
      outcome: 'Select the outcome',
      commonGround: 'Say what is common ground',
      pointsAtIssue: 'Say what is still at issue, or "None"',
    });
  });
});

test('an opening or outcome with nothing asked for makes nothing true', () => {
  expect(fold(record([resolutionOpened, outcomeRecorded()]), emptyRoom).resolutions).toEqual([]);
});
