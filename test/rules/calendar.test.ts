/** Working days in England and Wales: every vector, every bank holiday, every way to count that differs. */
import DateHolidays from 'date-holidays';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bankHolidays } from '#schema/bank-holidays.ts';
import {
  addWorkingDays,
  dayOf,
  holidaysByDay,
  isWorkingDay,
  plainDate,
  sayDay,
  sayMoment,
  sayShortDay,
  sayTime,
  workingDaysBetween,
  type Day,
  type Holidays,
} from '#schema/calendar.ts';
import { holidays } from '../support/rules.ts';

const none: Holidays = new Map();

/** Days as whole numbers since 1970: nothing shared with the code that is tested. */
const numberOf = (day: Day) => Date.parse(`${day}T00:00:00Z`) / 86_400_000;
const dayAt = (number: number): Day => new Date(number * 86_400_000).toISOString().slice(0, 10);
const isOff = (number: number, off: ReadonlySet<Day>) =>
  [0, 6].includes(new Date(number * 86_400_000).getUTCDay()) || off.has(dayAt(number));
const yearsKnown = Array.from({ length: numberOf('2029-01-01') - numberOf('2022-01-01') }, (_, index) =>
  dayAt(numberOf('2022-01-01') + index),
);

describe('[M10] the vectors of the domain report, section 7', () => {
  test.each([
    ['2026-04-01', 5, '2026-04-10', 'over Easter'],
    ['2026-04-01', 15, '2026-04-24', 'over Easter'],
    ['2026-12-22', 5, '2026-12-31', 'over Christmas, Boxing Day given on the 28th'],
    ['2026-12-22', 15, '2027-01-15', 'over Christmas and the year end'],
    ['2026-08-29', 5, '2026-09-07', 'aware on a Saturday, then the summer bank holiday'],
    ['2027-12-23', 5, '2028-01-04', 'both Christmas days given later, and New Year given on the 3rd'],
    ['2022-05-30', 5, '2022-06-08', 'the Jubilee: Thursday and Friday'],
    ['2026-05-20', 15, '2026-06-11', 'over the spring bank holiday'],
  ])('aware %s, %i working days: %s (%s)', (aware, days, due) => {
    expect(addWorkingDays(aware, days, holidays).due).toBe(due);
  });

  test.each([
    [2022, '01-03 04-15 04-18 05-02 06-02 06-03 08-29 09-19 12-26 12-27'],
    [2023, '01-02 04-07 04-10 05-01 05-08 05-29 08-28 12-25 12-26'],
    [2024, '01-01 03-29 04-01 05-06 05-27 08-26 12-25 12-26'],
    [2025, '01-01 04-18 04-21 05-05 05-26 08-25 12-25 12-26'],
    [2026, '01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28'],
    [2027, '01-01 03-26 03-29 05-03 05-31 08-30 12-27 12-28'],
    [2028, '01-03 04-14 04-17 05-01 05-29 08-28 12-25 12-26'],
  ])('the bank holidays of %i', (year, days) => {
    const ours = bankHolidays.filter(({ day }) => day.startsWith(`${year}-`)).map(({ day }) => day.slice(5));
    expect(ours.join(' ')).toBe(days);
  });
});

describe('[M10] bank holidays against the date-holidays package, England and Wales', () => {
  const england = new DateHolidays('GB', 'ENG');
  const wales = new DateHolidays('GB', 'WLS');
  const publicDays = (country: DateHolidays, year: number) =>
    country
      .getHolidays(year)
      .filter(({ type }) => type === 'public')
      .map(({ date }) => date.slice(0, 10));
  /**
   * Days the package calls public and the law does not make bank holidays: each falls on a Saturday
   * or Sunday and is given on a later day instead, which both have.
   */
  const onlyTheirs: Day[] = [
    '2022-01-01',
    '2022-12-25',
    '2023-01-01',
    '2026-12-26',
    '2027-12-25',
    '2027-12-26',
    '2028-01-01',
  ];
  const theirs = new Set([2022, 2023, 2024, 2025, 2026, 2027, 2028].flatMap((year) => publicDays(england, year)));

  test('the package has one list for England and for Wales', () => {
    for (const year of [2022, 2023, 2024, 2025, 2026, 2027, 2028]) {
      expect(publicDays(wales, year)).toEqual(publicDays(england, year));
    }
  });

  test('every day of 2022 to 2028: they differ on the days listed here and on no other', () => {
    expect(yearsKnown).toHaveLength(2557);
    const differing = yearsKnown.filter((day) => holidays.has(day) !== theirs.has(day));
    expect(differing).toEqual(onlyTheirs);
    for (const day of onlyTheirs) expect(isOff(numberOf(day), new Set()), day).toBe(true);
  });

  test('every day of 2022 to 2028: a working day by ours is a working day by theirs', () => {
    const differing = yearsKnown.filter((day) => {
      const date = plainDate(day);
      if (!date) throw new Error(day);
      return isWorkingDay(date, holidays) === isOff(numberOf(day), theirs);
    });
    expect(differing).toEqual([]);
  });

  test('no bank holiday is on a weekend, none is listed twice, all are in order and named', () => {
    const days = bankHolidays.map(({ day }) => day);
    expect(days).toEqual([...new Set(days)].sort());
    for (const { day, name } of bankHolidays) {
      expect(isOff(numberOf(day), new Set()), day).toBe(false);
      expect(name).not.toBe('');
    }
  });
});

