/** Questions to an agency: what "not enough information yet" needs, asked when positions open and not before. */
import { describe, expect, test } from 'vitest';
import { fieldErrors } from '#schema/fields.ts';
import { nothingNeeded, submitPosition } from '#schema/position.ts';
import { isLate, isOpen } from '#schema/question.ts';
import { hasCase } from '#schema/room.ts';
import { asReadBy } from '#schema/sealing.ts';
import { needsOf } from '#schema/work.ts';
import {
  amara,
  denis,
  given,
  idris,
  joan,
  opened,
  police,
  positionFor,
  positionGiven,
  positionsAgree,
  priya,
  tomas,
  wren,
  holidays,
} from '../support/rules.ts';

const scan = { what: 'The incident log', from: police.id, person: 'The control room', by: '2026-11-24' };
const unsure = {
  ...positionFor('cannot-say-yet', 'not-enough-information'),
  needed: { ...nothingNeeded, 'death-or-serious-harm': scan },
};
const submit = { type: 'SubmitPosition', content: unsure } as const;
const asked = {
  type: 'QuestionAsked' as const,
  asker: amara,
  about: 'death-or-serious-harm' as const,
  what: scan.what,
  to: police,
  person: scan.person,
  by: scan.by,
};

describe('[M20] not enough information yet', () => {
  test('says what is needed, for each such answer', () => {
    const { error } = submitPosition.safeParse({ ...submit, content: { ...unsure, needed: undefined } });
    expect(error && fieldErrors(error)).toEqual({
      'content.needed.death-or-serious-harm.what': 'Say what information is needed for criterion 2',
    });
    const empty = { what: '', from: '', person: '', by: '' };
    const half = submitPosition.safeParse({
      ...submit,
      content: { ...unsure, needed: { 'death-or-serious-harm': empty } },
    });
    expect(half.error && Object.keys(fieldErrors(half.error)).map((path) => path.split('.').at(-1))).toEqual([
      'what',
      'from',
      'by',
    ]);
  });
  test('of an agency on the case, for a day that has not gone', () => {
    const needing = (part: object) => ({
      ...submit,
      content: { ...unsure, needed: { ...nothingNeeded, 'death-or-serious-harm': { ...scan, ...part } } },
    });
    given(opened())
      .when(needing({ from: 'f'.repeat(32) }), amara)
      .isRefused('NotOnTheCase', { field: 'content.needed.death-or-serious-harm.from' });
    given(opened())
      .when(needing({ by: '2026-11-22' }), amara)
      .isRefused('DateInThePast', { field: 'content.needed.death-or-serious-harm.by' });
  });
  test('[T12] asks nobody anything while positions are sealed: a question would tell the answer', () => {
    const sealed = given(opened()).when(submit, amara);
    sealed.givesTypes('PositionSubmitted');
    const { entries, state } = sealed.recorded();
    expect(state.questions).toEqual([]);
    if (!hasCase(state)) throw new Error('No case');
    expect(needsOf(state, priya, { holidays }).map(({ what }) => what)).toEqual(["Give Police's position"]);
    const seen = entries.map((entry) => asReadBy(entry, state, priya));
    expect(JSON.stringify(seen)).not.toContain(scan.what);
  });
  test('becomes a question to that agency when the last position comes', () => {
    const last = given(opened(), positionGiven(amara, unsure), positionGiven(tomas)).when(
      { type: 'SubmitPosition', content: positionFor('notify') },
      priya,
    );
    const { state } = last.recorded();
    last.givesTypes('PositionSubmitted', 'PositionsOpened', 'QuestionAsked');
    expect(state.questions).toMatchObject([{ asker: amara, what: scan.what, to: police, by: scan.by, position: 4 }]);
  });
  test('and when the Chair opens positions early', () => {
    given(opened(), positionGiven(amara, unsure))
      .when({ type: 'OpenPositions', reason: 'The clock is short.' }, joan)
      .gives({ type: 'PositionsOpened', because: 'chair', reason: 'The clock is short.' }, { ...asked, position: 4 });
  });
  test('a later position asks at once, and does not ask again what stands open', () => {
    const open = given(opened(), positionsAgree());
    const change = { ...submit, whatChanged: 'new-evidence' } as const;
    const once = open.when(change, amara);
    once.givesTypes('PositionSubmitted', 'QuestionAsked');
    const { state } = once.recorded();
    expect(state.questions.at(-1)?.position).toBe(8);
    once.recorded().when(change, amara).givesTypes('PositionSubmitted');
  });
});

describe('asked apart from a position', () => {
  const ask = { type: 'AskQuestion', question: scan } as const;
  const apart = { ...asked, about: null, position: null };
  test('by whoever works on the case for an agency, and the Chair', () => {
    given(opened()).when(ask, amara).gives(apart);
    given(opened())
      .when(ask, joan)
      .gives({ ...apart, asker: joan });
    given(opened([amara, tomas, priya, denis, idris]))
      .when(ask, idris)
      .gives({ ...apart, asker: idris });
    given(opened()).when(ask, denis).isRefused('NotYourRole');
  });
  test('not again while it stands open', () => {
    given(opened()).when(ask, amara).recorded().when(ask, amara).isRefused('QuestionAlreadyAsked');
  });
});

describe('its answer', () => {
  const open = given(opened()).when({ type: 'AskQuestion', question: scan }, amara).recorded();
  const answer = { type: 'AnswerQuestion', question: 4, answer: 'The log has 7:20am.' } as const;
  test('comes from the agency that was asked, once', () => {
    const after = open.when(answer, priya);
    after.gives({ type: 'QuestionAnswered', question: 4, answer: answer.answer });
    after.recorded().when(answer, priya).isRefused('QuestionAlreadyAnswered');
    for (const by of [amara, tomas, wren, joan, denis]) open.when(answer, by).isRefused('NotYourQuestion');
    open.when({ ...answer, question: 3 }, priya).isRefused('NoSuchQuestion');
  });
  test('is asked of that agency until it comes', () => {
    const asks = (situation: typeof open) =>
      hasCase(situation.state)
        ? needsOf(situation.state, priya, { holidays }).map(({ what, due }) => `${what}, ${due}`)
        : [];
    expect(asks(open)).toContain("Answer Health's question, 2026-11-24");
    expect(asks(open.when(answer, priya).recorded()).join()).not.toContain('question');
  });
  test('late ones say so', () => {
    const [waiting] = open.state.questions;
    if (!waiting) throw new Error('No question');
    expect([isLate(waiting, '2026-11-24'), isLate(waiting, '2026-11-25')]).toEqual([false, true]);
    const late = open.when(answer, priya, { now: '2026-11-25T09:00:00.000000Z', today: '2026-11-25' }).recorded();
    const [answered] = late.state.questions;
    expect(answered && isLate(answered, '2026-12-25')).toBe(true);
  });
  test('is no longer asked for once the asker withdraws it', () => {
    const withdraw = { type: 'WithdrawQuestion', question: 4, reason: 'Health found it.' } as const;
    open.when(withdraw, priya).isRefused('NotYourQuestion');
    const after = open.when(withdraw, amara).recorded();
    expect(after.state.questions.filter(isOpen)).toEqual([]);
    after.when(answer, priya).isRefused('QuestionWithdrawn');
  });
});
