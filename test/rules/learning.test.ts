/** Learning: its route, its owner, its actions, and its close. */
import { describe, expect, test } from 'vitest';
import { chooseLearningRoute } from '#schema/learning.ts';
import { fieldErrors } from '#schema/fields.ts';
import { registerRow } from '#schema/register.ts';
import { hasCase } from '#schema/room.ts';
import { statusOf } from '#schema/status.ts';
import { needsOf } from '#schema/work.ts';
import {
  amara,
  caseReopened,
  dissentAnswered,
  dissentRecorded,
  decisionSigned,
  denis,
  given,
  health,
  joan,
  opened,
  police,
  priya,
  socialCare,
  wren,
  type Happened,
  holidays,
} from '../support/rules.ts';

const choose = (other: object = {}) =>
  ({
    type: 'ChooseLearningRoute',
    route: 'thematic-review',
    owner: health.id,
    reason: 'Seen before.',
    ...other,
  }) as const;
const add = (other: object = {}) =>
  ({
    type: 'AddLearningAction',
    what: 'Ask again when a visit is missed.',
    owner: health.id,
    due: '2026-12-18',
    ...other,
  }) as const;
const done = (other: object = {}) =>
  ({ type: 'CompleteLearningAction', action: 6, doneOn: '2026-11-23', how: 'Staff were told.', ...other }) as const;
const close = { type: 'CloseLearning', learned: 'Missed visits are followed up.' } as const;

const notNotified = [opened(), decisionSigned([], 'do-not-notify')] as const;
const route: Happened = {
  by: joan,
  event: { type: 'LearningRouteChosen', route: 'thematic-review', owner: health.id, reason: 'Seen before.' },
};
const action: Happened = {
  by: joan,
  event: {
    type: 'LearningActionAdded',
    what: 'Ask again when a visit is missed.',
    owner: health.id,
    due: '2026-12-18',
  },
};
const withAction = [...notNotified, route, action] as const;

function room(situation: ReturnType<typeof given>) {
  if (!hasCase(situation.state)) throw new Error('No case');
  return situation.state;
}

describe('[M35] a route and its owner', () => {
  test('chosen by the group once the authority has decided', () => {
    for (const by of [joan, amara, priya, wren]) {
      given(...notNotified)
        .when(choose(), by)
        .gives({ type: 'LearningRouteChosen', route: 'thematic-review', owner: health.id, reason: 'Seen before.' });
    }
    given(...notNotified)
      .when(choose(), denis)
      .isRefused('NotYourRole');
    given(opened()).when(choose(), joan).isRefused('NotDecided');
    given(...notNotified)
      .when(choose({ owner: '0'.repeat(32) }), joan)
      .isRefused('NotOnThisCase', { field: 'owner' });
    const { error } = chooseLearningRoute.safeParse({ type: 'ChooseLearningRoute', owner: health.id });
    expect(error && fieldErrors(error)).toEqual({
      route: 'Select how learning will be taken from this case',
      reason: 'Give the reason for this route',
    });
  });
  test('a new route stands beside the one before it', () => {
    const { state } = given(...notNotified, route)
      .when(choose({ route: 'audit', owner: police.id }), joan)
      .recorded();
    expect(state.learning.routes.map(({ route, owner }) => [route, owner])).toEqual([
      ['thematic-review', health.id],
      ['audit', police.id],
    ]);
  });
  test('it is shown in the status and in the register', () => {
    expect(statusOf(room(given(...notNotified, route)))).toBe('learning');
    expect(registerRow(room(given(...withAction))).learning).toEqual({
      route: 'thematic-review',
      owner: 'Health',
      open: 1,
      nextDue: '2026-12-18',
      closedAt: null,
    });
    expect(registerRow(room(given(...notNotified))).learning).toBeNull();
  });
});

