/** Opening a case: who may, who is told and in which order, which authority the law asks, and the room it makes. */
import { describe, expect, test } from 'vitest';
import { firstArrangements } from '#schema/arrangements.ts';
import {
  capabilityOf,
  deadlineOf,
  isOnCase,
  mayOpenCase,
  notifyingAuthority,
  partnersOf,
  places,
  type CaseState,
  type Place,
  includes,
} from '#schema/case.ts';
import { command } from '#schema/command.ts';
import { decide, emptyRoom, evolve, hasCase } from '#schema/room.ts';
import { statusOf } from '#schema/status.ts';
import {
  admitted,
  amara,
  beth,
  decisionSigned,
  denis,
  details,
  dissentAnswered,
  dissentRecorded,
  factsWith,
  given,
  health,
  holidays,
  idris,
  joan,
  mina,
  onCase,
  openCase,
  opened,
  otto,
  outcomeRecorded,
  partnership,
  police,
  positionFor,
  positionGiven,
  positionsAgree,
  positionsDiffer,
  priya,
  record,
  ref,
  resolutionAsked,
  resolutionOpened,
  socialCare,
  tomas,
  wren,
} from '../support/rules.ts';

const caseOf = (situation: ReturnType<typeof given>): CaseState => {
  if (!situation.state.case) throw new Error('No case was opened');
  return situation.state.case;
};

describe('opening a case', () => {
  test('[M6] [M7] any agency opens a case: opened, the Chair told, then the partners', () => {
    given()
      .when(openCase, amara)
      .gives(
        { type: 'CaseOpened', ref, details, arrangements: firstArrangements, notifyBy: '2026-11-27' },
        { type: 'ChairTold', people: [onCase(joan)] },
        { type: 'PartnersTold', people: [amara, tomas, priya, wren, denis].map(onCase) },
      );
  });

  test.each([idris, beth])('[M6] $role may raise a case', (by) => {
    given().when(openCase, by).givesTypes('CaseOpened', 'ChairTold', 'PartnersTold');
  });

  test('[M6] the person who raises it is on it, even if their agency chose another to speak', () => {
    const after = given().when(openCase, idris).recorded();
    expect(isOnCase(caseOf(after), idris.person)).toBe(true);
    expect(caseOf(after).openedBy).toEqual(idris);
  });

  test.each([denis, joan, mina])('[M6] $role does not raise a case', (by) => {
    given().when(openCase, by).isRefused('NotYourRole', { role: by.role });
  });

  test('[M6] a screen that offers it asks the same question as the rule', () => {
    for (const by of partnership) {
      const raised = given().when(openCase, by);
      if (mayOpenCase(by)) raised.givesTypes('CaseOpened', 'ChairTold', 'PartnersTold');
      else raised.isRefused('NotYourRole');
    }
  });

  test('[M6] a case opened twice is refused and the first stands', () => {
    given(opened()).when(openCase, amara).isRefused('CaseAlreadyOpened', { ref });
  });

  test('[M10] the day the authority became aware may be today, not tomorrow', () => {
    const awareOn = (day: string) => ({ ...openCase, details: { ...details, awareOn: day } });
    given().when(awareOn('2026-11-23'), amara).givesTypes('CaseOpened', 'ChairTold', 'PartnersTold');
    given().when(awareOn('2026-11-24'), amara).isRefused('DateInTheFuture', { field: 'details.awareOn' });
  });

  test('[M10] today is the day in London: half past midnight in summer is already the next day', () => {
    const onSecond = { ...openCase, details: { ...details, awareOn: '2026-07-02' } };
    given()
      .when(onSecond, amara, { now: '2026-07-01T23:30:00Z' })
      .givesTypes('CaseOpened', 'ChairTold', 'PartnersTold');
    given().when(onSecond, amara, { now: '2026-07-01T22:30:00Z' }).isRefused('DateInTheFuture');
  });

  test('[M5] only position-holders of the agency they are named for can be asked to take part', () => {
    const asking = (speaker: { agency: { id: string }; person: string }, agency = speaker.agency) => ({
      ...openCase,
      takingPart: [{ agency: agency.id, speaker: speaker.person }],
    });
    for (const speaker of [idris, mina, denis, joan])
      given().when(asking(speaker), amara).isRefused('NoPositionToGive');
    given().when(asking(priya, health), amara).isRefused('NoPositionToGive', { field: 'takingPart' });
    given()
      .when(asking({ agency: police, person: 'f'.repeat(32) }), amara)
      .isRefused('NoPositionToGive');
  });

  test('[M6] no statutory partner that has somebody to speak for it can be left out', () => {
    const without = (left: { person: string }) => ({
      ...openCase,
      takingPart: openCase.takingPart.filter(({ speaker }) => speaker !== left.person),
    });
    given()
      .when(without(priya), amara)
      .isRefused('PartnerLeftOut', { agencies: ['Police'] });
    given()
      .when(without(amara), amara)
      .isRefused('PartnerLeftOut', { agencies: ['Health'] });
    const people = partnership.filter((person) => person.agency.id !== police.id);
    given()
      .when(without(priya), amara, { partnership: { name: 'Northbeck', people, arrangements: firstArrangements } })
      .givesTypes('CaseOpened', 'ChairTold', 'PartnersTold');
  });

  test('[M29] without a decision-maker of the local authority there is no case to put to anybody', () => {
    const withoutAuthority = partnership.filter((person) => person !== denis);
    const elsewhere = [...withoutAuthority, { ...denis, agency: health }];
    for (const people of [withoutAuthority, elsewhere]) {
      given()
        .when(openCase, amara, { partnership: { name: 'Northbeck', people, arrangements: firstArrangements } })
        .isRefused('NoLocalAuthority');
    }
  });

  test('[M7] a partnership without a Chair shows the breach: nobody is recorded as told', () => {
    const people = partnership.filter(({ role }) => role !== 'chair');
    const after = given()
      .when(openCase, amara, { partnership: { name: 'Northbeck', people, arrangements: firstArrangements } })
      .recorded();
    expect(caseOf(after).chairToldAt).toBeNull();
    expect(caseOf(after).partnersToldAt).not.toBeNull();
  });

  test('[M7] each told at their own time, the Chair before the partners', () => {
    const state = caseOf(given(opened()));
    expect(state.openedAt < (state.chairToldAt ?? '')).toBe(true);
    expect((state.chairToldAt ?? '') < (state.partnersToldAt ?? '')).toBe(true);
  });

  test('[M5] nobody is on a case who was not told of it, and nobody twice', () => {
    const state = caseOf(given().when(openCase, amara).recorded());
    expect(state.people.map(({ name }) => name)).toEqual(admitted.map(({ name }) => name));
    for (const outsider of [idris, mina, otto, beth]) expect(isOnCase(state, outsider.person)).toBe(false);
  });

  test('a case that forgot its own names is a fault of the caller, not a nameless case', () => {
    const { newCase: _, ...facts } = factsWith();
    expect(() => decide(command.parse(openCase), emptyRoom, amara, facts)).toThrow('names');
  });
});