describe('[M10] counting', () => {
  test('the start is day 0 whether or not it is a working day', () => {
    expect(addWorkingDays('2026-11-23', 1, holidays).due).toBe('2026-11-24');
    expect(addWorkingDays('2026-11-21', 1, holidays).due).toBe('2026-11-23');
    expect(addWorkingDays('2026-12-25', 1, holidays).due).toBe('2026-12-29');
    expect(addWorkingDays('2026-11-21', 0, holidays).due).toBe('2026-11-21');
  });

  test('each day on the way is shown with what it was', () => {
    expect(addWorkingDays('2026-12-24', 2, holidays).passed).toEqual([
      { day: '2026-12-24', counted: 0, because: 'day 0' },
      { day: '2026-12-25', counted: null, because: 'Christmas Day' },
      { day: '2026-12-26', counted: null, because: 'Saturday' },
      { day: '2026-12-27', counted: null, because: 'Sunday' },
      { day: '2026-12-28', counted: null, because: 'Boxing Day (substitute)' },
      { day: '2026-12-29', counted: 1, because: 'day 1' },
      { day: '2026-12-30', counted: 2, because: 'day 2' },
    ]);
  });

  test('over a year end, a leap day and a century that has none', () => {
    expect(addWorkingDays('2027-12-31', 1, holidays).due).toBe('2028-01-04');
    expect(addWorkingDays('2028-02-28', 1, holidays).due).toBe('2028-02-29');
    expect(addWorkingDays('2024-02-28', 2, holidays).due).toBe('2024-03-01');
    expect(addWorkingDays('2100-02-26', 1, none).due).toBe('2100-03-01');
  });

  test('working days to today are none; over a weekend only, none; back, as many as forward', () => {
    expect(workingDaysBetween('2026-11-23', '2026-11-23', holidays)).toBe(0);
    expect(workingDaysBetween('2026-11-20', '2026-11-22', holidays)).toBe(0);
    expect(workingDaysBetween('2026-11-20', '2026-11-23', holidays)).toBe(1);
    expect(workingDaysBetween('2026-11-23', '2026-11-20', holidays)).toBe(-1);
    expect(workingDaysBetween('2026-11-22', '2026-11-20', holidays)).toBe(0);
  });

  test('an extra proclaimed day changes the count of cases it falls in', () => {
    const proclaimed = holidaysByDay([...bankHolidays, { day: '2026-11-25', name: 'A day of mourning' }]);
    expect(addWorkingDays('2026-11-23', 5, holidays).due).toBe('2026-11-30');
    expect(addWorkingDays('2026-11-23', 5, proclaimed).due).toBe('2026-12-01');
  });

  test('what is not a day is the fault of the caller', () => {
    for (const text of ['', 'soon', '2026-02-31', '2026-13-01', '2026-1-1', '2026-11-23T00:00:00Z', '２０２６-11-23']) {
      expect(plainDate(text), text).toBeNull();
      expect(() => addWorkingDays(text, 1, holidays)).toThrow('Not a day');
      expect(() => workingDaysBetween('2026-11-23', text, holidays)).toThrow('Not a day');
    }
    expect(plainDate('2024-02-29')?.toString()).toBe('2024-02-29');
    expect(plainDate('2026-02-29')).toBeNull();
  });
});

