/** A room's record, folded: its state, what each command decides, and what each entry makes true. */
import { isServiceClock, inEachRole, type Actor } from './actor.ts';
import { dayOf } from './calendar.ts';
import { actsOn, decideOpenCase, evolveCase, type CaseState } from './case.ts';
import {
  evolveAdministration,
  isAdministrationEvent,
  noAdministration,
  type AdministrationState,
} from './administration.ts';
import { decideChronology, evolveChronology, type ChronologyState } from './chronology.ts';
import type { Command } from './command.ts';
import { decideCorrection, evolveCorrection } from './correction.ts';
import { decideDecision, decideDeferral, evolveDecision } from './decision.ts';
import { decideColleague, evolveColleague } from './colleague.ts';
import { decideComment, evolveComments, type CommentsState } from './comment.ts';
import { decideDocument, evolveDocuments, type DocumentsState } from './document.ts';
import { decideDissent, evolveRounds } from './dissent.ts';
import { decideElement, evolveElements, type ElementsState } from './elements.ts';
import type { Event } from './event.ts';
import { decideOutsideAdvice, evolveOutsideAdvice, type OutsideAdviceState } from './outside-advice.ts';
import { decideDeathTold, evolveDeathTold, type DeathToldState } from './death-in-care.ts';
import type { Facts } from './facts.ts';
import { evolveLife, newLife, type Life } from './life.ts';
import { decideLearning, evolveLearning, noLearning, reopenLearning, type Learning } from './learning.ts';
import { decideHandOver, evolveHandOvers } from './hand-over.ts';
import type { Entry } from './ledger.ts';
import { decideAction, evolveAction } from './agreed-action.ts';
import { decideFollowUp, evolveFollowUp } from './follow-up.ts';
import { decideHarm, evolveHarm, type HarmState } from './harm.ts';
import { decideIdentity, evolveIdentity, type IdentityState } from './identity.ts';
import { decideLeadView } from './lead-view.ts';
import { decideLimit, evolveLimits } from './limit.ts';
import { atOnce } from './lists.ts';
import { decideNotification, evolveNotification } from './notification.ts';
import { decideLookAgain, evolveLooks } from './look-again.ts';
import { decideNoReview, evolveNoReview, type NoReviewState } from './no-review.ts';
import { decideLegalAdvice, evolveLegalAdvice, type LegalAdviceState } from './legal-advice.ts';
import { decideNotes, evolveNotes, noNotes, type NotesState } from './notes.ts';
import { decideInformationLimit, decideOutcome } from './outcome.ts';
import { evolvePasskeys, isPasskeyEvent, noPasskeys, type PasskeysState } from './passkey.ts';
import { decidePosition, evolvePositions, noPositions } from './position.ts';
import { decidePrivateSession, evolvePrivateSessions, type PrivateSessionState } from './private-session.ts';
import { decidePanel, evolvePanel, type PanelState } from './panel.ts';
import {
  decidePracticeReview,
  evolvePracticeReview,
  noPracticeReview,
  type PracticeReview,
} from './practice-review.ts';
import { decideRapidReview, evolveRapidReview } from './rapid-review.ts';
import { decideRationale, evolveRationale, type RationaleState } from './rationale.ts';
import { decideQuestion, evolveQuestions } from './question.ts';
import { evolveRecount } from './recount.ts';
import { isRefusal, refuse, type Refusal } from './refusal.ts';
import {
  decideDecisionReopening,
  decideReopening,
  evolveReopening,
  type Reopening,
  type Round,
  type RoundState,
} from './reopen.ts';
import { decideResolution, evolvePreparing, evolveResolutions } from './resolution.ts';
import { evolveScreening, isScreeningEvent, noScreening, type ScreeningState } from './screening.ts';
import { decideSession } from './session-decide.ts';
import { evolveSessions, type SessionsState } from './session-evolve.ts';
import { isSessionCommand, isSessionEvent } from './session.ts';
import { evolveSuccession } from './succession.ts';
import { evolveSideRoom, type SideRoomState } from './side-room.ts';
import { decideReceipt, evolveServed, type ServedState } from './served.ts';
import { decideTellChair } from './told.ts';
import { evolveWork, noWork, type WorkState } from './work.ts';

