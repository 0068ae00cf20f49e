/** The life of a case, lived at random, step by step against a plain model of what should happen. */
import fc from 'fast-check';
import { expect } from 'vitest';
import { serviceClock, type Actor } from '#schema/actor.ts';
import { isStatutoryPartner } from '#schema/agency.ts';
import { addWorkingDays, type Day } from '#schema/calendar.ts';
import type { Command } from '#schema/command.ts';
import type { View } from '#schema/criteria.ts';
import type { Standing } from '#schema/dissent.ts';
import type { EventType } from '#schema/event.ts';
import { hashText, verify, type Entry } from '#schema/ledger.ts';
import { currentPosition, nothingNeeded, sayDifferences } from '#schema/position.ts';
import { isRefusal, type RefusalName } from '#schema/refusal.ts';
import { registerRow } from '#schema/register.ts';
import { asReadBy, decide, emptyRoom, evolve, fold, hasCase, statusOf, type RoomState } from '#schema/room.ts';
import { needsOf } from '#schema/work.ts';
import {
  amara,
  decisionFor,
  allAttended,
  denis,
  details,
  disagreement,
  factsWith,
  holidays,
  idris,
  joan,
  leadHealth,
  leads,
  mina,
  notesSaying,
  otto,
  police,
  positionFor,
  priya,
  record,
  today,
  tomas,
  wren,
} from './rules.ts';

export const steps = 60;
const everybody = [amara, tomas, priya, wren, denis, joan, idris, mina, otto, leadHealth];

// What people may try.

type Said =
  | { do: 'raise'; asking: readonly Actor[] }
  | { do: 'position'; view: View; changed: boolean }
  | { do: 'open-early' | 'dissent' | 'open-step' | 'stage-ends' | 'last-day-ends' | 'lead-view' | 'receive' | 'reopen' }
  | { do: 'ask'; higher: boolean; urgent: boolean }
  | { do: 'outcome'; climbs: boolean }
  | { do: 'answer' | 'reply'; which: number }
  | { do: 'review'; which: number; standing: Standing }
  | { do: 'sign'; reviewIn: number | null; behind: number };

// The model: what a person with pencil and paper would keep.

type Model = {
  day: Day;
  notes: string;
  frozen: string | null;
  onCase: Actor[];
  entries: number;
  lastStated: number;
  /** What each agency says, and by when it needs what it does not know. */
  positions: Map<string, { view: View; by: Actor; neededBy: Day }>;
  questions: { seq: number; asker: string; due: Day; open: boolean }[];
  positionsOpen: boolean;
  dissents: { seq: number; agency: string; answered: boolean; withdrawn: boolean }[];
  step: 'none' | 'asked' | 'open' | 'over';
  /** The stage of the ladder, the entry that began it, and its last day. */
  stage: { number: 3 | 4; seq: number; limit: Day } | null;
  lastDayMissed: boolean;
  awareOn: Day;
  decidedOn: Day | null;
  decidedToNotify: boolean;
  /** The entries of the decisions, and who has confirmed receipt of the last. */
  decisions: number[];
  received: Set<string>;
};

const newModel = (): Model => ({
  day: today,
  notes: '',
  frozen: null,
  onCase: [],
  entries: 0,
  lastStated: 0,
  positions: new Map(),
  questions: [],
  positionsOpen: false,
  dissents: [],
  step: 'none',
  stage: null,
  lastDayMissed: false,
  awareOn: details.awareOn,
  decidedOn: null,
  decidedToNotify: false,
  decisions: [],
  received: new Set(),
});

const givesPositions = (by: Actor) => [amara, tomas, priya, otto].includes(by);
const dissents = (by: Actor) => [amara, priya, otto].includes(by);
const viewsDiffer = ({ positions }: Model) => new Set([...positions.values()].map(({ view }) => view)).size > 1;
/** The dissent somebody means: one of those there are, or (9) one that does not exist. */
const meant = (model: Model, which: number) => model.dissents[which === 9 ? 99 : which % model.dissents.length];
/** The question somebody means, on the same terms. */
const askedOf = (model: Model, which: number) => model.questions[which === 9 ? 99 : which % model.questions.length];
/** The last entry a signer has read who is so many behind. */
const hasRead = ({ entries }: Model, behind: number) => Math.max(0, entries - behind);
const isLived = ({ step }: Model) => step === 'asked' || step === 'open';
const lastDay = ({ awareOn }: Model) => addWorkingDays(awareOn, 5, holidays).due;
const live = (model: Model) => model.dissents.filter(({ withdrawn }) => !withdrawn);

