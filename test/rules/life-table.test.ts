/** The table of a case's life: it is what the page shows, and what each subject asks before it decides. */
import { describe, expect, test } from 'vitest';
import { serviceClock, type Actor } from '#schema/actor.ts';
import type { Command } from '#schema/command.ts';
import type { EventType } from '#schema/event.ts';
import { caseStages, lives, newLife, notNow, type CaseStage, type Table } from '#schema/life.ts';
import { isRefusal } from '#schema/refusal.ts';
import { decide } from '#schema/room.ts';
import { drawnFromTheTable, drawnOnThePage } from '../support/draw.ts';
import {
  amara,
  caseReopened,
  decisionFor,
  decisionSigned,
  denis,
  disagreement,
  factsWith,
  given,
  joan,
  leadHealth,
  notified,
  opened,
  openCase,
  police,
  positionFor,
  positionGiven,
  positionsDiffer,
  priya,
  today,
  tomas,
  wren,
  type Happened,
} from '../support/rules.ts';

const words = 'Because of what we know.';
const day = today;
const answer = { answer: 'yes', reason: words } as const;
const matrix = { L1: answer, L2: answer, L3: answer, L4: answer };

/** For each entry of the table that somebody asks for: the command, and the person whose it is to send. */
const asked: Partial<Record<EventType, { command: Command; by: Actor }>> = {
  CaseOpened: { command: { ...openCase, takingPart: [...openCase.takingPart] }, by: amara },
  PositionSubmitted: {
    command: { type: 'SubmitPosition', content: positionFor('notify'), whatChanged: null },
    by: amara,
  },
  PositionsOpened: { command: { type: 'OpenPositions', reason: words }, by: joan },
  DissentRecorded: { command: { type: 'RecordDissent', content: disagreement }, by: amara },
  ResolutionRequested: {
    command: { type: 'RequestResolution', question: words, tried: ['neither'], stage: null, urgentReason: '' },
    by: joan,
  },
  ResolutionOpened: { command: { type: 'OpenResolution' }, by: joan },
  StageLimitPassed: { command: { type: 'PassStageLimit', stage: 9 }, by: serviceClock },
  LeadViewGiven: { command: { type: 'GiveLeadView', view: 'notify', reason: words }, by: leadHealth },
  HandedOver: {
    command: { type: 'HandOver', authority: 'Southmoor', spokenTo: 'Ada Flint', on: day, reference: '' },
    by: denis,
  },
  LimitPassed: { command: { type: 'PassLimit', limit: 'notify' }, by: serviceClock },
  RaisedCorrected: {
    command: { type: 'CorrectRaised', details: { ...openCase.details, age: 3 }, reason: words },
    by: amara,
  },
  DecisionDeferred: { command: { type: 'DeferDecision', decideBy: day, waitingFor: words }, by: denis },
  DecisionSigned: { command: { type: 'SignDecision', content: decisionFor('notify'), read: 99 }, by: denis },
  NotificationRecorded: {
    command: { type: 'RecordNotification', sentOn: day, sentAt: '09:30', reference: 'SIN-1', sentBy: 'Denis' },
    by: denis,
  },
  NotificationEnded: {
    command: { type: 'EndNotification', how: 'withdrawn', on: day, reason: words, to: '' },
    by: denis,
  },
  ReturnGiven: { command: { type: 'GiveReturn', involvement: words, keyPractice: words, learning: words }, by: amara },
  SufficiencyGiven: {
    command: { type: 'GiveSufficiency', view: 'enough-learning', reason: words, national: 'no', nationalReason: words },
    by: amara,
  },
  RapidReviewSigned: { command: { type: 'SignRapidReview', dissent: '' }, by: amara },
  RapidReviewSent: {
    command: { type: 'SendRapidReview', sentOn: day, outcome: 'local-review', without: words, answers: {} },
    by: denis,
  },
  ReviewViewGiven: { command: { type: 'GiveReviewView', matrix, view: 'hold', reason: words }, by: amara },
  PracticeReviewBegun: {
    command: { type: 'BeginPracticeReview', decidedOn: day, scope: words, without: words, against: words },
    by: joan,
  },
  ReviewDelayRecorded: {
    command: { type: 'RecordReviewDelay', until: '2027-12-07', reason: words, panelToldOn: null },
    by: joan,
  },
  PublicationPlanned: { command: { type: 'PlanPublication', publishOn: '2026-12-07' }, by: joan },
  ReportSent: { command: { type: 'RecordReportSent', sentOn: day }, by: joan },
  ReviewPublished: {
    command: {
      type: 'RecordPublication',
      publishedOn: day,
      what: 'report',
      where: words,
      checks: ['anonymised', 'restrictions', 'family', 'learning'],
      reason: words,
    },
    by: joan,
  },
  LearningRouteChosen: {
    command: { type: 'ChooseLearningRoute', route: 'audit', owner: police.id, reason: words },
    by: joan,
  },
  LearningActionAdded: {
    command: { type: 'AddLearningAction', what: words, owner: police.id, due: '2026-12-07' },
    by: joan,
  },
  LearningActionDone: { command: { type: 'CompleteLearningAction', action: 9, doneOn: day, how: words }, by: joan },
  LearningClosed: { command: { type: 'CloseLearning', learned: words }, by: joan },
  CaseReopened: {
    command: { type: 'ReopenCase', evidence: words, knownOn: day, knownBy: words, awareOn: day },
    by: amara,
  },
  OutcomeFollowedUp: { command: { type: 'FollowUpOutcome', stage: 9, said: words }, by: joan },
  DecisionLookedAt: {
    command: {
      type: 'LookAgain',
      reason: words,
      next: '2026-12-07',
      reputation: { formedPart: 'no', explanation: '' },
    },
    by: denis,
  },
  PracticeReviewDeclined: {
    command: { type: 'DeclinePracticeReview', decidedOn: day, reason: words, without: words, against: words },
    by: joan,
  },
  DecisionReopened: { command: { type: 'ReopenDecision', reason: words }, by: denis },
  HandOverAccepted: {
    command: { type: 'RecordAcceptance', acceptedBy: 'Ada Flint', on: day, reference: words },
    by: denis,
  },
  TakenBack: { command: { type: 'TakeBack', reason: words }, by: denis },
};
/** What the table speaks of and nobody asks for by itself: it follows from something else, or has rules of its own before. */
const follows: EventType[] = ['ResolutionEscalated', 'SessionCalled', 'SessionStarted'];

