/** Looking after the partnership: its business unit alone, from a day, with a reason; old cases keep what they had. */
import { describe, expect, test } from 'vitest';
import { holds, mayDecide, mayGivePosition, type Actor } from '#schema/actor.ts';
import {
  administrationCommand,
  decideAdministration,
  evolveAdministration,
  isAdministrationEvent,
  ladderWarnings,
  latestOf,
  noAdministration,
  type AdministrationEvent,
  type AdministrationFacts,
  type AdministrationState,
  type Member,
} from '#schema/administration.ts';
import { firstArrangements, holidaysOf, inForce, type Arrangements } from '#schema/arrangements.ts';
import { holidaysByDay } from '#schema/calendar.ts';
import { event as eventParser } from '#schema/event.ts';
import { tell } from '#lib/deliberation/tell.ts';
import { serviceClock } from '#schema/actor.ts';
import { duesOf } from '#schema/due.ts';
import type { Entry } from '#schema/ledger.ts';
import { recounted } from '#schema/recount.ts';
import { isRefusal, type RefusalName } from '#schema/refusal.ts';
import { hasCase } from '#schema/room.ts';
import {
  amara,
  beth,
  decisionFor,
  denis,
  education,
  factsWith,
  given,
  health,
  idris,
  joan,
  mina,
  openCase,
  opened,
  positionFor,
  priya,
  socialCare,
  today,
  tomas,
  wren,
  decisionSigned,
  holidays,
  notified,
  positionsDiffer,
  resolutionAsked,
  type Happened,
} from '../support/rules.ts';

const idOf = (n: number) => n.toString(16).padStart(32, '0');
const member = (of: Actor, n: number, other: Partial<Member> = {}): Member => ({
  membership: idOf(0xb000 + n),
  person: of.person,
  name: of.name,
  agency: of.agency,
  role: of.role,
  from: '2026-01-05',
  until: null,
  ended: false,
  ...other,
});
const members = [amara, tomas, priya, wren, denis, joan, idris, mina, beth].map((each, index) => member(each, index));
const membershipOf = (of: Actor) => members.find(({ person }) => person === of.person)?.membership ?? '';
const ids = { agency: idOf(0xe1), person: idOf(0xe2), membership: idOf(0xe3), cover: idOf(0xe4) };
const facts: AdministrationFacts = {
  today,
  versions: [firstArrangements],
  agencies: [socialCare, health, education],
  members,
  emailTaken: false,
  ids,
};

type Asked = Parameters<typeof administrationCommand.parse>[0];
const decided = (
  command: Asked,
  by: Actor = beth,
  other: Partial<AdministrationFacts> = {},
  state: AdministrationState = noAdministration,
) => decideAdministration(administrationCommand.parse(command), state, by, { ...facts, ...other });
const events = (...asked: Parameters<typeof decided>): AdministrationEvent[] => {
  const result = decided(...asked);
  if (isRefusal(result)) throw new Error(`Refused: ${result.refused}`);
  for (const each of result) {
    expect(eventParser.parse(JSON.parse(JSON.stringify(each)))).toEqual(each);
    expect(isAdministrationEvent(each)).toBe(true);
  }
  return result;
};
const refused = (name: RefusalName, ...asked: Parameters<typeof decided>) =>
  expect(decided(...asked)).toMatchObject({ refused: name });

const rename = {
  type: 'ChangeArrangements',
  read: 1,
  from: '2026-12-01',
  why: 'Agreed in November.',
  change: { part: 'chair', chairTitle: 'Independent Scrutineer' },
} as const;
const changedTo = (asked: Asked, other: Partial<AdministrationFacts> = {}): Arrangements => {
  const [event] = events(asked, beth, other);
  if (event?.type !== 'ArrangementsChanged') throw new Error('Not changed');
  return event.arrangements;
};

