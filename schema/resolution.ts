/** Resolution: the staged step that differing views open, led by the Chair. */
import { z } from 'zod';
import { isStatutoryPartner } from './agency.ts';
import { holds, type Actor } from './actor.ts';
import type { CaseState } from './case.ts';
import type { DecisionState } from './decision.ts';
import { choice, text } from './fields.ts';
import { differences, type PositionsState } from './position.ts';
import { refuse, type Refusal } from './refusal.ts';

export const tried = ['discussed-in-notes', 'spoke-directly', 'neither'] as const;
export const triedWords: Record<(typeof tried)[number], string> = {
  'discussed-in-notes': 'Discussed in the notes',
  'spoke-directly': 'Spoke directly',
  neither: 'Neither',
};
export const outcomes = ['agreed', 'not-agreed'] as const;
export type Outcome = (typeof outcomes)[number];
export const outcomeWords: Record<Outcome, string> = { agreed: 'Agreed', 'not-agreed': 'Not agreed' };

export const requestResolution = z.strictObject({
  type: z.literal('RequestResolution'),
  question: text('Enter what the session should settle'),
  tried: z.array(z.enum(tried)).min(1, 'Select what you have tried already'),
});
export const openResolution = z.strictObject({ type: z.literal('OpenResolution') });
export const recordOutcome = z.strictObject({
  type: z.literal('RecordOutcome'),
  outcome: choice(outcomes, 'Select the outcome'),
  commonGround: text('Say what is common ground'),
  pointsAtIssue: text('Say what is still at issue, or "None"'),
});
export type ResolutionCommand =
  z.infer<typeof requestResolution> | z.infer<typeof openResolution> | z.infer<typeof recordOutcome>;

export const resolutionRequested = z.object({
  type: z.literal('ResolutionRequested'),
  question: z.string(),
  tried: z.array(z.enum(tried)),
});
export const resolutionOpened = z.object({ type: z.literal('ResolutionOpened') });
export const outcomeRecorded = z.object({
  type: z.literal('OutcomeRecorded'),
  outcome: z.enum(outcomes),
  commonGround: z.string(),
  pointsAtIssue: z.string(),
});
export type ResolutionEvent =
  z.infer<typeof resolutionRequested> | z.infer<typeof resolutionOpened> | z.infer<typeof outcomeRecorded>;

type Asked = {
  askedAt: string;
  askedBy: Actor;
  question: string;
  tried: readonly (typeof tried)[number][];
  seq: number;
};
type Opened = Asked & { openedAt: string; openedBy: Actor };
export type Resolution =
  | (Asked & { status: 'asked' })
  | (Opened & { status: 'open' })
  | (Opened & {
      status: 'recorded';
      recordedAt: string;
      outcome: Outcome;
      commonGround: string;
      pointsAtIssue: string;
    });
/** Every step asked for, newest last. */
export type ResolutionState = readonly Resolution[];

type Known = { case: CaseState; positions: PositionsState; resolutions: ResolutionState; decision: DecisionState };

/** Any statutory partner, education, or the Chair may ask (domain: 9.2). */
export function mayAskForResolution(by: Pick<Actor, 'role' | 'agency' | 'covers'>): boolean {
  if (by.role === 'chair') return true;
  return holds(by, 'position-holder') && (isStatutoryPartner(by.agency) || by.agency.kind === 'education');
}

export function decideResolution(command: ResolutionCommand, state: Known, by: Actor): ResolutionEvent[] | Refusal {
  const current = state.resolutions.at(-1);
  switch (command.type) {
    case 'RequestResolution':
      if (!mayAskForResolution(by)) return refuse('NotYourRole', { role: by.role });
      if (state.decision) return refuse('AlreadyDecided', { at: state.decision.at });
      if (!state.positions.opened) return refuse('PositionsStillSealed');
      if (current && current.status !== 'recorded') return refuse('ResolutionAlreadyAsked', { at: current.askedAt });
      if (differences(state).length === 0) return refuse('ViewsDoNotDiffer');
      return [{ type: 'ResolutionRequested', question: command.question, tried: command.tried }];
    case 'OpenResolution':
      if (by.role !== 'chair') return refuse('OnlyTheChair');
      if (state.decision) return refuse('AlreadyDecided', { at: state.decision.at });
      if (current?.status === 'open') return refuse('ResolutionAlreadyOpen', { at: current.openedAt });
      if (current?.status !== 'asked') return refuse('ResolutionNotAsked');
      return [{ type: 'ResolutionOpened' }];
    // A step that was open when the authority signed may still be recorded: what was said was said.
    case 'RecordOutcome': {
      if (by.role !== 'chair') return refuse('OnlyTheChair');
      if (current?.status !== 'open') return refuse('ResolutionNotOpen');
      const { outcome, commonGround, pointsAtIssue } = command;
      return [{ type: 'OutcomeRecorded', outcome, commonGround, pointsAtIssue }];
    }
  }
}

export function evolveResolutions(
  state: ResolutionState,
  event: ResolutionEvent,
  seq: number,
  at: string,
  by: Actor,
): ResolutionState {
  if (event.type === 'ResolutionRequested') {
    const { question, tried } = event;
    return [...state, { status: 'asked', askedAt: at, askedBy: by, question, tried, seq }];
  }
  const current = state.at(-1);
  const earlier = state.slice(0, -1);
  if (event.type === 'ResolutionOpened') {
    return current?.status === 'asked'
      ? [...earlier, { ...current, status: 'open', openedAt: at, openedBy: by }]
      : state;
  }
  const { outcome, commonGround, pointsAtIssue } = event;
  if (current?.status !== 'open') return state;
  return [...earlier, { ...current, status: 'recorded', recordedAt: at, outcome, commonGround, pointsAtIssue }];
}
