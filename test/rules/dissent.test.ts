/** Dissent: a partner's own words, that nobody else can touch, that the authority must answer. */
import { describe, expect, test } from 'vitest';
import { dissentUntil, mayDissentNow } from '#lib/deliberation/standing.ts';
import { firstArrangements } from '#schema/arrangements.ts';
import { hasCase } from '#schema/room.ts';
import { disagreeing, dissenting, isLive, mayDissent, recordDissent, type Standing } from '#schema/dissent.ts';
import { fieldErrors } from '#schema/fields.ts';
import { sayDissent } from '#schema/generated.ts';
import { sayCriteria } from '#schema/position.ts';
import {
  admitted,
  amara,
  at,
  decisionSigned,
  denis,
  disagreement,
  dissentAnswered,
  dissentRecorded,
  dissentReviewed,
  given,
  health,
  holidays,
  joan,
  opened,
  police,
  positionGiven,
  positionsDiffer,
  priya,
  tomas,
  underArrangements,
  wren,
} from '../support/rules.ts';

const record = { type: 'RecordDissent', content: disagreement } as const;
const answer = (dissent: number) => ({ type: 'AnswerDissent', dissent, response: 'We weighed it.' }) as const;
const review = (dissent: number, standing: Standing = 'maintained') =>
  ({ type: 'ReviewDissent', dissent, standing, reason: 'Having read the answer.' }) as const;

/** Police have dissented, as entry 8. */
const dissented = [opened(), positionsDiffer(), dissentRecorded(priya)] as const;
const answered = [...dissented, dissentAnswered(8)] as const;

describe('recording dissent', () => {
  test('[M22] a statutory partner records it in its own words', () => {
    const after = given(opened(), positionsDiffer()).when(record, priya);
    after.gives({ type: 'DissentRecorded', content: disagreement });
    expect(after.recorded().state.dissents).toMatchObject([
      { seq: 8, by: priya, content: disagreement, afterDecision: false, answer: null, review: null },
    ]);
  });

  test('[M22] about whether to notify alone: a partner may agree about each criterion and not about what follows', () => {
    const content = { ...disagreement, about: ['overall' as const] };
    const { state } = given(opened(), positionsDiffer())
      .when({ ...record, content }, priya)
      .recorded();
    const [dissent] = state.dissents;
    expect(dissent && hasCase(state) && sayDissent(dissent, state.case)).toContain(
      'Police disagrees about whether to notify.',
    );
    const { criteriaSet } = state.case ?? {};
    expect(criteriaSet && sayCriteria(['overall', 'place'], criteriaSet)).toBe(
      'criterion 3 (place) and whether to notify',
    );
  });

  test.each([tomas, wren, denis, joan])('[M22] $role of $agency.name does not dissent', (by) => {
    given(opened(), positionsDiffer()).when(record, by).isRefused('NotYourRole', { role: by.role });
    expect(mayDissent(by)).toBe(false);
  });

  test('[M20] not while positions are sealed: there is nothing yet to disagree with', () => {
    given(opened(), positionGiven(priya)).when(record, priya).isRefused('PositionsStillSealed');
  });

  test('[M22] after the decision, even if positions never opened', () => {
    const after = given(opened(), decisionSigned()).when(record, priya).recorded();
    expect(after.state.dissents).toMatchObject([{ afterDecision: true }]);
  });

  test('[M22] sent again it is a second disagreement, each to be answered; nothing is merged or lost', () => {
    const twice = given(...dissented)
      .when(record, priya)
      .recorded();
    expect(twice.state.dissents.map(({ seq }) => seq)).toEqual([8, 9]);
    expect(dissenting(twice.state.dissents)).toEqual([police]);
    expect(disagreeing(twice.state)).toEqual(['Police']);
  });

  test('[M22] until the fifth working day after signing, to midnight in London', () => {
    const decided = given(opened(), at('2026-11-23T16:00:00Z', decisionSigned()));
    decided.when(record, priya, { now: '2026-11-30T23:59:59Z' }).givesTypes('DissentRecorded');
    decided.when(record, priya, { now: '2026-12-01T00:00:00Z' }).isRefused('DissentTooLate', { until: '2026-11-30' });
  });

  test('[M22] or for as many working days as the case was opened under, and no screen offers more', () => {
    const agreed = { ...firstArrangements, clocks: { ...firstArrangements.clocks, dissentWithin: 2 } };
    const decided = given(underArrangements(agreed), at('2026-11-23T16:00:00Z', decisionSigned()));
    decided.when(record, priya, { today: '2026-11-25' }).givesTypes('DissentRecorded');
    decided.when(record, priya, { today: '2026-11-26' }).isRefused('DissentTooLate', { until: '2026-11-25' });
    const { state } = decided;
    if (!hasCase(state)) throw new Error('No case');
    expect(dissentUntil(state, holidays)).toBe('2026-11-25');
    expect(mayDissentNow(state, priya, '2026-11-25', holidays)).toBe(true);
    expect(mayDissentNow(state, priya, '2026-11-26', holidays)).toBe(false);
  });

  test('[M22] signed at 00:30 on a summer night counts from that day in London, not from the day before in UTC', () => {
    const decided = given(opened(), at('2026-07-01T23:30:00Z', decisionSigned()));
    decided.when(record, priya, { now: '2026-07-09T22:59:59Z' }).givesTypes('DissentRecorded');
    decided.when(record, priya, { now: '2026-07-09T23:00:00Z' }).isRefused('DissentTooLate', { until: '2026-07-09' });
  });

  test('[M22] the form asks what about and why', () => {
    const empty = recordDissent.safeParse({ type: 'RecordDissent', content: { about: [], statement: '' } });
    expect(empty.error && fieldErrors(empty.error)).toEqual({
      'content.about': 'Select what you disagree about',
      'content.statement': 'Say what you disagree with and why',
    });
  });
});