/** Why not, or null: the rules of the case said a second time, in the plainest way. */
function refused(model: Model, said: Said, by: Actor): RefusalName | null {
  if (said.do === 'raise') {
    if (model.onCase.length > 0) return 'CaseAlreadyOpened';
    if ([denis, joan, mina, leadHealth].includes(by)) return 'NotYourRole';
    if (said.asking.some((person) => person.role !== 'position-holder')) return 'NoPositionToGive';
    return [amara, tomas, priya].every((partner) => said.asking.includes(partner)) ? null : 'PartnerLeftOut';
  }
  if (model.onCase.length === 0) return 'CaseNotOpened';
  if (by !== serviceClock && !model.onCase.includes(by)) return 'NotYourRole';
  switch (said.do) {
    case 'position':
      if (!givesPositions(by)) return 'NoPositionToGive';
      if (model.decidedOn) return 'AlreadyDecided';
      if (model.positions.has(by.agency.id) === said.changed) return null;
      return said.changed ? 'NotAReplacement' : 'WhatChangedMissing';
    case 'reply': {
      const question = askedOf(model, said.which);
      if (!question) return 'NoSuchQuestion';
      if (!question.open) return 'QuestionAlreadyAnswered';
      return by.agency.id === police.id && by.role === 'position-holder' ? null : 'NotYourQuestion';
    }
    case 'open-early':
      if (by !== joan) return 'OnlyTheChair';
      if (model.decidedOn) return 'AlreadyDecided';
      if (model.positionsOpen) return 'PositionsAlreadyOpen';
      return model.positions.size === 0 ? 'NothingToOpen' : null;
    case 'dissent':
      if (!dissents(by)) return 'NotYourRole';
      if (!model.positionsOpen && !model.decidedOn) return 'PositionsStillSealed';
      return model.decidedOn && model.day > addWorkingDays(model.decidedOn, 5, holidays).due ? 'DissentTooLate' : null;
    case 'answer':
      if (by !== denis) return 'OnlyTheAuthorityDecides';
      if (!meant(model, said.which)) return 'NoSuchDissent';
      return meant(model, said.which)?.answered ? 'DissentAlreadyAnswered' : null;
    case 'review': {
      const dissent = meant(model, said.which);
      if (!dissent) return 'NoSuchDissent';
      if (!dissents(by) || dissent.agency !== by.agency.id) return 'NotYourDissent';
      if (!dissent.answered) return 'DissentNotAnswered';
      return dissent.withdrawn ? 'DissentWithdrawn' : null;
    }
    case 'ask':
      if (![amara, tomas, priya, otto, wren, joan].includes(by)) return 'NotYourRole';
      if (model.decidedOn) return 'AlreadyDecided';
      if (!model.positionsOpen) return 'PositionsStillSealed';
      if (isLived(model)) return 'ResolutionAlreadyAsked';
      if (!viewsDiffer(model)) return 'ViewsDoNotDiffer';
      return said.higher && !said.urgent && model.stage === null ? 'UrgentReasonMissing' : null;
    case 'open-step':
      if (by !== joan) return 'OnlyTheChair';
      if (model.decidedOn) return 'AlreadyDecided';
      if (model.step === 'open') return 'ResolutionAlreadyOpen';
      return model.step === 'asked' ? null : 'ResolutionNotAsked';
    case 'outcome':
      if (by !== joan) return 'OnlyTheChair';
      if (model.step !== 'open') return 'ResolutionNotOpen';
      if (!said.climbs) return null;
      if (model.decidedOn) return 'AlreadyDecided';
      return model.stage?.number === 4 ? 'NoStageAbove' : null;
    case 'stage-ends':
      if (by !== serviceClock) return 'NotYourRole';
      if (model.decidedOn) return 'AlreadyDecided';
      if (!isLived(model) || !model.stage) return 'LimitAlreadyPassed';
      return model.day > model.stage.limit ? null : 'LimitNotPassed';
    case 'last-day-ends':
      if (by !== serviceClock) return 'NotYourRole';
      if (model.decidedOn) return 'AlreadyDecided';
      if (model.lastDayMissed) return 'LimitAlreadyPassed';
      return model.day > lastDay(model) ? null : 'LimitNotPassed';
    case 'lead-view':
      if (by !== leadHealth) return 'OnlyLeadPartners';
      if (model.decidedOn) return 'AlreadyDecided';
      return isLived(model) && model.stage?.number === 4 ? null : 'NotWithLeadPartners';
    case 'sign':
      if (by !== denis) return 'OnlyTheAuthorityDecides';
      if (model.decidedOn) return 'AlreadyDecided';
      if (said.reviewIn === 0) return 'DateInThePast';
      if (model.lastStated > hasRead(model, said.behind)) return 'SomethingChanged';
      return live(model).some(({ answered }) => !answered) ? 'DissentUnanswered' : null;
    case 'receive':
      if (model.decisions.length === 0) return 'NotDecided';
      if (![joan, amara, priya, otto, wren].includes(by)) return 'NotServedOnYou';
      return model.received.has(by.agency.id) ? 'ReceiptAlreadyConfirmed' : null;
    case 'reopen':
      if (!model.decidedOn) return 'NotDecided';
      return model.decidedToNotify ? 'NotificationStands' : null;
  }
}

