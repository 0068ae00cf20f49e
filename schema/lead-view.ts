/** The lead partners' views: what each statutory partner's head says once a disagreement has reached them. */
import { z } from 'zod';
import { isStatutoryPartner } from './agency.ts';
import { holds, type Actor, type Acting } from './actor.ts';
import { views, type View } from './criteria.ts';
import { choice, text } from './fields.ts';
import { notNow, type Lived } from './life.ts';
import { refuse, type Refusal } from './refusal.ts';
import { currentStage, notAtStage, type ResolutionState } from './resolution.ts';

export const giveLeadView = z.strictObject({
  type: z.literal('GiveLeadView'),
  view: choice(views, 'Select your view'),
  reason: text('Give a reason for your view'),
});
export type GiveLeadView = z.infer<typeof giveLeadView>;

export const leadViewGiven = z.object({
  type: z.literal('LeadViewGiven'),
  /** The entry that began the stage. */
  stage: z.number(),
  view: z.enum(views),
  reason: z.string(),
});
export type LeadViewEvent = z.infer<typeof leadViewGiven>;
export type LeadView = { seq: number; at: string; by: Actor; view: View; reason: string };

/** Lead safeguarding partners: the heads of the three statutory partners (Working Together 2023, chapter 2). */
export function isLeadPartner(by: Acting): boolean {
  return holds(by, 'lead-partner') && isStatutoryPartner(by.agency);
}

/**
 * A lead partner gives a view while the disagreement stands with the lead partners, and may give
 * another, which leaves the first in the record. It binds nobody: the decision stays the authority's.
 */
export function decideLeadView(
  command: GiveLeadView,
  state: Lived & { resolutions: ResolutionState },
  by: Actor,
): LeadViewEvent[] | Refusal {
  if (!isLeadPartner(by)) return refuse('OnlyLeadPartners');
  const tooLate = notNow('LeadViewGiven', state);
  if (tooLate) return tooLate;
  const stage = currentStage(state.resolutions);
  if (notAtStage('LeadViewGiven', stage) || stage?.stage.kind !== 'lead-partners') return refuse('NotWithLeadPartners');
  return [{ type: 'LeadViewGiven', stage: stage.seq, view: command.view, reason: command.reason }];
}
