/** Where the versions of a case's notes are read. */
import type { Instant } from '#schema/calendar.ts';
import type { MomentAsked } from '#schema/version.ts';

/** A version's number, a moment, or as the notes stand now. */
export type Moment = number | Instant | 'now';

export const versionsOf = (ref: string): string => `/cases/${ref}/versions`;

export function momentAddress(ref: string, moment: Moment, who = false): string {
  return `${versionsOf(ref)}/${encodeURIComponent(moment)}${who ? '?who=yes' : ''}`;
}

/** Without `to`, up to the notes as they stand now. */
export function changesAddress(ref: string, from: number, to?: number): string {
  return `${versionsOf(ref)}/changes?from=${from}${to === undefined ? '' : `&to=${to}`}`;
}

/** What the last part of such an address asks the service for. */
export function momentIn(part: string): MomentAsked {
  if (part === 'now') return {};
  return /^\d{1,15}$/.test(part) ? { version: Number(part) } : { at: part };
}
