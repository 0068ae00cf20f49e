/** A row of the chronology as its form holds it, and as it is sent. Pure. */
import type { RowWording } from '#schema/chronology.ts';

/** `on` as the three boxes hold it: `2026-09-` where no day is entered. */
export type RowValues = { on: string; time: string; what: string; source: string; why: string };

export const emptyRow: RowValues = { on: '', time: '', what: '', source: '', why: '' };

/** A row to begin from, with nothing said yet of why it is corrected. */
export function valuesOf({ on, time, what, source }: RowWording): RowValues {
  return { on: on + '-'.repeat({ 4: 2, 7: 1 }[on.length] ?? 0), time: time ?? '', what, source, why: '' };
}

/** What the fields say: a box that was left empty after the year or the month is a part that is not known. */
export function saidIn({ on, time, what, source }: RowValues) {
  return { on: on.replace(/-+$/, ''), time, what, source };
}
