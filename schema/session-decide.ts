/** The rules of the Chair's session: who may do what, when, and what it becomes in the record. */
import { notNow, type Lived } from './life.ts';
import type { LimitsState } from './limit.ts';
import { isServiceClock, holds, asThemselves, mayLead, mayTakeChair, type Actor } from './actor.ts';
import { isStatutoryPartner, type Agency } from './agency.ts';
import { addWorkingDays } from './calendar.ts';
import { isOnCase, onCase, partnersOf, type CaseEvent, type CaseState } from './case.ts';
import type { Facts } from './facts.ts';
import { cite, freeze, type NotesEvent, type NotesState } from './notes.ts';
import type { PositionsState } from './position.ts';
import { refuse, type Refusal } from './refusal.ts';
import {
  currentStage,
  notAtStage,
  decideResolution,
  type ResolutionEvent,
  type ResolutionState,
} from './resolution.ts';
import {
  absent,
  answersFor,
  currentSession,
  isPresent,
  resolvedIn,
  type Session,
  type SessionsState,
} from './session-evolve.ts';
import { correctWithin, deputyAfter, isPastTheClock, type SessionCommand, type SessionEvent } from './session.ts';
import { decideWording } from './wording-decide.ts';
import { notAgreeing, underTest } from './wording.ts';

export type SessionKnown = Lived & {
  case: CaseState;
  notes: NotesState;
  positions: PositionsState;
  limits: LimitsState;
  resolutions: ResolutionState;
  sessions: SessionsState;
};
type Events = (SessionEvent | ResolutionEvent | CaseEvent | NotesEvent)[];
type Command<Type extends SessionCommand['type']> = Extract<SessionCommand, { type: Type }>;

export function decideSession(command: SessionCommand, state: SessionKnown, by: Actor, facts: Facts): Events | Refusal {
  switch (command.type) {
    case 'CallSession':
      return call(command, state, by, facts);
    case 'CorrectMinutes':
      return correct(command, state, by, facts);
    case 'ReportResolved':
      return report(command, state, by);
  }
  const session = currentSession(state.sessions);
  if (!session) return refuse('NoSession');
  switch (command.type) {
    case 'StartSession':
      return start(session, state, by, facts);
    case 'JoinSession':
      return isPresent(session, by.person) ? refuse('AlreadyPresent') : [{ type: 'SessionJoined', who: by }];
    case 'LeaveSession':
      if (session.chair?.person === by.person) return refuse('ChairCannotLeave');
      return isPresent(session, by.person) ? [{ type: 'SessionLeft' }] : refuse('NotPresent');
    case 'PauseForLostChair':
      if (!isServiceClock(by)) return refuse('NotYourRole', { role: by.role });
      return session.status === 'running'
        ? [{ type: 'SessionPaused', because: 'chair-lost' }]
        : refuse('SessionNotRunning');
    case 'TakeChair':
      return takeChair(session, by, facts);
    case 'EndSession':
      return end(command, session, by, facts);
    case 'CheckVoiceAnswer':
      return decideWording(command, session, by, facts);
  }
  if (session.status === 'called' || session.status === 'adjourned') return refuse('SessionNotRunning');
  switch (command.type) {
    case 'AskToSpeak':
      if (!isPresent(session, by.person)) return refuse('NotPresent');
      if (session.asking.some(({ who }) => who.person === by.person)) return refuse('AlreadyAskedToSpeak');
      return [{ type: 'SpeakingAsked', wants: command.wants }];
    case 'WithdrawFromSpeaking':
      return session.asking.some(({ who }) => who.person === by.person)
        ? [{ type: 'SpeakingWithdrawn' }]
        : refuse('NotAskedToSpeak');
    case 'FinishSpeaking':
      if (!session.speaking) return refuse('NobodySpeaks');
      if (session.speaking.who.person !== by.person && session.chair?.person !== by.person)
        return refuse('NotInTheChair');
      return [{ type: 'SpeakerFinished' }];
    case 'SayReady':
      if (command.after !== session.now?.seq) return refuse('SessionMovedOn');
      if (!answersFor(session, by.person)) return refuse('NoAnswerToGive');
      return session.ready.includes(by.agency.id) ? refuse('AlreadyReady') : [{ type: 'ReadySaid' }];
    case 'AnswerWording':
      return decideWording(command, session, by, facts);
  }
  if (session.chair?.person !== by.person) return refuse('NotInTheChair');
  switch (command.type) {
    case 'ResumeSession':
      return session.status === 'paused' ? [{ type: 'SessionResumed' }] : refuse('SessionNotPaused');
    case 'AdjournSession':
      return adjourn(command, state, facts);
    case 'RecordPresent':
      return recordPresent(command, session, state);
  }
  if (session.status === 'paused') return refuse('SessionIsPaused');
  switch (command.type) {
    case 'PauseSession':
      return [{ type: 'SessionPaused', because: 'chair' }];
    case 'OpenStep':
      return openStep(command, session);
    case 'NoteFact':
      return [{ type: 'FactNoted', item: session.now?.item ?? 1, standing: command.standing, text: command.text }];
    case 'CallSpeaker': {
      const who = session.present.find(({ person }) => person === command.person);
      if (!who) return refuse('NotPresent');
      return [{ type: 'SpeakerCalled', who, seconds: seconds(command.minutes) }];
    }
    case 'RecordItem':
      return recordItem(command, session, state, facts);
    case 'PutWording':
    case 'EnterAnswer':
    case 'OpenAnswers':
    case 'AskAgain':
      return decideWording(command, session, by, facts);
  }
}

