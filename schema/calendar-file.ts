/** Calendar files: a session or the last day to notify, for people's own calendars, saying nothing of the case (RFC 5545). Pure. */
import { plainDate, sayDay, type Instant } from './calendar.ts';
import type { CaseRoom } from './room.ts';
import { currentSession } from './session-evolve.ts';

/** Longest line, in bytes; what is longer goes on after a line break and a space (RFC 5545 section 3.1). */
const lineBytes = 75;
/** Minutes that a session is put into a calendar for: nothing ends when they have passed. */
const sessionMinutes = 90;

export const calendarFiles = ['session.ics', 'notify.ics'] as const;
export type CalendarFile = (typeof calendarFiles)[number];

/**
 * The file, or null where there is nothing to put into a calendar. The title is the case code and
 * what it is about ("SI-2026-7KQ4: session"); the UID stays the same, so that a changed time moves
 * the event that was there.
 */
export function calendarFile(
  which: CalendarFile,
  state: CaseRoom,
  { now, origin }: { now: Instant; origin: string },
): string | null {
  const { ref, notifyBy } = state.case;
  if (which === 'notify.ics') {
    return calendar(now, {
      uid: `${ref}-last-day`,
      url: `${origin}/cases/${ref}`,
      lines: [
        ...allDay(notifyBy),
        `SUMMARY:${escaped(`${ref}: last day`)}`,
        `DESCRIPTION:${escaped(`The last day on case ${ref} is ${sayDay(notifyBy)}. Case information is in the service.`)}`,
      ],
    });
  }
  const session = currentSession(state.sessions);
  if (!session) return null;
  const from = session.adjournedUntil ?? session.plan.startsAt;
  const to = new Date(Date.parse(from) + sessionMinutes * 60_000).toISOString();
  return calendar(now, {
    uid: `${ref}-session-${session.seq}`,
    url: `${origin}/cases/${ref}/session`,
    lines: [
      `DTSTART:${utc(from)}`,
      `DTEND:${utc(to)}`,
      `SUMMARY:${escaped(`${ref}: session`)}`,
      `DESCRIPTION:${escaped('Case information is in the service.')}`,
    ],
  });
}

function calendar(now: Instant, { uid, url, lines }: { uid: string; url: string; lines: readonly string[] }): string {
  const host = URL.canParse(url) ? new URL(url).hostname : 'candour';
  return [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Candour//EN',
    'METHOD:PUBLISH',
    'BEGIN:VEVENT',
    `UID:${uid}@${host}`,
    `DTSTAMP:${utc(now)}`,
    ...lines,
    `URL:${url}`,
    'CLASS:CONFIDENTIAL',
    'END:VEVENT',
    'END:VCALENDAR',
  ]
    .map(folded)
    .map((line) => `${line}\r\n`)
    .join('');
}

/** An event of a whole day ends, in the format, on the day after it. */
function allDay(day: string): string[] {
  const date = plainDate(day);
  if (!date) throw new RangeError(`Not a day: ${day}`);
  const compact = (text: string) => text.replaceAll('-', '');
  return [
    `DTSTART;VALUE=DATE:${compact(day)}`,
    `DTEND;VALUE=DATE:${compact(date.add({ days: 1 }).toString())}`,
    'TRANSP:TRANSPARENT',
  ];
}

/** `20261124T140000Z`. */
function utc(instant: Instant): string {
  return `${new Date(instant).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`;
}

function escaped(text: string): string {
  return text.replaceAll(/[\\;,]/g, (sign) => `\\${sign}`).replaceAll('\n', '\\n');
}

/** Folded by bytes, never inside a character. */
function folded(line: string): string {
  const parts = [''];
  let bytes = 0;
  for (const sign of line) {
    const size = new TextEncoder().encode(sign).length;
    if (bytes + size > lineBytes) {
      parts.push('');
      // The space that begins a line which goes on is one of its bytes.
      bytes = 1;
    }
    parts[parts.length - 1] += sign;
    bytes += size;
  }
  return parts.join('\r\n ');
}
