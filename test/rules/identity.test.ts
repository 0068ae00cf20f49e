/** Who the children are: read for a reason that is recorded; likely duplicates; and the Chair told before the partners. */
import { describe, expect, test } from 'vitest';
import { firstArrangements } from '#schema/arrangements.ts';
import { caseDetails } from '#schema/case.ts';
import { alikeByRecord, childrenOf, likenesses, refuseTooMany, sayChildren } from '#schema/identity.ts';
import { hasCase, type CaseRoom } from '#schema/room.ts';
import { breachesOf, type TellingBreach } from '#schema/told.ts';
import { amara, details, given, holidays, joan, openCase, opened, otto, partnership } from '../support/rules.ts';

const child = (name: string, bornOn = '2024-03-27', address = '4 Mill Lane, Northbeck NB1 2CD') => ({
  name,
  bornOn,
  address,
});

function caseRoom({ state }: ReturnType<typeof given>): CaseRoom {
  if (!hasCase(state)) throw new Error('No case was opened');
  return state;
}

describe('[M6] who the children are', () => {
  const reason = 'To check the school roll with the head teacher.';

  test('a reason to read it is an entry; the entry holds nothing else', () => {
    given(opened()).when({ type: 'ReadIdentity', reason }, amara).gives({ type: 'IdentityRead', reason });
    const after = given(opened()).when({ type: 'ReadIdentity', reason }, amara).recorded();
    expect(after.state.identity).toMatchObject([{ by: { name: 'Amara Fenwick' }, what: 'read', reason }]);
  });

  test('that something was added or corrected is an entry, and what it was is not', () => {
    given(opened())
      .when({ type: 'KeepIdentity', reason: 'Named at the ward.' }, amara)
      .gives({ type: 'IdentityKept', reason: 'Named at the ward.' });
  });

  test('whoever is not on the case is refused', () => {
    for (const type of ['ReadIdentity', 'KeepIdentity'] as const)
      given(opened()).when({ type, reason }, otto).isRefused('NotYourRole');
  });

  test('no more is kept than the case has children', () => {
    expect(refuseTooMany([child('A B')], { details })).toBeNull();
    expect(refuseTooMany([child('A B'), child('C D')], { details })).toMatchObject({ refused: 'MoreThanTheChildren' });
    const two = { ...details, otherChildren: [{ initials: 'K.D.', age: 4 }] };
    expect(refuseTooMany([child('A B'), child('C D')], { details: two })).toBeNull();
  });
});

describe('[M6] up to four children', () => {
  const other = { initials: 'K.D.', age: 4 };
  test('four children are one case, five are not', () => {
    expect(caseDetails.safeParse({ ...details, otherChildren: [other, other, other] }).success).toBe(true);
    expect(caseDetails.safeParse({ ...details, otherChildren: [other, other, other, other] }).success).toBe(false);
  });
  test('an entry from before there could be several has one child', () => {
    expect(childrenOf(caseDetails.parse(details))).toEqual([{ initials: 'J.D.', age: 2 }]);
    expect(sayChildren(details)).toBe('J.D., age 2');
    expect(sayChildren({ ...details, otherChildren: [other] })).toBe('J.D., age 2; and K.D., age 4');
  });
  test('an adult among them is refused, with words for that field', () => {
    const parsed = caseDetails.safeParse({ ...details, otherChildren: [{ initials: 'K.D.', age: 18 }] });
    expect(parsed.error?.issues[0]).toMatchObject({ path: ['otherChildren', 0, 'age'] });
  });
});

