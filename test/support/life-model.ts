/** A plain model of the life of a case: what people may try, why not, and what is then written, said a second time. */
import { serviceClock, type Actor } from '#schema/actor.ts';
import { addWorkingDays, plainDate, type Day, type Holidays } from '#schema/calendar.ts';
import type { Command } from '#schema/command.ts';
import type { View } from '#schema/criteria.ts';
import type { Standing } from '#schema/dissent.ts';
import type { Event, EventType } from '#schema/event.ts';
import { nothingNeeded } from '#schema/position.ts';
import type { RefusalName } from '#schema/refusal.ts';
import {
  amara,
  decisionFor,
  allAttended,
  denis,
  health,
  details,
  disagreement,
  holidays,
  idris,
  joan,
  leadHealth,
  leads,
  mina,
  otto,
  police,
  positionFor,
  priya,
  selma,
  today,
  tomas,
  wren,
} from './rules.ts';

export const everybody = [amara, tomas, priya, wren, denis, joan, idris, mina, otto, leadHealth];
/** Tomas on a day on which he covers for Denis. */
export const deputy: Actor = {
  ...tomas,
  covers: [
    { role: 'decision-maker', for: denis.person, name: denis.name, until: '2099-12-31', authorisedBy: 'Dana Holt' },
  ],
};

// What people may try.

export type Said =
  | { do: 'raise'; asking: readonly Actor[] }
  | { do: 'position'; view: View; changed: boolean }
  | {
      do:
        | 'open-early'
        | 'dissent'
        | 'dissent-before'
        | 'open-step'
        | 'stage-ends'
        | 'last-day-ends'
        | 'positions-end'
        | 'lead-view'
        | 'receive'
        | 'reopen'
        | 'decide-again';
    }
  | { do: 'ask'; higher: boolean; urgent: boolean }
  | { do: 'outcome'; climbs: boolean; stays: 'not-agreed' | 'panel-advice' | 'withdrawn' | 'other-authority' }
  | { do: 'answer' | 'reply'; which: number }
  | { do: 'review'; which: number; standing: Standing }
  | { do: 'sign'; reviewIn: number | null; behind: number };

// The model: what a person with pencil and paper would keep.

export type Model = {
  day: Day;
  /** The day of the last entry: where the clock was set back, no entry is older than the one before it. */
  latest: Day;
  notes: string;
  frozen: string | null;
  onCase: Actor[];
  entries: number;
  lastStated: number;
  /** What each agency says, and by when it needs what it does not know. */
  positions: Map<string, { view: View; by: Actor; neededBy: Day }>;
  /** What a position needs, and (apart from one) what was asked by itself. */
  questions: { seq: number; asker: string; due: Day; open: boolean; withdrawn: boolean; apart: boolean }[];
  positionsOpen: boolean;
  /** With the decision of any round, the current one's among them. */
  dissents: { seq: number; agency: string; round: number; answered: boolean; withdrawn: boolean }[];
  round: number;
  /** The decision that was reopened, and the day it was signed on. */
  before: { seq: number; on: Day } | null;
  step: 'none' | 'asked' | 'open' | 'over';
  /** The stage of the ladder, the entry that began it, and its last day. */
  stage: { number: 3 | 4; seq: number; begunOn: Day; limit: Day } | null;
  /** The last day to notify that ended, where the clock has said so. */
  lastDayMissed: Day | null;
  /** The day on which the round came into the record. */
  began: Day;
  /** The day for positions ended with some missing. */
  silence: boolean;
  /** It was decided to notify, and it was sent. */
  notifies: boolean;
  sent: boolean;
  /** Days not counted now: days may be proclaimed. */
  holidays: Holidays;
  /** Another authority has accepted that it notifies. */
  notOurs: boolean;
  awareOn: Day;
  decidedOn: Day | null;
  /** When its notification was ended: disagreement with that is counted from then. */
  endedOn: Day | null;
  /** Who decides for the local authority now. */
  decider: Actor;
  /** A decision to notify, whose notification has not ended. */
  notificationStands: boolean;
  /** The entries of the decisions, and who has confirmed receipt of the last. */
  decisions: number[];
  received: Set<string>;
  /** What else was done in this life. */
  done: Set<Command['type']>;
};

