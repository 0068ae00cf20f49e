/** A death in care: the Secretary of State and Ofsted are told within five working days, whatever else is decided. */
import { describe, expect, test } from 'vitest';
import type { CaseDetails } from '#schema/case.ts';
import { clocksOf } from '#schema/clocks.ts';
import { deathInCare } from '#schema/death-in-care.ts';
import type { ElementContent, ElementId } from '#schema/elements.ts';
import type { Event } from '#schema/event.ts';
import { hasCase, type CaseRoom } from '#schema/room.ts';
import { needsOf } from '#schema/work.ts';
import { amara, denis, given, holidays, joan, mina, opened, tomas } from '../support/rules.ts';

const tell = { type: 'RecordDeathTold', sentOn: '2026-11-23', reference: 'CSI-9', sentBy: 'Denis Marsh' } as const;
const told = { ...tell, type: 'DeathTold' } as const;

/** A case opened in these words. */
function about(change: Partial<CaseDetails>) {
  return opened().map((each) =>
    each.event.type === 'CaseOpened'
      ? { ...each, event: { ...each.event, details: { ...each.event.details, ...change } } }
      : each,
  );
}
const lookedAfter = about({ whatHappened: 'died', lookedAfter: 'yes' });
const answered = (element: ElementId, answer: ElementContent['answer']) => {
  const content = { element, answer, evidence: 'The file.', source: 'Social care', missing: '', from: '' };
  return { by: tomas, event: { type: 'ElementAnswered', content } satisfies Event };
};

function roomOf({ state }: ReturnType<typeof given>): CaseRoom {
  if (!hasCase(state)) throw new Error('No case was opened');
  return state;
}
const clockOf = (situation: ReturnType<typeof given>) =>
  clocksOf(roomOf(situation), { holidays }).find(({ id }) => id === 'death-in-care');

describe('[CK3] the death of a looked-after child or a care leaver', () => {
  test('follows from what was said at first, and from what agencies answer since', () => {
    const whose = (...history: Parameters<typeof given>) => deathInCare(roomOf(given(...history)));
    expect(whose(opened())).toBeNull();
    expect(whose(about({ whatHappened: 'seriously-harmed', lookedAfter: 'yes' }))).toBeNull();
    expect(whose(lookedAfter)).toBe('looked-after');
    expect(whose(about({ whatHappened: 'died', lookedAfter: 'no', careLeaver: 'yes', age: 20 }))).toBe('care-leaver');
    expect(whose(lookedAfter, answered('looked-after-died', 'no'))).toBeNull();
    expect(whose(opened(), answered('looked-after-died', 'yes'))).toBe('looked-after');
    expect(whose(opened(), answered('care-leaver-died', 'yes'))).toBe('care-leaver');
    expect(whose(opened(), answered('care-leaver-died', 'not-known'))).toBeNull();
  });

  test('the authority records that it has told them, once; nobody else does', () => {
    for (const by of [denis, tomas]) given(lookedAfter).when(tell, by).gives(told);
    for (const by of [amara, joan]) given(lookedAfter).when(tell, by).isRefused('OnlyTheAuthorityNotifies');
    given(lookedAfter).when(tell, mina).isRefused('NotYourRole');
    given(lookedAfter).when(tell, denis).recorded().when(tell, tomas).isRefused('DeathAlreadyTold');
  });

  test('not of a death that nobody has reported, and not tomorrow', () => {
    given(opened()).when(tell, denis).isRefused('NoDeathInCare');
    given(lookedAfter)
      .when({ ...tell, sentOn: '2026-11-24' }, denis)
      .isRefused('DateInTheFuture', { field: 'sentOn' });
    given(lookedAfter)
      .when({ ...tell, sentOn: '2026-11-19' }, denis)
      .isRefused('BeforeItCouldBe', { field: 'sentOn', from: '2026-11-20' });
  });

  test('its clock and its work end with the telling, and with nothing else', () => {
    const before = given(lookedAfter);
    const what = 'Tell the Secretary of State and Ofsted of the death, then record it here';
    const asked = (situation: typeof before, by = denis) =>
      needsOf(roomOf(situation), by, { holidays }).map((need) => need.what);
    expect(clockOf(given(opened()))).toBeUndefined();
    expect(clockOf(before)).toMatchObject({ ended: null, deadline: { due: '2026-11-27' } });
    expect([asked(before).includes(what), asked(before, amara).includes(what)]).toEqual([true, false]);
    const after = before.when(tell, denis).recorded();
    expect(clockOf(after)).toMatchObject({ ended: { on: '2026-11-23' } });
    expect(asked(after)).not.toContain(what);
  });
});
