/** A day typed into three boxes. */
import { describe, expect, test } from 'vitest';
import { plainDate } from '#schema/calendar.ts';
import { joinDay, splitDay } from '#lib/components/date.ts';

describe('three boxes make a day', () => {
  test.each([
    [{ day: '27', month: '3', year: '2026' }, '2026-03-27'],
    [{ day: ' 7 ', month: '03', year: '2026' }, '2026-03-07'],
    [{ day: '27', month: 'March', year: '2026' }, '2026-03-27'],
    [{ day: '27', month: 'sept', year: '2026' }, '2026-09-27'],
    [{ day: '', month: '', year: '' }, ''],
  ])('%o is %s', (boxes, day) => {
    expect(joinDay(boxes)).toBe(day);
  });

  test.each([
    { day: '27', month: '', year: '2026' },
    { day: '31', month: '2', year: '2026' },
    { day: 'soon', month: '2', year: '2026' },
    { day: '1', month: '2', year: '26' },
    { day: '1', month: 'ma', year: '2026' },
  ])('%o is not yet a day, and never taken for one', (boxes) => {
    const joined = joinDay(boxes);
    expect(joined).not.toBe('');
    expect(plainDate(joined)).toBeNull();
  });

  test('a day that was saved comes back into its boxes', () => {
    expect(splitDay('2026-03-07')).toEqual({ day: '7', month: '3', year: '2026' });
    expect(joinDay(splitDay('2026-11-20'))).toBe('2026-11-20');
  });
});