describe('[M35] actions', () => {
  test('what, whose and by when; asked of its owner until it is done', () => {
    const after = given(...notNotified, route).when(add(), joan);
    after.gives({
      type: 'LearningActionAdded',
      what: 'Ask again when a visit is missed.',
      owner: health.id,
      due: '2026-12-18',
    });
    const needs = (situation: ReturnType<typeof given>, by: typeof amara) =>
      needsOf(room(situation), by, { holidays }).filter(({ place }) => place === 'learning');
    expect(needs(after.recorded(), amara)).toMatchObject([
      { what: 'Action: Ask again when a visit is missed.', due: '2026-12-18' },
    ]);
    expect(needs(after.recorded(), priya)).toEqual([]);
    expect(
      needs(
        given(...withAction)
          .when(done(), amara)
          .recorded(),
        amara,
      ),
    ).toEqual([]);
  });
  test('not before a route is chosen, nor due in the past, nor for somebody not on the case', () => {
    given(...notNotified)
      .when(add(), joan)
      .isRefused('LearningRouteMissing');
    const when = (other: object) => given(...notNotified, route).when(add(other), joan);
    when({ due: '2026-11-22' }).isRefused('DateInThePast', { field: 'due' });
    when({ owner: '0'.repeat(32) }).isRefused('NotOnThisCase');
    when({ owner: socialCare.id }).givesTypes('LearningActionAdded');
  });
  test('done once, on a day that can be, by its owner or the group', () => {
    given(...withAction)
      .when(done(), amara)
      .gives({ type: 'LearningActionDone', action: 6, doneOn: '2026-11-23', how: 'Staff were told.' });
    given(...withAction)
      .when(done(), denis)
      .isRefused('NotYourRole');
    given(...withAction)
      .when(done({ action: 5 }), joan)
      .isRefused('NoSuchAction');
    given(...withAction)
      .when(done({ doneOn: '2026-11-24' }), joan)
      .isRefused('DateInTheFuture', { field: 'doneOn' });
    given(...withAction)
      .when(done({ doneOn: '2026-11-19' }), joan)
      .isRefused('BeforeItCouldBe', { field: 'doneOn', from: '2026-11-20' });
    given(...withAction, caseReopened(4))
      .when(done({ doneOn: '2026-11-20' }), joan, { today: '2028-11-21' })
      .givesTypes('LearningActionDone');
    given(...withAction)
      .when(done(), amara)
      .recorded()
      .when(done(), amara)
      .isRefused('ActionAlreadyDone');
  });
});

describe('[M35] closing', () => {
  test('with what was learned, once every action is done', () => {
    given(...withAction)
      .when(close, joan)
      .isRefused('ActionsStillOpen', { open: 1 });
    const closed = given(...withAction)
      .when(done(), amara)
      .recorded()
      .when(close, joan);
    closed.gives({ type: 'LearningClosed', learned: 'Missed visits are followed up.' });
    expect(statusOf(room(closed.recorded()))).toBe('learning-closed');
    closed.recorded().when(close, joan).isRefused('LearningAlreadyClosed');
    closed.recorded().when(add(), joan).isRefused('LearningAlreadyClosed');
  });
  test('not where no route was chosen', () => {
    given(...notNotified)
      .when(close, joan)
      .isRefused('LearningRouteMissing');
  });
});

test('[M22] [M35] learning is not closed while somebody who disagreed, with any decision, has no reasons', () => {
  const unanswered = given(...notNotified, route, dissentRecorded(priya));
  unanswered.when(close, joan).isRefused('DisagreementAwaitsReasons', { agencies: ['Police'] });
  given(...notNotified, route, dissentRecorded(priya), dissentAnswered(6))
    .when(close, joan)
    .givesTypes('LearningClosed');
  given(...notNotified, route, dissentRecorded(priya), caseReopened(4), decisionSigned([], 'do-not-notify'))
    .when(close, joan)
    .isRefused('DisagreementAwaitsReasons', { agencies: ['Police'] });
});
