/** What a mail says and when somebody is reminded. */
import { describe, expect, test } from 'vitest';
import { mailOf, reminderMoments, sayNotice } from '#schema/notice.ts';
import { holidays } from '../support/rules.ts';

const need = { place: 'positions', due: '2026-10-05' } as const;
const told = { ref: 'SI-2026-7KQ4', need, why: 'asked', code: 'AbCdEf123456' } as const;

describe('a mail', () => {
  test('[M48] one thing is said whole, with a link that tells nothing', () => {
    expect(mailOf([told], { agency: 'Police', origin: 'https://candour.example.org' })).toEqual({
      subject: 'SI-2026-7KQ4: a position is needed from Police, by Monday 5 October 2026',
      body: [
        'A position is needed from Police, by Monday 5 October 2026, on case SI-2026-7KQ4.',
        'Sign in: https://candour.example.org/c/AbCdEf123456',
        '',
        'You get this because you work on this case for Police.',
        'We do not put case information in email.',
      ].join('\n'),
    });
  });
  test('[M48] what is asked in other words of its own never stands in a mail', () => {
    const secret = { ...told, need: { ...need, place: 'notes' as const, what: 'Question: time of ambulance call' } };
    expect(JSON.stringify(mailOf([secret, secret], { agency: 'Police', origin: '' }))).not.toContain('ambulance');
  });
  test('[M48] a reminder says that it is still owed', () => {
    expect(sayNotice({ ...told, why: 'reminder' }, 'Health')).toContain('still owed: a position is needed from Health');
  });
});

describe('reminders', () => {
  const at = (from: string, due: string) => reminderMoments(from, due, holidays).map(({ when, at }) => `${when} ${at}`);
  test('[M48] half-way, the last full day and the last morning, at 8am in London', () => {
    expect(at('2026-11-20T15:00:00.000Z', '2026-11-27')).toEqual([
      'half-way 2026-11-25T08:00:00.000Z',
      'last full day 2026-11-26T08:00:00.000Z',
      'last morning 2026-11-27T08:00:00.000Z',
    ]);
  });
  test('[M48] what is asked a day before has fewer, and none before it was asked', () => {
    expect(at('2026-11-26T15:00:00.000Z', '2026-11-27')).toEqual(['last morning 2026-11-27T08:00:00.000Z']);
    expect(at('2026-11-27T15:00:00.000Z', '2026-11-27')).toEqual([]);
  });
});