export const newModel = (): Model => ({
  day: today,
  latest: '',
  notes: '',
  frozen: null,
  onCase: [],
  entries: 0,
  lastStated: 0,
  positions: new Map(),
  questions: [],
  positionsOpen: false,
  dissents: [],
  round: 0,
  before: null,
  step: 'none',
  stage: null,
  lastDayMissed: null,
  began: today,
  silence: false,
  notifies: false,
  sent: false,
  holidays,
  notOurs: false,
  awareOn: details.awareOn,
  decidedOn: null,
  endedOn: null,
  decider: denis,
  notificationStands: false,
  decisions: [],
  received: new Set(),
  done: new Set(),
});

const givesPositions = (by: Actor) => [amara, tomas, priya, otto].includes(by);
const dissents = (by: Actor) => [amara, priya, otto].includes(by);
const viewsDiffer = ({ positions }: Model) => new Set([...positions.values()].map(({ view }) => view)).size > 1;
/** The dissent somebody means: one of those there are, or (9) one that does not exist. */
const meant = (model: Model, which: number) => model.dissents[which === 9 ? 99 : which % model.dissents.length];
/** The question somebody means, on the same terms. */
const askedOf = (model: Model, which: number) => model.questions[which === 9 ? 99 : which % model.questions.length];
/** Whoever decides for the authority, or covers for them: cover ends with the role that is covered. */
export const deciding = ({ decider }: Model) => (decider === denis ? [denis, deputy] : [decider]);
const isOn = ({ onCase }: Model, by: Actor) => onCase.some(({ person }) => person === by.person);
/** The last entry a signer has read who is so many behind. */
export const hasRead = ({ entries }: Model, behind: number) => Math.max(0, entries - behind);
const isLived = ({ step }: Model) => step === 'asked' || step === 'open';
export const lastDay = (model: Model) => addWorkingDays(model.awareOn, 5, model.holidays).due;
const isSilent = (model: Model) =>
  model.silence && model.onCase.filter(givesPositions).some(({ agency }) => !model.positions.has(agency.id));
/** A stage's last day: the ladder's, or the working day on which it began late. */
export function stageEnds(model: Model, byDay: number, begunOn: Day): Day {
  const set = addWorkingDays(model.awareOn, byDay, model.holidays).due;
  if (set >= begunOn) return set;
  const eve = plainDate(begunOn)?.subtract({ days: 1 }).toString() ?? begunOn;
  return addWorkingDays(eve, 1, model.holidays).due;
}
/** Disagreement of the current round that was not withdrawn: what signing waits for. */
export const live = (model: Model) =>
  model.dissents.filter(({ round, withdrawn }) => round === model.round && !withdrawn);

