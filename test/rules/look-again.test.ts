/** Looking again at a decision not to notify: why it stands, when it is looked at next, and who is told. */
import { describe, expect, test } from 'vitest';
import { tell } from '#lib/deliberation/tell.ts';
import { clocksOf } from '#schema/clocks.ts';
import { fieldErrors } from '#schema/fields.ts';
import { lookAgain, nextLook } from '#schema/look-again.ts';
import { hasCase } from '#schema/room.ts';
import { needsOf } from '#schema/work.ts';
import {
  amara,
  caseReopened,
  decisionServed,
  decisionSigned,
  denis,
  education,
  given,
  health,
  holidays,
  joan,
  northbeck,
  notified,
  opened,
  police,
  priya,
  tomas,
} from '../support/rules.ts';

const reason = 'The bone scan came back clear. No criterion is met.';
const reputation = { formedPart: 'no', explanation: '' } as const;
const look = (next: string | null = '2027-06-14') => ({ type: 'LookAgain', reason, next, reputation }) as const;
const onItsDay = { today: '2026-12-14' };
/** Not notified, to be looked at again on 14 December: the decision is entry 4. */
const decided = [opened(), decisionSigned([], 'do-not-notify'), decisionServed()] as const;

describe('[M30] [CK10] a decision not to notify is looked at again', () => {
  test('why it stands, and when next, served on everyone on whom the decision was served', () => {
    given(...decided)
      .when(look(), denis, onItsDay)
      .gives(
        { type: 'DecisionLookedAt', reason, next: '2027-06-14', reputation },
        {
          type: 'RationaleServed',
          on: [northbeck, health, police, education],
          receiptBy: '2026-12-16',
          what: 'look',
        },
      );
  });

  test('by whoever may sign one, and by nobody else', () => {
    for (const by of [amara, tomas, priya, joan])
      given(...decided)
        .when(look(), by, onItsDay)
        .isRefused('OnlyTheAuthorityDecides');
  });

  test('not before there is one, nor where it is to notify', () => {
    given(opened()).when(look(), denis, onItsDay).isRefused('NotDecided');
    given(opened(), notified()).when(look(), denis, onItsDay).isRefused('NotificationStands');
  });

  test('the next day is to come and within a year, or there is none', () => {
    const when = (next: string | null) => given(...decided).when(look(next), denis, onItsDay);
    when('2026-12-14').isRefused('DateInThePast', { field: 'next' });
    when('2027-12-15').isRefused('TooFarAhead', { field: 'next', until: '2027-12-14' });
    when('2027-12-14').givesTypes('DecisionLookedAt', 'RationaleServed');
    when(null).givesTypes('DecisionLookedAt', 'RationaleServed');
    const { error } = lookAgain.safeParse({ type: 'LookAgain', reason: '', next: '31/12', reputation });
    expect(error && fieldErrors(error)).toEqual({
      reason: 'Say what you looked at, and why the decision stands',
      next: 'Enter the date it is looked at next, like 27 3 2026',
    });
  });

  const looked = given(...decided)
    .when(look(), denis, onItsDay)
    .recorded();

  test('sent twice is refused: nothing is different', () => {
    looked.when(look(), denis, onItsDay).isRefused('NothingChanged');
    looked.when(look('2027-03-01'), denis, onItsDay).givesTypes('DecisionLookedAt', 'RationaleServed');
  });

  test('[M23] the reputation question is asked again, explained where it played a part, and stands with the look', () => {
    const asked = (formedPart: string) => {
      const { error } = lookAgain.safeParse({ ...look(), reputation: { formedPart, explanation: '' } });
      return error && fieldErrors(error);
    };
    expect(asked('')).toEqual({
      'reputation.formedPart': 'Select whether organisational reputation formed any part of this',
    });
    expect(asked('yes')).toEqual({ 'reputation.explanation': 'Explain what part organisational reputation played' });
    const played = { formedPart: 'yes', explanation: 'It had been in the papers.' } as const;
    const again = looked.when({ ...look(), reputation: played }, denis, onItsDay);
    again.givesTypes('DecisionLookedAt', 'RationaleServed');
    const { state, entries } = again.recorded();
    expect(state.looks.map((each) => each.reputation)).toEqual([reputation, played]);
    const lines = entries
      .map((entry) => tell(entry, entries))
      .findLast(({ title }) => title.includes('it stands'))?.lines;
    expect(lines?.map(({ words }) => words)).toContain('Yes: It had been in the papers.');
  });

  test('its clock and what is asked of the signer move to the next day, or end with none', () => {
    const due = (situation: typeof looked) => {
      const { state } = situation;
      if (!hasCase(state)) throw new Error('No case');
      const clock = clocksOf(state, { holidays }).find(({ id }) => id === 'review');
      const need = needsOf(state, denis, { holidays }).find(({ clocks }) => clocks?.includes('review'));
      return [nextLook(state), clock?.deadline.start, clock?.deadline.due, need?.due];
    };
    expect(due(given(...decided))).toEqual(['2026-12-14', '2026-11-23', '2026-12-14', '2026-12-14']);
    expect(due(looked)).toEqual(['2027-06-14', '2026-12-14', '2027-06-14', '2027-06-14']);
    expect(due(looked.when(look(null), denis, { today: '2027-06-14' }).recorded())).toEqual([
      null,
      undefined,
      undefined,
      undefined,
    ]);
  });

  test('each agency is asked to read why and confirms it, apart from the decision itself', () => {
    const { state } = looked;
    if (!hasCase(state)) throw new Error('No case');
    const asked = needsOf(state, amara, { holidays }).filter(({ what }) => what.startsWith('Read'));
    expect(asked).toMatchObject([
      { what: 'Read the decision and confirm that you have it', place: 'decision', at: 'receipt-4' },
      { what: 'Read why the decision still stands and confirm that you have it', place: 'decision', at: 'receipt-6' },
    ]);
    const confirmed = looked.when({ type: 'ConfirmReceipt', decision: 6 }, amara, onItsDay);
    confirmed.gives({ type: 'ReceiptConfirmed', decision: 6 });
    confirmed.recorded().when({ type: 'ConfirmReceipt', decision: 6 }, amara).isRefused('ReceiptAlreadyConfirmed');
  });

  test('once the case is reopened it stays with the decision it was about', () => {
    const { state } = given(...decided, { by: denis, event: { type: 'DecisionLookedAt', reason, next: null } }, [
      caseReopened(4),
    ]);
    expect(state.looks).toEqual([]);
    expect(state.earlier).toMatchObject([{ looks: [{ seq: 6, reason, next: null }] }]);
  });

  test('the history says so in words', () => {
    const told = looked.entries.slice(5).map((entry) => tell(entry, looked.entries).title);
    expect(told).toEqual([
      'Social care looked at the decision again: it stands',
      'Why the decision still stands was served on Northbeck, Health, Police and Education',
    ]);
  });
});
