/** The clocks that run after a decision: rapid review, practice review, publication, receipt of the rationale. */
import { addWorkingDays, plainDate, isWorkingDay, type CountedDay, type Day, type Holidays } from './calendar.ts';
import type { Deadline } from './clock.ts';

/** Working Together 2023, chapter 5: the rapid review is complete within fifteen working days. */
export const rapidReviewWithin = 15;
/** Working Together 2023, chapter 5: a local review is published within six months of the decision to begin it. */
export const practiceReviewMonths = 6;
/** Working Together 2023, chapter 5: the Panel and the Secretary of State have the report seven working days before. */
export const sendReportBefore = 7;
/** Working Together 2023, chapter 5: a local report stays publicly available for at least one year. */
export const publishedForYears = 1;

/** [CK4] The last day of the rapid review, counted from `start`: which day that is, the arrangements say. */
export function rapidReviewBy(start: Day, holidays: Holidays): Deadline {
  return { start, days: rapidReviewWithin, ...addWorkingDays(start, rapidReviewWithin, holidays) };
}

/** [CK5] Six calendar months from the decision to begin; the month's last day where it has no such day. */
export function practiceReviewBy(decided: Day): Day {
  return on(decided).add({ months: practiceReviewMonths }).toString();
}

/** [CK6] The last day to send the report: seven working days lie between it, not counted, and publication. */
export function sendReportBy(publish: Day, holidays: Holidays): Deadline {
  let day = on(publish);
  const passed: CountedDay[] = [];
  for (let counted = 0; counted < sendReportBefore;) {
    day = day.subtract({ days: 1 });
    const working = isWorkingDay(day, holidays);
    if (working) counted += 1;
    passed.push({
      day: day.toString(),
      counted: working ? counted : null,
      because: working ? `${counted} before` : (holidays.get(day.toString()) ?? 'weekend'),
    });
  }
  return { start: publish, days: sendReportBefore, due: day.toString(), passed };
}

/** [CK7] The last day on which a published report must still be publicly available. */
export function publishedUntil(published: Day): Day {
  return on(published).add({ years: publishedForYears }).toString();
}

/** [CK9] The last day of a local limit of `days` working days after a decision signed on `signed`. */
export function rationaleBy(signed: Day, days: number, holidays: Holidays): Day {
  return addWorkingDays(signed, days, holidays).due;
}

function on(text: Day) {
  const day = plainDate(text);
  if (!day) throw new RangeError(`Not a day: ${text}`);
  return day;
}