describe('[M6] likely duplicates', () => {
  test.each([
    ['Jamie Moss', 'MOSS, Jamie'],
    ['Zoë O’Hare', 'Zoe Ohare'],
    ['Ann-Marie Dale', 'dale ann marie'],
  ])('%s and %s, born on one day, share a likeness', (one, other) => {
    const [first] = likenesses(child(one, '2024-03-27', ''));
    expect(likenesses(child(other, '2024-03-27', ''))).toContain(first);
  });
  test('the same postcode, however spaced, with the same date of birth is a likeness; either alone is not', () => {
    const said = likenesses(child('', '2024-03-27', '4 Mill Lane, NB1 2CD'));
    expect(said).toEqual(likenesses(child('', '2024-03-27', '4 Mill Ln nb12cd')));
    expect(likenesses(child('Jamie Moss', ''))).toEqual([]);
    expect(likenesses(child('', '2024-03-27', 'Mill Lane'))).toEqual([]);
  });
  test('other names or other days share none', () => {
    expect(likenesses(child('Jamie Moss', '2024-03-27', ''))).not.toEqual(
      likenesses(child('Jamie Moss', '2024-03-28', '')),
    );
    expect(likenesses(child('Jamie Moss', '2024-03-27', ''))).not.toEqual(
      likenesses(child('Jamie Mossop', '2024-03-27', '')),
    );
  });
  test('by the record: one day and area, or the same initials, age and first day', () => {
    const on = { ...details, incidentOn: '2026-11-19' };
    expect(alikeByRecord(on, { ...on, initials: 'Q.Q.' })).toEqual(['same-incident']);
    expect(alikeByRecord(on, { ...on, initials: 'Q.Q.', incidentPlace: 'outside-england' })).toEqual([]);
    expect(alikeByRecord(details, { ...details, initials: 'jd' })).toEqual(['same-initials']);
    expect(alikeByRecord(details, { ...details, age: 3 })).toEqual([]);
    expect(alikeByRecord(details, { ...details, awareOn: '2026-11-18' })).toEqual([]);
  });
  test('it cannot have happened after the authority became aware of it', () => {
    const late = { ...openCase, details: { ...details, incidentOn: '2026-11-21' } };
    given().when(late, amara).isRefused('AwareBeforeItHappened', { field: 'details.incidentOn' });
  });
});

describe('[M7] the Chair first, then the partners, in time', () => {
  const breaches = (...history: Parameters<typeof given>): TellingBreach[] =>
    breachesOf(caseRoom(given(...history)), holidays);
  const withoutChair = partnership.filter(({ role }) => role !== 'chair');
  const northbeck = (people: readonly (typeof partnership)[number][]) => ({
    partnership: { name: 'Northbeck', people, arrangements: firstArrangements },
  });

  test('told in order and in time, nothing shows', () => {
    expect(breaches(opened())).toEqual([]);
  });

  test('without a Chair the breach shows; told later, it shows that the partners heard first', () => {
    const before = given().when(openCase, amara, northbeck(withoutChair)).recorded();
    expect(breachesOf(caseRoom(before), holidays)).toEqual(['chair-not-told']);
    before.when({ type: 'TellChair' }, amara, northbeck(withoutChair)).isRefused('NoChairToTell');
    before.when({ type: 'TellChair' }, amara).givesTypes('ChairTold');
    const after = before.when({ type: 'TellChair' }, amara).recorded();
    expect(breachesOf(caseRoom(after), holidays)).toEqual(['chair-after-partners']);
    expect(caseRoom(after).case.people.some(({ person }) => person === joan.person)).toBe(true);
    after.when({ type: 'TellChair' }, amara).isRefused('ChairAlreadyTold');
  });

  test('the Chair told after the day that was agreed, the partners after the five working days', () => {
    const openedOn = (awareOn: string) =>
      breachesOf(
        caseRoom(
          given()
            .when({ ...openCase, details: { ...details, awareOn } }, amara)
            .recorded(),
        ),
        holidays,
      );
    // Opened on Monday 23 November.
    expect(openedOn('2026-11-20')).toEqual([]);
    expect(openedOn('2026-11-19')).toEqual(['chair-late']);
    expect(openedOn('2026-11-16')).toEqual(['chair-late']);
    expect(openedOn('2026-11-13')).toEqual(['chair-late', 'partners-late']);
  });

  test('only somebody on the case may tell the Chair after all', () => {
    given()
      .when(openCase, amara, northbeck(withoutChair))
      .recorded()
      .when({ type: 'TellChair' }, otto)
      .isRefused('NotYourRole');
  });
});
