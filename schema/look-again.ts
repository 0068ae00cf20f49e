/** Looking again at a decision not to notify, on the day that was set for it: why it stands, and when it is looked at next. */
import { z } from 'zod';
import { mayDecide, type Acting, type Actor } from './actor.ts';
import { plainDate, type Day } from './calendar.ts';
import type { CaseState } from './case.ts';
import type { Decision } from './decision.ts';
import type { Facts } from './facts.ts';
import { day, text } from './fields.ts';
import { notNow, type Lived } from './life.ts';
import { reputation, type Reputation } from './position.ts';
import { refuse, type Refusal } from './refusal.ts';
import { serve, type ServedEvent } from './served.ts';

export const lookAgain = z.strictObject({
  type: z.literal('LookAgain'),
  reason: text('Say what you looked at, and why the decision stands'),
  /** Null where it is not to be looked at on a set day any more. */
  next: day('Enter the date it is looked at next, like 27 3 2026').nullable(),
  /** The question that the decision answered, asked again of the same decision with what is known since. */
  reputation,
});
export type LookAgain = z.infer<typeof lookAgain>;

/** The decision was looked at again, and stands. Where it does not, the case is reopened instead. */
export const decisionLookedAt = z.object({
  type: z.literal('DecisionLookedAt'),
  reason: z.string(),
  next: z.string().nullable(),
  /** Left out in entries from before it was asked again. */
  reputation: reputation.optional(),
});
export type LookEvent = z.infer<typeof decisionLookedAt>;

export type Look = {
  seq: number;
  at: string;
  by: Actor;
  reason: string;
  next: Day | null;
  reputation?: Reputation | undefined;
};
/** Of the decision of one round, oldest first. */
export type LooksState = readonly Look[];

/** Whoever may sign a decision looks at it again. */
export function mayLookAgain(by: Acting): boolean {
  return mayDecide(by);
}

/** Whether there is a decision not to notify to look at. */
export function isToBeLookedAt(state: Lived): boolean {
  return notNow('DecisionLookedAt', state) === null;
}

/**
 * [CK10] Says that the decision stands, and why; everyone it was served on is served with that too.
 * The next day is within a year, so that no child's case is put off beyond anybody's memory.
 */
export function decideLookAgain(
  { reason, next, reputation }: LookAgain,
  state: Lived & { case: CaseState; looks: LooksState },
  by: Actor,
  facts: Facts,
): (LookEvent | ServedEvent)[] | Refusal {
  if (!mayLookAgain(by)) return refuse('OnlyTheAuthorityDecides');
  const not = notNow('DecisionLookedAt', state);
  if (not) return not;
  if (next !== null && next <= facts.today) return refuse('DateInThePast', { field: 'next' });
  const until = nextLookBy(facts.today);
  if (next !== null && next > until) return refuse('TooFarAhead', { field: 'next', until });
  const last = state.looks.at(-1);
  if (last?.reason === reason && last.next === next && isSame(reputation, last.reputation))
    return refuse('NothingChanged');
  return [{ type: 'DecisionLookedAt', reason, next, reputation }, serve(state.case, facts, 'look')];
}

const isSame = (one: Reputation, other: Reputation | undefined) =>
  one.formedPart === other?.formedPart && one.explanation === other.explanation;

/** The last day that a look may set for the next one. */
export function nextLookBy(today: Day): Day {
  return plainDate(today)?.add({ years: 1 }).toString() ?? today;
}

export function evolveLooks(state: LooksState, event: LookEvent, seq: number, at: string, by: Actor): LooksState {
  const { reason, next, reputation } = event;
  return [...state, { seq, at, by, reason, next, ...(reputation ? { reputation } : {}) }];
}

/** The day on which the decision is to be looked at next, as its signer or the last look at it set; null for none. */
export function nextLook({ decision, looks }: { decision: Decision | null; looks: LooksState }): Day | null {
  const last = looks.at(-1);
  return last ? last.next : (decision?.content.reviewOn ?? null);
}
