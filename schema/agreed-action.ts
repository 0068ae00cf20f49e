/** What an outcome of resolution gave an agency to do by a day: asked of it until it says what was done. */
import { z } from 'zod';
import { holds, type Actor } from './actor.ts';
import { text } from './fields.ts';
import type { OutcomeEvent } from './outcome.ts';
import { refuse, type Refusal } from './refusal.ts';
import type { Resolution, ResolutionState } from './resolution.ts';
import { resolvedIn, type SessionsState } from './session-evolve.ts';
import type { Need } from './work.ts';

export const reportAction = z.strictObject({
  type: z.literal('ReportAction'),
  /** The entry that began the stage. */
  stage: z.int().positive(),
  /** Counted from 1, as the outcome lists them. */
  number: z.int().positive(),
  says: text('Say what was done, or why it is not needed any more'),
});
export type ReportAction = z.infer<typeof reportAction>;

export const actionReported = z.object({
  type: z.literal('ActionReported'),
  stage: z.number(),
  number: z.number(),
  says: z.string(),
});
export type ActionEvent = z.infer<typeof actionReported>;
export type ActionReport = Omit<ActionEvent, 'type' | 'stage'> & { seq: number; at: string; by: Actor };

type Known = { resolutions: ResolutionState; sessions: SessionsState };
export type AgreedAction = OutcomeEvent['actions'][number] & {
  stage: number;
  number: number;
  report: ActionReport | null;
};

/** Every action of the outcomes so far. What a session resolved is left out: its minutes say what came of that. */
export function agreedActions({ resolutions, sessions }: Known): AgreedAction[] {
  const resolved = sessions.flatMap(resolvedIn);
  return resolutions
    .flatMap((stage) => actionsOf(stage))
    .filter(
      ({ what, owner, by }) =>
        !resolved.some((each) => each.text === what && each.owner.id === owner.agency && each.due === by),
    );
}

function actionsOf({ seq: stage, outcome, reports }: Resolution): AgreedAction[] {
  return (outcome?.actions ?? []).map((action, index) => {
    const number = index + 1;
    return { ...action, stage, number, report: reports.find((each) => each.number === number) ?? null };
  });
}

/** Whoever speaks for the agency; the Chair and the business unit for the partnership itself. */
export function actionNeeds(state: Known, actor: Actor): Need[] {
  if (!holds(actor, 'position-holder') && actor.agency.kind !== 'partnership') return [];
  return agreedActions(state)
    .filter(({ owner, report }) => owner.agency === actor.agency.id && !report)
    .map(({ what, by: due }) => ({ what: `Do what was agreed: ${what}`, place: 'resolution', due }));
}

export function decideAction(
  { stage, number, says }: ReportAction,
  { resolutions }: Known,
  by: Actor,
): ActionEvent[] | Refusal {
  const found = resolutions.find(({ seq }) => seq === stage);
  const action = found && actionsOf(found)[number - 1];
  if (!action) return refuse('NoSuchAction', { action: number });
  if (action.owner.agency !== by.agency.id) return refuse('NotYoursToReport', { agency: action.owner.name });
  if (action.report) return refuse('ActionAlreadyDone', { at: action.report.at });
  return [{ type: 'ActionReported', stage, number, says }];
}

export function evolveAction(
  state: ResolutionState,
  { stage, number, says }: ActionEvent,
  seq: number,
  at: string,
  by: Actor,
): ResolutionState {
  const report: ActionReport = { number, says, seq, at, by };
  return state.map((each): Resolution => (each.seq === stage ? { ...each, reports: [...each.reports, report] } : each));
}
