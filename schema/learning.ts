/** Learning from a case: its route, whose it is, what is to be done by when, and its close. */
import { z } from 'zod';
import type { Agency } from './agency.ts';
import { holds, mayLeadLearning, type Acting, type Actor } from './actor.ts';
import type { Day } from './calendar.ts';
import { everOn, type CaseState, type Everyone } from './case.ts';
import { dissenting, isLive, type DissentState } from './dissent.ts';
import { choice, day, text } from './fields.ts';
import type { Facts } from './facts.ts';
import { id, type AgencyId } from './id.ts';
import { notNow, type Lived } from './life.ts';
import { withChanged, withMore } from './lists.ts';
import { refuse, type Refusal } from './refusal.ts';
import { everyDissent, firstAwareOn, type Round } from './reopen.ts';

/** Ways to learn from a case that is not notified (Working Together 2023, chapter 5, and other statutory reviews). */
export const learningRoutes = [
  'local-learning-review',
  'single-agency-review',
  'audit',
  'thematic-review',
  'appreciative-enquiry',
  'near-miss-log',
  'child-death-review',
  'domestic-abuse-related-death-review',
  'safeguarding-adults-review',
  'mappa-serious-case-review',
  'patient-safety-investigation',
  'offensive-weapons-homicide-review',
  'none',
] as const;
export type LearningRoute = (typeof learningRoutes)[number];
export const learningRouteWords: Record<LearningRoute, string> = {
  'local-learning-review': 'Local learning review',
  'single-agency-review': 'Review by one agency',
  audit: 'Audit',
  'thematic-review': 'Thematic review',
  'appreciative-enquiry': 'Appreciative enquiry',
  'near-miss-log': 'Near-miss log',
  'child-death-review': 'Child death review',
  'domestic-abuse-related-death-review': 'Domestic abuse related death review',
  'safeguarding-adults-review': 'Safeguarding adults review',
  'mappa-serious-case-review': 'MAPPA serious case review',
  'patient-safety-investigation': 'NHS patient safety incident investigation',
  'offensive-weapons-homicide-review': 'Offensive weapons homicide review',
  none: 'No further learning, for the reason given',
};

export const chooseLearningRoute = z.strictObject({
  type: z.literal('ChooseLearningRoute'),
  route: choice(learningRoutes, 'Select how learning will be taken from this case'),
  /** The agency whose it is to see through. */
  owner: id,
  reason: text('Give the reason for this route'),
});
export const addLearningAction = z.strictObject({
  type: z.literal('AddLearningAction'),
  what: text('Say what will be done'),
  owner: id,
  due: day('Enter the date it is due, like 27 3 2026'),
});
export const completeLearningAction = z.strictObject({
  type: z.literal('CompleteLearningAction'),
  action: z.number().int().positive(),
  doneOn: day('Enter the date it was done, like 27 3 2026'),
  how: text('Say what was done, and how you know'),
});
export const closeLearning = z.strictObject({
  type: z.literal('CloseLearning'),
  learned: text('Say what was learned and what has changed'),
});
export type LearningCommand =
  | z.infer<typeof chooseLearningRoute>
  | z.infer<typeof addLearningAction>
  | z.infer<typeof completeLearningAction>
  | z.infer<typeof closeLearning>;

export const learningRouteChosen = z.object({
  type: z.literal('LearningRouteChosen'),
  route: z.enum(learningRoutes),
  owner: z.string(),
  reason: z.string(),
});
export const learningActionAdded = z.object({
  type: z.literal('LearningActionAdded'),
  what: z.string(),
  owner: z.string(),
  due: z.string(),
});
export const learningActionDone = z.object({
  type: z.literal('LearningActionDone'),
  action: z.number(),
  doneOn: z.string(),
  how: z.string(),
});
export const learningClosed = z.object({ type: z.literal('LearningClosed'), learned: z.string() });
export type LearningEvent =
  | z.infer<typeof learningRouteChosen>
  | z.infer<typeof learningActionAdded>
  | z.infer<typeof learningActionDone>
  | z.infer<typeof learningClosed>;

type Made = { seq: number; at: string; by: Actor };
export type LearningAction = Made & {
  what: string;
  owner: AgencyId;
  due: Day;
  done: (Made & { doneOn: Day; how: string }) | null;
};
type Closed = Made & { learned: string };
export type Learning = {
  /** Newest last; the last one is the route now. */
  routes: readonly (Made & { route: LearningRoute; owner: AgencyId; reason: string })[];
  actions: readonly LearningAction[];
  closed: Closed | null;
  /** How it was closed before the case was reopened, oldest first: new information opens it again. */
  closedBefore: readonly Closed[];
};
export const noLearning: Learning = { routes: [], actions: [], closed: null, closedBefore: [] };

