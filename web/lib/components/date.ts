/** A day as three boxes hold it, and as the service takes it. */
import type { Day } from '#schema/calendar.ts';

export type Boxes = { day: string; month: string; year: string };

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/**
 * `2026-03-27` from 27, 3, 2026 or from 27, March, 2026; empty when all three are. What is not yet a
 * day comes out as something that is not one either (`2026--27`), so that the rules ask for it.
 */
export function joinDay({ day, month, year }: Boxes): Day {
  const parts = [year.trim(), numberOfMonth(month.trim()), day.trim()];
  if (parts.every((part) => part === '')) return '';
  return parts.map((part, index) => (index === 0 || part === '' ? part : part.padStart(2, '0'))).join('-');
}

/** The boxes for a day that was saved, or empty ones. */
export function splitDay(value: Day): Boxes {
  const [year = '', month = '', day = ''] = value.split('-');
  return { year, month: month.replace(/^0/, ''), day: day.replace(/^0/, '') };
}

function numberOfMonth(text: string): string {
  const index = text.length < 3 ? -1 : months.indexOf(text.slice(0, 3).toLowerCase());
  return index < 0 ? text : String(index + 1);
}
