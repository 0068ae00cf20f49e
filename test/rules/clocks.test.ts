/** Every clock, on every day of 2022 to 2028, against a count by the date-holidays package that shares nothing with it. */
import DateHolidays from 'date-holidays';
import { describe, expect, test } from 'vitest';
import { firstArrangements, holidaysEverywhere } from '#schema/arrangements.ts';
import { bankHolidays, otherBankHolidays } from '#schema/bank-holidays.ts';
import { holidaysByDay, type Day } from '#schema/calendar.ts';
import {
  availableUntil,
  breachBy,
  deathInCareBy,
  informationBy,
  knownUntil,
  notifyBy,
  practiceReviewBy,
  rapidReviewBy,
  rationaleBy,
  reviewBy,
  sayHolidaysKnown,
  sendReportBy,
  stageBy,
  subjectAccessBy,
  tellPartnersBy,
  type Deadline,
} from '#schema/clock.ts';
import {
  alertsDue,
  alertsOf,
  alertsOfHours,
  clocksFrom,
  clocksOf,
  isRunning,
  wasLate,
  type Clock,
  type Moments,
} from '#schema/clocks.ts';
import { hasCase } from '#schema/room.ts';
import { decisionSigned, denis, given, holidays, notified, opened, positionsAgree } from '../support/rules.ts';

const everywhere = holidaysByDay(holidaysEverywhere(firstArrangements));
const numberOf = (day: Day) => Date.parse(`${day}T00:00:00Z`) / 86_400_000;
const dayAt = (number: number): Day => new Date(number * 86_400_000).toISOString().slice(0, 10);
const range = (from: Day, to: Day) =>
  Array.from({ length: numberOf(to) - numberOf(from) }, (_, index) => dayAt(numberOf(from) + index));
const years = [2022, 2023, 2024, 2025, 2026, 2027, 2028];

/** Days the package calls public in one country. */
const publicDays = (region: string) =>
  new Set(
    years.flatMap((year) =>
      new DateHolidays('GB', region)
        .getHolidays(year)
        .filter(({ type }) => type === 'public')
        .map(({ date }) => date.slice(0, 10)),
    ),
  );
const isWeekend = (number: number) => [0, 6].includes(new Date(number * 86_400_000).getUTCDay());

/** Tries each day in turn and counts back to the start each time. */
function slowly(start: Day, days: number, off: ReadonlySet<Day>): Day {
  const from = numberOf(start);
  const step = days < 0 ? -1 : 1;
  for (let last = from; ; last += step) {
    const between = Array.from({ length: Math.abs(last - from) }, (_, index) => from + step * (index + 1));
    const counted = between.filter((number) => !isWeekend(number) && !off.has(dayAt(number)));
    if (counted.length === Math.abs(days) && (days === 0 || counted.at(-1) === last)) return dayAt(last);
  }
}

/** The same day some months on, by counting days in the month; its last where there is none. */
function monthsOn(start: Day, months: number): Day {
  const [year, month, day] = start.split('-').map(Number) as [number, number, number];
  const last = new Date(Date.UTC(year, month - 1 + months + 1, 0)).getUTCDate();
  return new Date(Date.UTC(year, month - 1 + months, Math.min(day, last))).toISOString().slice(0, 10);
}

describe('[CK12] bank holidays in any part of the United Kingdom against the date-holidays package', () => {
  const ours = new Set(everywhere.keys());
  const theirs = new Set([...publicDays('ENG'), ...publicDays('SCT'), ...publicDays('NIR')]);

  test('every weekday of 2022 to 2028: they differ on the day proclaimed in 2026 alone, which the package does not know', () => {
    const weekdays = range('2022-01-01', '2029-01-01').filter((day) => !isWeekend(numberOf(day)));
    const onlyOurs = weekdays.filter((day) => ours.has(day) && !theirs.has(day));
    const onlyTheirs = weekdays.filter((day) => theirs.has(day) && !ours.has(day));
    expect({ onlyOurs, onlyTheirs }).toEqual({ onlyOurs: ['2026-06-15'], onlyTheirs: [] });
  });

  test('each is a weekday, listed once, in order, and not one of England and Wales', () => {
    const days = otherBankHolidays.map(({ day }) => day);
    expect(days).toEqual([...new Set(days)].sort());
    for (const day of days) {
      expect(isWeekend(numberOf(day)), day).toBe(false);
      expect(holidays.has(day), day).toBe(false);
    }
  });
});

