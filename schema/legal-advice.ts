/** Legal advice: on the open record only that an agency took it, and when. What it says stays in that agency's legal lane. */
import { z } from 'zod';
import { holds, type Actor, type Acting } from './actor.ts';
import type { Agency } from './agency.ts';
import type { Day } from './calendar.ts';
import type { Facts } from './facts.ts';
import { day } from './fields.ts';
import { refuse, type Refusal } from './refusal.ts';

export const recordLegalAdvice = z.strictObject({
  type: z.literal('RecordLegalAdvice'),
  on: day('Enter the date the advice was taken'),
});
export type LegalAdviceCommand = z.infer<typeof recordLegalAdvice>;

export const legalAdviceTaken = z.object({ type: z.literal('LegalAdviceTaken'), on: z.string() });
export type LegalAdviceEvent = z.infer<typeof legalAdviceTaken>;

export type LegalAdvice = { seq: number; at: string; by: Actor; on: Day };
/** Oldest first. */
export type LegalAdviceState = readonly LegalAdvice[];

const clients: readonly Actor['role'][] = ['position-holder', 'decision-maker', 'legal-adviser', 'lead-partner'];

/**
 * Who is let into an agency's legal lane: those who ask for advice and act on it, and its adviser.
 * Legal professional privilege is the client's; whoever else reads the advice may end it.
 */
export function isLegalClient(by: Acting, agency: Pick<Agency, 'id'> = by.agency): boolean {
  return clients.some((role) => holds(by, role)) && by.agency.id === agency.id;
}

/** The date and no more: a reference in the rationale that "legal advice was taken", without what it was. */
export function decideLegalAdvice(
  { on }: LegalAdviceCommand,
  state: LegalAdviceState,
  by: Actor,
  facts: Facts,
): LegalAdviceEvent[] | Refusal {
  if (!isLegalClient(by)) return refuse('NotYourRole', { role: by.role });
  if (on > facts.today) return refuse('DateInTheFuture', { field: 'on' });
  const earlier = state.find((each) => each.on === on && each.by.agency.id === by.agency.id);
  if (earlier) return refuse('AdviceAlreadyRecorded', { field: 'on', at: earlier.at });
  return [{ type: 'LegalAdviceTaken', on }];
}

export function evolveLegalAdvice(
  state: LegalAdviceState,
  { on }: LegalAdviceEvent,
  seq: number,
  at: string,
  by: Actor,
): LegalAdviceState {
  return [...state, { seq, at, by, on }];
}
