/** Forms said as their questions, and the steps after a decision as a list in plain words. */
import { describe, expect, test } from 'vitest';
import { emptyOf, orNull, sayAnswer, shownOf, textAt, writeAt, type Question } from '#lib/deliberation/asked.ts';
import { stepsOf } from '#lib/deliberation/steps.ts';
import { hasCase } from '#schema/room.ts';
import {
  decisionServed,
  decisionSigned,
  given,
  health,
  holidays,
  joan,
  notified,
  opened,
  police,
  today,
} from '../support/rules.ts';

const questions: Question[] = [
  { path: 'matrix.L1.answer', label: 'First', as: 'one', options: [{ value: 'yes', label: 'Yes' }] },
  { path: 'matrix.L1.reason', label: 'Why', as: 'text' },
  { path: 'says', label: 'Says', as: 'some', options: [{ value: 'agrees', label: 'Agrees' }] },
  { path: 'on', label: 'Day', as: 'day', optional: true },
  { path: 'by', label: 'Who', as: 'line', starts: 'Denis' },
  { path: 'to', label: 'To whom', as: 'line', when: ({ by }) => by === 'Amara' },
];
const [first, , says, day] = questions as [Question, Question, Question, Question];

describe('a form said as its questions', () => {
  test('holds each answer where the command has it, empty or as it starts', () => {
    expect(emptyOf(questions)).toEqual({
      matrix: { L1: { answer: '', reason: '' } },
      says: [],
      on: '',
      by: 'Denis',
      to: '',
    });
  });
  test('is written and read by path, and asks only what applies', () => {
    const values = emptyOf(questions);
    expect(shownOf(questions, values).map(({ path }) => path)).not.toContain('to');
    writeAt(values, 'matrix.L1.answer', 'yes');
    writeAt(values, 'by', 'Amara');
    expect(textAt(values, 'matrix.L1.answer')).toBe('yes');
    expect(shownOf(questions, values).map(({ path }) => path)).toContain('to');
  });
  test('an answer to check reads in words, never as what is sent', () => {
    const values = emptyOf(questions);
    expect(sayAnswer(says, values)).toBe('None');
    expect(sayAnswer(day, values)).toBe('Nothing entered');
    writeAt(values, 'matrix.L1.answer', 'yes');
    writeAt(values, 'says', ['agrees']);
    writeAt(values, 'on', '2026-11-23');
    expect([first, says, day].map((question) => sayAnswer(question, values))).toEqual([
      'Yes',
      'Agrees',
      'Monday 23 November 2026',
    ]);
    expect([orNull(''), orNull('2026-11-23')]).toEqual([null, '2026-11-23']);
  });
});

describe('what happens next', () => {
  const steps = (...history: Parameters<typeof given>) => {
    const { state } = given(...history);
    return hasCase(state) ? stepsOf(state, today, holidays) : [];
  };
  test('[M32] [M33] nothing before the decision; then only the steps that apply', () => {
    expect(steps(opened())).toEqual([]);
    expect(steps(opened(), decisionSigned([], 'do-not-notify')).map(({ title }) => title)).toEqual([
      'Partners have the decision',
      'Local practice review',
      'Learning',
    ]);
    expect(steps(opened(), notified()).map(({ title }) => title)).toEqual([
      'Partners have the decision',
      'Notification',
      'Rapid review',
      'Local practice review',
    ]);
  });
  test('[M30] who has not confirmed receipt is named, the Chair by title', () => {
    const [served] = steps(opened(), decisionSigned(), decisionServed());
    expect(served?.next).toBe(
      'Independent Chair, Health, Police and Education confirm receipt by Wednesday 25 November 2026 (2 working days left).',
    );
  });
  test('[M33] a rapid review under way names the returns that are missing', () => {
    const review = steps(opened(), notified()).find(({ title }) => title === 'Rapid review');
    expect(review).toMatchObject({
      stands: 'Under way. Returns missing from Health, Social care, Police and Education.',
      next: 'The local authority or the business unit sends it to the Panel by Monday 14 December 2026 (15 working days left).',
    });
  });
  test('[M35] whose the next action is, whichever was added first', () => {
    const action = (owner: typeof health, due: string) => ({
      by: joan,
      event: { type: 'LearningActionAdded', what: 'Ask again.', owner: owner.id, due } as const,
    });
    const route = { type: 'LearningRouteChosen', route: 'audit', owner: health.id, reason: 'Seen before.' } as const;
    const history = [decisionSigned([], 'do-not-notify'), { by: joan, event: route }];
    const last = (...actions: ReturnType<typeof action>[]) => steps(opened(), ...history, ...actions).at(-1)?.next;
    expect(last()).toBe('No action is open.');
    expect(last(action(health, '2026-12-18'), action(police, '2026-11-30'))).toBe(
      'Police does the next action by Monday 30 November 2026 (5 working days left).',
    );
  });
  test('[M34] who publishes a practice review, and who must have the report before', () => {
    const begun = {
      type: 'PracticeReviewBegun',
      decidedOn: '2026-11-23',
      scope: 'Missed visits.',
      without: '',
      due: '2027-05-23',
      withoutNotification: true,
    } as const;
    const planned = { type: 'PublicationPlanned', publishOn: '2027-03-15', sendBy: '2027-03-04' } as const;
    const history = [opened(), decisionSigned([], 'do-not-notify'), { by: joan, event: begun }] as const;
    const next = (...more: Parameters<typeof given>) =>
      steps(...history, ...more).find(({ title }) => title === 'Local practice review')?.next;
    expect(next()).toMatch(/^The partners publish it by Sunday 23 May 2027/);
    expect(next({ by: joan, event: planned })).toMatch(
      /^They send the report to the Panel and the Secretary of State by Thursday 4 March 2027 .+ The partners publish it on Monday 15 March 2027\.$/,
    );
  });
});
