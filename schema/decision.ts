/** The decision: the local authority's alone, reasoned on every criterion, every dissent answered. */
import { z } from 'zod';
import { mayDecide, type Actor } from './actor.ts';
import type { CaseState } from './case.ts';
import { firstLookBy } from './clock.ts';
import { isLive, type DissentState } from './dissent.ts';
import { choice, day, text } from './fields.ts';
import type { Facts } from './facts.ts';
import { cite, freeze, restsOn, type NotesEvent, type NotesState, type RestsOn } from './notes.ts';
import { answers, reputation, unspokenFor, type PositionEvent, type PositionsState } from './position.ts';
import { notNow, type Lived } from './life.ts';
import { refuse, type Refusal } from './refusal.ts';
import { serve, type ServedEvent } from './served.ts';

export const decisionOutcomes = ['notify', 'do-not-notify'] as const;
export type DecisionOutcome = (typeof decisionOutcomes)[number];
export const decisionOutcomeWords: Record<DecisionOutcome, string> = {
  notify: 'Notify',
  'do-not-notify': 'Do not notify',
};

/** What the signer confirms having weighed; each must be confirmed. */
export const weighed = ['each-criterion', 'each-partners-reasons'] as const;
export const weighedWords: Record<(typeof weighed)[number], string> = {
  'each-criterion': 'each criterion',
  'each-partners-reasons': "each partner's reasons",
};

export const decisionContent = z
  .strictObject({
    outcome: choice(decisionOutcomes, 'Select whether the authority will notify'),
    answers,
    rationale: text('Give the written rationale'),
    weighed: z
      .array(z.enum(weighed))
      .refine((given) => weighed.every((item) => given.includes(item)), 'Confirm what you have weighed'),
    reputation,
    reviewOn: day('Enter the date this will be looked at again').nullable(),
  })
  .refine(({ outcome, reviewOn }) => outcome === 'notify' || reviewOn !== null, {
    error: 'Enter the date this will be looked at again',
    path: ['reviewOn'],
  });
export type DecisionContent = z.infer<typeof decisionContent>;

/** Puts the decision off to a day inside the clock: said openly, so that nobody takes silence for a decision. */
export const deferDecision = z.strictObject({
  type: z.literal('DeferDecision'),
  decideBy: day('Enter the date you will decide by'),
  waitingFor: text('Say what you are waiting for, and from whom'),
});
export type DeferDecision = z.infer<typeof deferDecision>;

export const signDecision = z.strictObject({
  type: z.literal('SignDecision'),
  content: decisionContent,
  /** The last entry the signer had before them. Signing stops if a position or dissent came after it. */
  read: z.number().int().nonnegative(),
});
export type SignDecision = z.infer<typeof signDecision>;

export const decisionSigned = z.object({
  type: z.literal('DecisionSigned'),
  content: decisionContent,
  /** Every dissent that was live, by its entry: a decision without its dissents cannot be written. */
  dissents: z.array(z.number()),
  restsOn,
  /** Statutory partners for which nobody could give a position then, by name. Left out where there was none. */
  unspoken: z.array(z.string()).optional(),
});
export const decisionDeferred = z.object({
  type: z.literal('DecisionDeferred'),
  decideBy: z.string(),
  waitingFor: z.string(),
});
export type DecisionEvent = z.infer<typeof decisionSigned>;
export type DeferralEvent = z.infer<typeof decisionDeferred>;
export type Deferral = { seq: number; at: string; by: Actor; decideBy: string; waitingFor: string };

export type Decision = {
  seq: number;
  at: string;
  by: Actor;
  content: DecisionContent;
  dissents: readonly number[];
  restsOn: RestsOn;
  unspoken: readonly string[];
};
export type DecisionState = Decision | null;

type Known = Lived & {
  case: CaseState;
  positions: PositionsState;
  dissents: DissentState;
  notes: NotesState;
  /** Sequence of the last entry that a signer must have read: a position or a dissent. */
  lastStated: number;
  /** Sequence of the record's last entry: nobody has read further. */
  seq: number;
};

export { mayDecide };

/**
 * Signs. The authority is never stopped from deciding: positions need not all be in (sealed ones
 * open with the decision, so that the record holds what was said). It is stopped only from leaving
 * a dissent unanswered, a criterion without a reason, or a change unread, and from putting off looking
 * again beyond what the partnership has agreed.
 */
export function decideDecision(
  command: SignDecision,
  state: Known,
  by: Actor,
  facts: Facts,
): (DecisionEvent | NotesEvent | PositionEvent | ServedEvent)[] | Refusal {
  if (!mayDecide(by)) return refuse('OnlyTheAuthorityDecides');
  const already = notNow('DecisionSigned', state);
  if (already) return already;
  const { reviewOn } = command.content;
  const until = firstLookBy(facts.today, state.case.arrangements.clocks.firstLookWithin);
  if (reviewOn !== null && reviewOn <= facts.today) return refuse('DateInThePast', { field: 'content.reviewOn' });
  if (reviewOn !== null && reviewOn > until) return refuse('TooFarAhead', { field: 'content.reviewOn', until });
  if (command.read > state.seq) return refuse('ReadBeyondRecord', { seq: state.seq });
  if (state.lastStated > command.read) return refuse('SomethingChanged', { seq: state.lastStated });
  const live = state.dissents.filter(isLive);
  const unanswered = live.filter((dissent) => !dissent.answer);
  if (unanswered.length > 0) {
    return refuse('DissentUnanswered', { agencies: unanswered.map(({ by }) => by.agency.name) });
  }
  const unspoken = unspokenFor(state);
  const sealed = !state.positions.opened && Object.keys(state.positions.byAgency).length > 0;
  return [
    ...freeze(state.notes, facts.notes),
    ...(sealed ? [{ type: 'PositionsOpened', because: 'decision', reason: '' } as const] : []),
    {
      type: 'DecisionSigned',
      content: command.content,
      dissents: live.map(({ seq }) => seq),
      restsOn: cite(facts.notes),
      ...(unspoken.length > 0 ? { unspoken } : {}),
    },
    serve(state.case, facts),
  ];
}

/**
 * The third answer of the signer: not yet, but by a day. Statute does not pause, so that day lies
 * inside the five working days (Working Together 2023, chapter 5).
 */
export function decideDeferral(
  command: DeferDecision,
  state: Lived & Pick<Known, 'case'>,
  by: Actor,
  facts: Facts,
): DeferralEvent[] | Refusal {
  if (!mayDecide(by)) return refuse('OnlyTheAuthorityDecides');
  const already = notNow('DecisionDeferred', state);
  if (already) return already;
  const { decideBy, waitingFor } = command;
  if (decideBy < facts.today) return refuse('DateInThePast', { field: 'decideBy' });
  const { notifyBy } = state.case;
  if (decideBy > notifyBy) return refuse('OutsideTheClock', { field: 'decideBy', notifyBy });
  return [{ type: 'DecisionDeferred', decideBy, waitingFor }];
}

export function evolveDecision(event: DecisionEvent, seq: number, at: string, by: Actor): Decision {
  const { content, dissents, restsOn, unspoken = [] } = event;
  return { seq, at, by, content, dissents, restsOn, unspoken };
}
