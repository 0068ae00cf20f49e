/** Limits: what passes with something left undone is written by the service's clock, and by nobody else. */
import { describe, expect, test } from 'vitest';
import { serviceClock } from '#schema/actor.ts';
import { personRole } from '#schema/agency.ts';
import { endOf } from '#schema/calendar.ts';
import { duesOf } from '#schema/due.ts';
import { hasCase } from '#schema/room.ts';
import { tell } from '#lib/deliberation/tell.ts';
import { clocksOf } from '#schema/clocks.ts';
import type { OutcomeEvent } from '#schema/outcome.ts';
import {
  admitted,
  allAttended,
  amara,
  at,
  decisionSigned,
  denis,
  given,
  holidays,
  joan,
  notified,
  opened,
  outcomeRecorded,
  positionFor,
  positionGiven,
  positionsDiffer,
  priya,
  resolutionAsked,
  resolutionOpened,
  tomas,
  type Happened,
} from '../support/rules.ts';

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
    given(opened(), decisionSigned([], 'do-not-notify')).when(pass, serviceClock, after).isRefused('AlreadyDecided');
    given(opened(), notified()).when(pass, serviceClock, after).isRefused('AlreadyNotified');
  });
  test('[CK1] a decision to notify that nobody has sent by then is said to be just that', () => {
    const before = given(opened(), decisionSigned());
    before
      .when(pass, serviceClock, after)
      .gives({ type: 'LimitPassed', limit: 'notify', day: lastDay, undone: 'not-sent' });
    const told = before.when(pass, serviceClock, after).recorded();
    expect(told.entries.map((entry) => tell(entry, told.entries).title).at(-1)).toBe(
      'The last day to notify ended, and no notification had been sent',
    );
    told.when(pass, serviceClock, after).isRefused('LimitAlreadyPassed');
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
    return hasCase(state) ? duesOf(state, { holidays }).filter(({ kind }) => kind === 'clock') : [];
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
    expect(dues(opened(), decisionSigned([], 'do-not-notify'))).toEqual([]);
    expect(dues(opened(), notified())).toEqual([]);
    expect(dues(opened(), decisionSigned()).map(({ command }) => command)).toEqual([pass]);
    const { state } = given(opened()).when(pass, serviceClock, after).recorded();
    expect(hasCase(state) && duesOf(state, { holidays }).map(({ command }) => command)).not.toContainEqual(pass);
  });
  test('each is named once for ever, within its room', () => {
    const named = dues(opened()).map(({ kind, subject }) => `${kind} ${subject}`);
    expect(new Set(named).size).toBe(named.length);
  });
});

describe('[CK8] the day for formal positions', () => {
  const ends = { type: 'PassLimit', limit: 'positions' } as const;
  const then = { today: '2026-11-25' };
  const ask = { type: 'RequestResolution' as const, question: 'What is it?', tried: ['neither' as const], stage: null };
  const silent = [opened(), positionGiven(amara), positionGiven(tomas)] as const;

  test('once it has ended, the clock records who gave none; nothing opens by itself', () => {
    const ended = given(...silent).when(ends, serviceClock, then);
    ended.gives({ type: 'LimitPassed', limit: 'positions', day: '2026-11-24', silent: ['Police'] });
    expect(ended.recorded().state.positions.opened).toBeNull();
    ended.recorded().when(ends, serviceClock, then).isRefused('LimitAlreadyPassed');
    given(...silent)
      .when(ends, serviceClock, { today: '2026-11-24' })
      .isRefused('LimitNotPassed', { until: '2026-11-24' });
    given(...silent)
      .when(ends, joan, then)
      .isRefused('NotYourRole');
    given(opened(), positionsDiffer()).when(ends, serviceClock, then).isRefused('PositionsAlreadyOpen');
    given(...silent, decisionSigned())
      .when(ends, serviceClock, then)
      .isRefused('AlreadyDecided');
  });

  test('then any partner may ask for resolution, sealed as the positions are, and while one is still silent', () => {
    given(...silent)
      .when(ask, amara, then)
      .isRefused('PositionsStillSealed');
    const ended = given(...silent)
      .when(ends, serviceClock, then)
      .recorded();
    ended.when(ask, amara, then).givesTypes('ResolutionRequested');
    ended.when(ask, denis, then).isRefused('NotYourRole');
    ended.when(ask, amara, then).recorded().when(ask, tomas, then).isRefused('ResolutionAlreadyAsked');
    const opened = ended.when({ type: 'OpenPositions', reason: 'Police are silent.' }, joan, then).recorded();
    opened.when(ask, amara, then).givesTypes('ResolutionRequested');
    const answered = ended
      .when({ type: 'SubmitPosition', content: positionFor('notify'), whatChanged: null }, priya, then)
      .recorded();
    answered.when(ask, amara, then).isRefused('ViewsDoNotDiffer');
  });

  test('a case raised later than that day has until the end of the day on which it was raised', () => {
    const late = opened().map((happened) => at('2026-11-26T09:00:00Z', happened));
    given(late).when(ends, serviceClock, { today: '2026-11-26' }).isRefused('LimitNotPassed', { until: '2026-11-26' });
    given(late).when(ends, serviceClock, { today: '2026-11-27' }).givesTypes('LimitPassed');
    const { state } = given(late);
    if (!hasCase(state)) throw new Error('No case');
    const stage = clocksOf(state, { holidays }).find(({ id }) => id === 'stage-2');
    expect(stage?.deadline).toMatchObject({ due: '2026-11-26', start: '2026-11-26' });
  });
});

