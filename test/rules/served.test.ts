/** Service of the decision and requests for reasons: who has it, who asked for more, and what silence leads to. */
import { describe, expect, test } from 'vitest';
import { serviceClock } from '#schema/actor.ts';
import { duesOf } from '#schema/due.ts';
import { fieldErrors } from '#schema/fields.ts';
import { mayAskForRationale, requestRationale } from '#schema/rationale.ts';
import { hasCase } from '#schema/room.ts';
import { awaitingReceipt } from '#schema/served.ts';
import { needsOf } from '#schema/work.ts';
import {
  amara,
  beth,
  caseReopened,
  decisionServed,
  decisionSigned,
  denis,
  given,
  joan,
  mina,
  opened,
  otto,
  priya,
  tomas,
  wren,
  holidays,
} from '../support/rules.ts';

/** Signed as entry 4 and served as entry 5. */
const served = [opened(), decisionSigned([], 'do-not-notify'), decisionServed()] as const;
const confirm = { type: 'ConfirmReceipt', decision: 4 } as const;
const what = (situation: ReturnType<typeof given>, who: typeof amara) =>
  hasCase(situation.state) ? needsOf(situation.state, who, { holidays }).map(({ what }) => what) : [];

describe('[M30] served on each partner, with receipt', () => {
  test('each agency confirms for itself, with its time in the record', () => {
    const after = given(...served)
      .when(confirm, amara)
      .recorded();
    expect(after.state.served).toMatchObject([{ decision: 4, receipts: { [amara.agency.id]: { seq: 6, by: amara } } }]);
    given(...served)
      .when(confirm, joan)
      .gives({ type: 'ReceiptConfirmed', decision: 4 });
  });

  test('who has not received it is visible, by name', () => {
    const { state } = given(...served)
      .when(confirm, amara)
      .recorded();
    expect(state.served.flatMap(awaitingReceipt).map(({ name }) => name)).toEqual(['Northbeck', 'Police', 'Education']);
  });

  test('not by the authority that signed it, nor by somebody who does not speak for an agency', () => {
    for (const by of [tomas, denis]) {
      given(...served)
        .when(confirm, by)
        .isRefused('NotServedOnYou');
    }
    given(...served)
      .when(confirm, otto)
      .isRefused('NotYourRole');
  });

  test('twice is refused, and so is a decision that is not there', () => {
    given(...served)
      .when(confirm, amara)
      .recorded()
      .when(confirm, amara)
      .isRefused('ReceiptAlreadyConfirmed');
    given(opened()).when(confirm, amara).isRefused('NotDecided');
    given(...served)
      .when({ ...confirm, decision: 5 }, amara)
      .isRefused('NotDecided');
  });

  test('[CK9] it is asked of each, by the local limit, until confirmed', () => {
    const asked = 'Read the decision and confirm that you have it';
    expect(what(given(...served), priya)).toContain(asked);
    expect(
      what(
        given(...served)
          .when(confirm, priya)
          .recorded(),
        priya,
      ),
    ).not.toContain(asked);
    expect(what(given(...served), denis)).not.toContain(asked);
  });

  test('[M36] receipt of a decision that was reopened can still be confirmed', () => {
    given(...served, caseReopened(4))
      .when(confirm, amara)
      .gives({ type: 'ReceiptConfirmed', decision: 4 });
  });
});

