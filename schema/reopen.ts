/** Reopening: new evidence, or a decision taken up again before it is sent, begins a new round; the rounds before it stay whole. */
import { z } from 'zod';
import { holdsOtherThan, mayDecide, type Acting, type Actor, type Roles } from './actor.ts';
import type { Day } from './calendar.ts';
import { dayOf } from './calendar.ts';
import type { CaseState } from './case.ts';
import { notifyBy } from './clock.ts';
import type { Decision, DecisionState, Deferral } from './decision.ts';
import type { LooksState } from './look-again.ts';
import type { NotificationState } from './notification.ts';
import type { Dissent, DissentState } from './dissent.ts';
import { day, shortText, text } from './fields.ts';
import type { HandOverState } from './hand-over.ts';
import type { Facts } from './facts.ts';
import { notNow, type Lived } from './life.ts';
import type { PositionsState } from './position.ts';
import type { LimitsState } from './limit.ts';
import type { RapidReviewState } from './rapid-review.ts';
import type { QuestionsState } from './question.ts';
import { refuse, type Refusal } from './refusal.ts';
import type { ResolutionState } from './resolution.ts';

export const reopenCase = z.strictObject({
  type: z.literal('ReopenCase'),
  evidence: text('Say what is new'),
  /** When it came to be known, by anybody. */
  knownOn: day('Enter the date it became known, like 27 3 2026'),
  knownBy: text('Say who it became known to', shortText),
  /** When the authority knew of it: the new clock starts here. */
  awareOn: day('Enter the date the local authority became aware of it, like 27 3 2026'),
});
export type ReopenCase = z.infer<typeof reopenCase>;
export const reopenDecision = z.strictObject({
  type: z.literal('ReopenDecision'),
  reason: text('Say what has come to light since you signed, and from whom'),
});
export type ReopenDecision = z.infer<typeof reopenDecision>;

export const caseReopened = z.object({
  type: z.literal('CaseReopened'),
  evidence: z.string(),
  knownOn: z.string(),
  knownBy: z.string(),
  awareOn: z.string(),
  notifyBy: z.string(),
  /** The entry of the decision that stands before this one. */
  decision: z.number(),
});
/** A decision to notify is taken up again before it is sent, on the clock that it was signed on. */
export const decisionReopened = z.object({
  type: z.literal('DecisionReopened'),
  reason: z.string(),
  /** The entry of the decision that stands before the next one. */
  decision: z.number(),
});
export type ReopenEvent = z.infer<typeof caseReopened> | z.infer<typeof decisionReopened>;

/** Why the current round began, and the day of awareness that it counts from. */
export type Reopening = {
  seq: number;
  at: string;
  by: Actor;
  /** What was new. */
  evidence: string;
  /** When it came to be known, and to whom; null where a decision was taken up again before it was sent. */
  known: { on: Day; to: string } | null;
  awareOn: Day;
  notifyBy: Day;
  decision: number;
};

/** What begins anew when a case is reopened, and is kept as it stood in the round before. */
export type RoundState = {
  /** Null in the first round. */
  reopened: Reopening | null;
  positions: PositionsState;
  dissents: DissentState;
  resolutions: ResolutionState;
  /** Until when the authority put off its decision, and what it waits for. */
  deferred: Deferral | null;
  /** Given away and taken back: what is handed over is the duty of this round's day of awareness. */
  handOvers: HandOverState;
  decision: DecisionState;
  /** When a decision not to notify was looked at again, and stood. */
  looks: LooksState;
  questions: QuestionsState;
  /** What passed with something left undone. */
  limits: LimitsState;
  notification: NotificationState;
  rapidReview: RapidReviewState;
};
/**
 * A round that ended when the case was reopened. Its positions and its decision stand as they were;
 * disagreement with that decision may still be recorded, answered and reviewed.
 */
export type Round = RoundState & { number: number; awareOn: Day; notifyBy: Day };

type Known = RoundState & Lived & { case: CaseState };

/** Whoever works on the case, the Chair and the authority's decision-maker; an adviser tells one of them. */
export function mayReopen(by: Roles): boolean {
  return holdsOtherThan(by, 'legal-adviser');
}

/** Whether there is a decision that new evidence reopens: one to notify stands until the notification has ended. */
export function isReopenable(state: Lived): boolean {
  return notNow('CaseReopened', state) === null;
}

/**
 * Reopens a decided case. The authority "became aware" when it knew or suspected what the statute
 * asks (Children Act 2004 s.16C(1)), so new evidence has a day of awareness of its own and five
 * working days from it (Working Together 2023, chapter 5). What the authority knew before it
 * decided belongs to that decision, so that day is not earlier than the decision's.
 */