describe('[M25] the day agreed for more information', () => {
  const ends = { type: 'PassLimit', limit: 'information' } as const;
  const then = { today: '2026-11-27' };
  const agreed: Happened = {
    by: joan,
    event: { ...(outcomeRecorded('agreed-more-information').event as OutcomeEvent), due: '2026-11-26' },
  };
  const waiting = [opened(), positionsDiffer(), resolutionAsked(), resolutionOpened, agreed] as const;

  test('once it has ended and views still differ, the stage above begins, once', () => {
    const ended = given(...waiting).when(ends, serviceClock, then);
    ended.givesTypes('LimitPassed', 'ResolutionEscalated', 'LeadPartnersTold');
    ended.recorded().when(ends, serviceClock, then).isRefused('LimitAlreadyPassed');
    given(...waiting)
      .when(ends, serviceClock, { today: '2026-11-26' })
      .isRefused('LimitNotPassed');
    given(...waiting)
      .when(ends, joan, then)
      .isRefused('NotYourRole');
    given(...waiting, decisionSigned())
      .when(ends, serviceClock, then)
      .isRefused('AlreadyDecided');
    given(opened(), positionsDiffer()).when(ends, serviceClock, then).isRefused('LimitAlreadyPassed');
  });

  test('where views agree by then, it only says that the day has ended', () => {
    const met = given(...waiting, { ...positionGiven(priya), at: '2026-11-25T09:00:00Z' });
    met.when(ends, serviceClock, then).gives({ type: 'LimitPassed', limit: 'information', day: '2026-11-26' });
    const { state } = met.when(ends, serviceClock, then).recorded();
    if (!hasCase(state)) throw new Error('No case');
    expect(duesOf(state, { holidays }).flatMap(({ command }) => command ?? [])).not.toContainEqual(ends);
  });

  test('it is agreed for a day inside the time to notify, and for any day to come once that has ended', () => {
    const record = (due: string) =>
      ({
        type: 'RecordOutcome',
        attendance: allAttended,
        outcome: 'agreed-more-information',
        detail: 'The second scan.',
        due,
        commonGround: 'The facts.',
        pointsAtIssue: 'None',
      }) as const;
    const open = given(opened(), positionsDiffer(), resolutionAsked(), resolutionOpened);
    open.when(record('2026-11-30'), joan, then).isRefused('DateAfterTheClock', { until: '2026-11-27' });
    open.when(record('2026-11-30'), joan, { today: '2026-11-28' }).givesTypes('OutcomeRecorded');
    open.when(record('2026-11-27'), joan, { today: '2026-11-28' }).isRefused('DateInThePast');
  });
});