/** What is written, in order; the model then holds it. */
function written(model: Model, said: Said, by: Actor): EventType[] {
  const entries: EventType[] = [];
  const write = (type: EventType, stated = false) => {
    entries.push(type);
    model.entries += 1;
    if (stated) model.lastStated = model.entries;
  };
  const freeze = () => {
    if (model.frozen === model.notes) return;
    write('NotesFrozen');
    model.frozen = model.notes;
  };
  const openPositions = () => {
    write('PositionsOpened', true);
    model.positionsOpen = true;
  };
  /** Whoever cannot say yet asks Police, once for each day it is needed by while that stands open. */
  const ask = (positions: { view: View; by: Actor; neededBy: Day }[]) => {
    for (const { view, by: asker, neededBy: due } of positions) {
      const stands = model.questions.some((each) => each.open && each.asker === asker.agency.id && each.due === due);
      if (view !== 'cannot-say-yet' || stands) continue;
      write('QuestionAsked');
      model.questions.push({ seq: model.entries, asker: asker.agency.id, due, open: true });
    }
  };
  /** A stage begins with the entry just written; the lead partners are told when it is theirs. */
  const begin = (number: 3 | 4) => {
    const set = addWorkingDays(model.awareOn, number, holidays).due;
    model.stage = { number, seq: model.entries, limit: set > model.day ? set : model.day };
    model.step = 'asked';
    if (number === 3) return;
    write('LeadPartnersTold');
    model.onCase = [...new Set([...model.onCase, ...leads])];
  };
  const climb = () => {
    write('ResolutionEscalated');
    begin(4);
  };
  switch (said.do) {
    case 'raise':
      write('CaseOpened');
      write('ChairTold');
      write('PartnersTold');
      model.onCase = [...new Set([joan, ...said.asking, denis, by])];
      break;
    case 'position': {
      freeze();
      write('PositionSubmitted', true);
      const given = { view: said.view, by, neededBy: model.day };
      const others = [...model.positions.values()].filter((each) => each.by.agency.id !== by.agency.id);
      model.positions.set(by.agency.id, given);
      const waitedFor = model.onCase.filter(givesPositions);
      if (model.positionsOpen) ask([given]);
      else if (waitedFor.every(({ agency }) => model.positions.has(agency.id))) {
        openPositions();
        ask([...others, given]);
      }
      break;
    }
    case 'open-early':
      openPositions();
      ask([...model.positions.values()]);
      break;
    case 'reply': {
      write('QuestionAnswered');
      const question = askedOf(model, said.which);
      if (question) question.open = false;
      break;
    }
    case 'dissent':
      write('DissentRecorded', true);
      model.dissents.push({ seq: model.entries, agency: by.agency.id, answered: false, withdrawn: false });
      break;
    case 'answer': {
      write('DissentAnswered');
      const dissent = meant(model, said.which);
      if (dissent) dissent.answered = true;
      break;
    }
    case 'review': {
      write('DissentReviewed', true);
      const dissent = meant(model, said.which);
      if (dissent) dissent.withdrawn = said.standing === 'withdrawn';
      break;
    }
    case 'ask':
      write('ResolutionRequested');
      begin(said.higher ? 4 : 3);
      break;
    case 'open-step':
      write('ResolutionOpened');
      model.step = 'open';
      break;
    case 'outcome':
      write('OutcomeRecorded');
      model.step = 'over';
      if (said.climbs) climb();
      break;
    case 'stage-ends':
      write('StageLimitPassed');
      model.step = 'over';
      if (model.stage?.number === 3) climb();
      break;
    case 'last-day-ends':
      write('LimitPassed');
      model.lastDayMissed = true;
      break;
    case 'lead-view':
      write('LeadViewGiven');
      break;
    case 'sign':
      freeze();
      if (!model.positionsOpen && model.positions.size > 0) openPositions();
      write('DecisionSigned');
      model.decisions.push(model.entries);
      model.decidedOn = model.day;
      model.decidedToNotify = said.reviewIn === null;
      write('RationaleServed');
      model.received = new Set();
      break;
    case 'receive':
      write('ReceiptConfirmed');
      model.received.add(by.agency.id);
      break;
    case 'reopen':
      write('CaseReopened', true);
      model.positions = new Map();
      model.questions = [];
      model.positionsOpen = false;
      model.dissents = [];
      model.step = 'none';
      model.stage = null;
      model.lastDayMissed = false;
      model.awareOn = model.day;
      model.decidedOn = null;
      break;
  }
  return entries;
}

