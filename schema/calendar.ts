/** Days, times and working days in England and Wales. */
import { Temporal } from 'temporal-polyfill';

/** A day, `2026-10-06`, with no time and no zone. */
export type Day = string;
/** A moment, `2026-10-06T13:14:15.123Z`. */
export type Instant = string;

export const zone = 'Europe/London';

/** The parsed day, or null if the text is not one (31 February, 2026-13-01, "soon"). */
export function plainDate(text: string): Temporal.PlainDate | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return null;
  try {
    return Temporal.PlainDate.from(text, { overflow: 'reject' });
  } catch {
    return null;
  }
}

/** The day it is in London at `instant`. */
export function dayOf(instant: Instant): Day {
  return Temporal.Instant.from(instant).toZonedDateTimeISO(zone).toPlainDate().toString();
}

/** The moment a day in London ends: midnight, as an instant. A limit "by the end of Friday" passes then. */
export function endOf(day: Day): Instant {
  return mustBeDay(day).add({ days: 1 }).toZonedDateTime(zone).toInstant().toString();
}

/** A bank holiday: its day and what it is called. */
export type Holiday = { day: Day; name: string };
/** The days that are not working days besides Saturdays and Sundays, by day. */
export type Holidays = ReadonlyMap<Day, string>;

export function holidaysByDay(holidays: readonly Holiday[]): Holidays {
  return new Map(holidays.map(({ day, name }) => [day, name]));
}

/** Monday to Friday, not a bank holiday in England and Wales. */
export function isWorkingDay(day: Temporal.PlainDate, holidays: Holidays): boolean {
  return day.dayOfWeek <= 5 && !holidays.has(day.toString());
}

/** One day of a count, and what it was: "not counted: Saturday", "day 3". */
export type CountedDay = { day: Day; counted: number | null; because: string };

/**
 * Counts `days` working days on from `start`. The start is day 0 whether or not it is a working
 * day; day 1 is the next working day. Returns the last day and each day passed on the way.
 */
export function addWorkingDays(start: Day, days: number, holidays: Holidays): { due: Day; passed: CountedDay[] } {
  let day = mustBeDay(start);
  const passed: CountedDay[] = [{ day: start, counted: 0, because: 'day 0' }];
  for (let counted = 0; counted < days;) {
    day = day.add({ days: 1 });
    if (isWorkingDay(day, holidays)) {
      counted += 1;
      passed.push({ day: day.toString(), counted, because: `day ${counted}` });
    } else {
      passed.push({ day: day.toString(), counted: null, because: holidays.get(day.toString()) ?? weekday(day) });
    }
  }
  return { due: day.toString(), passed };
}

/**
 * Counts `days` working days back from `end`, which is day 0: "no later than seven working days
 * before publication". Returns the last day on which the thing may be done and each day passed, latest first.
 */
export function countBack(end: Day, days: number, holidays: Holidays): { due: Day; passed: CountedDay[] } {
  let day = mustBeDay(end);
  const passed: CountedDay[] = [{ day: end, counted: 0, because: 'day 0' }];
  for (let counted = 0; counted < days;) {
    day = day.subtract({ days: 1 });
    if (isWorkingDay(day, holidays)) {
      counted += 1;
      passed.push({ day: day.toString(), counted, because: `day ${counted}` });
    } else {
      passed.push({ day: day.toString(), counted: null, because: holidays.get(day.toString()) ?? weekday(day) });
    }
  }
  return { due: day.toString(), passed };
}

/**
 * Working days from `from` (not counted) up to and including `to`; negative once `to` has passed.
 * 0 means `to` is today, or that only days off lie between.
 */
export function workingDaysBetween(from: Day, to: Day, holidays: Holidays): number {
  const start = mustBeDay(from);
  const end = mustBeDay(to);
  const step = Temporal.PlainDate.compare(start, end) <= 0 ? 1 : -1;
  let count = 0;
  for (let day = start; !day.equals(end);) {
    day = day.add({ days: step });
    // Going back, the day left behind counts; going on, the day arrived at does.
    if (isWorkingDay(step === 1 ? day : day.add({ days: 1 }), holidays)) count += step;
  }
  return count;
}

function mustBeDay(text: Day): Temporal.PlainDate {
  const day = plainDate(text);
  if (!day) throw new RangeError(`Not a day: ${text}`);
  return day;
}

const weekdays = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

function weekday(day: Temporal.PlainDate): string {
  return weekdays[day.dayOfWeek - 1] as string;
}

const longDay = new Intl.DateTimeFormat('en-GB', {
  weekday: 'long',
  day: 'numeric',
  month: 'long',
  year: 'numeric',
  timeZone: 'UTC',
});

/** "Tuesday 6 October 2026". */
export function sayDay(day: Day): string {
  return longDay.format(new Date(`${day}T00:00:00Z`)).replace(',', '');
}

/** "6 October 2026", where the weekday stands nearby already. */
export function sayShortDay(day: Day): string {
  return sayDay(day).replace(/^\w+ /, '');
}

/** "2:14pm", "9am", "midday", "midnight": the time in London. */
export function sayTime(instant: Instant): string {
  const { hour, minute } = Temporal.Instant.from(instant).toZonedDateTimeISO(zone);
  if (minute === 0 && hour === 12) return 'midday';
  if (minute === 0 && hour === 0) return 'midnight';
  const past = minute === 0 ? '' : `:${String(minute).padStart(2, '0')}`;
  return `${hour % 12 || 12}${past}${hour < 12 ? 'am' : 'pm'}`;
}

/** "Tuesday 6 October 2026, 2:14pm". */
export function sayMoment(instant: Instant): string {
  return `${sayDay(dayOf(instant))}, ${sayTime(instant)}`;
}

/** The moment when clocks in London say `time` ("14:00") on `day`. An hour that is skipped in March is the hour after. */
export function instantAt(day: Day, time: string): Instant {
  const at = Temporal.PlainTime.from(time);
  return new Date(mustBeDay(day).toZonedDateTime({ timeZone: zone, plainTime: at }).epochMilliseconds).toISOString();
}

/** The time in London at `instant`, as a form holds it: "14:00". */
export function timeOf(instant: Instant): string {
  const { hour, minute } = Temporal.Instant.from(instant).toZonedDateTimeISO(zone);
  return `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
}
