/** Requests for reasons: anyone entitled asks for them, and the authority answers or refuses, with a reason. */
import { z } from 'zod';
import { isStatutoryPartner } from './agency.ts';
import { isServiceClock, mayDecide, type Actor, holds, type Acting } from './actor.ts';
import { addWorkingDays, type Day } from './calendar.ts';
import type { CaseState } from './case.ts';
import type { DecisionState } from './decision.ts';
import { choice, day, text } from './fields.ts';
import type { Facts } from './facts.ts';
import { refuse, type Refusal } from './refusal.ts';
import { decisionAt, lastDecision, type Round } from './reopen.ts';

export const requestRationale = z.strictObject({
  type: z.literal('RequestRationale'),
  grounds: text('Say what you ask for and why'),
  due: day('Enter the date you need an answer by, like 27 3 2026'),
  /** The entry of the decision it is about; the last one signed where it is not said. */
  decision: z.number().int().positive().optional(),
});
export const rationaleAnswers = ['given', 'refused'] as const;
export const rationaleAnswerWords: Record<(typeof rationaleAnswers)[number], string> = {
  given: 'Answered',
  refused: 'Refused, with a reason',
};
export const answerRationaleRequest = z.strictObject({
  type: z.literal('AnswerRationaleRequest'),
  request: z.number().int().positive(),
  answer: choice(rationaleAnswers, 'Select whether you answer or refuse'),
  words: text('Give your answer, or your reason for refusing'),
});
/** Sent by the service's clock alone. */
export const escalateRationaleRequest = z.strictObject({
  type: z.literal('EscalateRationaleRequest'),
  request: z.number().int().positive(),
});
export type RationaleCommand =
  z.infer<typeof requestRationale> | z.infer<typeof answerRationaleRequest> | z.infer<typeof escalateRationaleRequest>;

export const escalations = ['authority', 'chair-and-lead-partners'] as const;
export const rationaleRequested = z.object({
  type: z.literal('RationaleRequested'),
  grounds: z.string(),
  due: z.string(),
  /** The entry of the decision that it is about. */
  decision: z.number(),
});
export const rationaleRequestAnswered = z.object({
  type: z.literal('RationaleRequestAnswered'),
  request: z.number(),
  answer: z.enum(rationaleAnswers),
  words: z.string(),
});
export const rationaleRequestEscalated = z.object({
  type: z.literal('RationaleRequestEscalated'),
  request: z.number(),
  to: z.enum(escalations),
});
export type RationaleEvent =
  | z.infer<typeof rationaleRequested>
  | z.infer<typeof rationaleRequestAnswered>
  | z.infer<typeof rationaleRequestEscalated>;

/** A request is named by the sequence of its entry. */
export type RationaleRequest = {
  seq: number;
  at: string;
  by: Actor;
  grounds: string;
  due: Day;
  decision: number;
  escalated: readonly { seq: number; at: string; to: (typeof escalations)[number] }[];
  answered: { seq: number; at: string; by: Actor; answer: (typeof rationaleAnswers)[number]; words: string } | null;
};
export type RationaleState = readonly RationaleRequest[];

type Known = { case: CaseState; requests: RationaleState; decision: DecisionState; earlier: readonly Round[] };

/** The Chair, a statutory partner other than the authority, or education on the case. */
export function mayAskForRationale(by: Acting): boolean {
  if (holds(by, 'chair')) return true;
  if (!holds(by, 'position-holder') || by.agency.kind === 'local-authority') return false;
  return isStatutoryPartner(by.agency) || by.agency.kind === 'education';
}

export function decideRationale(
  command: RationaleCommand,
  state: Known,
  by: Actor,
  facts: Facts,
): RationaleEvent[] | Refusal {
  switch (command.type) {
    case 'RequestRationale': {
      if (!mayAskForRationale(by)) return refuse('NotYourRole', { role: by.role });
      // A case that was reopened has no decision of its own yet; the one before may still be asked about.
      const decision = command.decision === undefined ? lastDecision(state) : decisionAt(state, command.decision);
      if (!decision) return refuse('NotDecided');
      if (command.due <= facts.today) return refuse('DateInThePast', { field: 'due' });
      return [{ type: 'RationaleRequested', grounds: command.grounds, due: command.due, decision: decision.seq }];
    }
    case 'AnswerRationaleRequest': {
      if (!mayDecide(by)) return refuse('OnlyTheAuthorityDecides');
      const request = open(state.requests, command.request);
      if ('refused' in request) return request;
      return [{ type: 'RationaleRequestAnswered', request: request.seq, answer: command.answer, words: command.words }];
    }
    case 'EscalateRationaleRequest':
      return escalate(command.request, state, by, facts);
  }
}

/** What silence leads to: to the authority once the day has passed, then to the Chair and the lead partners. */
function escalate(seq: number, state: Known, by: Actor, facts: Facts): RationaleEvent[] | Refusal {
  if (!isServiceClock(by)) return refuse('NotYourRole', { role: by.role });
  const request = open(state.requests, seq);
  if ('refused' in request) return request;
  const to = nextEscalation(request);
  if (!to) return refuse('RequestAlreadyEscalated');
  const due = escalatesAfter(request, state.case, facts);
  if (facts.today <= due) return refuse('NotOverdue', { due });
  return [{ type: 'RationaleRequestEscalated', request: request.seq, to }];
}

function open(requests: RationaleState, seq: number): RationaleRequest | Refusal {
  const request = requests.find((each) => each.seq === seq);
  if (!request) return refuse('NoSuchRequest', { request: seq });
  if (request.answered) return refuse('RequestAlreadyAnswered', { at: request.answered.at });
  return request;
}

/** To whom it goes next, if it stays unanswered. */
export function nextEscalation({ escalated }: RationaleRequest): (typeof escalations)[number] | undefined {
  return escalations[escalated.length];
}

/** The last day before this request goes a step further. */
export function escalatesAfter(
  request: RationaleRequest,
  { arrangements }: Pick<CaseState, 'arrangements'>,
  { holidays }: Pick<Facts, 'holidays'>,
): Day {
  if (request.escalated.length === 0) return request.due;
  return addWorkingDays(request.due, arrangements.clocks.requestEscalatesWithin, holidays).due;
}

export function evolveRationale(
  state: RationaleState,
  event: RationaleEvent,
  seq: number,
  at: string,
  by: Actor,
): RationaleState {
  switch (event.type) {
    case 'RationaleRequested': {
      const { grounds, due, decision } = event;
      return [...state, { seq, at, by, grounds, due, decision, escalated: [], answered: null }];
    }
    case 'RationaleRequestAnswered': {
      const { answer, words } = event;
      return state.map((each) =>
        each.seq === event.request ? { ...each, answered: { seq, at, by, answer, words } } : each,
      );
    }
    case 'RationaleRequestEscalated':
      return state.map((each) =>
        each.seq === event.request ? { ...each, escalated: [...each.escalated, { seq, at, to: event.to }] } : each,
      );
  }
}
