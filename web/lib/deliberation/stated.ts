/** What was stated after a signer last read: they must open each of these before they can sign. Pure. */
import { dayOf, sayDay, sayTime, type Day } from '#schema/calendar.ts';
import type { Entry } from '#schema/ledger.ts';
import { tell } from './tell.ts';

/** The entries that move `lastStated` in `schema/room.ts`: a position or a disagreement came, opened or changed. */
const stating: ReadonlySet<Entry['type']> = new Set([
  'PositionSubmitted',
  'PositionsOpened',
  'DissentRecorded',
  'DissentReviewed',
  'CaseReopened',
  'DecisionReopened',
]);

/** Entries that state something and came after entry `read`, oldest first. */
export function statedSince(entries: readonly Entry[], read: number): Entry[] {
  return entries.filter(({ seq, type }) => seq > read && stating.has(type));
}

/** The entry up to which everything has been read, when all but `unread` have: the newest if none is left. */
export function readUpTo(entries: readonly Entry[], unread: readonly Entry[]): number {
  const first = unread[0];
  return first ? first.seq - 1 : (entries.at(-1)?.seq ?? 0);
}

/** "Police changed its position at 3:40pm": with the day where it was not today. */
export function sayStated(entry: Entry, entries: readonly Entry[], today: Day): string {
  const day = dayOf(entry.at);
  const when = `${day === today ? '' : `on ${sayDay(day)} `}at ${sayTime(entry.at)}`;
  return `${tell(entry, entries).title} ${when}`;
}