describe('[M10] against a slow count that shares nothing with it', () => {
  const anyDay = fc.integer({ min: numberOf('2021-11-01'), max: numberOf('2029-02-01') }).map(dayAt);
  /** The real holidays, or any set of days: proclaimed days may fall anywhere, weekends too. */
  const anyHolidays = fc.oneof(
    fc.constant(bankHolidays.map(({ day }) => day)),
    fc.uniqueArray(anyDay, { maxLength: 60 }),
  );

  /** Tries each later day in turn and counts back to the start each time. */
  function slowAdd(start: Day, days: number, off: ReadonlySet<Day>): Day {
    if (days === 0) return start;
    for (let last = numberOf(start) + 1; ; last += 1) {
      if (!isOff(last, off) && slowBetween(start, dayAt(last), off) === days) return dayAt(last);
    }
  }
  function slowBetween(from: Day, to: Day, off: ReadonlySet<Day>): number {
    const [first, last] = [numberOf(from), numberOf(to)].sort((a, b) => a - b) as [number, number];
    const passed = Array.from({ length: last - first }, (_, index) => first + 1 + index);
    const count = passed.filter((number) => !isOff(number, off)).length;
    return from <= to || count === 0 ? count : -count;
  }
  const named = (days: readonly Day[]) => holidaysByDay(days.map((day) => ({ day, name: 'A bank holiday' })));

  test('adding', () => {
    fc.assert(
      fc.property(anyDay, fc.nat({ max: 40 }), anyHolidays, (start, days, off) => {
        expect(addWorkingDays(start, days, named(off)).due).toBe(slowAdd(start, days, new Set(off)));
      }),
      { numRuns: 1000 },
    );
  });

  test('counting between, either way', () => {
    fc.assert(
      fc.property(anyDay, fc.integer({ min: -400, max: 400 }), anyHolidays, (from, further, off) => {
        const to = dayAt(numberOf(from) + further);
        expect(workingDaysBetween(from, to, named(off))).toBe(slowBetween(from, to, new Set(off)));
      }),
      { numRuns: 500 },
    );
  });

  test('one is the other backwards, and every day on the way is accounted for', () => {
    fc.assert(
      fc.property(anyDay, fc.integer({ min: 1, max: 40 }), anyHolidays, (start, days, off) => {
        const { due, passed } = addWorkingDays(start, days, named(off));
        expect(workingDaysBetween(start, due, named(off))).toBe(days);
        expect(workingDaysBetween(due, start, named(off))).toBe(-days);
        expect(passed.map(({ day }) => numberOf(day) - numberOf(start))).toEqual(passed.map((_, index) => index));
        expect(passed.filter(({ counted }) => counted !== null)).toHaveLength(days + 1);
        for (const { day, counted, because } of passed.slice(1)) {
          expect(counted === null).toBe(isOff(numberOf(day), new Set(off)));
          expect(because).not.toBe('');
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('[M10] the day it is in London', () => {
  test.each([
    ['2026-03-29T00:59:59.999999Z', '2026-03-29', 'the clocks go on at 1am'],
    ['2026-03-29T23:30:00Z', '2026-03-30', 'summer: half past midnight there'],
    ['2026-03-28T23:30:00Z', '2026-03-28', 'the night before: still winter'],
    ['2026-10-24T23:30:00Z', '2026-10-25', 'the last summer night'],
    ['2026-10-25T00:30:00Z', '2026-10-25', 'the hour that happens twice, first time'],
    ['2026-10-25T01:30:00Z', '2026-10-25', 'the hour that happens twice, second time'],
    ['2026-10-25T23:30:00Z', '2026-10-25', 'winter again'],
    ['2026-12-31T23:59:59.999999Z', '2026-12-31', 'year end'],
    ['2027-01-01T00:00:00Z', '2027-01-01', 'new year'],
    ['2028-02-29T12:00:00Z', '2028-02-29', 'leap day'],
    ['2026-06-30T23:00:00.000000Z', '2026-07-01', 'midnight in summer'],
    ['2026-06-30T22:59:59.999999Z', '2026-06-30', 'a microsecond before'],
  ])('%s is %s (%s)', (instant, day) => {
    expect(dayOf(instant)).toBe(day);
  });

  test('every midnight of 2022 to 2028 begins its own day, in the last and the first microsecond', () => {
    const london = new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/London', dateStyle: 'short' });
    for (const day of yearsKnown) {
      const midnights = [`${day}T00:00:00Z`, `${dayAt(numberOf(day) - 1)}T23:00:00Z`];
      const midnight = midnights.find((instant) => {
        const begun = london.format(new Date(instant)) === day;
        return begun && london.format(new Date(Date.parse(instant) - 1)) !== day;
      });
      if (!midnight) throw new Error(`No midnight on ${day}`);
      expect(dayOf(midnight)).toBe(day);
      expect(dayOf(new Date(Date.parse(midnight) - 1).toISOString().replace('Z', '999Z'))).not.toBe(day);
    }
  });
});

describe('how days and times are said', () => {
  test('a day, long and short', () => {
    expect(sayDay('2026-10-06')).toBe('Tuesday 6 October 2026');
    expect(sayShortDay('2026-10-06')).toBe('6 October 2026');
    expect(sayDay('2028-02-29')).toBe('Tuesday 29 February 2028');
  });
  test.each([
    ['2026-10-06T13:14:00Z', '2:14pm'],
    ['2026-11-23T09:00:00Z', '9am'],
    ['2026-11-23T12:00:00Z', 'midday'],
    ['2026-11-23T00:00:00Z', 'midnight'],
    ['2026-11-23T00:05:00Z', '12:05am'],
    ['2026-11-23T12:30:59Z', '12:30pm'],
    ['2026-07-01T11:00:00Z', 'midday'],
    ['2026-07-01T23:00:00Z', 'midnight'],
  ])('%s is %s', (instant, said) => {
    expect(sayTime(instant)).toBe(said);
  });
  test('a moment', () => {
    expect(sayMoment('2026-10-06T13:14:15.123456Z')).toBe('Tuesday 6 October 2026, 2:14pm');
    expect(sayMoment('2026-07-01T23:30:00Z')).toBe('Thursday 2 July 2026, 12:30am');
  });
});
