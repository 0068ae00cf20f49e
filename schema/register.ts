/** The register: every case considered, with where it stands. Rows are folded from entries. */
import type { Day } from './calendar.ts';
import { disagreeing } from './dissent.ts';
import { currentHandOver } from './hand-over.ts';
import { openActions, ownersOf, type LearningRoute } from './learning.ts';
import { publishDue } from './practice-review.ts';
import { isRetrospective } from './reopen.ts';
import type { CaseRoom } from './room.ts';
import { statusOf, type CaseStatus } from './status.ts';

export type RegisterRow = {
  ref: string;
  openedAt: string;
  raisedBy: string;
  whatHappened: string;
  notifyBy: string;
  /** Another authority, once it has accepted that it notifies: the day is then no longer ours. */
  acceptedBy: string | null;
  status: CaseStatus;
  decidedAt: string | null;
  /** Decided to notify after the authority had first decided not to. */
  retrospective: boolean;
  /** A practice review that has begun: whether a notification stood then, and whether it is published. */
  practiceReview: { withoutNotification: boolean; due: Day; published: boolean } | null;
  /** How learning is taken from the case; null until a route is chosen. */
  learning: { route: LearningRoute; owner: string; open: number; nextDue: Day | null; closedAt: string | null } | null;
  /** Agencies that disagree, by name: at equal weight with the outcome. */
  disagreeing: string[];
  /** Agencies whose disagreement with an earlier decision of a reopened case stands. Left out where there is none. */
  disagreedBefore?: string[] | undefined;
};

export function registerRow(state: CaseRoom): RegisterRow {
  const before = disagreeing({ dissents: state.earlier.flatMap(({ dissents }) => dissents) });
  return {
    ref: state.case.ref,
    openedAt: state.case.openedAt,
    raisedBy: state.case.openedBy.agency.name,
    whatHappened: state.case.details.whatHappened,
    notifyBy: state.case.notifyBy,
    acceptedBy: acceptedBy(state),
    status: statusOf(state),
    decidedAt: state.decision?.at ?? null,
    retrospective: isRetrospective(state),
    practiceReview: practiceReviewOf(state),
    learning: learningOf(state),
    disagreeing: disagreeing(state),
    ...(before.length > 0 ? { disagreedBefore: before } : {}),
  };
}

function acceptedBy(state: CaseRoom): string | null {
  const handOver = currentHandOver(state);
  return handOver?.accepted ? handOver.authority : null;
}

function practiceReviewOf({ practiceReview: review }: CaseRoom): RegisterRow['practiceReview'] {
  if (!review.begun) return null;
  const { withoutNotification, due } = review.begun;
  return { withoutNotification, due: publishDue(review) ?? due, published: review.published !== null };
}

function learningOf({ case: opened, learning }: CaseRoom): RegisterRow['learning'] {
  const route = learning.routes.at(-1);
  if (!route) return null;
  const open = openActions(learning);
  const dues = open.map(({ due }) => due).sort();
  return {
    route: route.route,
    owner: ownersOf(opened).find(({ id }) => id === route.owner)?.name ?? '',
    open: open.length,
    nextDue: dues[0] ?? null,
    closedAt: learning.closed?.at ?? null,
  };
}
