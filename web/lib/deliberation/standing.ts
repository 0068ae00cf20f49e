/** Who may do what next on a case, and why not where they may not: courtesies to the screen; the rules decide. Pure. */
import type { Agency } from '#schema/agency.ts';
import { holds, mayDecide, type Actor } from '#schema/actor.ts';
import { workingDaysBetween, type Day, type Holidays } from '#schema/calendar.ts';
import { everOn, partnersOf, type CaseState, type Everyone } from '#schema/case.ts';
import type { Decision } from '#schema/decision.ts';
import { dissentUntil as lastDayToDissent, isLive, lastDecided, mayDissent, type Dissent } from '#schema/dissent.ts';
import { changedSince } from '#schema/notes.ts';
import { inWords } from '#schema/in-words.ts';
import { currentPosition, mayGivePosition, sayDifferences } from '#schema/position.ts';
import { mayAskForResolution, notToResolve } from '#schema/resolution.ts';
import type { CaseRoom } from '#schema/room.ts';

/** The local authority that decides this case. */
export function authorityOf(opened: Everyone): Agency | null {
  return everOn(opened).find(mayDecide)?.agency ?? null;
}

/** "Denis Marsh, Social care", or more than one. */
export function sayDeciders({ people }: Pick<CaseState, 'people'>): string {
  return inWords(people.filter(mayDecide).map(({ name, agency }) => `${name}, ${agency.name}`));
}

/** Where the partners stand, in a sentence or two, once positions are open. */
export function sayWhereViewsStand(state: CaseRoom): string {
  const differing = sayDifferences(state);
  const partners = partnersOf(state.case);
  const silent = partners.filter(({ id }) => !currentPosition(state.positions, id)).map(({ name }) => name);
  const agreed = 'agree on every criterion and on whether to notify.';
  if (silent.length === 0) return differing || `Views ${agreed}`;
  const answered = partners.filter(({ name }) => !silent.includes(name)).map(({ name }) => name);
  const said = answered.length === 1 ? `Only ${answered.join()} has answered.` : `${inWords(answered)} ${agreed}`;
  return `${differing || said} ${inWords(silent)} ${silent.length === 1 ? 'has' : 'have'} given no position.`;
}

/** Why this person sees no form for a position; empty for those who give one. */
export function whyNoPosition(state: CaseRoom, me: Actor): string {
  if (mayGivePosition(me)) return '';
  if (holds(me, 'chair')) return 'The Chair gives no position.';
  if (holds(me, 'decision-maker')) {
    return `You decide for the local authority, so you give no position. Others speak for ${me.agency.name}.`;
  }
  if (holds(me, 'position-holder')) {
    return `Positions are given by the three statutory partners: ${inWords(partnersOf(state.case).map(({ name }) => name))}.`;
  }
  return `You give no position: the person who speaks for ${me.agency.name} does.`;
}

/** The last day on which disagreement may be recorded; null before the decision, which sets it. */
export function dissentUntil(
  state: Pick<CaseRoom, 'case' | 'decision' | 'notification'>,
  holidays: Holidays,
): Day | null {
  return state.decision && lastDayToDissent(lastDecided(state.decision, state.notification), state.case, holidays);
}

export function mayDissentNow(state: CaseRoom, me: Actor, today: Day, holidays: Holidays): boolean {
  if (!mayDissent(me)) return false;
  const until = dissentUntil(state, holidays);
  return until === null ? state.positions.opened !== null : today <= until;
}

/** Whether this person may still record disagreement with a decision from before the case was reopened. */
export function mayStillDissent(
  decision: Pick<Decision, 'at'>,
  state: Pick<CaseRoom, 'case'>,
  me: Actor,
  today: Day,
  holidays: Holidays,
): boolean {
  return mayDissent(me) && today <= lastDayToDissent(decision, state.case, holidays);
}

export function mayAskNow(state: CaseRoom, me: Actor): boolean {
  return mayAskForResolution(me) && notToResolve(state) === null;
}

/** Partners whose open position rests on notes that have changed since. */
export function onEarlierNotes(state: CaseRoom): string[] {
  if (!state.positions.opened) return [];
  return partnersOf(state.case)
    .filter(({ id }) => changedSince(state.notes, currentPosition(state.positions, id)?.restsOn ?? null))
    .map(({ name }) => name);
}

/** Whether this person says, now or again, if their agency's disagreement stands. */
export function mayReview(dissent: Dissent, me: Actor): boolean {
  return mayDissent(me) && me.agency.id === dissent.by.agency.id && dissent.answer !== null && isLive(dissent);
}

/** Whether less than one working day is left to notify after today. */
export function shortOfTime(state: Pick<CaseRoom, 'case'>, today: Day, holidays: Holidays): boolean {
  return today >= state.case.notifyBy || workingDaysBetween(today, state.case.notifyBy, holidays) < 1;
}
