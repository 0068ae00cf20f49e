/** What follows a decision, in words: service, notification, reviews, the Panel, learning. Pure. */
import { nameOf } from '#schema/actor.ts';
import type { Agency } from '#schema/agency.ts';
import { instantAt, sayDay, sayTime } from '#schema/calendar.ts';
import { learningRouteWords, type LearningEvent } from '#schema/learning.ts';
import type { Entry } from '#schema/ledger.ts';
import type { LookEvent } from '#schema/look-again.ts';
import type { NoReviewEvent } from '#schema/no-review.ts';
import { notificationEndingWords, type NotificationEvent } from '#schema/notification.ts';
import { panelSayingWords, type PanelEvent } from '#schema/panel.ts';
import { inWords } from '#schema/in-words.ts';
import {
  publicationCheckWords,
  publishedWords,
  reviewAnswerWords,
  reviewViewWords,
  type PracticeReviewEvent,
  type ReviewMatrix,
} from '#schema/practice-review.ts';
import { reviewCriteria, reviewLetters, type ReviewWording } from '#schema/review-criteria.ts';
import { nationalWords, reviewOutcomeWords, sufficiencyWords, type RapidReviewEvent } from '#schema/rapid-review.ts';
import { rationaleAnswerWords, type RationaleEvent } from '#schema/rationale.ts';
import type { Served, ServedEvent } from '#schema/served.ts';
import { lower } from '../letters.ts';
import { arrangementsOf } from './agreed.ts';
import { reputationTerm, sayReputation, type Line } from './tell.ts';

export type AfterEvent =
  | ServedEvent
  | RationaleEvent
  | NotificationEvent
  | RapidReviewEvent
  | PanelEvent
  | PracticeReviewEvent
  | NoReviewEvent
  | LookEvent
  | LearningEvent;

/** Title and lines of an entry that follows a decision. `who` is the agency that made it. */
export function tellAfter(event: AfterEvent, who: string, entries: readonly Entry[]): { title: string; lines: Line[] } {
  switch (event.type) {
    case 'RationaleServed':
      return {
        title: `${servedTitle[event.what ?? 'decision']} served on ${namesOf(event.on) || 'nobody'}`,
        lines: [{ term: 'Receipt to be confirmed by', words: sayDay(event.receiptBy) }],
      };
    case 'ReceiptConfirmed':
      return {
        title: `${who} confirmed that it has the decision`,
        lines: [{ term: 'Decision', words: `entry ${event.decision}` }],
      };
    case 'RationaleRequested':
      return {
        title: `${who} asked for reasons`,
        lines: [
          { term: 'What is asked for and why', words: event.grounds },
          { term: 'Answer asked for by', words: sayDay(event.due) },
          { term: 'About the decision', words: `entry ${event.decision}` },
        ],
      };
    case 'RationaleRequestAnswered':
      return {
        title:
          event.answer === 'given'
            ? `${who} answered ${makerOf(event.request, entries)}'s request for reasons`
            : `${who} refused ${makerOf(event.request, entries)}'s request for reasons`,
        lines: [
          { term: 'About', words: `entry ${event.request}` },
          { term: rationaleAnswerWords[event.answer], words: event.words },
        ],
      };
    case 'RationaleRequestEscalated':
      return {
        title:
          event.to === 'authority'
            ? `${makerOf(event.request, entries)}'s request for reasons is overdue`
            : `${makerOf(event.request, entries)}'s request for reasons went to the Chair and the lead partners`,
        lines: [{ term: 'About', words: `entry ${event.request}` }],
      };
    case 'NotificationRecorded':
      return {
        title: `Notification sent to the Panel on ${sayDay(event.sentOn)}`,
        lines: [
          { term: 'Time', words: sayTime(instantAt(event.sentOn, event.sentAt)) },
          { term: 'Reference', words: event.reference },
          { term: 'Sent by', words: event.sentBy },
          ...event.pack.map(({ title, fields }) => ({
            term: `Copy kept: ${title}`,
            words: fields.map(({ label, words }) => `${label}: ${words ?? 'not held in the case'}`).join('\n'),
          })),
        ],
      };
    case 'NotificationEnded':
      return {
        title: `Notification ended: ${lower(notificationEndingWords[event.how])}`,
        lines: [
          { term: 'Date', words: sayDay(event.on) },
          { term: 'Reason', words: event.reason },
          ...(event.to ? [{ term: 'Transferred to', words: event.to }] : []),
        ],
      };
    case 'RapidReviewStarted':
    case 'ReturnGiven':
    case 'SufficiencyGiven':
    case 'RapidReviewSigned':
    case 'RapidReviewSent':
      return tellRapidReview(event, who);
    case 'PanelLetterRecorded':
      return {
        title: `A letter came from the Panel on ${sayDay(event.receivedOn)}`,
        lines: [
          { term: 'What it says', words: event.says.map((each) => panelSayingWords[each]).join('\n') },
          { term: 'Points', words: event.points },
          { term: 'Who sees to it', words: event.owner },
          ...(event.replyBy ? [{ term: 'Reply due', words: sayDay(event.replyBy) }] : []),
        ],
      };
    case 'PanelReplyRecorded':
      return {
        title: `A reply went to the Panel on ${sayDay(event.sentOn)}`,
        lines: [
          { term: 'About', words: `entry ${event.letter}` },
          ...(event.words ? [{ term: 'What it says', words: event.words }] : []),
        ],
      };
    case 'ReviewViewGiven':
    case 'PracticeReviewBegun':
    case 'ReviewDelayRecorded':
    case 'PublicationPlanned':
    case 'ReportSent':
    case 'ReviewPublished':
      return tellPracticeReview(event, who, entries);
    case 'PracticeReviewDeclined':
      return {
        title: 'The partners decided not to hold a local practice review',
        lines: linesOfNoReview(event),
      };
    case 'DecisionLookedAt':
      return {
        title: `${who} looked at the decision again: it stands`,
        lines: [
          { term: 'Why it stands', words: event.reason },
          ...(event.reputation ? [{ term: reputationTerm, words: sayReputation(event.reputation) }] : []),
          { term: 'To be looked at next on', words: event.next ? sayDay(event.next) : 'No day is set' },
        ],
      };
    case 'LearningRouteChosen':
      return {
        title: `Learning: ${lower(learningRouteWords[event.route])}`,
        lines: [
          { term: 'Owner', words: agencyName(event.owner, entries) },
          { term: 'Reason', words: event.reason },
        ],
      };
    case 'LearningActionAdded':
      return {
        title: `Action for ${agencyName(event.owner, entries)}`,
        lines: [
          { term: 'What will be done', words: event.what },
          { term: 'Due', words: sayDay(event.due) },
        ],
      };
    case 'LearningActionDone':
      return {
        title: `Action done on ${sayDay(event.doneOn)}`,
        lines: [
          { term: 'Action', words: `entry ${event.action}` },
          { term: 'What was done', words: event.how },
        ],
      };
    case 'LearningClosed':
      return { title: 'Learning closed', lines: [{ term: 'What was learned', words: event.learned }] };
  }
}