describe('every clock begun on every day of 2022 to 2028', () => {
  const england = publicDays('ENG');
  const kingdom = new Set([...england, ...publicDays('SCT'), ...publicDays('NIR'), '2026-06-15']);
  const enough = (days: number) => range('2022-01-01', dayAt(numberOf('2028-12-31') - days));

  test.each<[string, number, (day: Day) => Deadline | null]>([
    ['[CK1] five working days to notify', 5, (day) => notifyBy(day, holidays)],
    ['[CK2] five working days to tell the partners', 5, (day) => tellPartnersBy(day, holidays)],
    ['[CK3] five working days for a death in care', 5, (day) => deathInCareBy(day, holidays)],
    [
      '[CK4] fifteen working days for the rapid review',
      15,
      (day) => rapidReviewBy('notified', { aware: '2022-01-01', notified: day }, holidays),
    ],
    ['[CK8] a stage of three working days', 3, (day) => stageBy(day, 3, holidays)],
    ['[CK9] two working days to serve the rationale', 2, (day) => rationaleBy(day, 2, holidays)],
  ])('%s', (_, count, deadline) => {
    for (const day of enough(30)) expect([day, deadline(day)?.due]).toEqual([day, slowly(day, count, england)]);
  });

  test('[CK6] the report is sent seven working days before publication', () => {
    for (const day of range('2022-01-20', '2029-01-01')) {
      const { due, passed } = sendReportBy(day, holidays);
      expect([day, due]).toEqual([day, slowly(day, -7, england)]);
      expect(passed.map((each) => numberOf(each.day))).toEqual(passed.map((_, index) => numberOf(day) - index));
    }
  });

  test('[CK12] twenty working days to answer a request for information', () => {
    for (const day of enough(45))
      expect([day, informationBy(day, everywhere).due]).toEqual([day, slowly(day, 20, kingdom)]);
  });

  test('[CK5] six calendar months for a practice review, [CK7] a year of being available', () => {
    for (const day of range('2022-01-01', '2029-01-01')) {
      expect([day, practiceReviewBy(day).due]).toEqual([day, monthsOn(day, 6)]);
      expect([day, availableUntil(day).due]).toEqual([day, monthsOn(day, 12)]);
    }
  });

  test('[CK11] a calendar month for subject access, on to the next working day', () => {
    for (const day of enough(45)) {
      let due = numberOf(monthsOn(day, 1));
      while (isWeekend(due) || england.has(dayAt(due))) due += 1;
      expect([day, subjectAccessBy(day, holidays).due]).toEqual([day, dayAt(due)]);
    }
  });

  test('[CK13] 72 hours for a breach, begun in any hour of any night on which the clocks change', () => {
    for (const night of ['2026-03-29', '2026-10-25', '2027-03-28', '2027-10-31', '2028-03-26', '2028-10-29']) {
      for (let hours = -80; hours <= 24; hours += 1) {
        const start = new Date(Date.parse(`${night}T00:30:00Z`) + hours * 3_600_000).toISOString();
        expect(Date.parse(breachBy(start).due) - Date.parse(start)).toBe(72 * 3_600_000);
      }
    }
    for (const day of range('2022-01-01', '2029-01-01')) {
      const start = `${day}T23:59:59Z`;
      expect(Date.parse(breachBy(start).due)).toBe(Date.parse(start) + 259_200_000);
    }
  });
});

