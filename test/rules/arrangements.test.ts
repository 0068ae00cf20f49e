/** What a partnership has agreed: versions by date, kept by the cases opened under them. */
import { describe, expect, test } from 'vitest';
import { arrangements, firstArrangements, holidaysOf, inForce } from '#schema/arrangements.ts';
import { bankHolidays } from '#schema/bank-holidays.ts';
import { holidaysByDay } from '#schema/calendar.ts';
import { notifyBy, notifyWithin } from '#schema/clock.ts';
import { amara, factsWith, given, openCase } from '../support/rules.ts';

const later = { ...firstArrangements, version: 2, from: '2026-12-01', chairTitle: 'Independent scrutineer' };

describe('the version in force', () => {
  test('[M1] is the latest that has taken effect, and never one that has not', () => {
    const versions = [later, firstArrangements];
    expect(inForce(versions, '2026-11-30').version).toBe(1);
    expect(inForce(versions, '2026-12-01').version).toBe(2);
    expect(inForce([], '2026-12-01')).toEqual(firstArrangements);
  });

  test('[M1] is kept by a case opened under it, wording and all', () => {
    const first = { name: 'Northbeck', people: factsWith().partnership.people, arrangements: firstArrangements };
    const after = given()
      .when(openCase, amara, factsWith({ partnership: first }))
      .recorded();
    expect(after.state.case?.arrangements).toEqual(firstArrangements);
    expect(after.state.case?.criteriaSet).toEqual(firstArrangements.criteria);
  });
});

test('[M1] what a partnership starts with is sound: stages in order, none beyond the day to notify', () => {
  expect(arrangements.parse(firstArrangements)).toEqual(firstArrangements);
  const days = firstArrangements.ladder.map(({ byDay }) => byDay);
  expect(days).toEqual([...days].sort((a, b) => a - b));
  expect(Math.max(...days)).toBeLessThanOrEqual(notifyWithin);
});

test('[M10] a day the partnership adds is not counted, and one it removes is', () => {
  const calendar = { added: [{ day: '2026-11-24', name: 'Proclaimed day' }], removed: ['2026-12-25'] };
  const days = holidaysByDay(holidaysOf({ calendar }));
  expect(days.get('2026-11-24')).toBe('Proclaimed day');
  expect(days.has('2026-12-25')).toBe(false);
  expect(days.size).toBe(bankHolidays.length);
  expect(notifyBy('2026-11-23', days).due).toBe('2026-12-01');
});
