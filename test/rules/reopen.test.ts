/** Reopening: new evidence begins a new round with a new clock, and the first decision stays whole. */
import { describe, expect, test } from 'vitest';
import { tell } from '#lib/deliberation/tell.ts';
import { serviceClock, type Actor } from '#schema/actor.ts';
import { duesOf } from '#schema/due.ts';
import { fieldErrors } from '#schema/fields.ts';
import { packOf } from '#schema/pack.ts';
import { mayReopen, reopenCase, reopenDecision } from '#schema/reopen.ts';
import { registerRow } from '#schema/register.ts';
import { needsOf } from '#schema/work.ts';
import { fold, hasCase } from '#schema/room.ts';
import { asReadBy } from '#schema/sealing.ts';
import { statusOf } from '#schema/status.ts';
import {
  amara,
  caseReopened,
  decisionFor,
  decisionServed,
  decisionSigned,
  denis,
  disagreement,
  dissentAnswered,
  dissentRecorded,
  given,
  joan,
  mina,
  notified,
  opened,
  otto,
  police,
  positionFor,
  positionGiven,
  positionsDiffer,
  positionsOpened,
  priya,
  tomas,
  wren,
  type Happened,
  holidays,
} from '../support/rules.ts';

const evidence = 'A second scan shows older injuries.';
const reopen = (other: object = {}) =>
  ({
    type: 'ReopenCase',
    evidence,
    knownOn: '2028-11-17',
    knownBy: 'The hospital',
    awareOn: '2028-11-20',
    ...other,
  }) as const;
const later = { today: '2028-11-21' };
/** Not notified, Police disagreeing: the decision is entry 10. */
const decided = [
  opened(),
  positionsDiffer(),
  dissentRecorded(priya),
  dissentAnswered(8),
  decisionSigned([8], 'do-not-notify'),
] as const;
const reopened = [...decided, caseReopened(10)] as const;

describe('[M36] new evidence reopens a decided case', () => {
  test('what is new, when it was known and by whom, and a clock of its own', () => {
    given(...decided)
      .when(reopen(), amara, later)
      .gives({
        type: 'CaseReopened',
        evidence,
        knownOn: '2028-11-17',
        knownBy: 'The hospital',
        awareOn: '2028-11-20',
        notifyBy: '2028-11-27',
        decision: 10,
      });
  });

  test('by anybody who works on the case, the Chair or the decision-maker; an adviser tells one of them', () => {
    for (const by of [amara, tomas, priya, wren, denis, joan]) {
      given(...decided)
        .when(reopen(), by, later)
        .givesTypes('CaseReopened');
    }
    given(...decided)
      .when(reopen(), otto, later)
      .isRefused('NotYourRole');
    expect(mayReopen(mina)).toBe(false);
    given(opened([amara, tomas, priya, denis, mina]), decisionSigned([], 'do-not-notify'))
      .when(reopen(), mina, later)
      .isRefused('NotYourRole', { role: 'legal-adviser' });
  });

  test('not before there is a decision, nor while a decision to notify stands', () => {
    given(opened()).when(reopen(), amara, later).isRefused('NotDecided');
    given(opened(), decisionSigned()).when(reopen(), amara, later).isRefused('NotificationStands');
  });

  test('sent twice is refused: the round it began is not decided yet', () => {
    given(...decided)
      .when(reopen(), amara, later)
      .recorded()
      .when(reopen(), amara, later)
      .isRefused('NotDecided');
  });

  test('not with a day in the future, nor with what the authority knew before it decided', () => {
    const when = (other: object) => given(...decided).when(reopen(other), amara, later);
    when({ knownOn: '2028-11-22' }).isRefused('DateInTheFuture', { field: 'knownOn' });
    when({ awareOn: '2028-11-22' }).isRefused('DateInTheFuture', { field: 'awareOn' });
    when({ knownOn: '2026-11-20', awareOn: '2026-11-22' }).isRefused('KnownBeforeDecision', {
      field: 'awareOn',
      decidedOn: '2026-11-23',
    });
    when({ knownOn: '2028-11-21' }).isRefused('AwareBeforeKnown', { knownOn: '2028-11-21' });
    when({ knownOn: '2026-11-20', awareOn: '2026-11-23' }).givesTypes('CaseReopened');
  });

  test('a form left empty says what to enter', () => {
    const { error } = reopenCase.safeParse({ type: 'ReopenCase' });
    expect(error && fieldErrors(error)).toEqual({
      evidence: 'Say what is new',
      knownOn: 'Enter the date it became known, like 27 3 2026',
      knownBy: 'Say who it became known to',
      awareOn: 'Enter the date the local authority became aware of it, like 27 3 2026',
    });
  });
});