// The real thing: the record and its state, grown entry by entry.

type Real = { entries: Entry[]; state: RoomState };

function commandFor(said: Said, model: Model): Command {
  const reason = 'Because of what we know.';
  switch (said.do) {
    case 'raise':
      return {
        type: 'OpenCase',
        details,
        takingPart: said.asking.map(({ agency, person }) => ({ agency: agency.id, speaker: person })),
      };
    case 'position':
      return {
        type: 'SubmitPosition',
        content: contentFor(said.view, model.day),
        whatChanged: said.changed ? 'discussion' : null,
      };
    case 'open-early':
      return { type: 'OpenPositions', reason };
    case 'reply':
      return { type: 'AnswerQuestion', question: askedOf(model, said.which)?.seq ?? 999, answer: reason };
    case 'dissent':
      return { type: 'RecordDissent', content: disagreement };
    case 'answer':
      return { type: 'AnswerDissent', dissent: meant(model, said.which)?.seq ?? 999, response: reason };
    case 'review':
      return { type: 'ReviewDissent', dissent: meant(model, said.which)?.seq ?? 999, standing: said.standing, reason };
    case 'ask':
      return {
        type: 'RequestResolution',
        question: reason,
        tried: ['neither'],
        stage: said.higher ? 4 : null,
        urgentReason: said.urgent ? reason : '',
      };
    case 'open-step':
      return { type: 'OpenResolution' };
    case 'outcome':
      return {
        type: 'RecordOutcome',
        stage: null,
        outcome: said.climbs ? 'escalate' : 'not-agreed',
        attendance: allAttended.map((each) => ({ ...each, deputy: '' })),
        wentOnBecause: '',
        detail: '',
        due: null,
        commonGround: reason,
        pointsAtIssue: reason,
        actions: [],
      };
    case 'stage-ends':
      return { type: 'PassStageLimit', stage: model.stage?.seq ?? 999 };
    case 'last-day-ends':
      return { type: 'PassLimit', limit: 'notify' };
    case 'lead-view':
      return { type: 'GiveLeadView', view: 'notify', reason };
    case 'sign':
      return signing(hasRead(model, said.behind), reviewOn(model, said.reviewIn));
    case 'receive':
      return { type: 'ConfirmReceipt', decision: model.decisions.at(-1) ?? 999 };
    case 'reopen':
      return { type: 'ReopenCase', evidence: reason, knownOn: model.day, knownBy: reason, awareOn: model.day };
  }
}

/** A position; who cannot say yet needs something of Police that day. */
function contentFor(view: View, day: Day) {
  if (view !== 'cannot-say-yet') return positionFor(view);
  const scan = { what: 'The log', from: police.id, person: '', by: day };
  const needed = { ...nothingNeeded, 'death-or-serious-harm': scan };
  return { ...positionFor(view, 'not-enough-information'), needed };
}