describe('[M1] what is agreed', () => {
  test('a part changes from a day, as the next version, with the reason; the others stay', () => {
    expect(events(rename)).toEqual([
      {
        type: 'ArrangementsChanged',
        part: 'chair',
        why: 'Agreed in November.',
        arrangements: { ...firstArrangements, version: 2, from: '2026-12-01', chairTitle: 'Independent Scrutineer' },
      },
    ]);
  });

  test.each([amara, tomas, denis, joan, idris, mina])('$name ($role) may not', (by) => {
    refused('NotYourRole', rename, by);
  });

  test('not on a version that another has followed, not without a difference, not from yesterday, not before what is planned', () => {
    const second = changedTo(rename);
    refused('ArrangementsMovedOn', rename, beth, { versions: [firstArrangements, second] });
    refused('NothingChanged', { ...rename, change: { part: 'chair', chairTitle: firstArrangements.chairTitle } });
    refused('BeginsInThePast', { ...rename, from: '2026-11-22' });
    refused(
      'EarlierThanPlanned',
      { ...rename, read: 2, from: '2026-11-24', change: { part: 'chair', chairTitle: 'Chair' } },
      beth,
      {
        versions: [firstArrangements, second],
      },
    );
    expect(latestOf([second, firstArrangements])).toBe(second);
  });

  test('every part can be changed', () => {
    const { charter, criteria, elements, review, ladder, clocks, retention } = firstArrangements;
    const from = '2026-12-01';
    const change = (part: object) => changedTo({ ...rename, from, change: part } as never);
    const contributor = { ...charter.contributor, name: 'Practitioner' };
    expect(change({ part: 'charter', charter: { ...charter, contributor } }).charter.contributor.name).toBe(
      'Practitioner',
    );
    expect(change({ part: 'criteria', criteria: { ...criteria, id: 'later' } }).criteria.id).toBe('later');
    expect(
      change({ part: 'elements', elements: elements.map((each) => ({ ...each, rule: 'As amended.' })) }).elements[0]
        ?.rule,
    ).toBe('As amended.');
    expect(change({ part: 'review', review: { ...review, source: 'As amended in 2027' } }).review.source).toBe(
      'As amended in 2027',
    );
    expect(change({ part: 'ladder', ladder: ladder.slice(1) }).ladder).toHaveLength(4);
    expect(change({ part: 'clocks', clocks: { ...clocks, rapidReviewStarts: 'aware' } }).clocks.rapidReviewStarts).toBe(
      'aware',
    );
    expect(change({ part: 'retention', retention: retention.slice(1) }).retention).toHaveLength(2);
  });

  test('a case keeps the version it was opened under, and a new case gets the new one', () => {
    const second = changedTo({ ...rename, from: today });
    const old = given(opened());
    expect(old.state.case?.arrangements.version).toBe(1);
    const { name, people } = factsWith().partnership;
    const young = given()
      .when(openCase, amara, { partnership: { name, people, arrangements: second } })
      .recorded();
    expect(young.state.case?.arrangements.chairTitle).toBe('Independent Scrutineer');
    expect(
      old
        .when({ type: 'SubmitPosition', content: positionFor('notify') }, amara, {
          partnership: { name, people, arrangements: second },
        })
        .recorded().state.case?.arrangements,
    ).toEqual(firstArrangements);
  });

  test('[M10] a bank holiday holds at once, even while the rest of a version is planned', () => {
    const planned = changedTo(rename);
    const calendar = { added: [{ day: '2026-11-25', name: 'Day of mourning' }], removed: [] };
    const third = changedTo(
      { ...rename, read: 2, from: today, change: { part: 'calendar', calendar } },
      { versions: [firstArrangements, planned] },
    );
    expect(third).toMatchObject({ version: 3, from: '2026-12-01', calendar });
    const now = inForce([firstArrangements, planned, third], today);
    expect(now).toMatchObject({ version: 1, chairTitle: 'Independent Chair', calendar });
    expect(holidaysByDay(holidaysOf(now)).has('2026-11-25')).toBe(true);
  });

  test('[CK1] a case’s last day moves with a proclaimed day inside its time, and not with one outside', () => {
    const moved = given(opened(), {
      by: beth,
      event: { type: 'ClockRecounted', notifyBy: '2026-11-30', before: '2026-11-27', why: 'Proclaimed.' },
    });
    expect(moved.state.case?.notifyBy).toBe('2026-11-30');
  });

  const withDay = (day: string) => new Map([...holidays, [day, 'A bank holiday']]);
  const caseOf = ({ state }: ReturnType<typeof given>) => {
    if (!hasCase(state)) throw new Error('No case');
    return state;
  };
  const recountedAs = (moved: ReturnType<typeof recounted>): Happened => ({
    by: beth,
    event: { type: 'ClockRecounted', notifyBy: '', before: '', why: 'Proclaimed.', ...moved },
  });

  test('[CK1] [CK4] [CK8] what moves is what still asks something: the stage, the rapid review and its returns as well', () => {
    const moves = (day: string, ...history: Parameters<typeof given>) =>
      recounted(caseOf(given(opened(), ...history)), withDay(day));
    expect(moves('2026-11-25')).toEqual({ before: '2026-11-27', notifyBy: '2026-11-30' });
    expect(moves('2026-11-30')).toBeNull();
    expect(moves('2026-11-25', positionsDiffer(), resolutionAsked())).toEqual({
      before: '2026-11-27',
      notifyBy: '2026-11-30',
      others: [{ clock: 'stage', before: '2026-11-25', after: '2026-11-26' }],
    });
    expect(moves('2026-11-25', decisionSigned())).toMatchObject({ notifyBy: '2026-11-30' });
    expect(moves('2026-11-25', decisionSigned([], 'do-not-notify'))).toBeNull();
    const sent = moves('2026-11-25', notified());
    expect(sent).toEqual({
      before: '2026-11-27',
      notifyBy: '2026-11-27',
      others: [
        { clock: 'rapid-review', before: '2026-12-14', after: '2026-12-15' },
        { clock: 'returns', before: '2026-11-30', after: '2026-12-01' },
        { clock: 'receipt', of: 4, before: '2026-11-25', after: '2026-11-26' },
      ],
    });
    const after = caseOf(given(opened(), notified(), recountedAs(sent)));
    expect(after.rapidReview).toMatchObject({ due: '2026-12-15', returnsBy: '2026-12-01' });
    expect(after.served).toMatchObject([{ decision: 4, receiptBy: '2026-11-26' }]);
    expect(recounted(after, withDay('2026-11-25'))).toBeNull();
    const told = given(opened(), notified(), recountedAs(sent)).entries;
    expect(tell(told.at(-1) as Entry, told)).toMatchObject({
      title: 'A last day was counted again',
      lines: [
        { term: 'Last day of the rapid review' },
        { term: 'Returns for the rapid review' },
        { term: 'Last day to confirm receipt of what was decided' },
        { term: 'Reason' },
      ],
    });
  });

  test('[CK1] a last day that had passed and is later now has not passed: it runs, and may pass again', () => {
    const passed: Happened = { by: serviceClock, event: { type: 'LimitPassed', limit: 'notify', day: '2026-11-27' } };
    const moved = recountedAs({ before: '2026-11-27', notifyBy: '2026-11-30' });
    const again = given(opened(), passed, moved);
    expect(again.state.limits).toEqual([]);
    expect(again.entries.map(({ type }) => type).slice(-2)).toEqual(['LimitPassed', 'ClockRecounted']);
    again
      .when({ type: 'PassLimit', limit: 'notify' }, serviceClock, { today: '2026-12-01' })
      .gives({ type: 'LimitPassed', limit: 'notify', day: '2026-11-30' });
    const [first] = duesOf(caseOf(given(opened())), { holidays });
    const [second] = duesOf(caseOf(again), { holidays });
    expect(second?.subject).not.toBe(first?.subject);
    const earlier = given(opened(), passed, recountedAs({ before: '2026-11-27', notifyBy: '2026-11-26' }));
    expect(earlier.state.limits).toHaveLength(1);
  });

  test('[M25] a ladder that does not fit before the last day to notify is warned of, never stopped', () => {
    expect(ladderWarnings(firstArrangements.ladder)).toEqual([]);
    const late = firstArrangements.ladder.map((stage) => (stage.number === 4 ? { ...stage, byDay: 6 } : stage));
    expect(ladderWarnings(late)).toEqual([
      'Stage 4 ends on working day 6, after the last day to notify, day 5. The time to notify never pauses.',
      'A stage ends before the one ahead of it.',
    ]);
    expect(changedTo({ ...rename, change: { part: 'ladder', ladder: late } }).ladder).toEqual(late);
  });
});

