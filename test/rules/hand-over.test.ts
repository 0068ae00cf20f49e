/** Handing a case over to the authority whose duty it is: the clock stays ours until that authority has accepted. */
import { describe, expect, test } from 'vitest';
import { hasCase } from '#schema/room.ts';
import { statusOf } from '#schema/status.ts';
import { serviceClock } from '#schema/actor.ts';
import { clocksOf } from '#schema/clocks.ts';
import { duesOf } from '#schema/due.ts';
import { registerRow } from '#schema/register.ts';
import { needsOf } from '#schema/work.ts';
import {
  amara,
  decisionSigned,
  denis,
  given,
  holidays,
  joan,
  opened,
  priya,
  today,
  tomas,
  type Happened,
} from '../support/rules.ts';

const handing = {
  authority: 'Southmoor Council',
  spokenTo: 'Ada Flint, duty manager',
  on: '2026-11-23',
  reference: 'SM/114',
};
const handOver = { type: 'HandOver', ...handing } as const;
const acceptance = { acceptedBy: 'Ada Flint, duty manager', on: '2026-11-23', reference: 'Email of 23 November' };
const accept = { type: 'RecordAcceptance', ...acceptance } as const;
const takeBack = { type: 'TakeBack', reason: 'It happened on our side of the boundary.' } as const;
const handedOver: Happened = { by: denis, event: { type: 'HandedOver', ...handing } };
const accepted: Happened = { by: denis, event: { type: 'HandOverAccepted', ...acceptance } };
const takenBack: Happened = { by: denis, event: { type: 'TakenBack', reason: takeBack.reason } };

const caseIn = (...history: Parameters<typeof given>) => {
  const { state } = given(...history);
  if (!hasCase(state)) throw new Error('No case');
  return state;
};
const notifyClock = (...history: Parameters<typeof given>) =>
  clocksOf(caseIn(...history), { holidays }).find(({ id }) => id === 'notify');

describe('[M8] handing over', () => {
  test('the decision-maker does it, with whom they spoke to, when and a reference', () => {
    given(opened())
      .when(handOver, denis)
      .gives({ type: 'HandedOver', ...handing });
  });
  test.each([
    ['who speaks for the local authority', tomas],
    ['Health', amara],
    ['the Chair', joan],
  ])('%s may not', (_, by) => {
    for (const command of [handOver, accept, takeBack]) {
      given(opened(), handedOver).when(command, by).isRefused('OnlyTheAuthorityDecides');
    }
  });
  test('not twice, not once decided, and not with somebody spoken to tomorrow', () => {
    given(opened(), handedOver)
      .when(handOver, denis)
      .isRefused('AlreadyHandedOver', { authority: 'Southmoor Council' });
    given(opened(), decisionSigned()).when(handOver, denis).isRefused('AlreadyDecided');
    given(opened())
      .when({ ...handOver, on: '2026-11-24' }, denis)
      .isRefused('DateInTheFuture', { field: 'on' });
    given(opened())
      .when({ ...handOver, on: '2026-11-19' }, denis)
      .isRefused('BeforeItCouldBe', { field: 'on', from: '2026-11-20' });
    given(opened())
      .when({ ...handOver, on: '2026-11-20' }, denis)
      .givesTypes('HandedOver');
  });

  test('[CK1] our clock runs on until the other authority’s acceptance is recorded', () => {
    expect(notifyClock(opened(), handedOver)?.ended).toBeNull();
    expect(notifyClock(opened(), handedOver, accepted)?.ended).toEqual({
      on: '2026-11-23',
      because: 'Southmoor Council accepted that it notifies',
    });
    expect(notifyClock(opened(), handedOver, accepted, takenBack)?.ended).toBeNull();
    expect(notifyClock(opened(), handedOver, accepted, takenBack)?.deadline.due).toBe('2026-11-27');
  });

  test('[CK1] that the last day to notify ended is recorded only while the day is ours', () => {
    const pass = { type: 'PassLimit', limit: 'notify' } as const;
    const after = { now: '2026-11-28T00:00:00Z', today: '2026-11-28' };
    const dues = (...history: Parameters<typeof given>) =>
      duesOf(caseIn(...history), { holidays }).map(({ command }) => command);
    given(opened(), handedOver).when(pass, serviceClock, after).givesTypes('LimitPassed');
    given(opened(), handedOver, accepted)
      .when(pass, serviceClock, after)
      .isRefused('AlreadyAccepted', { authority: 'Southmoor Council' });
    given(opened(), handedOver, accepted, takenBack).when(pass, serviceClock, after).givesTypes('LimitPassed');
    expect(dues(opened(), handedOver)).toContainEqual(pass);
    expect(dues(opened(), handedOver, accepted)).toEqual([]);
    expect(dues(opened(), handedOver, accepted, takenBack)).toContainEqual(pass);
  });

  test('[M37] the register says whose the day is', () => {
    expect(registerRow(caseIn(opened(), handedOver)).acceptedBy).toBeNull();
    expect(registerRow(caseIn(opened(), handedOver, accepted)).acceptedBy).toBe('Southmoor Council');
    expect(registerRow(caseIn(opened(), handedOver, accepted, takenBack)).acceptedBy).toBeNull();
  });

  test('acceptance is recorded once, of a hand-over that stands, and not before it was asked for', () => {
    given(opened(), handedOver)
      .when(accept, denis)
      .gives({ type: 'HandOverAccepted', ...acceptance });
    given(opened()).when(accept, denis).isRefused('NotHandedOver');
    given(opened(), handedOver, accepted).when(accept, denis).isRefused('AlreadyAccepted');
    given(opened(), handedOver, takenBack).when(accept, denis).isRefused('NotHandedOver');
    given(opened(), handedOver)
      .when({ ...accept, on: '2026-11-22' }, denis)
      .isRefused('AcceptedBeforeAsked', { on: today });
    given(opened(), handedOver)
      .when({ ...accept, on: '2026-11-24' }, denis)
      .isRefused('DateInTheFuture');
  });

  test('it is taken back with a reason, and may then be handed over again', () => {
    given(opened(), handedOver).when(takeBack, denis).gives({ type: 'TakenBack', reason: takeBack.reason });
    given(opened()).when(takeBack, denis).isRefused('NotHandedOver');
    given(opened(), handedOver, takenBack).when(takeBack, denis).isRefused('NotHandedOver');
    given(opened(), handedOver, takenBack).when(handOver, denis).givesTypes('HandedOver');
    expect(caseIn(opened(), handedOver, takenBack, handedOver).handOvers).toHaveLength(2);
    expect(caseIn(opened(), handedOver, takenBack, handedOver).handOvers[0]?.takenBack).not.toBeNull();
  });

  test('the case says where it is, and asks only for what is left to do here', () => {
    expect(statusOf(caseIn(opened(), handedOver))).toBe('handed-over');
    expect(statusOf(caseIn(opened(), handedOver, takenBack))).toBe('in-discussion');
    expect(needsOf(caseIn(opened(), handedOver), denis, { holidays }).map(({ what }) => what)).toEqual([
      'Record whether Southmoor Council has accepted the case',
      'Sign the decision, with or without every position',
    ]);
    expect(needsOf(caseIn(opened(), handedOver), priya, { holidays })).toHaveLength(1);
    for (const by of [denis, priya, joan])
      expect(needsOf(caseIn(opened(), handedOver, accepted), by, { holidays })).toEqual([]);
  });
});