function seconds(minutes: number | null): number | null {
  return minutes === null ? null : minutes * 60;
}

/**
 * Whoever leads sets the time, the agenda and who must attend. No statutory partner is left out without a reason, and
 * for the agency of a partner who chairs somebody else speaks.
 */
function call(command: Command<'CallSession'>, state: SessionKnown, by: Actor, facts: Facts): Events | Refusal {
  if (!mayLead(by)) return refuse('OnlyTheChair');
  const resolution = currentStage(state.resolutions);
  const not = notNow('SessionCalled', state) ?? notAtStage('SessionCalled', resolution);
  if (not) return not;
  if (!resolution) return refuse('ResolutionNotAsked');
  const current = currentSession(state.sessions);
  if (current?.resolution === resolution.seq && current.status !== 'called') return refuse('SessionAlreadyStarted');
  if (command.startsAt <= facts.now) return refuse('DateInThePast', { field: 'startsAt' });
  if (isPastTheClock(command.startsAt, state.case.notifyBy) && command.reason === '')
    return refuse('SessionPastTheClock', { field: 'reason', due: state.case.notifyBy });
  const missing = partnersOf(state.case).filter(
    ({ id }) => ![...command.attending, ...command.without].some(({ agency }) => agency === id),
  );
  if (missing.length > 0)
    return refuse('NobodyToAttend', { field: 'attending', agencies: missing.map(({ name }) => name) });
  const attending = command.attending.map(({ agency, speaker, deputy }) => ({
    speaker: speakerFor(agency, speaker, state.case, facts),
    deputy: deputy === null ? null : speakerFor(agency, deputy, state.case, facts),
  }));
  const without = command.without.map(({ agency, reason }) => ({ agency: agencyOf(agency, facts), reason }));
  if (command.attending.some(({ speaker, deputy }) => speaker === by.person || deputy === by.person))
    return refuse('ChairSpeaksForNobody', { field: 'attending', agency: by.agency.name });
  const deputy = facts.partnership.people.find(({ person }) => person === command.deputyChair);
  if (command.deputyChair !== null && (!deputy || !mayTakeChair(deputy) || deputy.person === by.person))
    return refuse('CannotTakeTheChair', { field: 'deputyChair' });
  const named: { agency: Agency; speaker: Actor; deputy: Actor | null }[] = [];
  for (const { speaker, deputy } of attending) {
    if (!speaker || deputy === undefined || deputy?.person === speaker.person)
      return refuse('NoPositionToGive', { field: 'attending' });
    named.push({ agency: speaker.agency, speaker, deputy });
  }
  const told = [...named.flatMap(({ speaker, deputy }) => [speaker, deputy]), deputy].filter(
    (each): each is Actor => Boolean(each) && !isOnCase(state.case, each?.person ?? ''),
  );
  const name = ({ person, name }: Actor) => ({ person, name });
  return [
    ...freeze(state.notes, facts.notes),
    ...(told.length > 0 ? [{ type: 'PartnersTold' as const, people: told.map(onCase) }] : []),
    {
      type: 'SessionCalled',
      resolution: resolution.seq,
      startsAt: command.startsAt,
      meeting: command.meeting,
      attending: named.map(({ agency, speaker, deputy }) => ({
        agency,
        speaker: name(speaker),
        deputy: deputy && name(deputy),
      })),
      without: without.flatMap(({ agency, reason }) => (agency ? [{ agency, reason }] : [])),
      deputyChair: deputy ? name(deputy) : null,
      agenda: command.agenda,
      papers: command.papers,
      notes: cite(facts.notes),
      groundRules: command.groundRules,
      reason: command.reason,
    },
  ];
}