describe('at the edges', () => {
  test('[CK5] a review begun on the last of August ends with February', () => {
    expect(practiceReviewBy('2026-08-31').due).toBe('2027-02-28');
    expect(practiceReviewBy('2027-08-31').due).toBe('2028-02-29');
  });
  test('[CK7] a report published on a leap day', () => {
    expect(availableUntil('2028-02-29').due).toBe('2029-02-28');
  });
  test('[CK10] a decision is looked at again on the day its signer set', () => {
    expect(reviewBy('2026-11-23', '2026-12-14')).toMatchObject({ due: '2026-12-14', unit: 'date' });
  });
  test('[CK11] shows the days that were passed over', () => {
    expect(subjectAccessBy('2026-11-25', holidays).passed).toEqual([
      { day: '2026-11-25', counted: 0, because: 'day 0' },
      { day: '2026-12-25', counted: null, because: 'Christmas Day' },
      { day: '2026-12-26', counted: null, because: 'Weekend' },
      { day: '2026-12-27', counted: null, because: 'Weekend' },
      { day: '2026-12-28', counted: null, because: 'Boxing Day (substitute)' },
      { day: '2026-12-29', counted: 1, because: 'the next working day' },
    ]);
  });
  test('[CK4] the rapid review begins where the arrangements say, and not before', () => {
    const days = { aware: '2026-11-20', notified: '2026-11-25' };
    expect(rapidReviewBy('aware', days, holidays)?.start).toBe('2026-11-20');
    expect(rapidReviewBy('notified', days, holidays)?.start).toBe('2026-11-25');
    expect(rapidReviewBy('notified', { ...days, notified: null }, holidays)).toBeNull();
  });
  test('[M10] past the bank holidays that are known, the deadline says so, either way', () => {
    expect(knownUntil(holidays)).toBe('2028-12-31');
    expect(sayHolidaysKnown(notifyBy('2028-12-19', holidays), holidays)).toBe('');
    const later = notifyBy('2028-12-28', holidays);
    expect(later).toMatchObject({ due: '2029-01-04', holidaysKnown: false });
    expect(sayHolidaysKnown(later, holidays)).toBe(
      'Bank holidays are known here to Sunday 31 December 2028. Later ones are not left out of this count, so the last day may be later than this. The business unit can add them.',
    );
    expect(sayHolidaysKnown(sendReportBy('2029-01-10', holidays), holidays)).toContain('may be earlier');
    expect(knownUntil(new Map())).toBe('0000-12-31');
  });
  test('[M10] one proclaimed day does not make a year known; eight do', () => {
    const extra = (days: readonly Day[]) =>
      holidaysByDay([...bankHolidays, ...days.map((day) => ({ day, name: 'A bank holiday' }))]);
    expect(knownUntil(extra(['2029-03-01']))).toBe('2028-12-31');
    expect(knownUntil(extra(range('2029-03-01', '2029-03-09')))).toBe('2029-12-31');
  });
});

const begun: Moments = {
  awareOn: '2026-11-20',
  partnersToldOn: null,
  deathInCare: false,
  deathInCareToldOn: null,
  decided: null,
  positionsOpenedOn: null,
  beganOn: '2026-11-20',
  stages: {},
  rationaleServedOn: null,
  notifiedOn: null,
  rapidReviewSentOn: null,
  notificationEnded: null,
  practiceReview: null,
  accepted: null,
};
const clocks = (moments: Partial<Moments>, agreed = firstArrangements) =>
  clocksFrom({ ...begun, ...moments }, agreed, holidays);
const named = (id: string, all: readonly Clock[]) => {
  const clock = all.find((each) => each.id === id);
  if (!clock) throw new Error(`No clock ${id}`);
  return clock;
};

