/** The life of a case as one table: its stages, the entries that lead from each to the next, and why not at any other. */
import type { DecisionOutcome } from './decision.ts';
import type { Event, EventType } from './event.ts';
import { refuse, type Refusal, type RefusalFacts, type RefusalName } from './refusal.ts';
import type { RoomState } from './room.ts';

/** Where an entry leads: to one stage, or to the one that the signed outcome says. */
export type Next<Stage extends string> = Stage | Readonly<Record<DecisionOutcome, Stage>>;
export type Row<Stage extends string, To extends Stage = Stage> = {
  /** By each stage at which the entry may be written, the stage it leads to: the same one where it moves nothing. */
  readonly to: { readonly [From in Stage]?: Next<To> };
  /** Why not, at every other stage. */
  readonly not: RefusalName | ({ readonly [At in Stage]?: RefusalName } & { readonly otherwise: RefusalName });
};
/** `To`: the stages that an entry may lead to, where nothing leads back to how it began. */
export type Table<Stage extends string, To extends Stage = Stage> = { readonly [Type in EventType]?: Row<Stage, To> };

/** Each of these stages, led to itself. */
function at<Stage extends string>(...stages: readonly Stage[]): { [From in Stage]: Stage } {
  return Object.fromEntries(stages.map((stage) => [stage, stage])) as { [From in Stage]: Stage };
}

// The case itself: one round of positions and a decision, and the notification that may follow.

export const caseStages = [
  'not-raised',
  'positions-sealed',
  'positions-open',
  'not-notified',
  'to-notify',
  'notified',
  'rapid-review-sent',
  'notification-ended',
] as const;
export type CaseStage = (typeof caseStages)[number];

const undecided = at('positions-sealed', 'positions-open');
const decided = at('not-notified', 'to-notify', 'notified', 'rapid-review-sent', 'notification-ended');
const untilDecided: Row<CaseStage> = { to: undecided, not: 'AlreadyDecided' };
const onceDecided: Row<CaseStage> = { to: decided, not: 'NotDecided' };
const signed = { notify: 'to-notify', 'do-not-notify': 'not-notified' } as const;
const inRapidReview: Row<CaseStage> = {
  to: at('notified'),
  not: {
    'rapid-review-sent': 'ReviewAlreadySent',
    'notification-ended': 'NotificationAlreadyEnded',
    otherwise: 'NotNotified',
  },
};

const caseLife: Table<CaseStage> = {
  CaseOpened: { to: { 'not-raised': 'positions-sealed' }, not: 'CaseAlreadyOpened' },
  PositionSubmitted: untilDecided,
  PositionsOpened: {
    to: { 'positions-sealed': 'positions-open' },
    not: { 'positions-open': 'PositionsAlreadyOpen', otherwise: 'AlreadyDecided' },
  },
  DissentRecorded: { to: { ...at('positions-open'), ...decided }, not: 'PositionsStillSealed' },
  ResolutionRequested: untilDecided,
  ResolutionEscalated: untilDecided,
  SessionCalled: untilDecided,
  SessionStarted: untilDecided,
  ResolutionOpened: untilDecided,
  StageLimitPassed: untilDecided,
  LeadViewGiven: untilDecided,
  OutcomeFollowedUp: untilDecided,
  HandedOver: untilDecided,
  LimitPassed: {
    to: at('positions-sealed', 'positions-open', 'to-notify'),
    not: { 'not-raised': 'CaseNotOpened', 'not-notified': 'AlreadyDecided', otherwise: 'AlreadyNotified' },
  },
  RaisedCorrected: untilDecided,
  DecisionDeferred: untilDecided,
  DecisionSigned: { to: { 'positions-sealed': signed, 'positions-open': signed }, not: 'AlreadyDecided' },
  NotificationRecorded: {
    to: { 'to-notify': 'notified' },
    not: {
      'positions-sealed': 'NotDecided',
      'positions-open': 'NotDecided',
      'not-notified': 'DecidedNotToNotify',
      otherwise: 'AlreadyNotified',
    },
  },
  ReturnGiven: inRapidReview,
  SufficiencyGiven: inRapidReview,
  RapidReviewSigned: inRapidReview,
  RapidReviewSent: { ...inRapidReview, to: { notified: 'rapid-review-sent' } },
  NotificationEnded: {
    to: { notified: 'notification-ended', 'rapid-review-sent': 'notification-ended' },
    not: { 'notification-ended': 'NotificationAlreadyEnded', otherwise: 'NotNotified' },
  },
  DecisionLookedAt: {
    to: at('not-notified'),
    not: { 'positions-sealed': 'NotDecided', 'positions-open': 'NotDecided', otherwise: 'NotificationStands' },
  },
  ReviewViewGiven: onceDecided,
  PracticeReviewDeclined: onceDecided,
  PracticeReviewBegun: onceDecided,
  LearningRouteChosen: onceDecided,
  LearningActionAdded: onceDecided,
  LearningClosed: onceDecided,
  CaseReopened: {
    to: { 'not-notified': 'positions-sealed', 'notification-ended': 'positions-sealed' },
    not: { 'positions-sealed': 'NotDecided', 'positions-open': 'NotDecided', otherwise: 'NotificationStands' },
  },
  DecisionReopened: {
    to: { 'to-notify': 'positions-sealed' },
    not: {
      'positions-sealed': 'NotDecided',
      'positions-open': 'NotDecided',
      'not-notified': 'DecidedNotToNotify',
      otherwise: 'AlreadyNotified',
    },
  },
};

