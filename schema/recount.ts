/** What a change of bank holidays, or of the day the authority became aware, moves in a case whose clocks are running: recorded with the case, so that each has one date. */
import { z } from 'zod';
import { addWorkingDays, dayOf, type Day, type Holidays } from './calendar.ts';
import { notifyBy, rapidReviewBy, rationaleBy, sendReportBy } from './clock.ts';
import { limitOf, stageNumbered } from './ladder.ts';
import { awaitsNotification } from './limit.ts';
import { currentStage } from './resolution.ts';
import type { CaseRoom } from './room.ts';
import { awaitingReceipt } from './served.ts';

export const recountedClocks = ['stage', 'rapid-review', 'returns', 'send-report', 'receipt'] as const;
export const recountedWords: Record<(typeof recountedClocks)[number], string> = {
  stage: 'Last day of the resolution stage',
  'rapid-review': 'Last day of the rapid review',
  returns: 'Returns for the rapid review',
  'send-report': 'Last day to send the report',
  receipt: 'Last day to confirm receipt of what was decided',
};
const moved = z.object({
  clock: z.enum(recountedClocks),
  before: z.string(),
  after: z.string(),
  /** The entry it is about, where a case may have several: of receipt, what was decided. */
  of: z.number().optional(),
});

/** In a case's own record: what moved because a bank holiday was added or taken out, or how it was raised was corrected. */
export const clockRecounted = z.object({
  type: z.literal('ClockRecounted'),
  /** The last day to notify now, and before: the same where it did not move. */
  notifyBy: z.string(),
  before: z.string(),
  why: z.string(),
  /** What else moved. Left out where nothing did. */
  others: z.array(moved).optional(),
});
export type ClockRecounted = z.infer<typeof clockRecounted>;
type Moved = z.infer<typeof moved>;

/** What moves under these holidays, of the clocks that still ask something; null where nothing does. */
export function recounted(state: CaseRoom, holidays: Holidays): Omit<ClockRecounted, 'type' | 'why'> | null {
  const { details, notifyBy: before } = state.case;
  const after = awaitsNotification(state) ? notifyBy(details.awareOn, holidays).due : before;
  const others = [
    ...stageOf(state, holidays),
    ...rapidReviewOf(state, holidays),
    ...reportOf(state, holidays),
    ...receiptsOf(state, holidays),
  ].filter((each) => each.before !== each.after);
  if (after === before && others.length === 0) return null;
  return { notifyBy: after, before, ...(others.length > 0 ? { others } : {}) };
}

function stageOf(state: CaseRoom, holidays: Holidays): Moved[] {
  const stage = state.decision ? null : currentStage(state.resolutions);
  const agreed = stage && stageNumbered(state.case.arrangements.ladder, stage.stage.number);
  if (!stage?.limit || !agreed) return [];
  const after = limitOf(agreed, state.case.details.awareOn, dayOf(stage.askedAt), holidays);
  return [{ clock: 'stage', before: stage.limit, after }];
}

function rapidReviewOf({ rapidReview: review, notification, case: opened }: CaseRoom, holidays: Holidays): Moved[] {
  if (!review || review.sent || !notification || notification.ended) return [];
  const { due } = rapidReviewBy(review.from, { aware: review.start, notified: review.start }, holidays);
  const { returnsWithin } = opened.arrangements.clocks;
  const returnsBy = addWorkingDays(notification.sentOn, returnsWithin, holidays).due;
  return [
    { clock: 'rapid-review', before: review.due, after: due },
    { clock: 'returns', before: review.returnsBy, after: returnsBy },
  ];
}

function reportOf({ practiceReview: { planned, sent } }: CaseRoom, holidays: Holidays): Moved[] {
  if (!planned || sent) return [];
  return [{ clock: 'send-report', before: planned.sendBy, after: sendReportBy(planned.publishOn, holidays).due }];
}

function receiptsOf({ served, case: opened }: CaseRoom, holidays: Holidays): Moved[] {
  const { rationaleWithin } = opened.arrangements.clocks;
  return served
    .filter((each) => awaitingReceipt(each).length > 0)
    .map(({ decision, at, receiptBy }) => ({
      clock: 'receipt',
      of: decision,
      before: receiptBy,
      after: rationaleBy(dayOf(at), rationaleWithin, holidays).due,
    }));
}

/**
 * The dates as they are now. Where the last day to notify had ended and is later now, it has not
 * ended after all: the entry that said so stays in the record, and no longer counts.
 */
export function evolveRecount(state: CaseRoom, { notifyBy, others = [] }: ClockRecounted): CaseRoom {
  const { rapidReview, practiceReview, resolutions, served } = state;
  const now = (clock: Moved['clock'], before: Day) => others.find((each) => each.clock === clock)?.after ?? before;
  const stage = currentStage(resolutions);
  const { planned } = practiceReview;
  return {
    ...state,
    case: { ...state.case, notifyBy },
    limits: state.limits.filter(({ limit, day }) => limit !== 'notify' || day >= notifyBy),
    resolutions: resolutions.map((each) =>
      each === stage && each.limit ? { ...each, limit: now('stage', each.limit) } : each,
    ),
    served: served.map((each) => {
      const receipt = others.find(({ clock, of }) => clock === 'receipt' && of === each.decision);
      return receipt ? { ...each, receiptBy: receipt.after } : each;
    }),
    rapidReview: rapidReview && {
      ...rapidReview,
      due: now('rapid-review', rapidReview.due),
      returnsBy: now('returns', rapidReview.returnsBy),
    },
    practiceReview: {
      ...practiceReview,
      planned: planned && { ...planned, sendBy: now('send-report', planned.sendBy) },
    },
  };
}