const reviewSent: Happened = {
  by: denis,
  event: {
    type: 'RapidReviewSent',
    sentOn: day,
    outcome: 'local-review',
    without: words,
    missingReturns: [],
    unsigned: [],
  },
};
const notificationEnded: Happened = {
  by: denis,
  event: { type: 'NotificationEnded', how: 'withdrawn', on: day, reason: words, to: '' },
};
const raised = opened([amara, tomas, priya, wren, denis, leadHealth]);
const led: Record<CaseStage, Happened[]> = {
  'not-raised': [],
  'positions-sealed': [...raised, positionGiven(amara)],
  'positions-open': [...raised, ...positionsDiffer()],
  'not-notified': [...raised, decisionSigned([], 'do-not-notify')],
  'to-notify': [...raised, decisionSigned()],
  notified: [...raised, ...notified()],
  'rapid-review-sent': [...raised, ...notified(), reviewSent],
  'notification-ended': [...raised, ...notified(), notificationEnded],
};

describe('[M20] [M29] [M32] the life of a case', () => {
  test('is drawn in ARCHITECTURE.md as the table has it: after a change, `npm run diagram`', () => {
    expect(drawnOnThePage()).toBe(drawnFromTheTable());
  });

  test.each(caseStages)('is led to "%s" by the entries that the table names', (stage) => {
    expect(given(...led[stage]).state.life).toEqual({ ...newLife, case: stage });
  });

  test('begins again with its positions sealed when it is reopened, and leaves what goes on beside it where it is', () => {
    const decided = given(...led['not-notified'])
      .when(asked.PracticeReviewBegun?.command as Command, joan)
      .recorded()
      .when(asked.LearningRouteChosen?.command as Command, joan)
      .recorded();
    const reopening = asked.CaseReopened?.command as Command;
    const { life } = decided.when(reopening, amara).recorded().state;
    expect(life).toEqual({ ...newLife, case: 'positions-sealed', practiceReview: 'begun', learning: 'under-way' });
    expect(given(...led['not-notified'], caseReopened(4)).state.life.case).toBe('positions-sealed');
  });

  test('has a command, or a reason for none, for every entry of the table', () => {
    const named = Object.values(lives).flatMap((table) => Object.keys(table));
    expect([...Object.keys(asked), ...follows].sort()).toEqual([...new Set(named)].sort());
  });

  test.each(caseStages)(
    'at "%s" refuses by the names that the table has, and by none of them where it has none',
    (stage) => {
      const { state } = given(...led[stage]);
      for (const [type, { command, by }] of Object.entries(asked)) {
        const entry = type as EventType;
        // Where no case is raised, that is the answer to everything but raising one.
        if (stage === 'not-raised' && entry !== 'CaseOpened') continue;
        const result = decide(command, state, by, factsWith());
        const refused = isRefusal(result) ? result.refused : null;
        const because = notNow(entry, state)?.refused ?? null;
        if (because) expect([type, refused]).toEqual([type, because]);
        else for (const table of Object.values(lives)) expect([type, ...namesOf(table, entry)]).not.toContain(refused);
      }
    },
  );
});

/** Every refusal that a table has for an entry. */
function namesOf(table: Table<string>, type: EventType): string[] {
  const not = table[type]?.not ?? [];
  return typeof not === 'string' ? [not] : Object.values(not).flatMap((name) => name ?? []);
}
