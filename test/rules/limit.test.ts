/** Limits: what passes with something left undone is written by the service's clock, and by nobody else. */
import { describe, expect, test } from 'vitest';
import { serviceClock } from '#schema/actor.ts';
import { personRole } from '#schema/agency.ts';
import { endOf } from '#schema/calendar.ts';
import { duesOf } from '#schema/due.ts';
import { hasCase } from '#schema/room.ts';
import { admitted, decisionSigned, given, opened } from '../support/rules.ts';

const pass = { type: 'PassLimit', limit: 'notify' } as const;
const lastDay = '2026-11-27';
const after = { now: endOf(lastDay), today: '2026-11-28' };

describe('the last day to notify', () => {
  test('[CK1] once it has ended without a decision, the clock records that it has', () => {
    given(opened()).when(pass, serviceClock, after).gives({ type: 'LimitPassed', limit: 'notify', day: lastDay });
  });
  test('[CK1] not a moment before midnight in London', () => {
    given(opened())
      .when(pass, serviceClock, { now: `${lastDay}T23:59:59.999999Z` })
      .isRefused('LimitNotPassed', { until: lastDay });
  });
  test('sent twice, it is refused', () => {
    given(opened())
      .when(pass, serviceClock, after)
      .recorded()
      .when(pass, serviceClock, after)
      .isRefused('LimitAlreadyPassed');
  });
  test('not once the authority has decided', () => {
    given(opened(), decisionSigned()).when(pass, serviceClock, after).isRefused('AlreadyDecided');
  });
  test('nobody but the clock says so', () => {
    for (const by of admitted) given(opened()).when(pass, by, after).isRefused('NotYourRole', { role: by.role });
  });
  test('nobody can be given the clock’s role', () => {
    expect(personRole.safeParse('service').success).toBe(false);
    expect(personRole.safeParse('lead-partner').success).toBe(true);
  });
});

describe('what time will do', () => {
  const dues = (...history: Parameters<typeof given>) => {
    const { state } = given(...history);
    return hasCase(state) ? duesOf(state) : [];
  };
  test('[CK1] the last day to notify is due at its end, in summer time too', () => {
    expect(dues(opened())).toContainEqual(
      expect.objectContaining({ kind: 'clock', at: '2026-11-28T00:00:00Z', command: pass }),
    );
    expect(endOf('2026-07-10')).toBe('2026-07-10T23:00:00Z');
    expect(endOf('2026-10-24')).toBe('2026-10-24T23:00:00Z');
    expect(endOf('2026-10-25')).toBe('2026-10-26T00:00:00Z');
  });
  test('nothing once it is decided, or has passed', () => {
    expect(dues(opened(), decisionSigned())).toEqual([]);
    const { state } = given(opened()).when(pass, serviceClock, after).recorded();
    expect(hasCase(state) && duesOf(state)).toEqual([]);
  });
  test('each is named once for ever, within its room', () => {
    const named = dues(opened()).map(({ kind, subject }) => `${kind} ${subject}`);
    expect(new Set(named).size).toBe(named.length);
  });
});