/** Why not, or null: the rules of the case said a second time, in the plainest way. */
export function refused(model: Model, said: Said, by: Actor): RefusalName | null {
  if (said.do === 'raise') {
    if (model.onCase.length > 0) return 'CaseAlreadyOpened';
    if ([denis, joan, mina, leadHealth].includes(by)) return 'NotYourRole';
    if (said.asking.some((person) => person.role !== 'position-holder')) return 'NoPositionToGive';
    return [amara, tomas, priya].every((partner) => said.asking.includes(partner)) ? null : 'PartnerLeftOut';
  }
  if (model.onCase.length === 0) return 'CaseNotOpened';
  if (by !== serviceClock && !isOn(model, by)) return 'NotYourRole';
  switch (said.do) {
    case 'position':
      if (!givesPositions(by)) return 'NoPositionToGive';
      if (model.decidedOn) return 'AlreadyDecided';
      if (model.positions.has(by.agency.id) === said.changed) return null;
      return said.changed ? 'NotAReplacement' : 'WhatChangedMissing';
    case 'reply': {
      const question = askedOf(model, said.which);
      if (!question) return 'NoSuchQuestion';
      if (question.withdrawn) return 'QuestionWithdrawn';
      if (!question.open) return 'QuestionAlreadyAnswered';
      return by.agency.id === police.id && by.role === 'position-holder' ? null : 'NotYourQuestion';
    }
    case 'open-early':
      if (by !== joan) return 'OnlyTheChair';
      if (model.decidedOn) return 'AlreadyDecided';
      if (model.positionsOpen) return 'PositionsAlreadyOpen';
      return model.positions.size === 0 ? 'NothingToOpen' : null;
    case 'dissent': {
      if (!dissents(by)) return 'NotYourRole';
      if (!model.positionsOpen && !model.decidedOn) return 'PositionsStillSealed';
      const from = model.endedOn ?? model.decidedOn;
      return from && model.day > addWorkingDays(from, 5, model.holidays).due ? 'DissentTooLate' : null;
    }
    case 'dissent-before':
      if (!dissents(by)) return 'NotYourRole';
      if (!model.before) return 'NotDecided';
      return model.day > addWorkingDays(model.before.on, 5, model.holidays).due ? 'DissentTooLate' : null;
    case 'answer':
      if (!deciding(model).includes(by)) return 'OnlyTheAuthorityDecides';
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
      if (!model.positionsOpen && !isSilent(model)) return 'PositionsStillSealed';
      if (isLived(model)) return 'ResolutionAlreadyAsked';
      if (!isSilent(model) && !viewsDiffer(model)) return 'ViewsDoNotDiffer';
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
      if (model.decidedOn && !model.notifies) return 'AlreadyDecided';
      if (model.sent) return 'AlreadyNotified';
      if (model.notOurs) return 'AlreadyAccepted';
      if (model.lastDayMissed) return 'LimitAlreadyPassed';
      return model.day > lastDay(model) ? null : 'LimitNotPassed';
    case 'positions-end':
      if (by !== serviceClock) return 'NotYourRole';
      if (model.decidedOn && !model.notifies) return 'AlreadyDecided';
      if (model.sent) return 'AlreadyNotified';
      if (model.notOurs) return 'AlreadyAccepted';
      if (model.silence) return 'LimitAlreadyPassed';
      if (model.decidedOn) return 'AlreadyDecided';
      if (model.positionsOpen) return 'PositionsAlreadyOpen';
      return model.day > stageEnds(model, 2, model.began) ? null : 'LimitNotPassed';
    case 'lead-view':
      if (by !== leadHealth) return 'OnlyLeadPartners';
      if (model.decidedOn) return 'AlreadyDecided';
      return isLived(model) && model.stage?.number === 4 ? null : 'NotWithLeadPartners';
    case 'sign':
      if (!deciding(model).includes(by)) return 'OnlyTheAuthorityDecides';
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
      if (model.notificationStands) return 'NotificationStands';
      return model.day < model.decidedOn ? 'KnownBeforeDecision' : null;
    case 'decide-again':
      if (!deciding(model).includes(by)) return 'OnlyTheAuthorityDecides';
      if (!model.decidedOn) return 'NotDecided';
      if (!model.notifies) return 'DecidedNotToNotify';
      return model.sent ? 'AlreadyNotified' : null;
  }
}

const asked = (seq: number, asker: Actor, due: Day, apart: boolean) => ({
  seq,
  asker: asker.agency.id,
  due,
  open: true,
  withdrawn: false,
  apart,
});

/** What is written, in order; the model then holds it. */
export function written(model: Model, said: Said, by: Actor): EventType[] {
  const entries: EventType[] = [];
  if (model.day > model.latest) model.latest = model.day;
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
      const stands = model.questions.some(
        (each) => each.open && !each.apart && each.asker === asker.agency.id && each.due === due,
      );
      if (view !== 'cannot-say-yet' || stands) continue;
      write('QuestionAsked');
      model.questions.push(asked(model.entries, asker, due, false));
    }
  };
  /** A stage begins with the entry just written; the lead partners are told when it is theirs. */
  const begin = (number: 3 | 4) => {
    model.stage = { number, seq: model.entries, begunOn: model.day, limit: stageEnds(model, number, model.day) };
    model.step = 'asked';
    if (number === 3) return;
    write('LeadPartnersTold');
    model.onCase = [...new Set([...model.onCase, ...leads])];
  };
  const climb = () => {
    write('ResolutionEscalated');
    begin(4);
  };
  /** What each round begins with; the clock is another's to set. */
  const beginRound = () => {
    model.positions = new Map();
    model.questions = [];
    model.positionsOpen = false;
    model.before = { seq: model.decisions.at(-1) ?? 0, on: model.decidedOn ?? '' };
    model.round += 1;
    model.step = 'none';
    model.stage = null;
    model.began = model.latest;
    model.silence = false;
    model.notifies = false;
    model.sent = false;
    model.decidedOn = null;
    model.endedOn = null;
  };
  switch (said.do) {
    case 'raise':
      write('CaseOpened');
      write('ChairTold');
      write('PartnersTold');
      model.onCase = [...new Set([joan, ...said.asking, denis, by])];
      model.began = model.latest;
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
    case 'dissent-before': {
      write('DissentRecorded', true);
      const round = said.do === 'dissent' ? model.round : model.round - 1;
      model.dissents.push({ seq: model.entries, agency: by.agency.id, round, answered: false, withdrawn: false });
      break;
    }
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
      model.lastDayMissed = lastDay(model);
      break;
    case 'positions-end':
      write('LimitPassed');
      model.silence = true;
      break;
    case 'lead-view':
      write('LeadViewGiven');
      break;
    case 'sign':
      freeze();
      if (!model.positionsOpen && model.positions.size > 0) openPositions();
      write('DecisionSigned');
      model.decisions.push(model.entries);
      model.decidedOn = model.latest;
      model.notificationStands = said.reviewIn === null;
      model.notifies = said.reviewIn === null;
      write('RationaleServed');
      model.received = new Set();
      break;
    case 'receive':
      write('ReceiptConfirmed');
      model.received.add(by.agency.id);
      break;
    case 'reopen':
      write('CaseReopened', true);
      beginRound();
      model.notOurs = false;
      model.lastDayMissed = null;
      model.awareOn = model.day;
      break;
    case 'decide-again':
      write('DecisionReopened', true);
      beginRound();
      break;
  }
  return entries;
}

