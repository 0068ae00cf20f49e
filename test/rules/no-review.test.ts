/** The partners decide not to hold a practice review: why, what those who would hold one are told, and who is served. */
import { describe, expect, test } from 'vitest';
import { stepsOf } from '#lib/deliberation/steps.ts';
import { tell } from '#lib/deliberation/tell.ts';
import { declinePracticeReview } from '#schema/no-review.ts';
import { fieldErrors } from '#schema/fields.ts';
import { hasCase } from '#schema/room.ts';
import { needsOf } from '#schema/work.ts';
import type { Actor } from '#schema/actor.ts';
import {
  amara,
  caseReopened,
  decisionSigned,
  denis,
  education,
  given,
  health,
  holidays,
  joan,
  northbeck,
  opened,
  police,
  priya,
  socialCare,
  today,
  tomas,
  wren,
} from '../support/rules.ts';

const reason = 'What can be learned is learned by an audit of both services.';
const decline = (other: object = {}) =>
  ({ type: 'DeclinePracticeReview', decidedOn: today, reason, without: '', against: '', ...other }) as const;
const answer = { answer: 'no', reason: 'Nothing of it is shown.' } as const;
const viewOf = (by: Actor, view: 'hold' | 'do-not-hold') =>
  ({
    by,
    event: {
      type: 'ReviewViewGiven',
      matrix: { L1: answer, L2: answer, L3: answer, L4: answer },
      view,
      reason: 'As each part says.',
    },
  }) as const;
const decided = [opened(), decisionSigned([], 'do-not-notify')] as const;
const allAgainst = [...decided, ...[amara, tomas, priya].map((by) => viewOf(by, 'do-not-hold'))] as const;
const policeWants = [
  ...decided,
  viewOf(amara, 'do-not-hold'),
  viewOf(tomas, 'do-not-hold'),
  viewOf(priya, 'hold'),
] as const;

describe('[M34] the partners decide not to hold a practice review', () => {
  test('why, served on every agency that takes part, the authority too, and the Chair', () => {
    given(...allAgainst)
      .when(decline(), joan)
      .gives(
        { type: 'PracticeReviewDeclined', decidedOn: today, reason, without: '', against: '' },
        {
          type: 'RationaleServed',
          on: [northbeck, health, socialCare, police, education],
          receiptBy: '2026-11-25',
          what: 'no-review',
        },
      );
  });

  test('by the Chair, the business unit, or who speaks for a statutory partner', () => {
    for (const by of [joan, amara, tomas, priya])
      given(...allAgainst)
        .when(decline(), by)
        .givesTypes('PracticeReviewDeclined', 'RationaleServed');
    for (const by of [wren, denis])
      given(...allAgainst)
        .when(decline(), by)
        .isRefused('NotYourRole');
  });

  test('not before the authority has decided, nor with a day to come or before anybody knew', () => {
    given(opened()).when(decline(), joan).isRefused('NotDecided');
    given(...allAgainst)
      .when(decline({ decidedOn: '2026-11-24' }), joan)
      .isRefused('DateInTheFuture', { field: 'decidedOn' });
    given(...allAgainst)
      .when(decline({ decidedOn: '2026-11-19' }), joan)
      .isRefused('BeforeItCouldBe', { field: 'decidedOn', from: '2026-11-20' });
  });

  test('a partner without a view is named, and it is said why this goes on without it', () => {
    const silent = given(...decided, viewOf(amara, 'do-not-hold'), viewOf(tomas, 'do-not-hold'));
    silent.when(decline(), joan).isRefused('ReviewViewsMissing', { agencies: ['Police'], field: 'without' });
    silent
      .when(decline({ without: 'Asked three times.' }), joan)
      .givesTypes('PracticeReviewDeclined', 'RationaleServed');
  });

  test('a partner that would hold one is answered; where all would, nobody decides it for them', () => {
    given(...policeWants)
      .when(decline(), joan)
      .isRefused('WantedUnanswered', { agencies: ['Police'], field: 'against' });
    given(...policeWants)
      .when(decline({ against: 'The audit covers what Police asks.' }), joan)
      .givesTypes('PracticeReviewDeclined', 'RationaleServed');
    const allWant = given(...decided, ...[amara, tomas, priya].map((by) => viewOf(by, 'hold')));
    allWant
      .when(decline({ against: 'No.' }), joan)
      .isRefused('PartnersDecidedOtherwise', { agencies: ['Social care', 'Health', 'Police'] });
    allWant.when(decline({ against: 'We spoke.' }), tomas).givesTypes('PracticeReviewDeclined', 'RationaleServed');
  });

  const declined = given(...allAgainst)
    .when(decline(), joan)
    .recorded();

  test('sent twice is refused; views may still change, and one may still begin', () => {
    declined.when(decline(), joan).isRefused('ReviewAlreadyDeclined', { at: `${today}T12:00:00.000000Z` });
    declined
      .when(
        { type: 'BeginPracticeReview', decidedOn: today, scope: reason, without: '', against: 'The Panel asks.' },
        tomas,
      )
      .recorded()
      .when(decline(), joan)
      .isRefused('PracticeReviewBegun');
  });

  test('new evidence asks the question anew', () => {
    const again = given(
      ...allAgainst,
      { by: joan, event: { type: 'PracticeReviewDeclined', decidedOn: today, reason, without: '', against: '' } },
      caseReopened(4),
    );
    expect(again.state.life.practiceReview).toBe('not-begun');
  });

  test('a form left empty says what to enter', () => {
    const { error } = declinePracticeReview.safeParse({ type: 'DeclinePracticeReview' });
    expect(error && fieldErrors(error)).toMatchObject({
      decidedOn: 'Enter the date the partners decided, like 27 3 2026',
      reason: 'Say why no local practice review is held',
    });
  });

  test('everyone is asked to read why, and the steps and the history say it', () => {
    const { state, entries } = declined;
    if (!hasCase(state)) throw new Error('No case');
    expect(needsOf(state, tomas, { holidays })).toContainEqual(
      expect.objectContaining({
        what: 'Read why no practice review is held and confirm that you have it',
        place: 'practice-review',
        at: 'receipt-8',
      }),
    );
    expect(stepsOf(state, today, holidays)).toContainEqual(
      expect.objectContaining({ stands: 'Decided on Monday 23 November 2026 that none is held.' }),
    );
    expect(entries.slice(7).map((entry) => tell(entry, entries).title)).toEqual([
      'The partners decided not to hold a local practice review',
      'Why no practice review is held was served on Northbeck, Health, Social care, Police and Education',
    ]);
  });
});
