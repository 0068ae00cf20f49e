/** The clocks after a decision, against days counted by hand. */
import { describe, expect, test } from 'vitest';
import { practiceReviewBy, publishedUntil, rapidReviewBy, rationaleBy, sendReportBy } from '#schema/review-clock.ts';
import { holidays } from '../support/rules.ts';

describe('[CK4] the rapid review: fifteen working days', () => {
  test.each([
    ['2026-04-01', '2026-04-24'],
    ['2026-12-22', '2027-01-15'],
    ['2026-05-20', '2026-06-11'],
  ])('counted from %s it is due on %s', (start, due) => {
    expect(rapidReviewBy(start, holidays)).toMatchObject({ start, days: 15, due });
  });
});

describe('[CK5] the practice review: six calendar months', () => {
  test.each([
    ['2026-11-23', '2027-05-23'],
    ['2026-08-31', '2027-02-28'],
    ['2027-08-31', '2028-02-29'],
    ['2026-12-31', '2027-06-30'],
  ])('decided on %s it is published by %s', (decided, due) => {
    expect(practiceReviewBy(decided)).toBe(due);
  });
});

describe('[CK6] the report is sent seven working days before', () => {
  test.each([
    ['2026-11-23', '2026-11-12'],
    ['2027-01-05', '2026-12-22'],
    ['2026-04-10', '2026-03-30'],
    ['2026-11-22', '2026-11-12'],
  ])('published on %s it is sent by %s', (publish, due) => {
    const deadline = sendReportBy(publish, holidays);
    expect(deadline.due).toBe(due);
    expect(deadline.passed.filter(({ counted }) => counted !== null).length).toBe(7);
  });
  test('each day that is not counted says why', () => {
    const { passed } = sendReportBy('2027-01-05', holidays);
    const skipped = passed.filter(({ counted }) => counted === null).map(({ day, because }) => [day, because]);
    expect(skipped).toContainEqual(['2027-01-01', "New Year's Day"]);
    expect(skipped).toContainEqual(['2027-01-03', 'weekend']);
  });
});

test('[CK7] a report stays public for a year, also one published on 29 February', () => {
  expect(publishedUntil('2026-11-23')).toBe('2027-11-23');
  expect(publishedUntil('2028-02-29')).toBe('2029-02-28');
});

test('[CK9] the local limit for receipt passes over the weekend', () => {
  expect(rationaleBy('2026-11-26', 2, holidays)).toBe('2026-11-30');
  expect(rationaleBy('2026-11-26', 0, holidays)).toBe('2026-11-26');
});
