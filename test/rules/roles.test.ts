/** Whoever holds two roles, or covers one for a colleague, may do what either may, and the record says in which they did it. */
import { describe, expect, test } from 'vitest';
import { mayDecide, type Actor, type Cover } from '#schema/actor.ts';
import { partnersOf, type PersonOnCase } from '#schema/case.ts';
import type { Event } from '#schema/event.ts';
import { isRefusal } from '#schema/refusal.ts';
import { decideAs, hasCase } from '#schema/room.ts';
import { needsOf } from '#schema/work.ts';
import {
  amara,
  beth,
  decisionServed,
  decisionSigned,
  denis,
  details,
  factsWith,
  given,
  idris,
  joan,
  mina,
  opened,
  partnership,
  positionFor,
  positionsAgree,
  priya,
  tomas,
  holidays,
} from '../support/rules.ts';

/** The director, who both speaks and decides for social care. */
const director: Actor = { ...tomas, also: ['decision-maker'] };
const covering = (deputy: Actor, whom: Actor, role: Cover['role']): Actor => ({
  ...deputy,
  covers: [{ role, for: whom.person, name: whom.name, until: '2026-11-27', authorisedBy: 'Dana Holt' }],
});
const toldIn = (events: readonly Event[]): PersonOnCase[] =>
  events.flatMap((event) => (event.type === 'ChairTold' || event.type === 'PartnersTold' ? event.people : []));
const signed = [opened(), decisionSigned([], 'do-not-notify'), decisionServed()] as const;
const submit = { type: 'SubmitPosition', content: positionFor('notify'), whatChanged: null } as const;

describe('[M2, M3] two roles of one person', () => {
  const state = given(opened([amara, director, priya])).state;

  test('both take effect, and what each was done in is what the record names', () => {
    const facts = factsWith({ notes: { version: 1, text: '', hash: '' } });
    const position = decideAs(submit, state, director, facts);
    expect(position).toMatchObject({ by: { role: 'position-holder' } });
    expect('by' in position && position.by.also).toBeUndefined();
    const handOver = decideAs(
      { type: 'HandOver', authority: 'Southmoor Council', spokenTo: 'Ada Flint', on: '2026-11-23', reference: '' },
      state,
      director,
      facts,
    );
    expect(handOver).toMatchObject({ by: { role: 'decision-maker' } });
  });

  test('what neither may is refused by its name', () => {
    const refused = decideAs({ type: 'OpenPositions', reason: 'Now.' }, state, director, factsWith());
    expect(refused).toMatchObject({ refused: 'OnlyTheChair' });
  });

  test('a case that is opened has the authority among its partners and its decision-maker on it', () => {
    const people = [
      ...partnership.filter(({ person }) => person !== tomas.person && person !== denis.person),
      director,
    ];
    const takingPart = [amara, director, priya].map(({ agency, person }) => ({ agency: agency.id, speaker: person }));
    const others = people.filter(({ role, agency }) => role === 'position-holder' && agency.kind === 'education');
    const all = [...takingPart, ...others.map(({ agency, person }) => ({ agency: agency.id, speaker: person }))];
    const facts = factsWith();
    const result = decideAs({ type: 'OpenCase', details, takingPart: all }, given().state, amara, {
      ...facts,
      partnership: { ...facts.partnership, people },
    });
    if (isRefusal(result)) throw new Error(result.refused);
    const told = toldIn(result.events);
    expect(partnersOf({ people: told }).map(({ name }) => name)).toContain(director.agency.name);
    expect(told.filter(mayDecide).map(({ person }) => person)).toEqual([director.person]);
    expect(told.find(({ person }) => person === director.person)?.capability).toBe('write');
  });

  test('both ask for what they ask for', () => {
    const { state } = given(opened([amara, director, priya]));
    const what = hasCase(state) ? needsOf(state, director, { holidays }).map(({ place }) => place) : [];
    expect(what).toContain('positions');
    const later = given(opened([amara, director, priya]), positionsAgree()).state;
    expect(hasCase(later) ? needsOf(later, director, { holidays }).map(({ what }) => what) : []).toContain(
      'Sign the decision',
    );
  });
});

describe('[M2] a deputy does what they are asked to', () => {
  test('confirms receipt, asks for reasons and leads learning for whom they cover', () => {
    const deputy = covering(idris, amara, 'position-holder');
    given(...signed)
      .when({ type: 'ConfirmReceipt', decision: 4 }, deputy)
      .gives({ type: 'ReceiptConfirmed', decision: 4 });
    given(...signed)
      .when({ type: 'RequestRationale', grounds: 'Which evidence?', due: '2026-12-01' }, deputy)
      .givesTypes('RationaleRequested');
    given(...signed)
      .when({ type: 'ChooseLearningRoute', route: 'audit', owner: amara.agency.id, reason: 'Two like it.' }, deputy)
      .givesTypes('LearningRouteChosen');
    given(...signed)
      .when({ type: 'ConfirmReceipt', decision: 4 }, { ...idris, covers: [] })
      .isRefused('NotYourRole');
  });

  test('the Chair and a lead partner can be covered, and their deputies do what they do', () => {
    const deputy = covering(beth, joan, 'chair');
    given(opened()).when({ type: 'OpenPositions', reason: 'The clock is short.' }, deputy).isRefused('NothingToOpen');
    given(opened()).when({ type: 'OpenPositions', reason: 'The clock is short.' }, beth).isRefused('NotYourRole');
    expect(covering(mina, denis, 'lead-partner').covers).toHaveLength(1);
  });

  test('who covers when a case is opened is not on it when the cover has ended', () => {
    const deputy = covering(mina, denis, 'decision-maker');
    const people = partnership.map((each) => (each.person === mina.person ? deputy : each));
    const takingPart = partnership
      .filter(({ role }) => role === 'position-holder')
      .map(({ agency, person }) => ({ agency: agency.id, speaker: person }));
    const facts = factsWith();
    const result = decideAs(
      { type: 'OpenCase', details, takingPart: [...new Map(takingPart.map((each) => [each.agency, each])).values()] },
      given().state,
      amara,
      { ...facts, partnership: { ...facts.partnership, people } },
    );
    if (isRefusal(result)) throw new Error(result.refused);
    expect(toldIn(result.events).map(({ person }) => person)).not.toContain(mina.person);
  });
});