/** Working days from today to the day it is looked at again; null for a decision to notify, which needs none. */
const reviewOn = ({ day }: Model, days: number | null) =>
  days === null ? null : addWorkingDays(day, days, holidays).due;

function signing(read: number, reviewOn: Day | null): Command {
  const content = { ...decisionFor(reviewOn ? 'do-not-notify' : 'notify'), reviewOn };
  return { type: 'SignDecision', content, read };
}

/** What every life has met, so that a test that never gets anywhere is seen. */
const met = { refusals: new Set<RefusalName>(), events: new Set<EventType>(), decided: 0, dissented: 0, reopened: 0 };

function step(said: Said, by: Actor): fc.Command<Model, Real> {
  return {
    check: () => true,
    toString: () =>
      `${by.name}: ${JSON.stringify(said, (key, value) => (key === 'asking' ? value.map((each: Actor) => each.name) : value))}`,
    run(model, real) {
      const facts = factsWith({ today: model.day, notes: notesSaying(model.notes.length, model.notes) });
      const result = decide(commandFor(said, model), real.state, by, facts);
      const why = refused(model, said, by);
      if (isRefusal(result)) {
        expect(result.refused).toBe(why);
        met.refusals.add(result.refused);
        return;
      }
      expect(why).toBeNull();
      const listed = live(model).map(({ seq }) => seq);
      expect(result.map(({ type }) => type)).toEqual(written(model, said, by));
      const before = real.state;
      const added = record(
        result.map((event) => ({ by, event, at: facts.now })),
        real.entries,
      ).slice(real.entries.length);
      real.entries.push(...added);
      real.state = added.reduce(evolve, before);
      for (const entry of added) holds(entry, listed, before, real.state);
      authorityIsNotBlocked(model, real);
      for (const { type } of added) met.events.add(type);
    },
  };
}

/** Invariants of one new entry. */
function holds(entry: Entry, liveDissents: number[], before: RoomState, after: RoomState): void {
  const { body, actor } = entry;
  if (body?.type === 'PositionSubmitted') {
    // (iv) A position's author speaks for a statutory partner and is on the case.
    const holder = before.case?.people.find(({ person }) => person === actor.person);
    expect(holder).toMatchObject({ role: 'position-holder', agency: actor.agency });
    expect(isStatutoryPartner(actor.agency)).toBe(true);
    // (iii) Nobody of another agency reads it before positions open, by any way an entry leaves.
    for (const reader of everybody) {
      const seen = asReadBy(entry, after, reader);
      const may = after.positions.opened !== null || reader.agency.id === actor.agency.id;
      expect([seen.body !== null, seen.salt !== null]).toEqual([may, may]);
    }
  }
  if (body?.type === 'DecisionSigned') {
    // (ii) It lists every dissent live at that moment, and (x) only the authority signed it.
    expect(body.dissents).toEqual(liveDissents);
    expect([actor.role, actor.agency.kind]).toEqual(['decision-maker', 'local-authority']);
    expect(before.decision).toBeNull();
  }
}

/** (x) With every dissent answered, nothing stops the authority from deciding, now, either way. */
function authorityIsNotBlocked(model: Model, { state }: Real): void {
  if (model.decidedOn || model.onCase.length === 0 || live(model).some(({ answered }) => !answered)) return;
  for (const days of [null, 1]) {
    const result = decide(signing(state.seq, reviewOn(model, days)), state, denis, factsWith({ today: model.day }));
    expect(isRefusal(result) ? result.refused : result.at(-2)?.type).toBe('DecisionSigned');
  }
}

const daysPass = (days: number): fc.Command<Model, Real> => ({
  check: () => true,
  toString: () => `${days} working days pass`,
  run(model) {
    model.day = addWorkingDays(model.day, days, holidays).due;
  },
});

const notesChange = (text: string): fc.Command<Model, Real> => ({
  check: () => true,
  toString: () => `the notes now say ${text}`,
  run(model) {
    model.notes = text;
  },
});