describe('[M36] the first round stays whole', () => {
  const first = given(...decided).state;
  const { state, entries } = given(...reopened);

  test('positions, disagreement and the decision, as they stood, with its own day and clock', () => {
    const { positions, dissents, resolutions, decision } = first;
    expect(state.earlier).toMatchObject([
      {
        number: 1,
        awareOn: '2026-11-20',
        notifyBy: '2026-11-27',
        reopened: null,
        positions,
        dissents,
        resolutions,
        deferred: null,
        decision,
        notification: null,
        rapidReview: null,
      },
    ]);
    expect(state.reopened).toMatchObject({ seq: 11, by: amara, decision: 10, evidence });
  });

  test('the new round begins with nothing said and a new clock', () => {
    expect(state).toMatchObject({ decision: null, dissents: [], resolutions: [] });
    expect(state.positions).toEqual({ opened: null, byAgency: {} });
    expect(state.case).toMatchObject({ notifyBy: '2028-11-27', details: { awareOn: '2028-11-20' } });
  });

  test('[M20] what partners said in it stays open to read; the new round is sealed again', () => {
    const second = given(...reopened, positionGiven(amara));
    const read = second.entries.map((entry) => asReadBy(entry, second.state, priya));
    expect(read.filter(({ body }) => body === null).map(({ seq }) => seq)).toEqual([12]);
    expect(fold(read).earlier).toEqual(second.state.earlier);
    expect(entries.map((entry) => asReadBy(entry, state, priya))).toEqual(entries);
  });

  test('[M44] history tells a position of the new round as given, not changed', () => {
    const second = given(...reopened, positionGiven(amara), positionGiven(amara));
    const titles = second.entries.map((entry) => tell(entry, second.entries).title);
    expect(titles.slice(10)).toEqual([
      'Case reopened with new information',
      'Health gave its position',
      'Health changed its position',
    ]);
  });
});

