/** My work: what each person's own room records, and what a case asks of them now. */
import { z } from 'zod';
import { mayDecide, type Actor } from './actor.ts';
import { outsideAdviceNeeds } from './outside-advice.ts';
import { needsAfterwards } from './afterwards.ts';
import type { Day } from './calendar.ts';
import { needsOfComments } from './comment.ts';
import { deathInCareNeeds } from './death-in-care.ts';
import { isLive } from './dissent.ts';
import { documentNeeds } from './document.ts';
import { harmNeeds } from './harm.ts';
import { currentHandOver } from './hand-over.ts';
import { mayGivePosition } from './position.ts';
import { questionNeeds } from './question.ts';
import { everyDissent } from './reopen.ts';
import { resolutionNeeds } from './resolution-work.ts';
import type { CaseRoom } from './room.ts';
import { sessionNeeds } from './session-work.ts';

/** Recorded in a person's own room: proof of when they were told, in the order the rule asks for. */
export const toldOfCase = z.object({ type: z.literal('ToldOfCase'), ref: z.string(), room: z.string() });
export type WorkEvent = z.infer<typeof toldOfCase>;

export type WorkState = { told: readonly { ref: string; at: string }[] };
export const noWork: WorkState = { told: [] };

export function evolveWork(state: WorkState, event: WorkEvent, at: string): WorkState {
  return { told: [...state.told, { ref: event.ref, at }] };
}

/** Which screen of the case a piece of work is done on. */
export const workPlaces = [
  'notes',
  'positions',
  'decision',
  'resolution',
  'session',
  'notification',
  'rapid-review',
  'practice-review',
  'learning',
  'criteria',
  'documents',
  'earlier',
] as const;
/**
 * One thing a case asks of one person: words for the link, where it is done, and by which day.
 * `from` is the first day on which it is asked; without it, at once. `at` is the id of what to go to there.
 */
export type Need = { what: string; place: (typeof workPlaces)[number]; due: string; from?: Day; at?: string };

/** What this case asks of this person now; empty for most people on most days (feature M47). */
export function needsOf(state: CaseRoom, actor: Actor): Need[] {
  const { case: opened, positions, decision, deferred } = state;
  const due = opened.notifyBy;
  const agency = actor.agency.name;
  const needs: Need[] = [];
  const handOver = currentHandOver(state);
  // Another authority has the duty now: nothing is asked of anybody here but what an earlier decision left open.
  if (handOver?.accepted) {
    return [...disagreements(state, actor), ...needsAfterwards(state, actor)].filter(
      ({ place }) => place === 'earlier',
    );
  }
  if (handOver && mayDecide(actor)) {
    needs.push({ what: `Record whether ${handOver.authority} has accepted the case`, place: 'criteria', due });
  }
  if (mayGivePosition(actor) && !positions.byAgency[actor.agency.id] && !decision) {
    needs.push({ what: `Give ${agency}'s position`, place: 'positions', due });
  }
  needs.push(...disagreements(state, actor));
  if (mayDecide(actor) && positions.opened && !decision) {
    needs.push({ what: 'Sign the decision', place: 'decision', due: deferred?.decideBy ?? due });
  }
  return [
    ...needs,
    ...questionNeeds(state, actor),
    ...resolutionNeeds(state, actor),
    ...sessionNeeds(state, actor),
    ...needsAfterwards(state, actor),
    ...needsOfComments(state, actor),
    ...deathInCareNeeds(state, actor),
    ...harmNeeds(state, actor),
    ...documentNeeds(state, actor),
    ...outsideAdviceNeeds(state, actor),
  ];
}

/** The authority answers each disagreement, with a decision before the case was reopened too; its owner then says whether it stands. */
function disagreements(state: CaseRoom, actor: Actor): Need[] {
  const due = state.case.notifyBy;
  return everyDissent(state).flatMap((dissent): Need[] => {
    const { seq, by, answer, review } = dissent;
    const place = state.dissents.includes(dissent) ? 'decision' : 'earlier';
    const at = `dissent-${seq}`;
    if (mayDecide(actor) && isLive(dissent) && !answer) {
      return [{ what: `Answer ${by.agency.name}'s disagreement`, place, due, at }];
    }
    return by.person === actor.person && answer && !review
      ? [{ what: 'Say whether you still disagree', place, due, at }]
      : [];
  });
}