/** What must hold of a whole record, for everybody who may read it. */
function checkWhole(model: Model, { entries, state }: Real): void {
  // Folding whole entries at once gives what folding each as it came gave, and so does a copy from the wire.
  expect(hashText(JSON.stringify(fold(entries)))).toBe(hashText(JSON.stringify(state)));
  expect(hashText(JSON.stringify(fold(JSON.parse(JSON.stringify(entries)))))).toBe(hashText(JSON.stringify(state)));
  expect(verify(entries, { length: model.entries })).toMatchObject({ whole: true, withheld: 0 });
  expect([...state.earlier, state].flatMap(({ decision }) => decision?.seq ?? [])).toEqual(model.decisions);
  for (const reader of everybody) {
    const seen = entries.map((entry) => asReadBy(entry, state, reader));
    const view = fold(seen);
    expect(view.seq).toBe(model.entries);
    expect(view.lastStated).toBe(model.lastStated);
    // (viii) A decision that was reopened stays whole, with what was said before it, and open to all on the case.
    expect(JSON.stringify(view.earlier)).toBe(JSON.stringify(state.earlier));
    expect(view.positions.opened !== null).toBe(model.positionsOpen);
    expect(verify(seen).whole).toBe(true);
    if (!hasCase(view) || !hasCase(state)) continue;
    expect([statusOf(view), sayDifferences(view), registerRow(view)]).toEqual([
      statusOf(state),
      sayDifferences(state),
      registerRow(state),
    ]);
    expect(needsOf(view, reader)).toEqual(needsOf(state, reader));
    for (const agency of model.positions.keys()) {
      const may = model.positionsOpen || agency === reader.agency.id;
      expect(currentPosition(view.positions, agency)?.content?.overall.view ?? null).toBe(
        may ? (model.positions.get(agency)?.view ?? null) : null,
      );
    }
  }
  met.reopened += state.earlier.length > 0 ? 1 : 0;
  met.decided += model.decidedOn ? 1 : 0;
  met.dissented += model.dissents.length > 0 ? 1 : 0;
}

// Mostly the right person, so that lives get somewhere; sometimes anybody.

const anybody = fc.constantFrom(...everybody);
const mostly = (...people: Actor[]) =>
  fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...people) }, { weight: 1, arbitrary: anybody });
const tries = <Words extends Said>(by: fc.Arbitrary<Actor>, said: fc.Arbitrary<Words>) =>
  fc.tuple(said, by).map(([words, person]) => step(words, person));
const says = <
  What extends
    'open-early' | 'dissent' | 'open-step' | 'stage-ends' | 'last-day-ends' | 'lead-view' | 'receive' | 'reopen',
>(
  what: What,
) => fc.constant({ do: what });
const which = fc.oneof({ weight: 9, arbitrary: fc.nat({ max: 3 }) }, { weight: 1, arbitrary: fc.constant(9) });
const times = <Item>(count: number, item: Item): Item[] => Array<Item>(count).fill(item);

const raise = tries(
  mostly(amara, idris),
  fc.record({
    do: fc.constant('raise' as const),
    asking: fc.oneof<fc.WeightedArbitrary<readonly Actor[]>[]>(
      { weight: 4, arbitrary: fc.constant<readonly Actor[]>([amara, tomas, priya, wren]) },
      { weight: 1, arbitrary: fc.subarray<Actor>([amara, tomas, priya, wren], { minLength: 1 }) },
      { weight: 1, arbitrary: fc.subarray<Actor>([amara, idris, mina, denis], { minLength: 1 }) },
    ),
  }),
);
const position = tries(
  mostly(amara, tomas, priya),
  fc.record({
    do: fc.constant('position' as const),
    view: fc.constantFrom<View>('notify', 'do-not-notify', 'cannot-say-yet'),
    changed: fc.boolean(),
  }),
);
const ask = tries(
  mostly(amara, wren, joan),
  fc.record({ do: fc.constant('ask' as const), higher: fc.boolean(), urgent: fc.boolean() }),
);
const outcome = tries(mostly(joan), fc.record({ do: fc.constant('outcome' as const), climbs: fc.boolean() }));
const answer = tries(mostly(denis), fc.record({ do: fc.constant('answer' as const), which }));
const reply = tries(mostly(priya), fc.record({ do: fc.constant('reply' as const), which }));
const review = tries(
  mostly(amara, priya),
  fc.record({
    do: fc.constant('review' as const),
    which,
    standing: fc.constantFrom<Standing>('maintained', 'eased', 'withdrawn'),
  }),
);
const sign = tries(
  mostly(denis),
  fc.record({
    do: fc.constant('sign' as const),
    reviewIn: fc.constantFrom(null, null, 15, 15, 0),
    behind: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat({ max: 5 }) }),
  }),
);
const life = fc.commands(
  [
    ...times(2, raise),
    ...times(7, position),
    ...times(3, tries(mostly(joan), says('open-early'))),
    ...times(4, tries(mostly(amara, priya), says('dissent'))),
    ...times(5, answer),
    ...times(3, reply),
    ...times(4, review),
    ...times(4, ask),
    ...times(3, tries(mostly(joan), says('open-step'))),
    ...times(2, outcome),
    ...times(2, tries(mostly(serviceClock), says('stage-ends'))),
    tries(mostly(serviceClock), says('last-day-ends')),
    ...times(5, tries(mostly(leadHealth), says('lead-view'))),
    ...times(2, sign),
    ...times(2, tries(mostly(joan, amara, priya), says('receive'))),
    ...times(2, tries(mostly(amara, denis), says('reopen'))),
    ...times(2, fc.integer({ min: 1, max: 4 }).map(daysPass)),
    ...times(2, fc.constantFrom('What happened', 'What happened, and when', '').map(notesChange)),
  ],
  { maxCommands: steps, size: 'max' },
);