describe('[M22] [M36] reopening silences nobody about the decision before', () => {
  const dissent = (decision?: number) =>
    ({ type: 'RecordDissent', content: disagreement, ...(decision ? { decision } : {}) }) as const;
  const answer = { type: 'AnswerDissent', dissent: 11, response: 'We weighed it.' } as const;
  const review = { type: 'ReviewDissent', dissent: 11, standing: 'maintained', reason: 'Having read it.' } as const;
  /** Health disagreed after signing, as entry 11; the case is reopened the next day, as entry 12. */
  const unanswered = [...decided, dissentRecorded(amara), caseReopened(10, '2026-11-24', '2026-12-01')] as const;
  const then = { today: '2026-11-24' };
  const firstOf = ({ state }: ReturnType<typeof given>) => state.earlier[0]?.dissents.map(({ seq }) => seq);
  const asked = ({ state }: ReturnType<typeof given>, by: Actor) =>
    hasCase(state) ? needsOf(state, by, { holidays }).filter(({ place }) => place === 'earlier') : [];

  test('disagreement recorded after signing is answered and reviewed in its own round, and asked for there', () => {
    const before = given(...unanswered);
    expect(asked(before, denis)).toMatchObject([{ what: "Answer Health's disagreement", at: 'dissent-11' }]);
    const answered = before.when(answer, denis, then);
    answered.gives({ type: 'DissentAnswered', dissent: 11, response: 'We weighed it.' });
    answered.recorded().when(answer, denis, then).isRefused('DissentAlreadyAnswered');
    expect(asked(answered.recorded(), denis)).toEqual([]);
    expect(asked(answered.recorded(), amara)).toMatchObject([{ what: 'Say whether you still disagree' }]);
    const reviewed = answered.recorded().when(review, amara, then).recorded();
    expect(reviewed.state.earlier[0]?.dissents[1]).toMatchObject({
      answer: { response: 'We weighed it.' },
      review: { standing: 'maintained' },
    });
    expect(reviewed.state.dissents).toEqual([]);
    before.when({ ...answer, dissent: 99 }, denis, then).isRefused('NoSuchDissent');
  });

  test('a partner still inside its days records disagreement with it, sealed as the new round is', () => {
    given(...unanswered)
      .when(dissent(), priya, then)
      .isRefused('PositionsStillSealed');
    const said = given(...unanswered).when(dissent(10), priya, then);
    said.gives({ type: 'DissentRecorded', content: disagreement, decision: 10 });
    expect(firstOf(said.recorded())).toEqual([8, 11, 13]);
    expect(said.recorded().state.earlier[0]?.dissents[2]).toMatchObject({ by: priya, afterDecision: true });
    expect(said.recorded().state).toMatchObject({ dissents: [], lastStated: 13 });
    given(...unanswered)
      .when(dissent(10), priya, { today: '2026-12-01' })
      .isRefused('DissentTooLate', { until: '2026-11-30' });
    given(...unanswered)
      .when(dissent(9), priya, then)
      .isRefused('NotDecided');
    given(...unanswered)
      .when(dissent(10), denis, then)
      .isRefused('NotYourRole');
  });

  test('naming the decision that stands is the same as naming none', () => {
    const named = given(...decided).when(dissent(10), priya);
    named.gives({ type: 'DissentRecorded', content: disagreement });
    expect(named.recorded().state.dissents.map(({ seq }) => seq)).toEqual([8, 11]);
  });

  test('it holds up neither the new decision, nor is it lost with another reopening', () => {
    given(...unanswered)
      .when({ type: 'SignDecision', content: decisionFor('notify'), read: 12 }, denis, then)
      .givesTypes('DecisionSigned', 'RationaleServed');
    const twice = given(...unanswered, decisionSigned([], 'do-not-notify'), caseReopened(13));
    expect(twice.when(answer, denis, later).recorded().state.earlier[0]?.dissents[1]?.answer).not.toBeNull();
  });

  test('[M33] its reasons may be asked for, by whoever might before, and are answered where they are read', () => {
    const ask = (decision?: number) =>
      ({
        type: 'RequestRationale',
        grounds: 'Why was it not notified?',
        due: '2028-12-01',
        ...(decision ? { decision } : {}),
      }) as const;
    const first = { grounds: 'Why was it not notified?', due: '2028-12-01', decision: 10 };
    for (const command of [ask(), ask(10)]) {
      const said = given(...reopened).when(command, joan, later);
      said.gives({ type: 'RationaleRequested', ...first });
      expect(asked(said.recorded(), denis)).toMatchObject([{ place: 'earlier', at: 'request-12' }]);
    }
    const both = given(...reopened, decisionSigned([], 'notify'));
    both.when(ask(), joan, later).gives({ type: 'RationaleRequested', ...first, decision: 12 });
    both.when(ask(10), joan, later).gives({ type: 'RationaleRequested', ...first });
    both.when(ask(11), joan, later).isRefused('NotDecided');
    given(opened()).when(ask(), joan, later).isRefused('NotDecided');
  });

  test('[M32] a receipt that is still owed is asked for where that decision is read', () => {
    const served = given(...decided, decisionServed(), caseReopened(10));
    expect(asked(served, amara)).toMatchObject([{ place: 'earlier', at: 'receipt-10' }]);
    const confirmed = served.when({ type: 'ConfirmReceipt', decision: 10 }, amara, later).recorded();
    expect(asked(confirmed, amara)).toEqual([]);
  });
});