const add = {
  type: 'AddPerson',
  name: 'Ruth Vane',
  email: 'ruth.vane@health.northbeck.example',
  agency: health.id,
  role: 'contributor',
  from: today,
  why: 'Joins the team.',
} as const;

describe('[M2] people, agencies and roles', () => {
  test('an agency is added once', () => {
    expect(events({ type: 'AddAgency', kind: 'other', name: 'Fire and Rescue' })).toEqual([
      { type: 'AgencyAdded', agency: { id: ids.agency, kind: 'other', name: 'Fire and Rescue' } },
    ]);
    refused('AgencyExists', { type: 'AddAgency', kind: 'health', name: 'Health' });
  });

  test('a person is added with a role, from a day; neither address nor password enters the record', () => {
    const [event] = events(add);
    expect(event).toMatchObject({
      type: 'RoleGiven',
      person: ids.person,
      name: 'Ruth Vane',
      role: 'contributor',
      added: true,
      until: null,
    });
    expect(JSON.stringify(event)).not.toContain('@');
    refused('EmailTaken', add, beth, { emailTaken: true });
    refused('NoSuchAgency', { ...add, agency: idOf(0xff) });
    refused('BeginsInThePast', { ...add, from: '2026-11-22' });
    refused('EndsBeforeItBegins', { ...add, from: '2026-11-25', until: '2026-11-24' });
    expect(administrationCommand.safeParse({ ...add, role: 'service' }).success).toBe(false);
  });

  test('somebody of the partnership is given a new password; the record has to whom and why, and nobody else may', () => {
    const give = { type: 'GivePassword', person: idris.person, why: 'Rang, known by voice.' } as const;
    expect(events(give)).toEqual([
      { type: 'PasswordGiven', person: idris.person, name: 'Idris Vale', why: 'Rang, known by voice.' },
    ]);
    refused('NoSuchPerson', { ...give, person: idOf(0xff) });
    refused('NotYourRole', give, idris);
    refused('PasswordOfOneself', { ...give, person: beth.person });
    expect(administrationCommand.safeParse({ ...give, why: ' ' }).success).toBe(false);
  });

  test('somebody who serves already may take another role', () => {
    const role = {
      type: 'GiveRole',
      person: idris.person,
      agency: health.id,
      role: 'position-holder',
      from: today,
      why: 'Promoted.',
    } as const;
    expect(events(role)[0]).toMatchObject({ person: idris.person, name: 'Idris Vale', added: false });
    refused('NoSuchPerson', { ...role, person: idOf(0xff) });
  });

  test('nobody serves two agencies at a time: what they did would be said in the name of one of them', () => {
    const elsewhere = {
      type: 'GiveRole',
      person: idris.person,
      agency: education.id,
      role: 'contributor',
      from: today,
      why: 'Seconded.',
    } as const;
    refused('ServesAnotherAgency', elsewhere);
  });

  test('[M3] partners chair in rotation: one at a time, of a statutory partner, and never who decides then', () => {
    const turn = {
      type: 'GiveRole',
      person: amara.person,
      agency: health.id,
      role: 'partner-chair',
      from: today,
      until: '2027-03-31',
      why: 'Health’s turn.',
    } as const;
    expect(events(turn)[0]).toMatchObject({ type: 'RoleGiven', name: amara.name, role: 'partner-chair' });
    const taken = { members: [...members, member(amara, 40, { role: 'partner-chair', until: '2027-03-31' })] };
    const next = { ...turn, person: tomas.person, agency: socialCare.id, until: null } as const;
    refused('TurnIsTaken', turn, beth, taken);
    expect(decided(next, beth, taken)).toMatchObject({
      refused: 'TurnIsTaken',
      facts: { field: 'from', name: amara.name, until: '2027-03-31' },
    });
    expect(events({ ...next, from: '2027-04-01' }, beth, taken)).toHaveLength(1);
    refused('OnlyPartnersTakeTurns', { ...turn, person: wren.person, agency: education.id });
    refused('DeciderTakesNoTurn', { ...turn, person: denis.person, agency: socialCare.id });
    const decides = { ...turn, role: 'decision-maker', until: null } as const;
    refused('DeciderTakesNoTurn', decides, beth, taken);
    expect(events({ ...decides, from: '2027-04-01' }, beth, taken)).toHaveLength(1);
  });

  test('a role ends at once or with a last day; the last of the business unit stays', () => {
    const end = { type: 'EndRole', membership: membershipOf(idris), on: null, why: 'Left.' } as const;
    expect(events(end)[0]).toMatchObject({ type: 'RoleEnded', name: 'Idris Vale', on: null });
    expect(events({ ...end, on: '2026-12-18' })[0]).toMatchObject({ on: '2026-12-18' });
    refused('DateInThePast', { ...end, on: '2026-11-22' });
    refused('NoSuchRole', { ...end, membership: idOf(0xff) });
    refused('NoSuchRole', end, beth, { members: members.map((each) => ({ ...each, ended: true })) });
    const own = { ...end, membership: membershipOf(beth) };
    refused('LastBusinessUnit', own);
    const second = member({ ...beth, person: idOf(0xab), name: 'Carl Dunn' }, 99);
    expect(events(own, beth, { members: [...members, second] })).toHaveLength(1);
    refused('LastBusinessUnit', own, beth, { members: [...members, { ...second, until: '2026-12-31' }] });
  });
});

