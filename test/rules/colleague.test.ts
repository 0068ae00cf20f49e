/** Colleagues on a case: let in by whoever answers for their agency, taken off again, and never chosen to speak or decide. */
import { describe, expect, test } from 'vitest';
import type { Actor } from '#schema/actor.ts';
import { everOn } from '#schema/case.ts';
import { colleaguesOf, letColleagueIn, takenOffBy } from '#schema/colleague.ts';
import { fieldErrors } from '#schema/fields.ts';
import { hasCase } from '#schema/room.ts';
import {
  amara,
  beth,
  denis,
  factsWith,
  given,
  idris,
  joan,
  mina,
  onCase,
  opened,
  otto,
  partnership,
  priya,
  selma,
  tomas,
  wren,
} from '../support/rules.ts';

const why = 'Knows the family.';
const letIn = ({ person }: Actor) => ({ type: 'LetColleagueIn', person, why }) as const;
const takeOff = ({ person }: Actor) => ({ type: 'TakeColleagueOff', person, why }) as const;
const withIdris = () => given(opened()).when(letIn(idris), amara).recorded();
const people = ({ state }: ReturnType<typeof given>) =>
  hasCase(state) ? state.case.people.map(({ name }) => name) : [];

describe('[M3] [M5] a colleague comes onto a case', () => {
  test.each([
    ['a contributor, by who speaks for the agency', idris, amara],
    ['a legal adviser, by who speaks for it', mina, tomas],
    ['a legal adviser, by who decides', mina, denis],
    ['the business unit, by the Chair', beth, joan],
  ])('%s', (_, colleague, by) => {
    const situation = given(opened()).when(letIn(colleague), by);
    situation.gives({ type: 'ColleagueLetIn', people: [onCase(colleague)], why });
    expect(people(situation.recorded())).toContain(colleague.name);
  });

  test('of one’s own agency only, and nobody who speaks, decides, leads or chairs', () => {
    const both: Actor = { ...idris, also: ['position-holder'] };
    for (const [colleague, by] of [
      [idris, tomas],
      [otto, priya],
      [selma, tomas],
      [both, amara],
    ] as const) {
      const serving = [...partnership.filter(({ person }) => person !== idris.person), selma, colleague];
      given(opened())
        .when(letIn(colleague), by, { partnership: { ...factsWith().partnership, people: serving } })
        .isRefused('NotYourColleague', { field: 'person', agency: by.agency.name });
    }
  });

  test('by nobody who does not answer for an agency', () => {
    for (const by of [idris, mina]) {
      given(opened([amara, tomas, priya, wren, denis, idris, mina]))
        .when(letIn(beth), by)
        .isRefused('NotYourRole');
    }
  });

  test('once: sent twice is refused, and so is whoever raised it', () => {
    withIdris().when(letIn(idris), amara).isRefused('AlreadyOnTheCase', { field: 'person' });
  });

  test('with a person and a reason', () => {
    const { error } = letColleagueIn.safeParse({ type: 'LetColleagueIn', person: '', why: ' ' });
    expect(error && fieldErrors(error)).toEqual({ person: 'Select who comes onto the case', why: 'Say why' });
  });

  test('the choice is of colleagues who are not on it', () => {
    const { state } = withIdris();
    if (!hasCase(state)) throw new Error('No case');
    expect(colleaguesOf(amara, state.case, partnership)).toEqual([]);
    expect(colleaguesOf(tomas, state.case, partnership)).toEqual([onCase(mina)]);
    expect(colleaguesOf(joan, state.case, partnership)).toEqual([onCase(beth)]);
  });
});

describe('[M5] a colleague is taken off a case', () => {
  test('by their agency, with a reason; what they did stays theirs, and they may be let in again', () => {
    const off = withIdris().when(takeOff(idris), amara);
    off.gives({ type: 'ColleagueTakenOff', person: idris.person, name: idris.name, why });
    const after = off.recorded();
    expect(people(after)).not.toContain(idris.name);
    expect(hasCase(after.state) && everOn(after.state.case).map(({ name }) => name)).toContain(idris.name);
    after.when({ type: 'LetColleagueIn', person: idris.person, why }, amara).givesTypes('ColleagueLetIn');
    after.when(takeOff(idris), amara).isRefused('NotOnTheCase', { field: 'person' });
    after.when({ type: 'NameVersion', name: 'Before the meeting' }, idris).isRefused('NotYourRole');
  });

  test('not by another agency, not oneself, and not who speaks or decides', () => {
    withIdris().when(takeOff(idris), tomas).isRefused('NotYourColleague');
    for (const [whom, by] of [
      [amara, amara],
      [denis, tomas],
      [joan, joan],
    ] as const) {
      withIdris().when(takeOff(whom), by).isRefused('NotYourColleague');
    }
    const { state } = withIdris();
    expect(hasCase(state) && takenOffBy(amara, state.case).map(({ name }) => name)).toEqual([idris.name]);
    expect(hasCase(state) && takenOffBy(idris, state.case)).toEqual([]);
  });
});