/** What an act that the model does not foretell changes of what it foretells. */
export function absorb(model: Model, event: Event): void {
  model.entries += 1;
  if (model.day > model.latest) model.latest = model.day;
  switch (event.type) {
    case 'NotesFrozen':
      model.frozen = model.notes;
      break;
    case 'PartnersTold': {
      const told = everybody.filter(({ person }) => event.people.some((each) => each.person === person));
      model.onCase = [...new Set([...model.onCase, ...told])];
      break;
    }
    case 'QuestionAsked':
      model.questions.push(asked(model.entries, event.asker, event.by, true));
      break;
    case 'QuestionWithdrawn':
      for (const question of model.questions.filter(({ seq }) => seq === event.question)) {
        question.open = false;
        question.withdrawn = true;
      }
      break;
    case 'ResolutionOpened':
      model.step = 'open';
      break;
    case 'ClockRecounted':
      if (model.stage && isLived(model)) {
        model.stage.limit = stageEnds(model, model.stage.number, model.stage.begunOn);
      }
      // What had ended has not, if the last day is later now.
      if (model.lastDayMissed && model.lastDayMissed < event.notifyBy) model.lastDayMissed = null;
      break;
    case 'HandOverAccepted':
    case 'TakenBack':
      model.notOurs = event.type === 'HandOverAccepted';
      break;
    case 'RoleTakenUp':
      model.decider = selma;
      model.onCase.push(selma);
      break;
    case 'RoleLaidDown':
      model.onCase = model.onCase.filter((each) => each !== denis);
      break;
    case 'NotificationRecorded':
      model.sent = true;
      break;
    case 'NotificationEnded':
      model.endedOn = model.latest;
      model.notificationStands = false;
      break;
  }
}

// The commands.

export function commandFor(said: Said, model: Model): Command {
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
    case 'dissent-before':
      return { type: 'RecordDissent', content: disagreement, decision: model.before?.seq ?? 999 };
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
        outcome: said.climbs ? 'escalate' : said.stays,
        attendance: allAttended.map((each) => ({ ...each, deputy: '' })),
        wentOnBecause: '',
        detail: reason,
        due: null,
        commonGround: reason,
        pointsAtIssue: reason,
        actions: [{ what: reason, owner: health.id, by: '2099-12-31' }],
      };
    case 'stage-ends':
      return { type: 'PassStageLimit', stage: model.stage?.seq ?? 999 };
    case 'last-day-ends':
      return { type: 'PassLimit', limit: 'notify' };
    case 'positions-end':
      return { type: 'PassLimit', limit: 'positions' };
    case 'lead-view':
      return { type: 'GiveLeadView', view: 'notify', reason };
    case 'sign':
      return signing(hasRead(model, said.behind), reviewOn(model, said.reviewIn));
    case 'receive':
      return { type: 'ConfirmReceipt', decision: model.decisions.at(-1) ?? 999 };
    case 'reopen':
      return { type: 'ReopenCase', evidence: reason, knownOn: model.day, knownBy: reason, awareOn: model.day };
    case 'decide-again':
      return { type: 'ReopenDecision', reason };
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
export const reviewOn = ({ day }: Model, days: number | null) =>
  days === null ? null : addWorkingDays(day, days, holidays).due;

export function signing(read: number, reviewOn: Day | null): Command {
  const content = { ...decisionFor(reviewOn ? 'do-not-notify' : 'notify'), reviewOn };
  return { type: 'SignDecision', content, read };
}