/**
 * A room is one place: people, notes, a record, one socket. `case` is a case's common room;
 * `my-work` is a person's own; `partnership` is where its business unit's changes stand;
 * `screening` is an agency's log of cases it did not present. Private sessions, an agency's account and working notes, and the
 * legal lane are rooms of their own too, and nothing crosses from one to another.
 */
export const roomKinds = [
  'case',
  'my-work',
  'agency-account',
  'agency-working-notes',
  'private-session',
  'legal-lane',
  'partnership',
  'screening',
] as const;
export type RoomKind = (typeof roomKinds)[number];

/** The positions, dissents, resolutions and decision are those of the current round; `earlier` holds those before. */
export type RoomState = RoundState & {
  /** Sequence of the last entry folded in; 0 for an empty room. */
  seq: number;
  /** Sequence of the last position or dissent: what a signer must have read. */
  lastStated: number;
  case: CaseState | null;
  /** At which stage the case is: `not-raised` in a room of any other kind. */
  life: Life;
  notes: NotesState;
  /** Rounds that ended when the case was reopened, oldest first; empty for most cases. */
  earlier: readonly Round[];
  /** Every session called, of any round; newest last. */
  sessions: SessionsState;
  /** Threads about the notes, oldest first. */
  comments: CommentsState;
  /** Private sessions held, oldest first: that they were held, never what was said. */
  privateSessions: PrivateSessionState;
  /** That agencies took legal advice, and when: never what it was. Oldest first. */
  legalAdvice: LegalAdviceState;
  /** What a room beside a case's common one is; null for any other room. */
  side: SideRoomState;
  served: ServedState;
  requests: RationaleState;
  panel: PanelState;
  practiceReview: PracticeReview;
  /** That the partners decided not to hold one. */
  noReview: NoReviewState;
  learning: Learning;
  /** Every agency's answers to the elements of the duty, of any round; newest last. */
  elements: ElementsState;
  /** How each agency sees the harm and what will last of it; newest last. */
  harm: HarmState;
  /** That the Secretary of State and Ofsted were told of a death in care. */
  deathTold: DeathToldState;
  /** What was asked outside the partnership, and what came back; oldest first. */
  outsideAdvice: OutsideAdviceState;
  /** Rows that agencies gave, of any round. */
  chronology: ChronologyState;
  /** What was added to the case, of any round: never the bytes. */
  documents: DocumentsState;
  /** Who read or wrote who the children are, and why: never who they are. */
  identity: IdentityState;
  /** Only in the partnership's own room. */
  administration: AdministrationState;
  /** Only in the partnership's own room. */
  passkeys: PasskeysState;
  /** Only in an agency's screening log. */
  screening: ScreeningState;
  work: WorkState;
};
/** A room in which a case has been opened. */
export type CaseRoom = RoomState & { case: CaseState };

/** What each round of a case begins with. */
const newRound: RoundState = {
  reopened: null,
  positions: noPositions,
  dissents: [],
  resolutions: [],
  deferred: null,
  handOvers: [],
  decision: null,
  looks: [],
  limits: [],
  questions: [],
  notification: null,
  rapidReview: null,
};

export const emptyRoom: RoomState = {
  seq: 0,
  lastStated: 0,
  case: null,
  life: newLife,
  notes: noNotes,
  ...newRound,
  earlier: [],
  sessions: [],
  comments: [],
  privateSessions: [],
  legalAdvice: [],
  side: null,
  served: [],
  requests: [],
  panel: [],
  practiceReview: noPracticeReview,
  noReview: null,
  learning: noLearning,
  elements: [],
  harm: [],
  deathTold: null,
  outsideAdvice: [],
  chronology: [],
  documents: [],
  identity: [],
  administration: noAdministration,
  passkeys: noPasskeys,
  screening: noScreening,
  work: noWork,
};