/** Whoever may speak for the agency: on the case already, or serving in the partnership and told by being called. */
function speakerFor(agency: string, person: string, state: CaseState, facts: Facts): Actor | undefined {
  const people: readonly Actor[] = [...state.people, ...facts.partnership.people.map(asThemselves)];
  const found = people.find(
    (each) => each.person === person && each.agency.id === agency && holds(each, 'position-holder'),
  );
  return found && asThemselves(found);
}

function agencyOf(id: string, facts: Facts): Agency | undefined {
  return facts.partnership.people.find(({ agency }) => agency.id === id)?.agency;
}

/** Starting it opens the resolution step, and the first item's facts. After an adjournment it goes on where it stood. */
function start(session: Session, state: SessionKnown, by: Actor, facts: Facts): Events | Refusal {
  if (!mayLead(by) && session.chair?.person !== by.person) return refuse('OnlyTheChair');
  const tooLate = notNow('SessionStarted', state);
  if (tooLate) return tooLate;
  if (session.status !== 'called' && session.status !== 'adjourned') return refuse('SessionAlreadyStarted');
  const mine = session.plan.attending.find(({ speaker }) => speaker.person === by.person);
  if (mine && !mine.deputy) return refuse('ChairSpeaksForNobody', { agency: mine.agency.name });
  const stage = currentStage(state.resolutions);
  const isOpening = stage?.seq === session.resolution && stage.status !== 'running';
  const opening = isOpening ? decideResolution({ type: 'OpenResolution' }, state, by, facts) : [];
  if ('refused' in opening) return opening;
  const first: SessionEvent[] = session.now ? [] : [{ type: 'StepOpened', item: 1, step: 'facts', seconds: null }];
  return [...opening, { type: 'SessionStarted' }, ...first];
}

function openStep({ item, step, minutes, after }: Command<'OpenStep'>, session: Session): Events | Refusal {
  if (after !== session.now?.seq) return refuse('SessionMovedOn');
  if (item > session.items.length) return refuse('NoSuchItem', { item });
  if (underTest(session.wordings)) return refuse('AnswersStillSealed');
  return [{ type: 'StepOpened', item, step, seconds: seconds(minutes) }];
}

function recordPresent({ person }: Command<'RecordPresent'>, session: Session, state: SessionKnown): Events | Refusal {
  const found = state.case.people.find((each) => each.person === person);
  if (!found) return refuse('NotOnTheCase');
  if (isPresent(session, person)) return refuse('AlreadyPresent');
  const { name, agency, role } = found;
  return [{ type: 'SessionJoined', who: { person, name, agency, role } }];
}

/** Nothing is recorded as agreed that a partner did not agree, nor without a partner that should be there unless the reason stands with it. */
function recordItem(
  command: Command<'RecordItem'>,
  session: Session,
  state: SessionKnown,
  facts: Facts,
): Events | Refusal {
  const { item, outcome, commonGround, pointsAtIssue, goingOn } = command;
  const known = session.items[item - 1];
  if (!known) return refuse('NoSuchItem', { item });
  if (known.recorded) return refuse('ItemAlreadyRecorded', { item });
  if (underTest(session.wordings)) return refuse('AnswersStillSealed');
  const wording = session.wordings.findLast((each) => each.item === item) ?? null;
  if (outcome === 'agreed') {
    if (!wording) return refuse('NoWordingTested', { field: 'outcome' });
    const not = notAgreeing(wording, answeringNow(session));
    if (not.length > 0) return refuse('NotAllAgree', { field: 'outcome', agencies: not.map(({ name }) => name) });
  }
  const away = absent(session);
  if (away.length > 0 && goingOn === '')
    return refuse('PartnerAbsent', { field: 'goingOn', agencies: away.map(({ name }) => name) });
  const resolved = command.resolved.map(({ text, owner, due }) => ({ text, owner: ownerOf(owner, state.case), due }));
  const unowned = resolved.findIndex(({ owner }) => !owner);
  if (unowned >= 0) return refuse('NotOnTheCase', { field: `resolved.${unowned}.owner` });
  const past = resolved.findIndex(({ due }) => due !== '' && due < facts.today);
  if (past >= 0) return refuse('DateInThePast', { field: `resolved.${past}.due` });
  return [
    {
      type: 'ItemRecorded',
      item,
      outcome,
      wording: wording?.seq ?? null,
      commonGround,
      pointsAtIssue,
      resolved: resolved.flatMap(({ owner, ...rest }) => (owner ? [{ ...rest, owner }] : [])),
      absent: away,
      goingOn: away.length > 0 ? goingOn : '',
    },
  ];
}