const cover = {
  type: 'GiveCover',
  person: tomas.person,
  membership: membershipOf(denis),
  from: today,
  until: '2026-12-04',
  authorisedBy: 'Dana Holt, chief executive',
  why: 'Leave.',
} as const;

describe('[M2] acting cover', () => {
  test('names the deputy, whose role, the days and who authorised it', () => {
    expect(events(cover)).toEqual([
      {
        type: 'CoverGiven',
        cover: ids.cover,
        person: tomas.person,
        name: 'Tomas Birch',
        for: denis.person,
        forName: 'Denis Marsh',
        agency: socialCare,
        role: 'decision-maker',
        from: today,
        until: '2026-12-04',
        authorisedBy: 'Dana Holt, chief executive',
        why: 'Leave.',
      },
    ]);
  });

  test('only for a role that one named person holds, within one agency, for somebody else, and never backdated', () => {
    refused('RoleNotCovered', { ...cover, membership: membershipOf(mina) });
    refused('CoverAcrossAgencies', { ...cover, person: priya.person });
    refused('CoverOfOneself', { ...cover, person: denis.person });
    refused('NoSuchRole', { ...cover, membership: idOf(0xff) });
    refused('BeginsInThePast', { ...cover, from: '2026-11-22' });
    refused('EndsBeforeItBegins', { ...cover, until: '2026-11-22' });
    expect(administrationCommand.safeParse({ ...cover, authorisedBy: '' }).success).toBe(false);
  });

  test('[M3] a turn to chair is covered by a colleague, and never by who decides on those days', () => {
    const leads = member(idris, 40, { role: 'partner-chair', agency: socialCare });
    const turn = { ...cover, membership: leads.membership } as const;
    expect(events(turn, beth, { members: [...members, leads] })[0]).toMatchObject({
      type: 'CoverGiven',
      role: 'partner-chair',
      name: tomas.name,
      forName: idris.name,
    });
    const byDenis = { ...turn, person: denis.person } as const;
    const until = (day: string) =>
      members.map((each) => (each.person === denis.person ? { ...each, until: day } : each));
    refused('DeciderTakesNoTurn', byDenis, beth, { members: [...members, leads] });
    refused('DeciderTakesNoTurn', byDenis, beth, { members: [...until(today), leads] });
    expect(events(byDenis, beth, { members: [...until('2026-11-20'), leads] })).toHaveLength(1);
  });

  test('ends early with a reason, once', () => {
    const at = '2026-11-23T10:00:00.000Z';
    const [begun] = events(cover);
    if (!begun) throw new Error('No cover');
    const state = evolveAdministration(noAdministration, begun, at, beth);
    const end = { type: 'EndCover', cover: ids.cover, why: 'Back from leave.' } as const;
    const [ended] = events(end, beth, {}, state);
    if (!ended) throw new Error('Not ended');
    const after = evolveAdministration(state, ended, at, beth);
    expect(after.covers.map((each) => each.ended)).toEqual([true]);
    refused('NoSuchCover', end, beth, {}, after);
  });

  const deputy: Actor = {
    ...mina,
    covers: [
      { role: 'decision-maker', for: denis.person, name: denis.name, until: '2026-12-04', authorisedBy: 'Dana Holt' },
    ],
  };
  const speaks: Actor = {
    ...idris,
    covers: [
      { role: 'position-holder', for: amara.person, name: amara.name, until: '2026-12-04', authorisedBy: 'Dana Holt' },
    ],
  };

  test('an authorised deputy decides and gives a position, in their own name, on a case of whom they cover', () => {
    expect([mayDecide(mina), mayDecide(deputy), mayGivePosition(idris), mayGivePosition(speaks)]).toEqual([
      false,
      true,
      false,
      true,
    ]);
    expect(holds(deputy, 'legal-adviser')).toBe(true);
    const sign = { type: 'SignDecision', content: decisionFor('notify'), read: 3 } as const;
    given(opened()).when(sign, mina).isRefused('NotYourRole');
    given(opened()).when(sign, deputy).givesTypes('DecisionSigned', 'RationaleServed');
    given(opened())
      .when({ type: 'SubmitPosition', content: positionFor('notify') }, speaks)
      .givesTypes('PositionSubmitted');
    given(opened())
      .when({ type: 'SubmitPosition', content: positionFor('notify') }, deputy)
      .isRefused('NoPositionToGive');
  });

  test('the entry keeps that they acted as a deputy, for whom and on whose authority', () => {
    const after = given(opened())
      .when({ type: 'SubmitPosition', content: positionFor('notify') }, speaks)
      .recorded();
    expect(after.entries.at(-1)?.actor.covers?.[0]).toMatchObject({ name: 'Amara Fenwick', authorisedBy: 'Dana Holt' });
    expect(after.state.positions.byAgency[health.id]).toHaveLength(1);
  });

  test('cover of somebody who is not on the case lets nobody in', () => {
    given(opened([tomas, priya, denis]))
      .when(
        { type: 'SubmitPosition', content: positionFor('notify') },
        { ...speaks, covers: (speaks.covers ?? []).map((each) => ({ ...each, for: idOf(0xaf) })) },
      )
      .isRefused('NotYourRole');
  });
});