export function hasCase(state: RoomState): state is CaseRoom {
  return state.case !== null;
}

/** What happens when `by` asks for `command`: events, in order, or the named reason why not. Pure. */
export function decide(command: Command, state: RoomState, by: Actor, facts: Facts): Event[] | Refusal {
  if (command.type === 'OpenCase') return decideOpenCase(command, state, by, facts);
  if (!hasCase(state)) return refuse('CaseNotOpened');
  if (!isServiceClock(by) && !actsOn(state.case, by)) return refuse('NotYourRole', { role: by.role });
  if (isSessionCommand(command)) return decideSession(command, state, by, facts);
  switch (command.type) {
    case 'SubmitPosition':
    case 'OpenPositions':
      return decidePosition(command, state, by, facts);
    case 'AskQuestion':
    case 'AnswerQuestion':
    case 'WithdrawQuestion':
      return decideQuestion(command, state, by, facts);
    case 'RecordDissent':
    case 'AnswerDissent':
    case 'ReviewDissent':
      return decideDissent(command, state, by, facts);
    case 'RequestResolution':
    case 'OpenResolution':
    case 'PassStageLimit':
      return decideResolution(command, state, by, facts);
    case 'RecordOutcome':
      return decideOutcome(command, state, by, facts);
    case 'FollowUpOutcome':
      return decideFollowUp(command, state, by);
    case 'ReportAction':
      return decideAction(command, state, by);
    case 'GiveLeadView':
      return decideLeadView(command, state, by);
    case 'SignDecision':
      return decideDecision(command, state, by, facts);
    case 'DeferDecision':
      return decideDeferral(command, state, by, facts);
    case 'LookAgain':
      return decideLookAgain(command, state, by, facts);
    case 'ConfirmReceipt':
      return decideReceipt(command, state, by);
    case 'RequestRationale':
    case 'AnswerRationaleRequest':
    case 'EscalateRationaleRequest':
      return decideRationale(command, state, by, facts);
    case 'RecordNotification':
    case 'EndNotification':
      return decideNotification(command, state, by, facts);
    case 'GiveReturn':
    case 'GiveSufficiency':
    case 'SignRapidReview':
    case 'SendRapidReview':
      return decideRapidReview(command, state, by, facts);
    case 'RecordPanelLetter':
    case 'RecordPanelReply':
      return decidePanel(command, state, by, facts);
    case 'GiveReviewView':
    case 'BeginPracticeReview':
    case 'RecordReviewDelay':
    case 'PlanPublication':
    case 'RecordReportSent':
    case 'RecordPublication':
      return decidePracticeReview(command, state, by, facts);
    case 'DeclinePracticeReview':
      return decideNoReview(command, state, by, facts);
    case 'ChooseLearningRoute':
    case 'AddLearningAction':
    case 'CompleteLearningAction':
    case 'CloseLearning':
      return decideLearning(command, state, by, facts);
    case 'ReopenCase':
      return decideReopening(command, state, by, facts);
    case 'ReopenDecision':
      return decideDecisionReopening(command, state, by);
    case 'AssessHarm':
      return decideHarm(command, state.harm, by, facts);
    case 'RecordDeathTold':
      return decideDeathTold(command, state, by, facts);
    case 'AskOutsideAdvice':
    case 'RecordOutsideAdvice':
    case 'EndOutsideAdvice':
      return decideOutsideAdvice(command, state.outsideAdvice, by, facts);
    case 'AddToChronology':
    case 'CorrectChronology':
    case 'WithdrawFromChronology':
      return decideChronology(command, state.chronology, by, facts);
    case 'AddDocument':
    case 'RemoveDocument':
      return decideDocument(command, state.documents, by, facts);
    case 'AnswerElement':
      return decideElement(command, by);
    case 'HandOver':
    case 'RecordAcceptance':
    case 'TakeBack':
      return decideHandOver(command, state, by, facts);
    case 'CorrectRaised':
    case 'ReadCorrection':
      return decideCorrection(command, state, by, facts);
    case 'TellChair':
      return decideTellChair(state.case, facts);
    case 'LetColleagueIn':
    case 'TakeColleagueOff':
      return decideColleague(command, state, by, facts);
    case 'ReadIdentity':
    case 'KeepIdentity':
      return decideIdentity(command);
    case 'PassLimit':
      return command.limit === 'information'
        ? decideInformationLimit(state, by, facts)
        : decideLimit(command.limit, state, by, facts);
    case 'AddComment':
    case 'ReplyToComment':
    case 'CloseComment':
      return decideComment(command, state, by, facts);
    case 'RecordLegalAdvice':
      return decideLegalAdvice(command, state.legalAdvice, by, facts);
    case 'NameVersion':
      return decideNotes(command, state.notes, facts);
    case 'OpenPrivateSession':
    case 'ClosePrivateSession':
      return decidePrivateSession(command, state, by, facts);
  }
}