export function decideReopening(command: ReopenCase, state: Known, by: Actor, facts: Facts): ReopenEvent[] | Refusal {
  if (!mayReopen(by)) return refuse('NotYourRole', { role: by.role });
  const not = notNow('CaseReopened', state);
  if (not) return not;
  const { decision } = state;
  if (!decision) return refuse('NotDecided');
  const { evidence, knownOn, knownBy, awareOn } = command;
  if (knownOn > facts.today) return refuse('DateInTheFuture', { field: 'knownOn' });
  if (awareOn > facts.today) return refuse('DateInTheFuture', { field: 'awareOn' });
  const decidedOn = dayOf(decision.at);
  if (awareOn < decidedOn) return refuse('KnownBeforeDecision', { field: 'awareOn', decidedOn });
  if (knownOn > awareOn) return refuse('AwareBeforeKnown', { field: 'awareOn', knownOn });
  const due = notifyBy(awareOn, facts.holidays).due;
  return [{ type: 'CaseReopened', evidence, knownOn, knownBy, awareOn, notifyBy: due, decision: decision.seq }];
}

/** Whoever may sign a decision may take one up again. */
export function mayReopenDecision(by: Acting): boolean {
  return mayDecide(by);
}

/** Whether a decision to notify waits to be sent, and so may be taken up again. */
export function isDecisionReopenable(state: Lived): boolean {
  return notNow('DecisionReopened', state) === null;
}

/**
 * Takes up a decision to notify again before it is sent. It is no new incident: the day of awareness
 * and the five working days from it stay (Working Together 2023, chapter 5), and what the next
 * decision asks of its signer is what this one asked. Once sent, it is ended instead.
 */
export function decideDecisionReopening({ reason }: ReopenDecision, state: Lived, by: Actor): ReopenEvent[] | Refusal {
  if (!mayReopenDecision(by)) return refuse('OnlyTheAuthorityDecides');
  const not = notNow('DecisionReopened', state);
  if (not) return not;
  const { decision } = state;
  return decision ? [{ type: 'DecisionReopened', reason, decision: decision.seq }] : refuse('NotDecided');
}

export function evolveReopening(
  event: ReopenEvent,
  { details, notifyBy }: Pick<CaseState, 'details' | 'notifyBy'>,
  seq: number,
  at: string,
  by: Actor,
): Reopening {
  const { decision } = event;
  if (event.type === 'DecisionReopened') {
    return { seq, at, by, evidence: event.reason, known: null, awareOn: details.awareOn, notifyBy, decision };
  }
  const { evidence, knownOn, knownBy, awareOn } = event;
  return {
    seq,
    at,
    by,
    evidence,
    known: { on: knownOn, to: knownBy },
    awareOn,
    notifyBy: event.notifyBy,
    decision,
  };
}

/** The entry from which the time to notify runs: a decision taken up again before it was sent goes on with its clock. */
export function clockBegan({
  reopened,
  earlier,
}: Pick<RoundState, 'reopened'> & { earlier: readonly Round[] }): number {
  const began = [...earlier.map((round) => round.reopened), reopened].findLast((each) => each?.known !== null);
  return began?.seq ?? 1;
}

/** Whether an entry belongs to a round that has ended: all of those rounds' positions were opened. */
export function isEarlier(seq: number, { reopened }: Pick<RoundState, 'reopened'>): boolean {
  return reopened !== null && seq < reopened.seq;
}

type Rounds = Pick<RoundState, 'decision' | 'dissents'> & { earlier: readonly Round[] };

/** The decision that is this entry of the record, of any round. */
export function decisionAt({ earlier, decision }: Omit<Rounds, 'dissents'>, seq: number): Decision | null {
  return [...earlier.map((round) => round.decision), decision].find((each) => each?.seq === seq) ?? null;
}

/** The last decision that was signed: once a case is reopened, the one before. */
export function lastDecision({ earlier, decision }: Omit<Rounds, 'dissents'>): Decision | null {
  return decision ?? earlier.at(-1)?.decision ?? null;
}

/** Every disagreement in the record, with whichever decision, oldest round first. */
export function everyDissent({ earlier, dissents }: Omit<Rounds, 'decision'>): readonly Dissent[] {
  return earlier.length === 0 ? dissents : [...earlier.flatMap((round) => round.dissents), ...dissents];
}

/** The day from which the authority has known of the case: that of its first round. */
export function firstAwareOn({ earlier, case: opened }: { earlier: readonly Round[]; case: CaseState }): Day {
  return earlier[0]?.awareOn ?? opened.details.awareOn;
}

/**
 * A notification made after the authority had first decided not to: counted as retrospective in
 * the register.
 */
export function isRetrospective(state: Pick<RoundState, 'decision'> & { earlier: readonly Round[] }): boolean {
  return (
    state.decision?.content.outcome === 'notify' &&
    state.earlier.some(({ decision }) => decision?.content.outcome === 'do-not-notify')
  );
}
