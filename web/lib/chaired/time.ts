/** A time of day as people type it. Pure. */

/** "14:30" from "2:30pm", "2.30 pm", "14:30", "2pm", "midday"; empty when it is not a time. */
export function timeTyped(text: string): string {
  const words = text.trim().toLowerCase();
  if (words === 'midday' || words === 'noon') return '12:00';
  const parts = /^(\d{1,2})(?:[:.](\d{2}))?\s*(am|pm)?$/.exec(words);
  if (!parts) return '';
  const [, hours, minutes = '0', half] = parts;
  const hour = Number(hours);
  if (half ? hour < 1 || hour > 12 : hour > 23 || parts[2] === undefined) return '';
  const past = half ? (hour % 12) + (half === 'pm' ? 12 : 0) : hour;
  return Number(minutes) > 59 ? '' : `${String(past).padStart(2, '0')}:${minutes.padStart(2, '0')}`;
}

/** "3:20 left", "0:07 left"; "Time is up" when none is. */
export function sayLeft(seconds: number): string {
  if (seconds <= 0) return 'Time is up';
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')} left`;
}

/** "40 seconds", "2 minutes". */
export function sayFor(seconds: number): string {
  const [count, unit] = seconds < 60 ? [seconds, 'second'] : [Math.floor(seconds / 60), 'minute'];
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}
