/** Deadlines: five working days to notify, five to dissent after signing, said with what is left. */
import { describe, expect, test } from 'vitest';
import { dissentBy, notifyBy, sayLeft, sayNotifyBy } from '#schema/clock.ts';
import { holidays } from '../support/rules.ts';

describe('[M10] how long there is', () => {
  test('five working days to notify, from the day the authority became aware', () => {
    expect(notifyBy('2026-09-29', holidays)).toMatchObject({ start: '2026-09-29', count: 5, due: '2026-10-06' });
  });
  test('[M22] five working days to dissent, from the day of signing', () => {
    expect(dissentBy('2026-12-22', 5, holidays)).toMatchObject({ start: '2026-12-22', count: 5, due: '2026-12-31' });
  });
  test('over the nights the clocks change, days are days', () => {
    expect(notifyBy('2026-03-27', holidays).due).toBe('2026-04-07');
    expect(notifyBy('2026-10-23', holidays).due).toBe('2026-10-30');
  });
});

describe('[M10] how it is said', () => {
  const deadline = notifyBy('2026-09-29', holidays);
  test('the case bar', () => {
    expect(sayNotifyBy(deadline, '2026-10-02', holidays)).toBe(
      'Notify by Tuesday 6 October 2026 (2 working days left)',
    );
  });
  test.each([
    ['2026-09-29', '5 working days left'],
    ['2026-10-03', '2 working days left'],
    ['2026-10-05', '1 working day left'],
    ['2026-10-06', 'due today'],
    ['2026-10-07', 'passed 1 working day ago'],
    ['2026-10-10', 'passed 3 working days ago'],
    ['2026-10-12', 'passed 4 working days ago'],
  ])('on %s: %s', (today, said) => {
    expect(sayLeft(deadline.due, today, holidays)).toBe(said);
  });
  test('with only days off before or since', () => {
    expect(sayLeft('2026-11-22', '2026-11-20', holidays)).toBe('no working days left');
    expect(sayLeft('2026-11-20', '2026-11-22', holidays)).toBe('passed');
  });
});