describe('who is on the case', () => {
  test('[M3] those who speak or write for an agency write; deciders, advisers and the Chair comment', () => {
    for (const { role } of [amara, idris]) expect(capabilityOf({ role })).toBe('write');
    for (const { role } of [denis, joan, mina, beth]) expect(capabilityOf({ role })).toBe('comment');
  });

  test('[M5] write includes comment includes read, never the other way', () => {
    const order = ['read', 'comment', 'write'] as const;
    for (const [held, holding] of order.entries()) {
      for (const [asked, needed] of order.entries()) expect(includes(holding, needed)).toBe(held >= asked);
    }
  });

  test('[M20] the partners a case waits for are the statutory ones that take part, the authority first', () => {
    expect(partnersOf(caseOf(given(opened())))).toEqual([socialCare, health, police]);
    expect(partnersOf(caseOf(given(opened([amara, wren, denis]))))).toEqual([health]);
  });

  test('[M5] before a case is opened, every act in its room is refused', () => {
    given().when({ type: 'OpenResolution' }, joan).isRefused('CaseNotOpened');
  });

  test('[M5] a person who is not on the case is refused every act, whatever their role', () => {
    const content = positionFor('notify');
    const case_ = given(opened(), positionsDiffer());
    for (const outsider of [otto, idris, mina, beth]) {
      case_.when({ type: 'SubmitPosition', content }, outsider).isRefused('NotYourRole', { role: outsider.role });
    }
  });

  test('news of people before the case was opened makes nothing true', () => {
    const [told] = record([{ by: amara, event: { type: 'ChairTold', people: [onCase(joan)] } }]);
    expect(told && evolve(emptyRoom, told).case).toBeNull();
  });
});

describe('[M8] which authority the law asks to notify (Children Act 2004 s.16C(1))', () => {
  // Rows: where it happened; columns: where the child lives, in the order of `places`.
  const expected: Record<Place, ('this' | 'another' | 'not-known')[]> = {
    'this-area': ['this', 'this', 'this', 'this'],
    'elsewhere-in-england': ['another', 'another', 'another', 'another'],
    'outside-england': ['this', 'another', 'not-known', 'not-known'],
    'not-known': ['not-known', 'not-known', 'not-known', 'not-known'],
  };
  test.each(places.flatMap((incidentPlace) => places.map((homePlace) => ({ incidentPlace, homePlace }))))(
    'happened $incidentPlace, lives $homePlace',
    ({ incidentPlace, homePlace }) => {
      const said = expected[incidentPlace][places.indexOf(homePlace)];
      expect(notifyingAuthority({ incidentPlace, homePlace })).toBe(said);
    },
  );
});

test('[M10] the case bar can say how its deadline was worked out', () => {
  const deadline = deadlineOf(caseOf(given(opened())), { holidays });
  expect(deadline.due).toBe('2026-11-27');
  expect(deadline.passed.map(({ because }) => because)).toEqual([
    'day 0',
    'Saturday',
    'Sunday',
    'day 1',
    'day 2',
    'day 3',
    'day 4',
    'day 5',
  ]);
});

describe('where a case stands', () => {
  const stands = (...history: Parameters<typeof given>) => {
    const { state } = given(opened(), ...history);
    if (!hasCase(state)) throw new Error('No case was opened');
    return statusOf(state);
  };
  test('each stage has its word', () => {
    expect(stands()).toBe('in-discussion');
    expect(stands(positionGiven(amara))).toBe('positions-sealed');
    expect(stands(positionsAgree())).toBe('views-agree');
    expect(stands(positionsDiffer())).toBe('views-differ');
    expect(stands(positionsDiffer(), resolutionAsked())).toBe('in-resolution');
    expect(stands(positionsDiffer(), resolutionAsked(), resolutionOpened)).toBe('in-resolution');
    expect(stands(positionsDiffer(), resolutionAsked(), resolutionOpened, outcomeRecorded())).toBe('views-differ');
    expect(stands(positionsDiffer(), decisionSigned())).toBe('notified');
    expect(stands(positionsDiffer(), decisionSigned([], 'do-not-notify'))).toBe('not-notified');
  });
  test('a decision says so even while a resolution step is open or a dissent is live', () => {
    const rest = [positionsDiffer(), dissentRecorded(priya), dissentAnswered(8)];
    expect(stands(...rest, resolutionAsked(), decisionSigned([8]))).toBe('notified');
  });
});