describe('[M31] requests for reasons', () => {
  const ask = { type: 'RequestRationale', grounds: 'Criterion 2 is not explained.', due: '2026-11-30' } as const;
  const requested = [
    ...served,
    {
      by: joan,
      event: { type: 'RationaleRequested', grounds: ask.grounds, due: ask.due, decision: 4 },
    },
  ] as const;
  const answer = { type: 'AnswerRationaleRequest', request: 6, answer: 'given', words: 'Because.' } as const;
  const escalate = { type: 'EscalateRationaleRequest', request: 6 } as const;

  test('the Chair, a statutory partner and education ask, with grounds and a day', () => {
    for (const by of [joan, amara, priya, wren]) {
      given(...served)
        .when(ask, by)
        .gives({ type: 'RationaleRequested', grounds: ask.grounds, due: '2026-11-30', decision: 4 });
    }
    for (const by of [tomas, denis]) {
      given(...served)
        .when(ask, by)
        .isRefused('NotYourRole');
    }
    expect([mina, beth].some(mayAskForRationale)).toBe(false);
  });

  test('not before there is a decision, nor for a day that has passed', () => {
    given(opened()).when(ask, joan).isRefused('NotDecided');
    given(...served)
      .when({ ...ask, due: '2026-11-23' }, joan)
      .isRefused('DateInThePast', { field: 'due' });
    const { error } = requestRationale.safeParse({ type: 'RequestRationale' });
    expect(error && fieldErrors(error)).toEqual({
      grounds: 'Say what you ask for and why',
      due: 'Enter the date you need an answer by, like 27 3 2026',
    });
  });

  test('the authority answers, or refuses with its reason, once', () => {
    given(...requested)
      .when(answer, denis)
      .gives({ type: 'RationaleRequestAnswered', request: 6, answer: 'given', words: 'Because.' });
    const refusedIt = given(...requested).when({ ...answer, answer: 'refused' }, denis);
    expect(refusedIt.recorded().state.requests[0]?.answered).toMatchObject({ answer: 'refused', words: 'Because.' });
    refusedIt.recorded().when(answer, denis).isRefused('RequestAlreadyAnswered');
    given(...requested)
      .when(answer, tomas)
      .isRefused('OnlyTheAuthorityDecides');
    given(...served)
      .when(answer, denis)
      .isRefused('NoSuchRequest');
  });

  test('nobody takes it further by hand', () => {
    given(...requested)
      .when(escalate, joan, { today: '2027-01-04' })
      .isRefused('NotYourRole');
  });

  test('overdue it goes to the authority, then to the Chair and the lead partners', () => {
    const on = (today: string) => given(...requested).when(escalate, serviceClock, { today });
    on('2026-11-30').isRefused('NotOverdue', { due: '2026-11-30' });
    on('2026-12-01').gives({ type: 'RationaleRequestEscalated', request: 6, to: 'authority' });
    const once = on('2026-12-01').recorded();
    once.when(escalate, serviceClock, { today: '2026-12-02' }).isRefused('NotOverdue', { due: '2026-12-02' });
    const twice = once.when(escalate, serviceClock, { today: '2026-12-03' });
    twice.gives({ type: 'RationaleRequestEscalated', request: 6, to: 'chair-and-lead-partners' });
    twice.recorded().when(escalate, serviceClock, { today: '2027-01-04' }).isRefused('RequestAlreadyEscalated');
    once
      .when(answer, denis)
      .recorded()
      .when(escalate, serviceClock, { today: '2027-01-04' })
      .isRefused('RequestAlreadyAnswered');
  });

  test('the clock is told which to take further, and each is asked in turn', () => {
    const dues = (situation: ReturnType<typeof given>) =>
      hasCase(situation.state)
        ? duesOf(situation.state, { holidays })
            .filter(({ subject }) => subject.startsWith('reasons'))
            .map(({ at, command }) => [at, command])
        : [];
    expect(dues(given(...requested))).toEqual([['2026-12-01T00:00:00Z', escalate]]);
    const asks = "the Independent Chair's request for reasons";
    expect(what(given(...requested), denis)).toContain(`Answer ${asks}`);
    const once = given(...requested).when(escalate, serviceClock, { today: '2026-12-01' });
    expect(what(once.recorded(), denis)).toContain(`Overdue: answer ${asks}`);
    expect(what(once.recorded(), joan)).not.toContain(asks);
    expect(dues(once.recorded())).toEqual([['2026-12-03T00:00:00Z', escalate]]);
    const twice = once.recorded().when(escalate, serviceClock, { today: '2026-12-03' }).recorded();
    expect(dues(twice)).toEqual([]);
    expect(what(twice, joan).join()).toContain(`${asks} has not been answered`);
    expect(what(twice, priya).join()).toContain(`${asks} has not been answered`);
  });
});
