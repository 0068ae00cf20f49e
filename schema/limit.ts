/** Limits: last moments that passed with something left undone. Written by the service's clock, in plain words. */
import { z } from 'zod';
import { isServiceClock, type Actor } from './actor.ts';
import { endOf, type Day } from './calendar.ts';
import type { CaseState } from './case.ts';
import type { Facts } from './facts.ts';
import { currentHandOver, type HandOverState } from './hand-over.ts';
import { notNow, type Lived } from './life.ts';
import { refuse, type Refusal } from './refusal.ts';

/** Sent by the service's clock alone, once the last moment has gone. */
export const passLimit = z.strictObject({ type: z.literal('PassLimit'), limit: z.literal('notify') });
export type PassLimit = z.infer<typeof passLimit>;

export const limitPassed = z.object({
  type: z.literal('LimitPassed'),
  limit: z.literal('notify'),
  /** The last day on which it could have been done. */
  day: z.string(),
});
export type LimitEvent = z.infer<typeof limitPassed>;

/** A limit that passed with something left undone, newest last. */
export type Passed = { seq: number; at: string; limit: LimitEvent['limit']; day: Day };
export type LimitsState = readonly Passed[];

type Known = Lived & { case: CaseState; limits: LimitsState; handOvers: HandOverState };

/**
 * Records that the last day to notify ended without a decision (Working Together 2023, chapter 5:
 * five working days). It prompts; it never decides, and the authority may still sign. Once another
 * authority has accepted that it notifies, the day is no longer ours.
 */
export function decideLimit(command: PassLimit, state: Known, by: Actor, facts: Facts): LimitEvent[] | Refusal {
  if (!isServiceClock(by)) return refuse('NotYourRole', { role: by.role });
  const { notifyBy } = state.case;
  const tooLate = notNow('LimitPassed', state);
  if (tooLate) return tooLate;
  const handOver = currentHandOver(state);
  if (handOver?.accepted) return refuse('AlreadyAccepted', { authority: handOver.authority });
  if (state.limits.some(({ limit }) => limit === command.limit)) return refuse('LimitAlreadyPassed');
  if (!hasEnded(notifyBy, facts)) return refuse('LimitNotPassed', { until: notifyBy });
  return [{ type: 'LimitPassed', limit: command.limit, day: notifyBy }];
}

/** Whether a day has ended in London. */
export function hasEnded(day: Day, facts: Pick<Facts, 'now'>): boolean {
  return Date.parse(facts.now) >= Date.parse(endOf(day));
}

export function evolveLimits(state: LimitsState, event: LimitEvent, seq: number, at: string): LimitsState {
  return [...state, { seq, at, limit: event.limit, day: event.day }];
}
