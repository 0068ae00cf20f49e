/** A day, and a time of day, that must have passed: what is wrong with what was typed, in words. */
import { plainDate, type Day } from '#schema/calendar.ts';

/** Undefined where the day is one that has come. */
export function pastDayWrong(day: Day, today: Day): string | undefined {
  if (day === '') return 'Enter the date';
  if (!plainDate(day)) return 'Enter a real date';
  return day > today ? 'Enter today or a day that has passed' : undefined;
}

/** `9.05` as `09:05`; null for what is no time of day. */
export function timeOfDay(text: string): string | null {
  const [, hour, minute] = /^([01]?\d|2[0-3])[:.]([0-5]\d)$/.exec(text.trim()) ?? [];
  return hour === undefined ? null : `${hour.padStart(2, '0')}:${minute}`;
}

/** Undefined where it is a time of day. */
export function timeWrong(text: string): string | undefined {
  if (timeOfDay(text)) return undefined;
  return text.trim() === '' ? 'Enter the time' : 'Enter a time like 16:40';
}