/**
 * The same, and in which of their roles the person acted: the first that allows it by itself. So an
 * entry of somebody with two roles names the one it rests on.
 */
export function decideAs(
  command: Command,
  state: RoomState,
  by: Actor,
  facts: Facts,
): { events: Event[]; by: Actor } | Refusal {
  for (const one of by.also ? inEachRole(by) : []) {
    const events = decide(command, state, one, facts);
    if (!isRefusal(events)) return { events, by: one };
  }
  const events = decide(command, state, by, facts);
  return isRefusal(events) ? events : { events, by };
}

/** What an entry makes true. An entry whose body is withheld still tells that it happened, when and by whom. */
export function evolve(state: RoomState, entry: Entry): RoomState {
  const { seq, at, actor: by, body: event } = entry;
  if (event === null) return sealed({ ...state, seq }, entry);
  const next = { ...state, seq, life: evolveLife(state.life, event) };
  if (isSessionEvent(event)) {
    const resolutions = event.type === 'SessionCalled' ? evolvePreparing(state.resolutions, event) : state.resolutions;
    return { ...next, resolutions, sessions: evolveSessions(state.sessions, event, seq, at, by) };
  }
  if (isScreeningEvent(event)) {
    return { ...next, screening: evolveScreening(state.screening, event, seq, at, by) };
  }
  if (isAdministrationEvent(event)) {
    return { ...next, administration: evolveAdministration(state.administration, event, at, by) };
  }
  if (isPasskeyEvent(event)) return { ...next, passkeys: evolvePasskeys(state.passkeys, event, seq, at) };
  switch (event.type) {
    case 'CaseOpened':
    case 'ChairTold':
    case 'PartnersTold':
    case 'LeadPartnersTold':
      return { ...next, case: evolveCase(state.case, event, at, by) };
    case 'NotesFrozen':
    case 'VersionNamed':
      return { ...next, notes: evolveNotes(state.notes, event, seq, at, by) };
    case 'LegalAdviceTaken':
      return { ...next, legalAdvice: evolveLegalAdvice(state.legalAdvice, event, seq, at, by) };
    case 'PositionSubmitted':
      return { ...next, lastStated: seq, positions: evolvePositions(state.positions, event, seq, at, by) };
    case 'PositionsOpened':
      return { ...next, lastStated: seq, positions: evolvePositions(state.positions, event, seq, at, by) };
    case 'QuestionAsked':
    case 'QuestionAnswered':
    case 'QuestionWithdrawn':
      return { ...next, questions: evolveQuestions(state.questions, event, seq, at, by) };
    case 'DissentRecorded':
    case 'DissentReviewed':
      return { ...evolveRounds(next, event, seq, at, by), lastStated: seq };
    case 'DissentAnswered':
      return evolveRounds(next, event, seq, at, by);
    case 'ResolutionRequested':
    case 'ResolutionEscalated':
    case 'ResolutionOpened':
    case 'StageLimitPassed':
    case 'OutcomeRecorded':
    case 'LeadViewGiven': {
      const ladder = state.case?.arrangements.ladder ?? [];
      return { ...next, resolutions: evolveResolutions(state.resolutions, event, ladder, seq, at, by) };
    }
    case 'DecisionSigned':
      return { ...next, decision: evolveDecision(event, seq, at, by) };
    case 'OutcomeFollowedUp':
      return { ...next, resolutions: evolveFollowUp(state.resolutions, event, seq, at, by) };
    case 'ActionReported':
      return { ...next, resolutions: evolveAction(state.resolutions, event, seq, at, by) };
    case 'DecisionLookedAt':
      return { ...next, looks: evolveLooks(state.looks, event, seq, at, by) };
    case 'DecisionDeferred': {
      const { decideBy, waitingFor } = event;
      return { ...next, deferred: { seq, at, by, decideBy, waitingFor } };
    }
    case 'RationaleServed':
    case 'ReceiptConfirmed':
      return { ...next, served: evolveServed(state.served, event, seq, at, by, state.decision?.seq ?? 0) };
    case 'RationaleRequested':
    case 'RationaleRequestAnswered':
    case 'RationaleRequestEscalated':
      return { ...next, requests: evolveRationale(state.requests, event, seq, at, by) };
    case 'NotificationRecorded':
    case 'NotificationEnded':
      return { ...next, notification: evolveNotification(state.notification, event, seq, at, by) };
    case 'RapidReviewStarted':
    case 'ReturnGiven':
    case 'SufficiencyGiven':
    case 'RapidReviewSigned':
    case 'RapidReviewSent':
      return { ...next, rapidReview: evolveRapidReview(state.rapidReview, event, seq, at, by) };
    case 'PanelLetterRecorded':
    case 'PanelReplyRecorded':
      return { ...next, panel: evolvePanel(state.panel, event, seq, at, by) };
    case 'ReviewViewGiven':
    case 'PracticeReviewBegun':
    case 'ReviewDelayRecorded':
    case 'PublicationPlanned':
    case 'ReportSent':
    case 'ReviewPublished':
      return { ...next, practiceReview: evolvePracticeReview(state.practiceReview, event, seq, at, by) };
    case 'PracticeReviewDeclined':
      return { ...next, noReview: evolveNoReview(event, seq, at, by) };
    case 'LearningRouteChosen':
    case 'LearningActionAdded':
    case 'LearningActionDone':
    case 'LearningClosed':
      return { ...next, learning: evolveLearning(state.learning, event, seq, at, by) };
    case 'ClockRecounted':
      return hasCase(next) ? evolveRecount(next, event) : next;
    case 'RoleTakenUp':
    case 'RoleLaidDown':
      return { ...next, case: evolveSuccession(state.case, event, at) };
    case 'ColleagueLetIn':
    case 'ColleagueTakenOff':
      return hasCase(next) ? { ...next, case: evolveColleague(next.case, event) } : next;
    case 'RaisedCorrected':
    case 'CorrectionRead':
      return hasCase(next) ? { ...next, case: evolveCorrection(next.case, event, seq, at, by) } : next;
    case 'ElementAnswered':
      return { ...next, elements: evolveElements(state.elements, event, seq, at, by) };
    case 'HarmAssessed':
      return { ...next, harm: evolveHarm(state.harm, event, seq, at, by) };
    case 'DeathTold':
      return { ...next, deathTold: evolveDeathTold(event, seq, at, by) };
    case 'OutsideAdviceAsked':
    case 'OutsideAdviceGiven':
    case 'OutsideAdviceEnded':
      return { ...next, outsideAdvice: evolveOutsideAdvice(state.outsideAdvice, event, seq, at, by) };
    case 'DocumentAdded':
    case 'DocumentRemoved':
      return { ...next, documents: evolveDocuments(state.documents, event, seq, at, by) };
    case 'ChronologyAdded':
    case 'ChronologyCorrected':
    case 'ChronologyWithdrawn':
      return { ...next, chronology: evolveChronology(state.chronology, event, seq, at, by) };
    case 'HandedOver':
    case 'HandOverAccepted':
    case 'TakenBack':
      return { ...next, handOvers: evolveHandOvers(state.handOvers, event, seq, at, by) };
    case 'CaseReopened':
    case 'DecisionReopened':
      return hasCase(next) ? beginRound(next, evolveReopening(event, next.case, seq, at, by)) : next;
    case 'IdentityRead':
    case 'IdentityKept':
      return { ...next, identity: evolveIdentity(state.identity, event, seq, at, by) };
    case 'LimitPassed':
      return { ...next, limits: evolveLimits(state.limits, event, seq, at) };
    case 'CommentAdded':
    case 'CommentReplied':
    case 'CommentClosed':
    case 'CommentReopened':
      return { ...next, comments: evolveComments(state.comments, event, seq, at, by) };
    case 'PrivateSessionOpened':
    case 'PrivateSessionClosed':
      return { ...next, privateSessions: evolvePrivateSessions(state.privateSessions, event, seq, at, by) };
    case 'RoomOpened':
      return { ...next, side: evolveSideRoom(event, at, by) };
    case 'ToldOfCase':
      return { ...next, work: evolveWork(state.work, event, at) };
    default:
      throw new UnknownEntry(event);
  }
}