/** Partners who could have answered: those called to attend. One that was absent is named with the outcome instead. */
function answeringNow(session: Session): Agency[] {
  const away = absent(session);
  return session.plan.attending
    .map(({ agency }) => agency)
    .filter((agency) => isStatutoryPartner(agency) && !away.some(({ id }) => id === agency.id));
}

function ownerOf(agency: string, state: CaseState): Agency | undefined {
  return state.people.find((each) => each.agency.id === agency)?.agency;
}

/** The deputy after two minutes without the Chair; the Chair at any time. Nobody else ever. */
function takeChair(session: Session, by: Actor, facts: Facts): Events | Refusal {
  const running = session.status === 'running' || session.status === 'paused';
  if (!running || !session.chair) return refuse('SessionNotRunning');
  if (session.chair.person === by.person) return refuse('AlreadyInTheChair');
  if (session.lead?.person === by.person) return [{ type: 'ChairTaken', back: true }];
  if (session.plan.deputyChair?.person !== by.person) return refuse('OnlyTheDeputy');
  if (session.paused?.because !== 'chair-lost') return refuse('ChairIsHere');
  const from = Date.parse(session.paused.at) + deputyAfter * 1000;
  if (Date.parse(facts.now) < from) return refuse('ChairMayReturn', { at: new Date(from).toISOString() });
  return [{ type: 'ChairTaken', back: false }, { type: 'SessionResumed' }];
}

/** Only inside the clock, or with a reason: the time to notify never pauses (Working Together 2023, chapter 5). */
function adjourn(command: Command<'AdjournSession'>, state: SessionKnown, facts: Facts): Events | Refusal {
  if (command.until <= facts.now) return refuse('DateInThePast', { field: 'until' });
  if (isPastTheClock(command.until, state.case.notifyBy) && command.reason === '')
    return refuse('SessionPastTheClock', { field: 'reason', due: state.case.notifyBy });
  return [{ type: 'SessionAdjourned', until: command.until, reason: command.reason }];
}

function end(command: Command<'EndSession'>, session: Session, by: Actor, facts: Facts): Events | Refusal {
  const leads = session.chair ? session.chair.person === by.person : mayLead(by);
  if (!leads) return refuse('NotInTheChair');
  if (underTest(session.wordings)) return refuse('AnswersStillSealed');
  const open = session.items.flatMap(({ recorded }, index) => (recorded ? [] : [index + 1]));
  if (open.length > 0 && command.leftOver === '') return refuse('ItemsNotRecorded', { field: 'leftOver', items: open });
  const correctionsBy = addWorkingDays(facts.today, correctWithin, facts.holidays).due;
  return [{ type: 'SessionEnded', leftOver: open.length > 0 ? command.leftOver : '', correctionsBy }];
}

/** Corrections stand beside the minutes, by whoever made them; the minutes themselves are never edited. */
function correct(command: Command<'CorrectMinutes'>, state: SessionKnown, _by: Actor, facts: Facts): Events | Refusal {
  const last = state.sessions.at(-1);
  if (!last?.ended) return refuse('SessionNotEnded');
  if (facts.today > last.ended.correctionsBy) return refuse('MinutesClosed', { until: last.ended.correctionsBy });
  return [{ type: 'MinutesCorrected', text: command.text }];
}

function report(command: Command<'ReportResolved'>, state: SessionKnown, by: Actor): Events | Refusal {
  const session = state.sessions.find(({ seq }) => seq === command.session);
  const resolved = session && resolvedIn(session)[command.number - 1];
  if (!resolved) return refuse('NothingResolved');
  if (resolved.owner.id !== by.agency.id) return refuse('NotYoursToReport', { agency: resolved.owner.name });
  return [{ type: 'ResolvedReported', session: command.session, number: command.number, says: command.says }];
}