type Known = Lived & { case: CaseState; dissents: DissentState; earlier: readonly Round[] };

/** The entry that each command writes. */
const written = {
  ChooseLearningRoute: 'LearningRouteChosen',
  AddLearningAction: 'LearningActionAdded',
  CompleteLearningAction: 'LearningActionDone',
  CloseLearning: 'LearningClosed',
} as const;

/** Whose action it is may say that it is done, and so may the group. */
export function mayComplete(action: Pick<LearningAction, 'owner'>, by: Acting): boolean {
  return mayLeadLearning(by) || (by.agency.id === action.owner && holds(by, 'contributor'));
}

export function decideLearning(
  command: LearningCommand,
  state: Known,
  by: Actor,
  facts: Facts,
): LearningEvent[] | Refusal {
  if (command.type !== 'CompleteLearningAction' && !mayLeadLearning(by)) {
    return refuse('NotYourRole', { role: by.role });
  }
  const not = notNow(written[command.type], state);
  if (not) return not;
  const { learning } = state;
  switch (command.type) {
    case 'ChooseLearningRoute': {
      const { route, owner, reason } = command;
      if (!ownersOf(state.case).some((agency) => agency.id === owner)) {
        return refuse('NotOnThisCase', { field: 'owner' });
      }
      return [{ type: 'LearningRouteChosen', route, owner, reason }];
    }
    case 'AddLearningAction': {
      const { what, owner, due } = command;
      if (!ownersOf(state.case).some((agency) => agency.id === owner)) {
        return refuse('NotOnThisCase', { field: 'owner' });
      }
      if (due < facts.today) return refuse('DateInThePast', { field: 'due' });
      return [{ type: 'LearningActionAdded', what, owner, due }];
    }
    case 'CompleteLearningAction':
      return complete(command, state, by, facts);
    case 'CloseLearning': {
      const open = openActions(learning).length;
      if (open > 0) return refuse('ActionsStillOpen', { open });
      // Nobody who disagrees is left without reasons when a case is closed.
      const unanswered = everyDissent(state).filter((dissent) => isLive(dissent) && !dissent.answer);
      if (unanswered.length > 0) {
        return refuse('DisagreementAwaitsReasons', { agencies: dissenting(unanswered).map(({ name }) => name) });
      }
      return [{ type: 'LearningClosed', learned: command.learned }];
    }
  }
}

function complete(
  { action: seq, doneOn, how }: z.infer<typeof completeLearningAction>,
  state: Known,
  by: Actor,
  facts: Facts,
): LearningEvent[] | Refusal {
  const action = state.learning.actions.find((each) => each.seq === seq);
  if (!action) return refuse('NoSuchAction', { action: seq });
  if (!mayComplete(action, by)) return refuse('NotYourRole', { role: by.role });
  if (action.done) return refuse('ActionAlreadyDone', { at: action.done.at });
  if (doneOn > facts.today) return refuse('DateInTheFuture', { field: 'doneOn' });
  const from = firstAwareOn(state);
  if (doneOn < from) return refuse('BeforeItCouldBe', { field: 'doneOn', from });
  return [{ type: 'LearningActionDone', action: seq, doneOn, how }];
}

/** The agencies that may own learning: those on the case, and the partnership itself. */
export function ownersOf(opened: Everyone): Agency[] {
  return [...new Map(everOn(opened).map(({ agency }) => [agency.id, agency])).values()];
}

export function openActions({ actions }: Pick<Learning, 'actions'>): LearningAction[] {
  return actions.filter(({ done }) => !done);
}

export function evolveLearning(state: Learning, event: LearningEvent, seq: number, at: string, by: Actor): Learning {
  const made = { seq, at, by };
  switch (event.type) {
    case 'LearningRouteChosen': {
      const { route, owner, reason } = event;
      return { ...state, routes: [...state.routes, { ...made, route, owner, reason }] };
    }
    case 'LearningActionAdded': {
      const { what, owner, due } = event;
      return { ...state, actions: withMore(state.actions, { ...made, what, owner, due, done: null }) };
    }
    case 'LearningActionDone': {
      const done = { ...made, doneOn: event.doneOn, how: event.how };
      return { ...state, actions: withChanged(state.actions, event.action, (each) => ({ ...each, done })) };
    }
    case 'LearningClosed':
      return { ...state, closed: { ...made, learned: event.learned } };
  }
}

/** Learning of a case that is reopened: routes and actions stand, and there may be more to learn. */
export function reopenLearning(state: Learning): Learning {
  return state.closed ? { ...state, closed: null, closedBefore: [...state.closedBefore, state.closed] } : state;
}
