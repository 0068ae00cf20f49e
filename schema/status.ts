/** Where a case stands, in a few words. */
import type { Decision } from './decision.ts';
import { currentHandOver } from './hand-over.ts';
import { differences } from './position.ts';
import { isEarlier } from './reopen.ts';
import { currentStage } from './resolution.ts';
import type { CaseRoom } from './room.ts';

/** Each a word pair for its tag. */
export const caseStatuses = [
  'notified',
  'not-notified',
  'withdrawn',
  'criteria-not-met',
  'transferred',
  'rapid-review',
  'rapid-review-sent',
  'practice-review',
  'practice-review-published',
  'learning',
  'learning-closed',
  'handed-over',
  'in-resolution',
  'views-differ',
  'views-agree',
  'positions-sealed',
  'reopened',
  'decided-again',
  'in-discussion',
] as const;
export type CaseStatus = (typeof caseStatuses)[number];
export const caseStatusWords: Record<CaseStatus, string> = {
  notified: 'Decided: notify',
  'not-notified': 'Decided: do not notify',
  withdrawn: 'Notification withdrawn',
  'criteria-not-met': 'Found not to meet the criteria',
  transferred: 'Transferred',
  'rapid-review': 'Notified: rapid review',
  'rapid-review-sent': 'Rapid review sent',
  'practice-review': 'Practice review',
  'practice-review-published': 'Practice review published',
  learning: 'Not notified: learning',
  'learning-closed': 'Not notified: learning closed',
  'handed-over': 'Handed over',
  'in-resolution': 'In resolution',
  'views-differ': 'Views differ',
  'views-agree': 'Views agree',
  'positions-sealed': 'Positions sealed',
  reopened: 'Reopened',
  'decided-again': 'Being decided again',
  'in-discussion': 'In discussion',
};

export function statusOf(state: CaseRoom): CaseStatus {
  if (state.decision) return statusAfter(state, state.decision);
  if (currentHandOver(state)) return 'handed-over';
  if (currentStage(state.resolutions)) return 'in-resolution';
  if (state.positions.opened) return differences(state).length > 0 ? 'views-differ' : 'views-agree';
  if (Object.keys(state.positions.byAgency).length > 0) return 'positions-sealed';
  if (!state.reopened) return 'in-discussion';
  return state.reopened.known ? 'reopened' : 'decided-again';
}

/** What has followed the decision so far: the furthest that was reached. */
function statusAfter(state: CaseRoom, decision: Decision): CaseStatus {
  const { practiceReview, notification, rapidReview, learning } = state;
  const notifies = decision.content.outcome === 'notify';
  const { begun, published } = practiceReview;
  // A review begun before the case was reopened goes on beside a new notification and does not stand in its way.
  if (begun && !(notifies && isEarlier(begun.seq, state))) {
    return published ? 'practice-review-published' : 'practice-review';
  }
  if (notification?.ended) return notification.ended.how;
  if (notification) return rapidReview?.sent ? 'rapid-review-sent' : 'rapid-review';
  if (notifies) return 'notified';
  if (learning.closed) return 'learning-closed';
  return learning.routes.length > 0 ? 'learning' : 'not-notified';
}
