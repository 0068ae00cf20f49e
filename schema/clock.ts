/** Statutory and local deadlines, each with how it was worked out. No function here pauses one: none can be. */
import { Temporal } from 'temporal-polyfill';
import {
  addWorkingDays,
  countBack,
  isWorkingDay,
  plainDate,
  sayDay,
  workingDaysBetween,
  type CountedDay,
  type Day,
  type Holidays,
  type Instant,
} from './calendar.ts';

/** Working Together to Safeguard Children 2023, chapter 5: five working days from becoming aware. */
export const notifyWithin = 5;
/** Working Together 2023, chapter 5: the rapid review is done within fifteen working days. */
export const rapidReviewWithin = 15;
/** Working Together 2023, chapter 5: a practice review is completed and published within six months. */
export const practiceReviewMonths = 6;
/** Working Together 2023, chapter 5: the report goes to the Panel and Secretary of State this many working days before. */
export const reportBeforePublication = 7;
/** Working Together 2023, chapter 5: a local report stays publicly available for at least one year. */
export const availableYears = 1;
/** Freedom of Information Act 2000 s.10(1). */
export const informationWithin = 20;
/** UK GDPR article 33(1). */
export const breachHours = 72;

/** A deadline that was worked out: the last day on which the thing may be done, until midnight in London. */
export type Deadline = {
  /** Day 0. */
  start: Day;
  /** How much time there is, in `unit`; negative where it is counted back from `start`. */
  count: number;
  unit: 'working-days' | 'months' | 'years' | 'date';
  due: Day;
  /** Each day on the way, or only the first and last where months or years are counted. */
  passed: CountedDay[];
  /** False when it runs past the bank holidays that are known, so that the date must be checked. */
  holidaysKnown: boolean;
};

/** A deadline in hours of the clock, by night and holiday alike: `start` and `due` are moments. */
export type HoursDeadline = { start: Instant; hours: number; due: Instant };

function workingDays(start: Day, count: number, holidays: Holidays): Deadline {
  const { due, passed } = addWorkingDays(start, count, holidays);
  return { start, count, unit: 'working-days', due, passed, holidaysKnown: due <= knownUntil(holidays) };
}

/** [CK1] The last day to notify, for an authority that became aware on `aware`. */
export function notifyBy(aware: Day, holidays: Holidays): Deadline {
  return workingDays(aware, notifyWithin, holidays);
}

/** [CK2] The last day to tell the safeguarding partners. Working Together 2023, chapter 5. */
export function tellPartnersBy(aware: Day, holidays: Holidays): Deadline {
  return workingDays(aware, notifyWithin, holidays);
}

/** The last day to tell the Chair, who hears before the partners: `within` working days, as the partnership agreed (local). */
export function tellChairBy(aware: Day, within: number, holidays: Holidays): Deadline {
  return workingDays(aware, within, holidays);
}

/** [CK3] The last day to tell the Secretary of State and Ofsted that a looked-after child, or a care leaver, has died. */
export function deathInCareBy(aware: Day, holidays: Holidays): Deadline {
  return workingDays(aware, notifyWithin, holidays);
}

/**
 * [CK4] The last day of a rapid review. Older texts count from awareness, the Panel's guidance of
 * June 2025 from the day the notification was sent: which, the arrangements say. Null while it has not begun.
 */
export function rapidReviewBy(
  rule: 'aware' | 'notified',
  days: { aware: Day; notified: Day },
  holidays: Holidays,
): Deadline;
export function rapidReviewBy(
  rule: 'aware' | 'notified',
  days: { aware: Day; notified: Day | null },
  holidays: Holidays,
): Deadline | null;
export function rapidReviewBy(
  rule: 'aware' | 'notified',
  days: { aware: Day; notified: Day | null },
  holidays: Holidays,
): Deadline | null {
  const start = days[rule];
  return start === null ? null : workingDays(start, rapidReviewWithin, holidays);
}

/** [CK5] The last day to complete and publish a practice review: six calendar months from the decision to begin it. */
export function practiceReviewBy(begun: Day): Deadline {
  return calendarTime(begun, { months: practiceReviewMonths });
}

/** [CK6] The last day to send the report to the Panel and the Secretary of State: seven working days before publication. */
export function sendReportBy(publication: Day, holidays: Holidays): Deadline {
  const { due, passed } = countBack(publication, reportBeforePublication, holidays);
  const holidaysKnown = publication <= knownUntil(holidays);
  return { start: publication, count: -reportBeforePublication, unit: 'working-days', due, passed, holidaysKnown };
}

/** [CK7] The first day on which a published report need no longer be publicly available. */
export function availableUntil(published: Day): Deadline {
  return calendarTime(published, { years: availableYears });
}

/** [CK8] The last day of a stage of the resolution ladder: `byDay` working days from awareness. */
export function stageBy(aware: Day, byDay: number, holidays: Holidays): Deadline {
  return workingDays(aware, byDay, holidays);
}

/** [CK9] The last day to serve on every partner why it was decided so, and, since that is done with signing, to confirm receipt. Local: the arrangements say how long. */
export function rationaleBy(decided: Day, within: number, holidays: Holidays): Deadline {
  return workingDays(decided, within, holidays);
}