describe('[M36] what belongs to the case does not stand in the way of a new round', () => {
  const made = { by: joan };
  const route = { type: 'LearningRouteChosen', route: 'audit', owner: police.id, reason: 'Practice.' } as const;
  const learnt = [
    { ...made, event: route },
    { ...made, event: { type: 'LearningClosed', learned: 'To ask again.' } },
  ] as const;
  const begun = {
    ...made,
    event: {
      type: 'PracticeReviewBegun',
      decidedOn: '2026-11-23',
      due: '2029-05-23',
      scope: 'All of it.',
      without: '',
      withoutNotification: true,
    },
  } as const;
  const room = ({ state }: ReturnType<typeof given>) => {
    if (!hasCase(state)) throw new Error('No case');
    return state;
  };

  test('[M35] learning that was closed opens again, and how it was closed is kept', () => {
    const again = given(...decided, ...learnt, caseReopened(10), decisionSigned([], 'do-not-notify'));
    expect(again.state.learning).toMatchObject({ closed: null, closedBefore: [{ learned: 'To ask again.' }] });
    expect(statusOf(room(again))).toBe('learning');
    expect(registerRow(room(again)).learning).toMatchObject({ closedAt: null });
    const action = { type: 'AddLearningAction', what: 'Look again.', owner: police.id, due: '2028-12-01' } as const;
    again.when(action, joan, later).givesTypes('LearningActionAdded');
    const closed = again.when({ type: 'CloseLearning', learned: 'More.' }, joan, later).recorded();
    expect(statusOf(room(closed))).toBe('learning-closed');
    expect(needsOf(room(closed), denis, { holidays }).map(({ what }) => what)).toContain(
      'Look again at the decision not to notify',
    );
  });

  test('[M25] a decision to notify shows as one, whatever learning or review came before', () => {
    for (const before of [learnt, [begun]]) {
      const again = given(...decided, ...before, caseReopened(10), decisionSigned([], 'notify'));
      expect(statusOf(room(again))).toBe('notified');
      const sent = again.when(
        { type: 'RecordNotification', sentOn: '2028-11-21', sentAt: '09:00', reference: 'SIN-2', sentBy: 'Denis' },
        denis,
        later,
      );
      expect(statusOf(room(sent.recorded()))).toBe('rapid-review');
    }
    expect(statusOf(room(given(...decided, begun, caseReopened(10), decisionSigned([], 'do-not-notify'))))).toBe(
      'practice-review',
    );
  });

  test('[M34] [M35] a review and an action under way go on while the new round is undecided', () => {
    const action = {
      ...made,
      event: { type: 'LearningActionAdded', what: 'Ask.', owner: police.id, due: '2028-12-01' },
    };
    const again = given(...decided, begun, learnt[0], action as Happened, caseReopened(10));
    again
      .when({ type: 'CompleteLearningAction', action: 13, doneOn: '2028-11-20', how: 'Done.' }, priya, later)
      .givesTypes('LearningActionDone');
    again.when({ type: 'PlanPublication', publishOn: '2028-12-20' }, joan, later).givesTypes('PublicationPlanned');
    again.when({ type: 'CloseLearning', learned: 'Nothing yet.' }, joan, later).isRefused('NotDecided');
  });

  test('[M36] a case that was handed over and accepted is ours again: its clock runs, ends, and asks', () => {
    const handed = { type: 'HandedOver', authority: 'Southmoor', spokenTo: 'Ada', on: '2026-11-23', reference: '' };
    const accepted = { type: 'HandOverAccepted', acceptedBy: 'Ada', on: '2026-11-23', reference: 'Mail' };
    const history = [
      ...opened(),
      { by: denis, event: handed },
      { by: denis, event: accepted },
      decisionSigned([], 'do-not-notify'),
      caseReopened(6),
    ] as Happened[];
    const again = given(history);
    expect(statusOf(room(again))).toBe('reopened');
    expect(again.state.handOvers).toEqual([]);
    expect(again.state.earlier[0]?.handOvers).toHaveLength(1);
    expect(duesOf(room(again), { holidays }).flatMap(({ command }) => command ?? [])).toEqual([
      { type: 'PassLimit', limit: 'notify' },
      { type: 'PassLimit', limit: 'positions' },
    ]);
    expect(needsOf(room(again), priya, { holidays }).map(({ what }) => what)).toContain("Give Police's position");
    again.when({ type: 'PassLimit', limit: 'notify' }, serviceClock, { today: '2028-11-28' }).givesTypes('LimitPassed');
    again
      .when(
        { type: 'HandOver', authority: 'Southmoor', spokenTo: 'Ada', on: '2028-11-21', reference: '' },
        denis,
        later,
      )
      .givesTypes('HandedOver');
  });
});

