/** Forms said as their questions, and the steps after a decision as a list in plain words. */
import { describe, expect, test } from 'vitest';
import { emptyOf, orNull, sayAnswer, shownOf, textAt, writeAt, type Question } from '#lib/deliberation/asked.ts';
import { stepsOf } from '#lib/deliberation/steps.ts';
import { hasCase } from '#schema/room.ts';
import { decisionServed, decisionSigned, given, holidays, notified, opened, today } from '../support/rules.ts';

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
      next: 'To the Panel by Monday 14 December 2026 (15 working days left).',
    });
  });
});
