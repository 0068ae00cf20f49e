/** Moments as the database tells them and as everyone else does. */
import type { Instant } from '#schema/calendar.ts';

/** The database's own form of a moment, whichever it is, as ISO 8601 in UTC. */
export function told(moment: string): Instant {
  return new Date(moment).toISOString();
}
