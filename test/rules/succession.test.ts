/** To which cases a role leads, and what is then true of the case. */
import { describe, expect, test } from 'vitest';
import type { Actor } from '#schema/actor.ts';
import type { Role } from '#schema/agency.ts';
import { partnersOf } from '#schema/case.ts';
import { hasCase, type CaseRoom } from '#schema/room.ts';
import { succeed, type Change } from '#schema/succession.ts';
import { needsOf } from '#schema/work.ts';
import {
  amara,
  beth,
  decisionSigned,
  denis,
  given,
  idris,
  joan,
  mina,
  opened,
  otto,
  police,
  positionsAgree,
  priya,
  tomas,
  type Happened,
  wren,
  holidays,
} from '../support/rules.ts';

const change = (is: Change['is'], { person, name, agency }: Actor, role: Role): Change => ({
  is,
  person,
  name,
  agency,
  role,
  why: 'Successor.',
  authorisedBy: beth.name,
});
/** The case once these changes, one after another, have done what they do. */
function after(history: readonly Happened[], ...changes: readonly Change[]): CaseRoom {
  const done = [...history];
  for (const each of changes) {
    const { state } = given(done);
    if (hasCase(state)) done.push(...succeed(state, each).map((event) => ({ by: beth, event })));
  }
  const { state } = given(done);
  if (!hasCase(state)) throw new Error('No case was opened');
  return state;
}
const what = (state: CaseRoom, { person }: Actor) =>
  state.case.people
    .filter((each) => each.person === person)
    .flatMap((each) => needsOf(state, each, { holidays }).map(({ what }) => what));
const start = () => after(opened());

describe('[M2, M3, M5] a role leads to the cases it answers for', () => {
  test('the authority’s decision-maker to each that is open, who is then asked to sign', () => {
    const state = after(
      [...opened(), ...positionsAgree()],
      change('ended', denis, 'decision-maker'),
      change('given', mina, 'decision-maker'),
    );
    expect(what(state, mina)).toContain('Sign the decision');
    expect(what(state, denis)).toEqual([]);
    expect(state.case.left.map(({ person }) => person)).toEqual([denis.person]);
  });

  test('the Chair to every one, and is told by it where nobody had been', () => {
    const [first, , told] = opened();
    const untold = first && told ? [first, told] : [];
    const state = after(untold, change('given', joan, 'chair'));
    expect(state.case).toMatchObject({ chairAfterPartners: true, chairToldAt: expect.any(String) });
    expect(state.case.people.some(({ person }) => person === joan.person)).toBe(true);
  });

  test('[M3] the partner whose turn it is to chair to every one that is open, and out again with the turn', () => {
    const given = change('given', otto, 'partner-chair');
    const state = after(opened(), given);
    expect(state.case.people.find(({ person }) => person === otto.person)).toMatchObject({ role: 'partner-chair' });
    expect(succeed(state, given)).toEqual([]);
    expect(after(opened(), given, change('ended', otto, 'partner-chair')).case.people).toEqual(start().case.people);
  });

  test('whoever speaks for an agency, where somebody has before them; a writer, an adviser and the office to none', () => {
    expect(succeed(start(), change('given', otto, 'position-holder'))).toMatchObject([
      { type: 'RoleTakenUp', role: 'position-holder' },
    ]);
    const elsewhere = after(opened([amara, denis]));
    expect(succeed(elsewhere, change('given', wren, 'position-holder'))).toEqual([]);
    for (const [who, role] of [
      [idris, 'contributor'],
      [mina, 'legal-adviser'],
      [beth, 'business-unit'],
      [idris, 'decision-maker'],
    ] as const) {
      expect(succeed(start(), change('given', who, role)), role).toEqual([]);
    }
  });

  test('whoever speaks for a statutory partner that is missing, until it is decided without', () => {
    const given = change('given', otto, 'position-holder');
    const without = opened([amara, tomas, wren, denis]);
    expect(succeed(after(without), given)).toMatchObject([{ type: 'RoleTakenUp', agency: police }]);
    const state = after(without, given);
    expect(partnersOf(state.case).map(({ name }) => name)).toEqual(['Social care', 'Health', 'Police']);
    expect(what(state, otto)).toContain("Give Police's position");
    expect(succeed(after([...without, decisionSigned()]), given)).toEqual([]);
  });

  test('an agency stays a partner while nobody speaks for it', () => {
    const state = after(opened(), change('ended', priya, 'position-holder'));
    expect(partnersOf(state.case).map(({ id }) => id)).toContain(priya.agency.id);
    expect(state.case.people.map(({ person }) => person)).not.toContain(priya.person);
  });

  test('a second role adds to what somebody may do, and takes nothing with it when it ends', () => {
    const both = after(opened(), change('given', priya, 'lead-partner'), change('given', amara, 'chair'));
    expect(both.case.people.find(({ person }) => person === amara.person)).toMatchObject({
      role: 'position-holder',
      also: ['chair'],
      capability: 'write',
    });
    const again = after(opened(), change('given', amara, 'chair'), change('ended', amara, 'chair'));
    expect(again.case.people.find(({ person }) => person === amara.person)).not.toHaveProperty('also');
  });

  test('twice is quiet, in both directions', () => {
    const state = after(opened(), change('given', otto, 'position-holder'));
    expect(succeed(state, change('given', otto, 'position-holder'))).toEqual([]);
    const gone = after(opened(), change('ended', priya, 'position-holder'));
    expect(succeed(gone, change('ended', priya, 'position-holder'))).toEqual([]);
  });
});
