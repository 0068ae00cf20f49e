/** Limits: last moments that passed with something left undone. Written by the service's clock, in plain words. */
import { z } from 'zod';
import { isServiceClock, type Actor } from './actor.ts';
import type { Agency } from './agency.ts';
import { endOf, type Day } from './calendar.ts';
import { partnersOf, type CaseState } from './case.ts';
import type { Facts } from './facts.ts';
import { currentHandOver, type HandOverState } from './hand-over.ts';
import { positionsBy } from './ladder.ts';
import { notNow, type Lived } from './life.ts';
import type { PositionsState } from './position.ts';
import { refuse, type Refusal } from './refusal.ts';

/** The time to notify; the day for formal positions; the day by which the partners agreed to have more information. */
export const limits = ['notify', 'positions', 'information'] as const;
/** Sent by the service's clock alone, once the last moment has gone. */
export const passLimit = z.strictObject({ type: z.literal('PassLimit'), limit: z.enum(limits) });
export type PassLimit = z.infer<typeof passLimit>;

export const limitPassed = z.object({
  type: z.literal('LimitPassed'),
  limit: z.enum(limits),
  /** The last day on which it could have been done. */
  day: z.string(),
  /** Of the time to notify: it was decided to notify, and nothing was sent. Left out where nothing was decided. */
  undone: z.literal('not-sent').optional(),
  /** Of the day for positions: the partners that gave none, by name. */
  silent: z.array(z.string()).optional(),
});
export type LimitEvent = z.infer<typeof limitPassed>;

/** A limit that passed with something left undone, newest last. */
export type Passed = { seq: number; at: string; limit: LimitEvent['limit']; day: Day };
export type LimitsState = readonly Passed[];

type Known = Lived & { case: CaseState; positions: PositionsState; limits: LimitsState; handOvers: HandOverState };

/** Records what passed with something left undone. It prompts; it never decides, and what was left may still be done. */
export function decideLimit(
  limit: 'notify' | 'positions',
  state: Known,
  by: Actor,
  facts: Facts,
): LimitEvent[] | Refusal {
  if (!isServiceClock(by)) return refuse('NotYourRole', { role: by.role });
  const tooLate = notNow('LimitPassed', state);
  if (tooLate) return tooLate;
  const handOver = currentHandOver(state);
  if (handOver?.accepted) return refuse('AlreadyAccepted', { authority: handOver.authority });
  if (hasPassed(limit, state)) return refuse('LimitAlreadyPassed');
  return limit === 'notify' ? notifyEnded(state, facts) : positionsEnded(state, facts);
}

/**
 * The last day to notify ended with nothing sent, whether or not it was decided to (Working Together
 * 2023, chapter 5: five working days). Once another authority has accepted that it notifies, the day
 * is no longer ours.
 */
function notifyEnded({ case: { notifyBy }, decision }: Known, facts: Facts): LimitEvent[] | Refusal {
  if (!hasEnded(notifyBy, facts)) return refuse('LimitNotPassed', { until: notifyBy });
  return [{ type: 'LimitPassed', limit: 'notify', day: notifyBy, ...(decision ? { undone: 'not-sent' } : {}) }];
}

/**
 * The ladder's day for formal positions ended and a partner has given none. Silence escalates
 * (Working Together 2023, paragraph 110): the Chair is asked to open what there is, and any partner
 * may ask for resolution. Nothing opens by itself.
 */
function positionsEnded(state: Known, facts: Facts): LimitEvent[] | Refusal {
  if (state.decision) return refuse('AlreadyDecided', { at: state.decision.at });
  if (state.positions.opened) return refuse('PositionsAlreadyOpen');
  const day = positionsBy(state.case, facts.holidays);
  if (day === null) return refuse('NoSuchStage');
  if (!hasEnded(day, facts)) return refuse('LimitNotPassed', { until: day });
  return [{ type: 'LimitPassed', limit: 'positions', day, silent: silentPartners(state).map(({ name }) => name) }];
}

/** Whether it has passed in this round. */
export function hasPassed(limit: LimitEvent['limit'], { limits: passed }: { limits: LimitsState }): boolean {
  return passed.some((each) => each.limit === limit);
}

/** Whether the time to notify still asks something of this authority: until it decides not to, or has notified. */
export function awaitsNotification({ decision, notification }: Pick<Lived, 'decision' | 'notification'>): boolean {
  return decision?.content.outcome !== 'do-not-notify' && notification === null;
}

/** Partners that kept silent past the day for positions, and still do. */
export function silentSince(state: Pick<Known, 'case' | 'positions' | 'limits'>): Agency[] {
  return hasPassed('positions', state) ? silentPartners(state) : [];
}

function silentPartners({ case: opened, positions }: Pick<Known, 'case' | 'positions'>): Agency[] {
  return partnersOf(opened).filter(({ id }) => !positions.byAgency[id]);
}

/** Whether a day has ended in London. */
export function hasEnded(day: Day, facts: Pick<Facts, 'now'>): boolean {
  return Date.parse(facts.now) >= Date.parse(endOf(day));
}

export function evolveLimits(state: LimitsState, event: LimitEvent, seq: number, at: string): LimitsState {
  return [...state, { seq, at, limit: event.limit, day: event.day }];
}
