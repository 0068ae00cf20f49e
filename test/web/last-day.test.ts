/** The last day for a request or a breach, as its screen works it out. */
import { describe, expect, test } from 'vitest';
import { firstArrangements, holidaysEverywhere, holidaysOf } from '#schema/arrangements.ts';
import { holidaysByDay } from '#schema/calendar.ts';
import { checkAsked, workOut, type Asked } from '../../web/lib/last-day/work-out.ts';

const calendars = {
  holidays: holidaysByDay(holidaysOf(firstArrangements)),
  everywhere: holidaysByDay(holidaysEverywhere(firstArrangements)),
};
const now = '2026-04-15T09:00:00.000Z';
const asked = (given: Partial<Asked>): Asked => ({ request: '', day: '', time: '', ...given });

describe('the last day', () => {
  test('[CK11] for a subject access request is the same day of the next month, or the next working day', () => {
    const { says, deadline } = workOut(asked({ request: 'subject-access', day: '2026-03-17' }), now, calendars);
    expect(says).toBe('By Friday 17 April 2026 (2 working days left)');
    expect(deadline?.passed.at(-1)?.because).toBe('the last day');
    // 3 May 2026 is a Sunday, and 4 May a bank holiday.
    expect(workOut(asked({ request: 'subject-access', day: '2026-04-03' }), now, calendars).says).toContain(
      '5 May 2026',
    );
  });

  test('[CK12] for a request for information leaves out a holiday of any part of the United Kingdom', () => {
    // 17 March is a bank holiday in Northern Ireland alone.
    const { deadline } = workOut(asked({ request: 'information', day: '2026-03-16' }), now, calendars);
    expect(deadline?.passed.find(({ day }) => day === '2026-03-17')).toMatchObject({ counted: null });
    expect(deadline?.due).toBe('2026-04-16');
  });

  test('[CK13] for a breach is 72 hours on, over a weekend with a change of the clocks', () => {
    const breach = asked({ request: 'breach', day: '2026-03-27', time: '16.40' });
    expect(workOut(breach, now, calendars)).toMatchObject({
      says: 'By Monday 30 March 2026, 5:40pm. This has passed.',
      deadline: null,
    });
    expect(workOut(breach, '2026-03-28T09:00:00.000Z', calendars).says).not.toContain('passed');
  });

  test('asks for what is missing or has not come yet, by field', () => {
    expect(checkAsked(asked({}), now)).toEqual({ request: 'Select what has happened', day: 'Enter the date' });
    expect(checkAsked(asked({ request: 'information', day: '2026-04-31' }), now)).toEqual({ day: 'Enter a real date' });
    expect(checkAsked(asked({ request: 'information', day: '2026-04-16' }), now)).toEqual({
      day: 'Enter today or a day that has passed',
    });
    const breach = asked({ request: 'breach', day: '2026-04-15' });
    expect(checkAsked(breach, now)).toEqual({ time: 'Enter the time' });
    expect(checkAsked({ ...breach, time: 'noon' }, now)).toEqual({ time: 'Enter a time like 16:40' });
    expect(checkAsked({ ...breach, time: '10:01' }, now)).toEqual({ time: 'Enter a time that has passed' });
    expect(checkAsked({ ...breach, time: '9:59' }, now)).toEqual({});
  });
});