describe('answering it', () => {
  test("[M22] the authority's decision-maker answers, beside the words and never in them", () => {
    const after = given(...dissented).when(answer(8), denis);
    after.gives({ type: 'DissentAnswered', dissent: 8, response: 'We weighed it.' });
    expect(after.recorded().state.dissents).toMatchObject([
      { content: disagreement, answer: { seq: 9, by: denis, response: 'We weighed it.' } },
    ]);
  });

  test('[M22] nobody else answers for the authority', () => {
    for (const by of admitted.filter((person) => person !== denis)) {
      given(...dissented)
        .when(answer(8), by)
        .isRefused('OnlyTheAuthorityDecides');
    }
    const elsewhere = { ...denis, agency: health };
    given(opened([amara, tomas, priya, wren, elsewhere]), positionsDiffer(), dissentRecorded(priya))
      .when(answer(8), elsewhere)
      .isRefused('OnlyTheAuthorityDecides');
  });

  test('[M22] only a dissent can be answered', () => {
    for (const seq of [1, 7, 9])
      given(...dissented)
        .when(answer(seq), denis)
        .isRefused('NoSuchDissent', { dissent: seq });
  });

  test('[M22] sent twice: the first answer stands', () => {
    given(...answered)
      .when(answer(8), denis)
      .isRefused('DissentAlreadyAnswered', { dissent: 8 });
  });

  test('[M22] one recorded after the decision is answered too', () => {
    given(opened(), decisionSigned(), dissentRecorded(priya)).when(answer(5), denis).givesTypes('DissentAnswered');
  });
});

describe('reviewing it', () => {
  test.each(['maintained', 'eased', 'withdrawn'] as const)('[M22] once answered, its owner says: %s', (standing) => {
    const after = given(...answered).when(review(8, standing), priya);
    after.gives({ type: 'DissentReviewed', dissent: 8, standing, reason: 'Having read the answer.' });
    const [dissent] = after.recorded().state.dissents;
    expect(dissent && isLive(dissent)).toBe(standing !== 'withdrawn');
    expect(dissent?.content).toEqual(disagreement);
  });

  test('[M22] nobody reviews the dissent of another agency', () => {
    for (const by of admitted.filter((person) => person !== priya)) {
      given(...answered)
        .when(review(8, 'withdrawn'), by)
        .isRefused('NotYourDissent');
    }
  });

  test('[M22] another holder of the same agency may, when they are on the case', () => {
    const deputy = { ...priya, person: 'e'.repeat(32), name: 'Ada Stone' };
    given(opened([amara, tomas, priya, deputy, denis]), positionsDiffer(), dissentRecorded(priya), dissentAnswered(8))
      .when(review(8), deputy)
      .givesTypes('DissentReviewed');
  });

  test('[M22] not before it is answered, and only one that exists', () => {
    given(...dissented)
      .when(review(8), priya)
      .isRefused('DissentNotAnswered', { dissent: 8 });
    given(...dissented)
      .when(review(4), priya)
      .isRefused('NoSuchDissent', { dissent: 4 });
  });

  test('[M22] a review may be followed by another; the last one counts', () => {
    const after = given(...answered)
      .when(review(8, 'eased'), priya)
      .recorded()
      .when(review(8), priya)
      .recorded();
    expect(after.state.dissents).toMatchObject([{ review: { standing: 'maintained', seq: 11 } }]);
  });

  test('[M22] a withdrawn dissent stays withdrawn; to disagree again is a new one', () => {
    const withdrawn = given(...answered, dissentReviewed(priya, 8, 'withdrawn'));
    for (const standing of ['maintained', 'eased', 'withdrawn'] as const) {
      withdrawn.when(review(8, standing), priya).isRefused('DissentWithdrawn', { dissent: 8 });
    }
    withdrawn.when(record, priya).givesTypes('DissentRecorded');
  });
});

test('[M22] agencies that disagree are each named once, and not once they withdraw', () => {
  const both = given(...dissented, dissentRecorded(amara), dissentRecorded(priya));
  expect(disagreeing(both.state)).toEqual(['Police', 'Health']);
  const one = given(...answered, dissentReviewed(priya, 8, 'withdrawn'), dissentRecorded(amara));
  expect(disagreeing(one.state)).toEqual(['Health']);
  expect(dissenting(one.state.dissents)).toEqual([health]);
});