const everyRefusal: RefusalName[] = [
  'AlreadyDecided',
  'CaseAlreadyOpened',
  'CaseNotOpened',
  'DateInThePast',
  'DissentAlreadyAnswered',
  'DissentNotAnswered',
  'DissentTooLate',
  'DissentUnanswered',
  'DissentWithdrawn',
  'LimitAlreadyPassed',
  'LimitNotPassed',
  'NoPositionToGive',
  'NoStageAbove',
  'NoSuchDissent',
  'NoSuchQuestion',
  'NotDecided',
  'NotServedOnYou',
  'NotWithLeadPartners',
  'NotYourDissent',
  'NotYourQuestion',
  'NotYourRole',
  'NotAReplacement',
  'NothingToOpen',
  'NotificationStands',
  'OnlyLeadPartners',
  'OnlyTheAuthorityDecides',
  'OnlyTheChair',
  'PartnerLeftOut',
  'PositionsAlreadyOpen',
  'PositionsStillSealed',
  'QuestionAlreadyAnswered',
  'ReceiptAlreadyConfirmed',
  'ResolutionAlreadyAsked',
  'ResolutionAlreadyOpen',
  'ResolutionNotAsked',
  'ResolutionNotOpen',
  'SomethingChanged',
  'UrgentReasonMissing',
  'ViewsDoNotDiffer',
  'WhatChangedMissing',
];
const everyEvent: EventType[] = [
  'CaseOpened',
  'CaseReopened',
  'ChairTold',
  'DecisionSigned',
  'DissentAnswered',
  'DissentRecorded',
  'DissentReviewed',
  'LeadPartnersTold',
  'LeadViewGiven',
  'LimitPassed',
  'NotesFrozen',
  'OutcomeRecorded',
  'PartnersTold',
  'PositionSubmitted',
  'PositionsOpened',
  'QuestionAnswered',
  'QuestionAsked',
  'RationaleServed',
  'ReceiptConfirmed',
  'ResolutionEscalated',
  'ResolutionOpened',
  'ResolutionRequested',
  'StageLimitPassed',
];

/**
 * Lives so many lives of up to `steps` steps, and expects each to go as the model says and all
 * together to get everywhere: every refusal and every event that the model knows. The same `seed`
 * lives the same lives.
 */
export function liveLives(lives: number, seed: number): void {
  fc.assert(
    fc.property(raise, life, (first, commands) => {
      const model = newModel();
      const real: Real = { entries: [], state: emptyRoom };
      fc.modelRun(() => ({ model, real }), [first, ...commands]);
      checkWhole(model, real);
    }),
    { numRuns: lives, seed },
  );
  expect([...met.refusals.keys()].sort()).toEqual(everyRefusal.sort());
  expect([...met.events.keys()].sort()).toEqual(everyEvent.sort());
  expect(met.decided).toBeGreaterThan(lives / 4);
  expect(met.dissented).toBeGreaterThan(lives / 4);
  expect(met.reopened).toBeGreaterThan(lives / 20);
}