describe('[M36] the new decision stands beside the first', () => {
  const again = [
    ...reopened,
    positionGiven(amara),
    positionGiven(tomas),
    positionGiven(priya),
    positionsOpened(),
  ] as const;

  test('the signer must have read what is new', () => {
    given(...reopened)
      .when({ type: 'SignDecision', content: decisionFor('notify'), read: 10 }, denis, later)
      .isRefused('SomethingChanged', { seq: 11 });
    given(...reopened)
      .when({ type: 'SignDecision', content: decisionFor('notify'), read: 11 }, denis, later)
      .recorded();
  });

  test('both are in the record, each with its own disagreement', () => {
    const { state } = given(...again, decisionSigned([], 'notify'));
    expect(state.earlier.map(({ decision }) => decision?.content.outcome)).toEqual(['do-not-notify']);
    expect(state.decision).toMatchObject({ seq: 16, content: { outcome: 'notify' }, dissents: [] });
  });

  test('the register counts it as retrospective once it is decided to notify', () => {
    const row = (situation: ReturnType<typeof given>) => {
      if (!hasCase(situation.state)) throw new Error('No case');
      return { ...registerRow(situation.state), status: statusOf(situation.state) };
    };
    expect(row(given(...decided))).toMatchObject({ retrospective: false, status: 'not-notified' });
    expect(row(given(...reopened))).toMatchObject({
      retrospective: false,
      status: 'reopened',
      decidedAt: null,
      notifyBy: '2028-11-27',
    });
    expect(row(given(...reopened, positionGiven(amara)))).toMatchObject({ status: 'positions-sealed' });
    expect(row(given(...again, decisionSigned([], 'notify')))).toMatchObject({ retrospective: true });
    expect(row(given(...again, decisionSigned([], 'do-not-notify')))).toMatchObject({ retrospective: false });
  });

  test('it may be reopened again: each round keeps its number', () => {
    const { state } = given(
      ...again,
      decisionSigned([], 'do-not-notify'),
      caseReopened(16, '2029-03-05', '2029-03-12'),
    );
    expect(state.earlier.map(({ number, reopened }) => [number, reopened?.seq ?? null])).toEqual([
      [1, null],
      [2, 11],
    ]);
  });
});

test('[M29] nobody has read beyond the end of the record', () => {
  given(opened(), positionGiven(amara, positionFor('notify')))
    .when({ type: 'SignDecision', content: decisionFor('notify'), read: 5 }, denis)
    .isRefused('ReadBeyondRecord', { seq: 4 });
});