describe('[M10] the clocks of a case', () => {
  test('begin with awareness: to notify, to tell the partners, and each stage', () => {
    expect(clocks({}).map(({ id, deadline }) => [id, deadline.due])).toEqual([
      ['stage-1', '2026-11-23'],
      ['stage-2', '2026-11-24'],
      ['stage-3', '2026-11-25'],
      ['stage-4', '2026-11-26'],
      ['notify', '2026-11-27'],
      ['tell-partners', '2026-11-27'],
      ['stage-5', '2026-11-27'],
    ]);
    expect(clocks({}).every(isRunning)).toBe(true);
  });

  test('[CK1] a decision to notify does not stop the clock: sending does, and late is called late', () => {
    const decided = { on: '2026-11-26', outcome: 'notify', reviewOn: null } as const;
    expect(named('notify', clocks({ decided })).ended).toBeNull();
    const sent = named('notify', clocks({ decided, notifiedOn: '2026-11-30' }));
    expect(sent.ended).toEqual({ on: '2026-11-30', because: 'Notification sent' });
    expect(wasLate(sent)).toBe(true);
    expect(wasLate(named('notify', clocks({ decided, notifiedOn: '2026-11-27' })))).toBe(false);
  });

  test('[CK1] it becomes another authority’s only when that authority has accepted', () => {
    const accepted = { on: '2026-11-25', by: 'Southmoor Council' };
    expect(named('notify', clocks({ accepted })).ended).toEqual({
      on: '2026-11-25',
      because: 'Southmoor Council accepted that it notifies',
    });
  });

  test('[CK3] a death in care has a clock of its own, which a decision does not stop', () => {
    const decided = { on: '2026-11-26', outcome: 'do-not-notify', reviewOn: '2026-12-14' } as const;
    expect(clocks({}).some(({ id }) => id === 'death-in-care')).toBe(false);
    expect(named('death-in-care', clocks({ deathInCare: true, decided })).ended).toBeNull();
    expect(named('death-in-care', clocks({ deathInCare: true, deathInCareToldOn: '2026-11-27' })).ended).not.toBeNull();
  });

  test('[CK9, CK10] a decision not to notify starts those of its rationale and of its review', () => {
    const decided = { on: '2026-11-26', outcome: 'do-not-notify', reviewOn: '2026-12-14' } as const;
    const all = clocks({ decided });
    expect(named('rationale', all).deadline.due).toBe('2026-11-30');
    expect(named('review', all).deadline.due).toBe('2026-12-14');
    expect(named('notify', all).ended?.on).toBe('2026-11-26');
    expect(named('rationale', clocks({ decided, rationaleServedOn: '2026-11-27' })).ended).not.toBeNull();
  });

  test('[CK4] the rapid review counts as the case’s own arrangements say', () => {
    const fromAware = {
      ...firstArrangements,
      clocks: { ...firstArrangements.clocks, rapidReviewStarts: 'aware' },
    } as const;
    expect(clocks({}, fromAware).some(({ id }) => id === 'rapid-review')).toBe(false);
    expect(named('rapid-review', clocks({ notifiedOn: '2026-11-25' })).deadline.start).toBe('2026-11-25');
    expect(named('rapid-review', clocks({ notifiedOn: '2026-11-25' }, fromAware)).deadline.start).toBe('2026-11-20');
  });

  test('[CK4] it ends with the notification it followed, unless it was sent before', () => {
    const ended = { on: '2026-12-02', how: 'The local authority withdrew it' };
    const withdrawn = named('rapid-review', clocks({ notifiedOn: '2026-11-25', notificationEnded: ended }));
    expect(withdrawn.ended).toEqual({
      on: '2026-12-02',
      because: 'The notification ended: The local authority withdrew it',
    });
    const sent = clocks({ notifiedOn: '2026-11-25', rapidReviewSentOn: '2026-12-01', notificationEnded: ended });
    expect(named('rapid-review', sent).ended?.because).toBe('Rapid review sent');
    const { state } = given(opened(), notified(), {
      by: denis,
      event: { type: 'NotificationEnded', how: 'withdrawn', on: '2026-11-24', reason: 'New facts.', to: '' },
    });
    if (!hasCase(state)) throw new Error('No case');
    expect(named('rapid-review', clocksOf(state, { holidays })).ended?.on).toBe('2026-11-24');
  });

  test('[CK5, CK6, CK7] a practice review has its own, with or without a notification', () => {
    const review = { begunOn: '2026-12-01', publishOn: '2027-05-20', reportSentOn: null, publishedOn: null };
    const all = clocks({ practiceReview: review });
    expect(named('practice-review', all).deadline.due).toBe('2027-06-01');
    expect(named('send-report', all).deadline.due).toBe('2027-05-11');
    expect(all.some(({ id }) => id === 'available')).toBe(false);
    const published = clocks({ practiceReview: { ...review, reportSentOn: '2027-05-10', publishedOn: '2027-05-20' } });
    expect(named('available', published).deadline.due).toBe('2028-05-20');
    expect(wasLate(named('send-report', published))).toBe(false);
  });

  test('are read from the record', () => {
    const { state } = given(opened(), positionsAgree(), decisionSigned([], 'do-not-notify'));
    if (!hasCase(state)) throw new Error('No case');
    const all = clocksOf(state, { holidays });
    expect(named('tell-partners', all).ended?.on).toBe('2026-11-23');
    expect(named('stage-2', all).ended?.because).toBe('Positions opened');
    expect(named('stage-5', all).ended?.because).toBe('The authority decided');
    expect(named('rationale', all).deadline.start).toBe('2026-11-23');
  });
});