/** [CK10] The last day that may be set for looking at a decision not to notify for the first time. Local, as agreed. */
export function firstLookBy(decided: Day, months: number): Day {
  return calendarTime(decided, { months }).due;
}

/** [CK10] The day on which a decision not to notify is looked at again, as its signer set it. */
export function reviewBy(decided: Day, reviewOn: Day): Deadline {
  return dateBy(decided, reviewOn);
}

/** A last day that somebody set, or that a late beginning leaves: no days are counted to it. */
export function dateBy(start: Day, due: Day): Deadline {
  return { start, count: 0, unit: 'date', due, passed: ends(start, due), holidaysKnown: true };
}

/**
 * [CK11] The last day to answer a subject access request: the same day of the next month, or its
 * last day if there is none; the next working day if that is a weekend or a bank holiday.
 * UK GDPR article 12(3), as the Information Commissioner counts it.
 */
export function subjectAccessBy(received: Day, holidays: Holidays): Deadline {
  const month = calendarTime(received, { months: 1 });
  const passed = [...month.passed];
  let day = parsed(month.due);
  while (!isWorkingDay(day, holidays)) {
    const because = holidays.get(day.toString()) ?? 'Weekend';
    passed[passed.length - 1] = { day: day.toString(), counted: null, because };
    day = day.add({ days: 1 });
    passed.push({ day: day.toString(), counted: 1, because: 'the next working day' });
  }
  return { ...month, due: day.toString(), passed, holidaysKnown: day.toString() <= knownUntil(holidays) };
}

/**
 * [CK12] The last day to answer a request for information: twenty working days after it was received.
 * `everywhere` holds the bank holidays of any part of the United Kingdom (Freedom of Information Act 2000 s.10(6)).
 */
export function informationBy(received: Day, everywhere: Holidays): Deadline {
  return workingDays(received, informationWithin, everywhere);
}

/** [CK13] The last moment to tell the Information Commissioner of a breach: 72 hours on, whatever the clocks do. */
export function breachBy(aware: Instant): HoursDeadline {
  const due = Temporal.Instant.from(aware).add({ hours: breachHours }).toString();
  return { start: aware, hours: breachHours, due };
}

/** The last day to record disagreement with a decision signed on `signed`. Local: the arrangements say how long. */
export function dissentBy(signed: Day, within: number, holidays: Holidays): Deadline {
  return workingDays(signed, within, holidays);
}

/** Calendar months or years on: the corresponding day, or the last of the month where there is none. */
function calendarTime(start: Day, by: { months: number } | { years: number }): Deadline {
  const due = parsed(start).add(by).toString();
  const length: Pick<Deadline, 'count' | 'unit'> =
    'months' in by ? { count: by.months, unit: 'months' } : { count: by.years, unit: 'years' };
  return { start, ...length, due, passed: ends(start, due), holidaysKnown: true };
}

function ends(start: Day, due: Day): CountedDay[] {
  return [
    { day: start, counted: 0, because: 'day 0' },
    ...(due === start ? [] : [{ day: due, counted: 1, because: 'the last day' }]),
  ];
}

function parsed(text: Day): Temporal.PlainDate {
  const day = plainDate(text);
  if (!day) throw new RangeError(`Not a day: ${text}`);
  return day;
}

/** England and Wales have at least this many bank holidays in a year: with fewer, a year is not known. */
const holidaysInAYear = 8;

/** The last day of the last year whose bank holidays are all known. */
export function knownUntil(holidays: Holidays): Day {
  const perYear = new Map<string, number>();
  for (const day of holidays.keys()) perYear.set(day.slice(0, 4), (perYear.get(day.slice(0, 4)) ?? 0) + 1);
  const known = [...perYear].filter(([, days]) => days >= holidaysInAYear).map(([year]) => year);
  return `${known.sort().at(-1) ?? '0000'}-12-31`;
}

/** What to say beside a deadline that runs past the bank holidays that are known; empty for all others. */
export function sayHolidaysKnown(deadline: Deadline, holidays: Holidays): string {
  if (deadline.holidaysKnown) return '';
  return (
    `Bank holidays are known here to ${sayDay(knownUntil(holidays))}. Later ones are not left out of this count, so ` +
    `the last day may be ${deadline.count < 0 ? 'earlier' : 'later'} than this. The business unit can add them.`
  );
}

/** "2 working days left", "due today", "passed 1 working day ago". Never shown without the date. */
export function sayLeft(due: Day, today: Day, holidays: Holidays): string {
  if (due === today) return 'due today';
  const left = workingDaysBetween(today, due, holidays);
  const days = (n: number) => `${n} working day${n === 1 ? '' : 's'}`;
  if (today < due) return left === 0 ? 'no working days left' : `${days(left)} left`;
  return left === 0 ? 'passed' : `passed ${days(-left)} ago`;
}

/** "Notify by Tuesday 6 October 2026 (2 working days left)". */
export function sayNotifyBy(deadline: Deadline, today: Day, holidays: Holidays): string {
  return `Notify by ${sayDay(deadline.due)} (${sayLeft(deadline.due, today, holidays)})`;
}