// What goes on beside it.

export const handOverStages = ['ours', 'handed-over', 'accepted'] as const;
export type HandOverStage = (typeof handOverStages)[number];
const handOverLife: Table<HandOverStage> = {
  HandedOver: { to: { ours: 'handed-over' }, not: 'AlreadyHandedOver' },
  HandOverAccepted: {
    to: { 'handed-over': 'accepted' },
    not: { accepted: 'AlreadyAccepted', otherwise: 'NotHandedOver' },
  },
  TakenBack: { to: { 'handed-over': 'ours', accepted: 'ours' }, not: 'NotHandedOver' },
  // New information is the duty of whoever becomes aware of it: it has to be handed over anew.
  CaseReopened: { to: { ours: 'ours', 'handed-over': 'ours', accepted: 'ours' }, not: 'NotDecided' },
};

export const practiceReviewStages = ['not-begun', 'declined', 'begun', 'report-sent', 'published'] as const;
export type PracticeReviewStage = (typeof practiceReviewStages)[number];
const underReview: Row<PracticeReviewStage> = {
  to: at('begun', 'report-sent'),
  not: { published: 'ReviewAlreadyPublished', otherwise: 'PracticeReviewNotBegun' },
};
const practiceReviewLife: Table<PracticeReviewStage> = {
  ReviewViewGiven: { to: at('not-begun', 'declined'), not: 'PracticeReviewBegun' },
  PracticeReviewDeclined: {
    to: { 'not-begun': 'declined' },
    not: { declined: 'ReviewAlreadyDeclined', otherwise: 'PracticeReviewBegun' },
  },
  // What the partners learn later may still call for one.
  PracticeReviewBegun: { to: { 'not-begun': 'begun', declined: 'begun' }, not: 'PracticeReviewBegun' },
  ReviewDelayRecorded: underReview,
  PublicationPlanned: underReview,
  ReportSent: {
    to: { begun: 'report-sent' },
    not: {
      'report-sent': 'ReportAlreadySent',
      published: 'ReviewAlreadyPublished',
      otherwise: 'PracticeReviewNotBegun',
    },
  },
  ReviewPublished: {
    to: { 'report-sent': 'published' },
    not: { begun: 'ReportNotSent', published: 'ReviewAlreadyPublished', otherwise: 'PracticeReviewNotBegun' },
  },
  // Whether to hold one was decided without what is new.
  CaseReopened: {
    to: { ...at('not-begun', 'begun', 'report-sent', 'published'), declined: 'not-begun' },
    not: 'NotDecided',
  },
};

export const learningStages = ['no-route', 'under-way', 'closed'] as const;
export type LearningStage = (typeof learningStages)[number];
const learningUnderWay: Row<LearningStage> = {
  to: at('under-way'),
  not: { closed: 'LearningAlreadyClosed', otherwise: 'LearningRouteMissing' },
};
const learnsAgain: Row<LearningStage> = {
  to: { ...at('no-route', 'under-way'), closed: 'under-way' },
  not: 'NotDecided',
};
const learningLife: Table<LearningStage> = {
  LearningRouteChosen: { to: { 'no-route': 'under-way', 'under-way': 'under-way' }, not: 'LearningAlreadyClosed' },
  LearningActionAdded: learningUnderWay,
  LearningActionDone: learningUnderWay,
  LearningClosed: { ...learningUnderWay, to: { 'under-way': 'closed' } },
  CaseReopened: learnsAgain,
  DecisionReopened: learnsAgain,
};

/** Each of these is at one stage at a time, in every case. */
export const lives = {
  case: caseLife,
  handOver: handOverLife,
  practiceReview: practiceReviewLife,
  learning: learningLife,
} as const;
/** At which stage a case is in each of its lives. */
export type Life = {
  case: CaseStage;
  handOver: HandOverStage;
  practiceReview: PracticeReviewStage;
  learning: LearningStage;
};
export const newLife: Life = {
  case: 'not-raised',
  handOver: 'ours',
  practiceReview: 'not-begun',
  learning: 'no-route',
};

