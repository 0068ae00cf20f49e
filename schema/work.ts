/** My work: what each person's own room records, and what a case asks of them now. */
import { z } from 'zod';
import { holds, mayDecide, type Actor } from './actor.ts';
import { actionNeeds } from './agreed-action.ts';
import { outsideAdviceNeeds } from './outside-advice.ts';
import { needsAfterwards } from './afterwards.ts';
import type { LadderStage } from './arrangements.ts';
import { dayOf, type Day, type Holidays } from './calendar.ts';
import { notifyBy } from './clock.ts';
import { alertsOf, type AlertKind } from './clocks.ts';
import { needsOfComments } from './comment.ts';
import { correctionNeeds } from './correction.ts';
import { deathInCareNeeds } from './death-in-care.ts';
import { isLive } from './dissent.ts';
import { documentNeeds } from './document.ts';
import { followUpNeeds } from './follow-up.ts';
import { harmNeeds } from './harm.ts';
import { currentHandOver } from './hand-over.ts';
import { positionsBy } from './ladder.ts';
import { awaitsNotification, silentSince } from './limit.ts';
import { withMore } from './lists.ts';
import { inWords } from './in-words.ts';
import { mayGivePosition, sayingNotify, sayUnspoken, unspokenFor } from './position.ts';
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
  return { told: withMore(state.told, { ref: event.ref, at }) };
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
  'raised',
] as const;
/**
 * One thing a case asks of one person: words for the link, where it is done, and by which day.
 * `from` is the first day on which it is asked; without it, at once. `at` is the id of what to go to there.
 */
export type Need = {
  what: string;
  place: (typeof workPlaces)[number];
  due: string;
  from?: Day;
  at?: string;
  /** The clocks of the case whose alerts go to whoever owes this, by their id (`schema/clocks.ts`). */
  clocks?: readonly string[];
  /** Which of those alerts; all where it is not said. */
  alerts?: readonly AlertKind[];
};

/** What this case asks of this person now; empty for most people on most days (feature M47). */
export function needsOf(state: CaseRoom, actor: Actor, { holidays }: { holidays: Holidays }): Need[] {
  const { case: opened, positions, decision } = state;
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
    const by = positionsBy(state.case, holidays) ?? due;
    needs.push({
      what: `Give ${agency}'s position`,
      place: 'positions',
      due: by,
      clocks: stagesUntil('positions', state),
    });
  }
  needs.push(...disagreements(state, actor));
  if (mayDecide(actor) && !decision) needs.push(...deciding(state, holidays));
  if (holds(actor, 'chair')) needs.push(...ofTheChair(state));
  if (holds(actor, 'chair') || holds(actor, 'business-unit')) needs.push(...unspoken(state, holidays));
  return [
    ...needs,
    ...questionNeeds(state, actor),
    ...resolutionNeeds(state, actor),
    ...followUpNeeds(state, actor),
    ...actionNeeds(state, actor),
    ...sessionNeeds(state, actor),
    ...needsAfterwards(state, actor),
    ...needsOfComments(state, actor),
    ...correctionNeeds(state, actor),
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

/**
 * The decision, asked for once positions are open, and from half of the time on without waiting for them.
 * On the last day it is said that a partner's "notify" is enough to act on: the criteria are met by
 * suspicion. It prompts, and never acts.
 */
function deciding(state: CaseRoom, holidays: Holidays): Need[] {
  const { case: opened, positions, deferred } = state;
  const last = opened.notifyBy;
  const due = deferred?.decideBy ?? last;
  // A day that was put off to is reminded of by itself.
  const clocks = deferred ? {} : { clocks: ['notify', ...stagesUntil('decision', state)] };
  const [halfWay] = alertsOf({ deadline: notifyBy(opened.details.awareOn, holidays) });
  const decision: Need = positions.opened
    ? { what: 'Sign the decision', place: 'decision', due, ...clocks }
    : {
        what: 'Sign the decision, with or without every position',
        place: 'decision',
        due,
        from: halfWay ? dayOf(halfWay.at) : last,
        ...clocks,
      };
  const notify = sayingNotify(state);
  if (notify.length === 0) return [decision];
  const what = `${inWords(notify)} ${notify.length === 1 ? 'says' : 'say'} notify: it is enough that abuse or neglect is suspected`;
  return [decision, { what, place: 'decision', due: last, from: last, clocks: ['notify'], alerts: ['last-morning'] }];
}

/** The Chair opens what there is when a partner keeps silent, and asks after the last day to notify when it comes. */
function ofTheChair(state: CaseRoom): Need[] {
  const { positions, decision, case: opened } = state;
  const due = opened.notifyBy;
  const silent = silentSince(state).map(({ name }) => name);
  const needs: Need[] = [];
  if (silent.length > 0 && !positions.opened && !decision) {
    const given = Object.keys(positions.byAgency).length > 0;
    needs.push({
      what: given
        ? `Open the positions: ${inWords(silent)} gave none by the day for them`
        : 'Ask after the positions: nobody gave one by the day for them',
      place: 'positions',
      due,
    });
  }
  if (awaitsNotification(state)) {
    const what = decision
      ? 'Ask the local authority whether the notification has been sent'
      : 'Ask the local authority whether it decides by the last day to notify';
    needs.push({ what, place: 'decision', due, from: due, clocks: ['notify'], alerts: ['last-morning'] });
  }
  return needs;
}

/** A statutory partner for which nobody can answer: somebody is set up for it, or the authority decides without. */
function unspoken(state: CaseRoom, holidays: Holidays): Need[] {
  if (state.decision) return [];
  const due = positionsBy(state.case, holidays) ?? state.case.notifyBy;
  return unspokenFor(state).map((name) => ({
    what: `${sayUnspoken(name)} See that somebody is`,
    place: 'positions',
    due,
  }));
}

/** The stages of the ladder of this kind, and discussion before positions: whose clock runs while something is owed. */
function stagesUntil(kind: 'positions' | 'decision', { case: opened }: CaseRoom): string[] {
  const isOf = (stage: LadderStage) => stage.kind === kind || (kind === 'positions' && stage.kind === 'discussion');
  return opened.arrangements.ladder.filter(isOf).map(({ number }) => `stage-${number}`);
}