const servedTitle: Record<Served['what'], string> = {
  decision: 'The decision was',
  look: 'Why the decision still stands was',
  'no-review': 'Why no practice review is held was',
};

/** Why no practice review is held, as it was said. */
export function linesOfNoReview(event: Omit<NoReviewEvent, 'type'>): Line[] {
  return [
    { term: 'Decided on', words: sayDay(event.decidedOn) },
    { term: 'Why none is held', words: event.reason },
    ...(event.without ? [{ term: "Why it was decided without a partner's view", words: event.without }] : []),
    ...(event.against ? [{ term: 'The answer to those who would hold one', words: event.against }] : []),
  ];
}

function tellRapidReview(event: RapidReviewEvent, who: string): { title: string; lines: Line[] } {
  switch (event.type) {
    case 'RapidReviewStarted':
      return {
        title: 'The rapid review began',
        lines: [
          { term: 'Counted from', words: `${sayDay(event.start)} (${sayStart(event.from)})` },
          { term: 'Due', words: sayDay(event.due) },
          { term: 'Asked for a return', words: namesOf(event.asked) },
          { term: 'Returns due', words: sayDay(event.returnsBy) },
        ],
      };
    case 'ReturnGiven':
      return {
        title: `${who} gave its return for the rapid review`,
        lines: [
          { term: 'Involvement', words: event.involvement },
          { term: 'Key practice', words: event.keyPractice },
          { term: 'Learning', words: event.learning },
        ],
      };
    case 'SufficiencyGiven':
      return {
        title: `${who} on the rapid review: ${lower(sufficiencyWords[event.view])}`,
        lines: [
          { term: 'Reason', words: event.reason },
          {
            term: 'May be complex or of national importance',
            words: `${nationalWords[event.national]}\n${event.nationalReason}`,
          },
        ],
      };
    case 'RapidReviewSigned':
      return {
        title: `${who} signed off the rapid review`,
        lines: event.dissent ? [{ term: 'Does not agree with', words: event.dissent }] : [],
      };
    case 'RapidReviewSent':
      return {
        title: `The rapid review went to the Panel on ${sayDay(event.sentOn)}`,
        lines: [
          { term: 'Decided', words: reviewOutcomeWords[event.outcome] },
          { term: 'Returns missing', words: namesOf(event.missingReturns) || 'None' },
          { term: 'Not signed off by', words: namesOf(event.unsigned) || 'All have signed' },
          ...(event.without ? [{ term: 'Why it went without', words: event.without }] : []),
          ...(event.differing ?? []).flatMap(({ agency, said, answer }) => [
            { term: `${agency.name} differed`, words: said },
            { term: `The answer to ${agency.name}`, words: answer },
          ]),
        ],
      };
  }
}