// One stage of the resolution ladder: a case may have several, each kept as it ended.

export const stageStatuses = ['asked', 'preparing', 'running', 'recorded', 'lapsed'] as const;
export type StageStatus = (typeof stageStatuses)[number];
/** What ran and lapsed may still be recorded; what never opened may not. */
export const stageLife: Table<'not-asked' | StageStatus, StageStatus> = {
  ResolutionRequested: { to: { 'not-asked': 'asked' }, not: 'ResolutionAlreadyAsked' },
  ResolutionEscalated: { to: { 'not-asked': 'asked' }, not: 'ResolutionAlreadyAsked' },
  SessionCalled: {
    to: { asked: 'preparing', preparing: 'preparing', running: 'running' },
    not: 'ResolutionNotAsked',
  },
  ResolutionOpened: {
    to: { asked: 'running', preparing: 'running' },
    not: { running: 'ResolutionAlreadyOpen', otherwise: 'ResolutionNotAsked' },
  },
  LeadViewGiven: { to: at('asked', 'preparing', 'running'), not: 'NotWithLeadPartners' },
  OutcomeRecorded: { to: { running: 'recorded', lapsed: 'recorded' }, not: 'ResolutionNotOpen' },
  StageLimitPassed: { to: { asked: 'lapsed', preparing: 'lapsed', running: 'lapsed' }, not: 'LimitAlreadyPassed' },
};

// What is asked of the table.

/** What a refusal needs to say when and by what a stage was reached. */
export type Lived = Pick<
  RoomState,
  | 'life'
  | 'case'
  | 'decision'
  | 'notification'
  | 'rapidReview'
  | 'practiceReview'
  | 'noReview'
  | 'learning'
  | 'handOvers'
>;

/**
 * Why an entry of this type may not be written to the case as it stands, or null. It speaks of the
 * stage alone: who asks, and what with, is each subject's own.
 */
export function notNow(type: EventType, state: Lived): Refusal | null {
  const { life } = state;
  const name =
    notAt(lives.case, type, life.case) ??
    notAt(lives.handOver, type, life.handOver) ??
    notAt(lives.practiceReview, type, life.practiceReview) ??
    notAt(lives.learning, type, life.learning);
  return name && refuse(name, factsOf(name, state));
}

/** Why an entry of this type may not be written at this stage; null where it may, or the table does not speak of it. */
export function notAt<Stage extends string>(table: Table<Stage>, type: EventType, stage: Stage): RefusalName | null {
  const row = table[type];
  if (!row || row.to[stage]) return null;
  return typeof row.not === 'string' ? row.not : (row.not[stage] ?? row.not.otherwise);
}

/** The stages after an entry. */
export function evolveLife(life: Life, event: Event): Life {
  return {
    case: after(lives.case, event, life.case),
    handOver: after(lives.handOver, event, life.handOver),
    practiceReview: after(lives.practiceReview, event, life.practiceReview),
    learning: after(lives.learning, event, life.learning),
  };
}

/** The stage that an entry leads to from this one. */
export function after<Stage extends string, To extends Stage, At extends Stage>(
  table: Table<Stage, To>,
  event: Event,
  stage: At,
): To | At {
  const next: Next<To> | At = table[event.type]?.to[stage] ?? stage;
  if (typeof next !== 'object') return next;
  return event.type === 'DecisionSigned' ? next[event.content.outcome] : stage;
}

function factsOf(name: RefusalName, state: Lived): RefusalFacts {
  const { decision, notification, rapidReview, practiceReview, noReview, learning, handOvers } = state;
  const when = (made: { at: string } | null | undefined): RefusalFacts => (made ? { at: made.at } : {});
  switch (name) {
    case 'CaseAlreadyOpened':
      return { ref: state.case?.ref ?? '' };
    case 'AlreadyDecided':
    case 'DecidedNotToNotify':
    case 'NotificationStands':
      return when(decision);
    case 'AlreadyNotified':
      return { reference: notification?.reference ?? '' };
    case 'NotificationAlreadyEnded':
      return when(notification?.ended);
    case 'ReviewAlreadySent':
      return when(rapidReview?.sent);
    case 'AlreadyHandedOver':
    case 'AlreadyAccepted':
      return { authority: handOvers.at(-1)?.authority ?? '' };
    case 'PracticeReviewBegun':
      return when(practiceReview.begun);
    case 'ReviewAlreadyDeclined':
      return when(noReview);
    case 'ReportAlreadySent':
      return when(practiceReview.sent);
    case 'ReviewAlreadyPublished':
      return when(practiceReview.published);
    case 'LearningAlreadyClosed':
      return when(learning.closed);
    default:
      return {};
  }
}