describe('[M10] alerts', () => {
  const clock = named('notify', clocks({ awareOn: '2026-11-20' }));

  test('half-way, last full day, last morning: at eight in London, in summer and in winter', () => {
    expect(alertsOf(clock)).toEqual([
      { kind: 'half-way', at: '2026-11-25T08:00:00.000Z' },
      { kind: 'last-full-day', at: '2026-11-26T08:00:00.000Z' },
      { kind: 'last-morning', at: '2026-11-27T08:00:00.000Z' },
    ]);
    expect(alertsOf({ deadline: notifyBy('2026-07-01', holidays) })[0]?.at).toBe('2026-07-06T07:00:00.000Z');
    expect(alertsOf({ deadline: notifyBy('2026-10-22', holidays) })).toEqual([
      { kind: 'half-way', at: '2026-10-27T08:00:00.000Z' },
      { kind: 'last-full-day', at: '2026-10-28T08:00:00.000Z' },
      { kind: 'last-morning', at: '2026-10-29T08:00:00.000Z' },
    ]);
  });

  test('come due one by one, to the second, and none once the clock has ended', () => {
    const due = (now: string) => alertsDue(clock, now).map(({ kind }) => kind);
    expect(due('2026-11-25T07:59:59.999999Z')).toEqual([]);
    expect(due('2026-11-25T08:00:00.000Z')).toEqual(['half-way']);
    expect(due('2026-11-27T08:00:00.000Z')).toEqual(['half-way', 'last-full-day', 'last-morning']);
    expect(
      alertsDue({ ...clock, ended: { on: '2026-11-24', because: 'Notification sent' } }, '2027-01-01T00:00:00Z'),
    ).toEqual([]);
  });

  test('a clock too short for three has fewer, and never two at one moment', () => {
    const kinds = (count: number) =>
      alertsOf({ deadline: stageBy('2026-11-20', count, holidays) }).map(({ kind }) => kind);
    expect(kinds(0)).toEqual([]);
    expect(kinds(1)).toEqual(['last-morning']);
    expect(kinds(2)).toEqual(['last-full-day', 'last-morning']);
    expect(kinds(3)).toEqual(['last-full-day', 'last-morning']);
    expect(kinds(4)).toEqual(['last-full-day', 'last-morning']);
    expect(kinds(5)).toEqual(['half-way', 'last-full-day', 'last-morning']);
  });

  test('of months, and of a day that is counted back to', () => {
    expect(alertsOf({ deadline: practiceReviewBy('2026-12-01') }).map(({ at }) => at)).toEqual([
      '2027-03-03T08:00:00.000Z',
      '2027-05-31T07:00:00.000Z',
      '2027-06-01T07:00:00.000Z',
    ]);
    expect(alertsOf({ deadline: sendReportBy('2027-05-20', holidays) }).map(({ kind }) => kind)).toEqual([
      'last-full-day',
      'last-morning',
    ]);
  });

  test('[CK13] of 72 hours', () => {
    expect(alertsOfHours(breachBy('2026-10-23T12:00:00Z'))).toEqual([
      { kind: 'half-way', at: '2026-10-25T00:00:00Z' },
      { kind: 'last-full-day', at: '2026-10-25T12:00:00Z' },
      { kind: 'last-morning', at: '2026-10-26T08:00:00.000Z' },
    ]);
    expect(alertsOfHours(breachBy('2026-10-23T05:00:00Z')).map(({ kind }) => kind)).toEqual([
      'half-way',
      'last-full-day',
    ]);
  });
});
