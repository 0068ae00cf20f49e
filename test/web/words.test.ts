/** Refusals as sentences: each says what to do next, in the service's own words. */
import { expect, test } from 'vitest';
import { sayRefusal } from '#lib/words.ts';

test('facts are put into the sentence where there are any', () => {
  expect(sayRefusal({ refused: 'DissentUnanswered', facts: { agencies: ['Police', 'Health'] } })).toBe(
    'Respond to the disagreement of Police and Health before you sign.',
  );
  expect(sayRefusal({ refused: 'DissentTooLate', facts: { until: '2026-10-06' } })).toContain('Tuesday 6 October 2026');
  expect(sayRefusal({ refused: 'NotYourRole', facts: { role: 'chair' } })).toContain('(Independent Chair)');
  expect(sayRefusal({ refused: 'DateInTheFuture', facts: { field: 'details.awareOn' } })).toBe(
    'Date the local authority became aware must be today or in the past',
  );
});

test('a sentence stands without facts too', () => {
  for (const refused of [
    'DissentUnanswered',
    'DissentTooLate',
    'NotYourRole',
    'AlreadyDecided',
    'CaseAlreadyOpened',
  ] as const) {
    const words = sayRefusal({ refused, facts: {} });
    expect(words).not.toMatch(/undefined|null|NaN/);
    expect(words).not.toMatch(/please|invalid|sorry|!/i);
  }
});
