/** What follows an outcome of resolution that leaves something to be done elsewhere: for whom, by when, and what came of it. */
import { z } from 'zod';
import { mayDecide, mayLead, type Acting, type Actor } from './actor.ts';
import type { Day } from './calendar.ts';
import { partnersOf, type CaseState } from './case.ts';
import { text } from './fields.ts';
import { currentHandOver, type HandOverState } from './hand-over.ts';
import { notNow, type Lived } from './life.ts';
import { isAwaited, type OutsideAdviceState } from './outside-advice.ts';
import { currentPosition, differences, mayGivePosition, type PositionsState } from './position.ts';
import { refuse, type Refusal } from './refusal.ts';
import type { Resolution, ResolutionState } from './resolution.ts';
import type { Need } from './work.ts';

export const followUpOutcome = z.strictObject({
  type: z.literal('FollowUpOutcome'),
  /** The entry that began the stage. */
  stage: z.int().positive(),
  said: text('Say what came of it'),
});
export type FollowUpOutcome = z.infer<typeof followUpOutcome>;

/** Nothing more follows from the outcome of a stage; views that still differ are kept as they are. */
export const outcomeFollowedUp = z.object({
  type: z.literal('OutcomeFollowedUp'),
  stage: z.number(),
  said: z.string(),
});
export type FollowUpEvent = z.infer<typeof outcomeFollowedUp>;

type Known = Lived & {
  case: CaseState;
  positions: PositionsState;
  resolutions: ResolutionState;
  handOvers: HandOverState;
  outsideAdvice: OutsideAdviceState;
};

/** One thing that is next: whose it is, in words and as a question, what, and by when. */
export type NextStep = Pick<Need, 'what' | 'place'> & {
  who: string;
  isFor: (actor: Acting) => boolean;
  due: Day;
};

/**
 * What is next after the last outcome; nothing once the authority has decided, the matter has gone
 * on, or the Chair has said what came of it. The last day for all of it is the last day to notify,
 * which no outcome moves (Working Together 2023, chapter 5).
 */
export function nextSteps(state: Known): NextStep[] {
  const outcome = state.resolutions.at(-1)?.outcome;
  if (!outcome || state.decision || state.resolutions.at(-1)?.followedUp) return [];
  switch (outcome.outcome) {
    case 'other-authority':
      return currentHandOver(state) ? [] : [handOver(state, outcome.detail)];
    case 'panel-advice':
      return panelAdvice(state, outcome.seq);
    case 'withdrawn':
      return newFacts(state, outcome.seq);
    default:
      return [];
  }
}

const chair = { who: 'The Chair', isFor: mayLead };

function handOver({ case: { notifyBy: due } }: Known, authority: string): NextStep {
  const what = `Hand the case over to the authority it was referred to (${authority})`;
  return { who: 'The local authority', isFor: mayDecide, what, place: 'criteria', due };
}

function panelAdvice(state: Known, since: number): NextStep[] {
  const { notifyBy: due } = state.case;
  const advice = state.outsideAdvice.findLast(
    (each) =>
      each.of === 'panel-chair' &&
      (isAwaited(each) || Math.max(each.seq, each.reply?.seq ?? 0, each.ended?.seq ?? 0) > since),
  );
  if (!advice)
    return [{ ...chair, what: "Ask for the Panel's advice, and record what was asked", place: 'decision', due }];
  if (isAwaited(advice)) {
    const by = advice.replyBy && advice.replyBy < due ? advice.replyBy : due;
    return [{ ...chair, what: "See that the Panel's advice is recorded", place: 'decision', due: by }];
  }
  return differences(state).length > 0
    ? [{ ...chair, what: "Say what came of the Panel's advice: views still differ", place: 'resolution', due }]
    : [];
}

/** Each partner whose position is from before the new facts looks at it again; the Chair ends it where views differ still. */
function newFacts(state: Known, since: number): NextStep[] {
  if (differences(state).length === 0) return [];
  const { notifyBy: due } = state.case;
  const before = partnersOf(state.case).filter(({ id }) => (currentPosition(state.positions, id)?.seq ?? 0) < since);
  return [
    ...before.map(({ id, name }) => ({
      who: name,
      isFor: (actor: Acting) => mayGivePosition(actor) && actor.agency.id === id,
      what: `See whether the new facts change ${name}'s position`,
      place: 'positions' as const,
      due,
    })),
    { ...chair, what: 'Say what came of the new facts: views still differ', place: 'resolution', due },
  ];
}

export function followUpNeeds(state: Known, actor: Actor): Need[] {
  return nextSteps(state)
    .filter(({ isFor }) => isFor(actor))
    .map(({ what, place, due }) => ({ what, place, due }));
}

/** Whether the Chair may say what came of the last outcome: something is still next. */
export function mayFollowUp(state: Known, by: Acting): boolean {
  return mayLead(by) && nextSteps(state).length > 0;
}

export function decideFollowUp({ stage, said }: FollowUpOutcome, state: Known, by: Actor): FollowUpEvent[] | Refusal {
  if (!mayLead(by)) return refuse('OnlyTheChair');
  const not = notNow('OutcomeFollowedUp', state);
  if (not) return not;
  const last = state.resolutions.at(-1);
  if (last?.seq === stage && last.followedUp) return refuse('AlreadyFollowedUp', { at: last.followedUp.at });
  if (last?.seq !== stage || nextSteps(state).length === 0) return refuse('NothingToFollowUp');
  return [{ type: 'OutcomeFollowedUp', stage, said }];
}

export function evolveFollowUp(
  state: ResolutionState,
  { stage, said }: FollowUpEvent,
  seq: number,
  at: string,
  by: Actor,
): ResolutionState {
  return state.map((each): Resolution => (each.seq === stage ? { ...each, followedUp: { seq, at, by, said } } : each));
}