/** An entry of a kind that a later release writes: this program is older than the record, and must not go on as if it had read it. */
export class UnknownEntry extends Error {
  constructor(event: never) {
    const { type } = event as { type?: unknown };
    super(`This program is older than the record: it does not know entries of the kind ${String(type)}`);
  }
}

/**
 * Puts the round that ended with the others and begins anew, on the clock of the new evidence. Where
 * there is none, the clock goes on, and with it what belongs to it: that its last day ended, and a hand-over.
 */
function beginRound(state: CaseRoom, reopened: Reopening): RoomState {
  const { case: opened, positions, dissents, resolutions, deferred, decision, notification, rapidReview } = state;
  const { earlier, handOvers, limits, looks, questions } = state;
  const { awareOn } = opened.details;
  const said = { reopened: state.reopened, positions, dissents, resolutions };
  const round = { ...said, questions, deferred, handOvers, decision, looks, limits, notification, rapidReview };
  return {
    ...state,
    ...newRound,
    ...(reopened.known ? {} : { handOvers: [...handOvers], limits: limits.filter(({ limit }) => limit === 'notify') }),
    reopened,
    learning: reopenLearning(state.learning),
    lastStated: reopened.seq,
    earlier: [...earlier, { ...round, number: earlier.length + 1, awareOn, notifyBy: opened.notifyBy }],
    case: {
      ...opened,
      details: { ...opened.details, awareOn: reopened.awareOn },
      beganOn: dayOf(reopened.at),
      notifyBy: reopened.notifyBy,
    },
  };
}

/** An entry whose words are withheld from this reader: that it was given, when and by whom, is known all the same. */
function sealed(state: RoomState, { type, seq, at, actor: by }: Entry): RoomState {
  switch (type) {
    case 'PositionSubmitted':
      return {
        ...state,
        lastStated: seq,
        positions: evolvePositions(state.positions, { type, content: null }, seq, at, by),
      };
    case 'WordingAnswered':
      return { ...state, sessions: evolveSessions(state.sessions, { type, content: null }, seq, at, by) };
    default:
      return state;
  }
}

export function fold(entries: readonly Entry[], from: RoomState = emptyRoom): RoomState {
  return atOnce(() => entries.reduce(evolve, from));
}
