/** Statutory and local deadlines, each with how it was worked out. */
import { addWorkingDays, sayDay, workingDaysBetween, type CountedDay, type Day, type Holidays } from './calendar.ts';

/**
 * Working Together to Safeguard Children 2023, chapter 5: the authority notifies within five
 * working days of becoming aware. It never pauses.
 */
export const notifyWithin = 5;
/** Working days after signing in which a partner may still record disagreement. */
export const dissentWithin = 5;

/** A deadline that was worked out: the last day on which the thing may be done, until midnight. */
export type Deadline = { start: Day; days: number; due: Day; passed: CountedDay[] };

/** The last day to notify, for an authority that became aware on `aware`. */
export function notifyBy(aware: Day, holidays: Holidays): Deadline {
  return { start: aware, days: notifyWithin, ...addWorkingDays(aware, notifyWithin, holidays) };
}

/** The last day to record disagreement with a decision signed on `signed`. */
export function dissentBy(signed: Day, holidays: Holidays): Deadline {
  return { start: signed, days: dissentWithin, ...addWorkingDays(signed, dissentWithin, holidays) };
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