function tellPracticeReview(
  event: PracticeReviewEvent,
  who: string,
  entries: readonly Entry[],
): { title: string; lines: Line[] } {
  switch (event.type) {
    case 'ReviewViewGiven':
      return {
        title: `${who} on a local practice review: ${lower(reviewViewWords[event.view])}`,
        lines: [
          ...linesOfMatrix(event.matrix, arrangementsOf(entries).review),
          { term: 'Reason', words: event.reason },
        ],
      };
    case 'PracticeReviewBegun':
      return {
        title: 'A local practice review began',
        lines: [
          { term: 'Decided on', words: sayDay(event.decidedOn) },
          { term: 'What it looks at', words: event.scope },
          { term: 'To be published by', words: sayDay(event.due) },
          { term: 'Notification', words: event.withoutNotification ? 'None stood when it began' : 'Sent' },
          ...(event.without ? [{ term: "Why it began without a partner's view", words: event.without }] : []),
          ...(event.against ? [{ term: 'The answer to those who would not hold it', words: event.against }] : []),
        ],
      };
    case 'ReviewDelayRecorded':
      return {
        title: `The practice review is delayed until ${sayDay(event.until)}`,
        lines: [
          { term: 'Reason', words: event.reason },
          {
            term: 'The Panel and the Secretary of State were told',
            words: event.panelToldOn ? sayDay(event.panelToldOn) : 'Not yet',
          },
        ],
      };
    case 'PublicationPlanned':
      return {
        title: `Publication is planned for ${sayDay(event.publishOn)}`,
        lines: [{ term: 'The report is sent to the Panel and the Secretary of State by', words: sayDay(event.sendBy) }],
      };
    case 'ReportSent':
      return { title: `The report was sent on ${sayDay(event.sentOn)}`, lines: [] };
    case 'ReviewPublished':
      return {
        title: `The practice review was published on ${sayDay(event.publishedOn)}`,
        lines: [
          { term: 'What was published', words: publishedWords[event.what] },
          { term: 'Where', words: event.where },
          { term: 'Checked', words: event.checks.map((each) => publicationCheckWords[each]).join('\n') },
          ...(event.reason ? [{ term: 'Reason', words: event.reason }] : []),
          { term: 'Stays public until at least', words: sayDay(event.keepUntil) },
        ],
      };
  }
}

/** What starts the rapid review's clock, in words. */
export function sayStart(from: 'aware' | 'notified'): string {
  return from === 'aware' ? 'the day the local authority became aware' : 'the day the notification was sent';
}

/** A partner's answer and reason on each limb of regulation 11. */
function linesOfMatrix(matrix: ReviewMatrix, wording: ReviewWording): Line[] {
  return reviewCriteria.map((id) => ({
    term: `(${reviewLetters[id]}) ${wording[id].name}`,
    words: `${reviewAnswerWords[matrix[id].answer]}\n${matrix[id].reason}`,
  }));
}

/** "Health, Police and Northbeck". */
export function namesOf(agencies: readonly Agency[]): string {
  return inWords(agencies.map(({ name }) => name));
}

function makerOf(seq: number, entries: readonly Entry[]): string {
  const actor = entries.find((entry) => entry.seq === seq)?.actor;
  return actor ? nameOf(actor) : 'A partner';
}

/** An agency's name as the case was told of it. */
export function agencyName(id: string, entries: readonly Entry[]): string {
  const people = entries.flatMap(({ body }) =>
    body && 'people' in body && Array.isArray(body.people) ? body.people : [],
  );
  return people.find(({ agency }) => agency.id === id)?.agency.name ?? 'An agency';
}
