/** No document can be made from a case that misses a disagreement which stands. */
import { globSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { alsoPrinted, DissentMissing, generated, missingFrom, sayDissent } from '#schema/generated.ts';
import { packOf } from '#schema/pack.ts';
import { registerRow } from '#schema/register.ts';
import { hasCase, type CaseRoom } from '#schema/room.ts';
import { sayDisagreeing } from '#lib/register.ts';
import {
  caseReopened,
  decisionSigned,
  denis,
  dissentAnswered,
  dissentRecorded,
  dissentReviewed,
  given,
  opened,
  positionsDiffer,
  priya,
} from '../support/rules.ts';

function caseOf({ state }: ReturnType<typeof given>): CaseRoom {
  if (!hasCase(state)) throw new Error('No case');
  return state;
}
const disagreed = [opened(), positionsDiffer(), dissentRecorded(priya), dissentAnswered(8)];
const textsOf = (state: CaseRoom) => packOf(state).flatMap(({ fields }) => fields.map(({ words }) => words ?? ''));

describe('[R15] [M22] what a case sends, keeps and prints', () => {
  test('is refused while a disagreement is missing from it, by name', () => {
    const state = caseOf(given(...disagreed));
    expect(() => generated(['The rationale alone.'], state)).toThrow(DissentMissing);
    expect(() => generated(['The rationale alone.'], state)).toThrow('Police');
    const [dissent] = state.dissents;
    if (!dissent) throw new Error('No dissent');
    const whole = ['The rationale.', sayDissent(dissent, state.case)];
    expect(generated(whole, state)).toBe(whole);
    // Its owner's words without the response are not all of it.
    expect(() => generated([dissent.content.statement], state)).toThrow(DissentMissing);
  });

  test('[M32] the pack tells it beside the decision: its words, the response, and that it is maintained', () => {
    const state = caseOf(given(...disagreed, dissentReviewed(priya, 8, 'maintained'), decisionSigned([8])));
    const [said = ''] = textsOf(state).filter((words) => words.startsWith('Police disagrees'));
    for (const words of ['The injury may last', 'We weighed this', 'We maintain our disagreement']) {
      expect(said).toContain(words);
    }
  });

  test('not one that its owner withdrew', () => {
    const state = caseOf(given(...disagreed, dissentReviewed(priya, 8, 'withdrawn'), decisionSigned()));
    expect(textsOf(state).join()).not.toContain('The injury may last');
    expect(textsOf(state)).toContain('No partner has recorded disagreement that stands.');
  });

  test('[M36] also that with the decision before the case was reopened, in the register too', () => {
    const state = caseOf(given(...disagreed, decisionSigned([8], 'do-not-notify'), caseReopened(10), decisionSigned()));
    expect(textsOf(state).join()).toContain('The injury may last');
    expect(alsoPrinted(state.dissents, state).map(({ seq }) => seq)).toEqual([8]);
    expect(sayDisagreeing(registerRow(state))).toBe('Police disagreed with the earlier decision');
  });

  test('a copy kept before it was recorded is told of as missing it', () => {
    const record = {
      type: 'RecordNotification',
      sentOn: '2026-11-23',
      sentAt: '11:30',
      reference: 'SIN-1',
      sentBy: 'Denis Marsh',
    } as const;
    const sent = given(opened(), positionsDiffer(), decisionSigned()).when(record, denis).recorded();
    const content = { about: ['place'], statement: 'It happened elsewhere.' } as const;
    const later = sent
      .when({ type: 'RecordDissent', content: { ...content, about: [...content.about] } }, priya)
      .recorded();
    const state = caseOf(later);
    expect(missingFrom(state.notification?.pack, state).map(({ by }) => by.agency.name)).toEqual(['Police']);
  });
});

test('[R15] every page of a case that is laid out for paper prints every disagreement', () => {
  const pages = globSync('web/routes/cases/**/*.svelte').map((path) => ({ path, text: readFileSync(path, 'utf8') }));
  const marked = pages.filter(({ text }) => text.includes('<PrintMark'));
  expect(marked.length).toBeGreaterThan(15);
  expect(marked.filter(({ text }) => !/<Print(Button|edDissent)/.test(text)).map(({ path }) => path)).toEqual([]);
});