describe('[M29] a decision to notify is taken up again before it is sent', () => {
  const reason = 'The second consultant finds an illness, and no harm.';
  const again = { type: 'ReopenDecision', reason } as const;
  /** To notify, Police disagreeing: the decision is entry 10. */
  const toNotify = [
    opened(),
    positionsDiffer(),
    dissentRecorded(priya),
    dissentAnswered(8),
    decisionSigned([8]),
  ] as const;
  const takenUp = given(...toNotify)
    .when(again, denis)
    .recorded();
  const sign = (outcome: 'notify' | 'do-not-notify', read: number) =>
    ({ type: 'SignDecision', content: { ...decisionFor(outcome), reviewOn: '2027-01-20' }, read }) as const;

  test('with what has come to light, and nothing else', () => {
    given(...toNotify)
      .when(again, denis)
      .gives({ type: 'DecisionReopened', reason, decision: 10 });
    const { error } = reopenDecision.safeParse({ type: 'ReopenDecision', reason: ' ' });
    expect(error && fieldErrors(error)).toEqual({
      reason: 'Say what has come to light since you signed, and from whom',
    });
  });

  test('and stands as being decided again, which is not reopened: nothing new began', () => {
    const stands = ({ state }: ReturnType<typeof given>) => hasCase(state) && registerRow(state).status;
    expect(stands(given(...toNotify))).toBe('notified');
    expect(stands(takenUp)).toBe('decided-again');
    expect(stands(given(...reopened))).toBe('reopened');
    expect(stands(takenUp.when({ type: 'SubmitPosition', content: positionFor('notify') }, amara).recorded())).toBe(
      'positions-sealed',
    );
  });

  test('by whoever may sign one; everybody else tells them what is new', () => {
    for (const by of [amara, tomas, priya, wren, joan]) {
      given(...toNotify)
        .when(again, by)
        .isRefused('OnlyTheAuthorityDecides');
    }
  });

  test('not before it is signed, nor where it is not to notify, nor once it is sent; sent twice is refused', () => {
    given(opened()).when(again, denis).isRefused('NotDecided');
    given(...decided)
      .when(again, denis)
      .isRefused('DecidedNotToNotify');
    given(opened(), notified()).when(again, denis).isRefused('AlreadyNotified', { reference: 'SIN-1' });
    takenUp.when(again, denis).isRefused('NotDecided');
  });

  test('the clock goes on: the same day of awareness, the same last day, and what passed stays passed', () => {
    const { state } = takenUp;
    expect(state.case).toMatchObject({ details: { awareOn: '2026-11-20' }, notifyBy: '2026-11-27' });
    expect(hasCase(state) && duesOf(state, { holidays }).map(({ subject }) => subject)).toContain(
      'notify last-morning of 2026-11-27, round of entry 1',
    );
    const missed = { by: serviceClock, event: { type: 'LimitPassed', limit: 'notify', day: '2026-11-27' } } as const;
    given(...toNotify, missed)
      .when(again, denis, { today: '2026-11-30' })
      .recorded()
      .when({ type: 'PassLimit', limit: 'notify' }, serviceClock, { today: '2026-11-30' })
      .isRefused('LimitAlreadyPassed');
  });

  test('the first decision stays whole, positions are asked for again, and everyone can disagree with either', () => {
    const { state } = takenUp;
    expect(state.earlier).toMatchObject([{ number: 1, decision: { seq: 10 }, dissents: [{ seq: 8 }] }]);
    expect(state).toMatchObject({ decision: null, dissents: [], positions: { opened: null, byAgency: {} } });
    if (!hasCase(state)) throw new Error('No case');
    expect(needsOf(state, amara, { holidays }).map(({ what }) => what)).toContain("Give Health's position");
    takenUp
      .when({ type: 'RecordDissent', content: disagreement, decision: 10 }, amara)
      .gives({ type: 'DissentRecorded', content: disagreement, decision: 10 });
  });

  test('the next is signed like any other: everything read, each disagreement answered, served on everyone', () => {
    takenUp.when(sign('do-not-notify', 10), denis).isRefused('SomethingChanged');
    takenUp.when(sign('do-not-notify', 11), denis).givesTypes('DecisionSigned', 'RationaleServed');
    const disputed = given(...toNotify, { by: denis, event: { type: 'DecisionReopened', reason, decision: 10 } }, [
      ...positionsDiffer(),
      dissentRecorded(priya),
    ]);
    disputed.when(sign('do-not-notify', disputed.state.seq), denis).isRefused('DissentUnanswered');
  });

  test('how the case was raised may be corrected again, to a day before the decision too', () => {
    const details = { ...takenUp.state.case?.details, awareOn: '2026-11-19' };
    takenUp
      .when({ type: 'CorrectRaised', details: details as never, reason: 'The log shows it.' }, amara)
      .givesTypes('RaisedCorrected', 'ClockRecounted');
  });

  test('the pack of the next decision tells of this one as what it was', () => {
    const signed = takenUp.when(sign('notify', 11), denis).recorded().state;
    expect(hasCase(signed) && JSON.stringify(packOf(signed))).toContain('Yes: notify, signed Monday 23 November 2026');
  });

  test('the history says so in words', () => {
    const last = takenUp.entries.at(-1);
    expect(last && tell(last, takenUp.entries)).toMatchObject({
      title: 'Decision to notify taken up again before it was sent',
      lines: [{ words: reason }, { words: 'It stands as it was signed (entry 10)' }, {}],
    });
  });
});
