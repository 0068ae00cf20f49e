/** What resolution asks of each person. Pure. */
import { mayLead, type Actor } from './actor.ts';
import type { CaseState } from './case.ts';
import type { DecisionState } from './decision.ts';
import { isLeadPartner } from './lead-view.ts';
import { currentStage, type ResolutionState } from './resolution.ts';
import type { Need } from './work.ts';

type Known = { case: CaseState; resolutions: ResolutionState; decision: DecisionState };

/** By the last day of the stage where it has one: after that the clock passes it on. */
export function resolutionNeeds(state: Known, actor: Actor): Need[] {
  const stage = currentStage(state.resolutions);
  const place = 'resolution';
  if (!stage) return informationDue(state, actor);
  const due = stage.limit ?? state.case.notifyBy;
  const clocks = [`stage-${stage.stage.number}`];
  const needs: Need[] = [];
  if (mayLead(actor) && stage.status === 'running') {
    needs.push({ what: 'Record what the resolution step settled', place, due, clocks });
  } else if (mayLead(actor) && !state.decision) {
    needs.push({ what: 'Open the resolution step', place, due, clocks });
  }
  const isTheirs = stage.stage.kind === 'lead-partners' && isLeadPartner(actor) && !state.decision;
  if (isTheirs && !stage.views.some(({ by }) => by.agency.id === actor.agency.id)) {
    needs.push({ what: `Give ${actor.agency.name}'s view as lead partner`, place, due, clocks });
  }
  return needs;
}

/** What the partners agreed to wait for is due: the Chair sees whether it has come. */
function informationDue({ resolutions, decision }: Known, actor: Actor): Need[] {
  const outcome = resolutions.at(-1)?.outcome;
  if (!mayLead(actor) || decision || outcome?.outcome !== 'agreed-more-information' || !outcome.due) return [];
  return [
    { what: 'See whether the information the partners agreed on has come', place: 'resolution', due: outcome.due },
  ];
}
