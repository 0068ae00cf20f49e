/** Reopening: new evidence begins a new round with a new clock, and the first decision stays whole. */
import { describe, expect, test } from 'vitest';
import { tell } from '#lib/deliberation/tell.ts';
import { fieldErrors } from '#schema/fields.ts';
import { mayReopen, reopenCase } from '#schema/reopen.ts';
import { registerRow } from '#schema/register.ts';
import { asReadBy, fold, hasCase, statusOf } from '#schema/room.ts';
import {
  amara,
  caseReopened,
  decisionFor,
  decisionSigned,
  denis,
  dissentAnswered,
  dissentRecorded,
  dissentReviewed,
  given,
  joan,
  mina,
  opened,
  otto,
  positionFor,
  positionGiven,
  positionsDiffer,
  positionsOpened,
  priya,
  tomas,
  wren,
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

  test('a dissent of the first round is not touched in the second', () => {
    const inSecond = given(...reopened);
    inSecond
      .when({ type: 'ReviewDissent', dissent: 8, standing: 'withdrawn', reason: 'Later.' }, priya)
      .isRefused('NoSuchDissent');
    inSecond.when({ type: 'AnswerDissent', dissent: 8, response: 'Again.' }, denis).isRefused('NoSuchDissent');
    const withdrawnLate = given(...reopened, dissentReviewed(priya, 8, 'withdrawn'));
    expect(withdrawnLate.state.earlier).toEqual(state.earlier);
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
