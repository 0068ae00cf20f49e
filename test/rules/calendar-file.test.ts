/** Calendar files: the moment and the case code, nothing of the case, in the form that calendars read. */
import { describe, expect, test } from 'vitest';
import { calendarFile } from '#schema/calendar-file.ts';
import { hasCase } from '#schema/room.ts';
import { details, joan, ref } from '../support/rules.ts';
import { asked, call, called } from '../support/sessions.ts';

const told = { now: '2026-11-23T12:00:00.123456Z', origin: 'https://candour.example.org' };

function fileOf(which: 'session.ics' | 'notify.ics', { state }: ReturnType<typeof called>): string | null {
  if (!hasCase(state)) throw new Error('No case');
  return calendarFile(which, state, told);
}

describe('a calendar file', () => {
  test('[M48, M50] a session is put in with its case code and its time', () => {
    const lines = fileOf('session.ics', called())?.split('\r\n') ?? [];
    expect(lines).toContain('DTSTART:20261124T140000Z');
    expect(lines).toContain('DTEND:20261124T153000Z');
    expect(lines).toContain(`SUMMARY:${ref}: session`);
    expect(lines).toContain('DTSTAMP:20261123T120000Z');
    expect(lines.at(0)).toBe('BEGIN:VCALENDAR');
    expect(lines.at(-2)).toBe('END:VCALENDAR');
    for (const line of lines) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
  });
  test('[M48] a changed time moves the event that was there', () => {
    const again = called()
      .when({ ...call, startsAt: '2026-11-25T10:00:00.000Z' }, joan)
      .recorded();
    const uid = (text: string | null) => /UID:(.*)\r\n/.exec(text ?? '')?.[1];
    expect(uid(fileOf('session.ics', called()))).toBe(uid(fileOf('session.ics', again)));
    expect(fileOf('session.ics', again)).toContain('DTSTART:20261125T100000Z');
  });
  test('[M48] the last day to notify is a whole day', () => {
    const text = fileOf('notify.ics', called()) ?? '';
    expect(text).toContain('DTSTART;VALUE=DATE:20261127\r\nDTEND;VALUE=DATE:20261128\r\n');
  });
  test('[M48] nothing of the case stands in either, and there is none for a session that was not called', () => {
    for (const which of ['session.ics', 'notify.ics'] as const)
      for (const word of [details.initials, details.account, details.toldBy, 'harm', 'notif'])
        expect(fileOf(which, called())?.toLowerCase()).not.toContain(word.toLowerCase());
    expect(fileOf('session.ics', asked())).toBeNull();
  });
});
