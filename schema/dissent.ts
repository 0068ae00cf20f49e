/** Dissent: a partner's own words of disagreement, which nobody else can touch and the authority must answer. */
import { z } from 'zod';
import { isStatutoryPartner, type Agency } from './agency.ts';
import { holds, mayDecide, type Acting, type Actor } from './actor.ts';
import { dayOf, type Day, type Holidays } from './calendar.ts';
import type { CaseState } from './case.ts';
import { dissentBy } from './clock.ts';
import { criterionIds } from './criteria.ts';
import type { Decision } from './decision.ts';
import { choice, optionalText, text } from './fields.ts';
import type { Facts } from './facts.ts';
import type { PositionsState } from './position.ts';
import { notNow, type Lived } from './life.ts';
import { refuse, type Refusal } from './refusal.ts';
import { decisionAt, everyDissent, type Round, type RoundState } from './reopen.ts';

export const dissentContent = z.strictObject({
  /** `overall` is whether to notify: a partner may agree about each criterion and not about what follows. */
  about: z.array(z.enum([...criterionIds, 'overall'])).min(1, 'Select what you disagree about'),
  statement: text('Say what you disagree with and why'),
  evidence: optionalText(),
  whatWouldChangeIt: optionalText(),
});
export type DissentContent = z.infer<typeof dissentContent>;

export const recordDissent = z.strictObject({
  type: z.literal('RecordDissent'),
  content: dissentContent,
  /** The entry of the decision it is with, where that is one from before the case was reopened. */
  decision: z.number().int().positive().optional(),
});
export const answerDissent = z.strictObject({
  type: z.literal('AnswerDissent'),
  dissent: z.number().int().positive(),
  response: text('Enter your response to this disagreement'),
});
export const standings = ['maintained', 'eased', 'withdrawn'] as const;
export type Standing = (typeof standings)[number];
export const standingWords: Record<Standing, string> = {
  maintained: 'We maintain our disagreement',
  eased: 'Our disagreement is eased',
  withdrawn: 'We withdraw our disagreement',
};
export const reviewDissent = z.strictObject({
  type: z.literal('ReviewDissent'),
  dissent: z.number().int().positive(),
  standing: choice(standings, 'Select whether you still disagree'),
  reason: text('Give a reason'),
});
export type DissentCommand =
  z.infer<typeof recordDissent> | z.infer<typeof answerDissent> | z.infer<typeof reviewDissent>;

export const dissentRecorded = z.object({
  type: z.literal('DissentRecorded'),
  content: dissentContent,
  /** Only with a decision from before the case was reopened. */
  decision: z.number().optional(),
});
export const dissentAnswered = z.object({
  type: z.literal('DissentAnswered'),
  dissent: z.number(),
  response: z.string(),
});
export const dissentReviewed = z.object({
  type: z.literal('DissentReviewed'),
  dissent: z.number(),
  standing: z.enum(standings),
  reason: z.string(),
});
export type DissentEvent =
  z.infer<typeof dissentRecorded> | z.infer<typeof dissentAnswered> | z.infer<typeof dissentReviewed>;

/** A dissent is named by the sequence of its entry. Its words never change; what follows is added. */
export type Dissent = {
  seq: number;
  at: string;
  by: Actor;
  content: DissentContent;
  /** Recorded after the decision was signed. */
  afterDecision: boolean;
  answer: { seq: number; at: string; by: Actor; response: string } | null;
  review: { seq: number; at: string; by: Actor; standing: Standing; reason: string } | null;
};
export type DissentState = readonly Dissent[];

type Known = Lived & { case: CaseState; positions: PositionsState; dissents: DissentState; earlier: readonly Round[] };

/** A statutory partner other than the local authority, which decides and does not dissent from itself. */
export function mayDissent(by: Acting): boolean {
  return holds(by, 'position-holder') && isStatutoryPartner(by.agency) && by.agency.kind !== 'local-authority';
}

export function decideDissent(
  command: DissentCommand,
  state: Known,
  by: Actor,
  facts: Facts,
): DissentEvent[] | Refusal {
  switch (command.type) {
    case 'RecordDissent':
      return record(command, state, by, facts);
    case 'AnswerDissent':
      return answer(command, state, by);
    case 'ReviewDissent':
      return review(command, state, by);
  }
}

function record(
  command: z.infer<typeof recordDissent>,
  state: Known,
  by: Actor,
  facts: Facts,
): DissentEvent[] | Refusal {
  if (!mayDissent(by)) return refuse('NotYourRole', { role: by.role });
  const decision = command.decision === undefined ? state.decision : decisionAt(state, command.decision);
  if (command.decision !== undefined && !decision) return refuse('NotDecided');
  // A case that was reopened is sealed again, which stops nobody from disagreeing with what was decided before.
  const isEarlier = decision !== state.decision;
  const tooEarly = isEarlier ? null : notNow('DissentRecorded', state);
  if (tooEarly) return tooEarly;
  if (decision) {
    const last = isEarlier ? decision : lastDecided(decision, state.notification);
    const until = dissentUntil(last, state.case, facts.holidays);
    if (facts.today > until) return refuse('DissentTooLate', { until });
  }
  const { content } = command;
  return [{ type: 'DissentRecorded', content, ...(isEarlier && decision ? { decision: decision.seq } : {}) }];
}

/** To end a notification decides the case anew, so disagreement with that has its own days, counted from it. */
export function lastDecided(
  decision: Pick<Decision, 'at'>,
  notification: { ended: { at: string } | null } | null,
): Pick<Decision, 'at'> {
  return notification?.ended ?? decision;
}

/** The last day on which disagreement with a decision may be recorded, as the case's own arrangements say. */
export function dissentUntil(
  { at }: Pick<Decision, 'at'>,
  { arrangements }: Pick<CaseState, 'arrangements'>,
  holidays: Holidays,
): Day {
  return dissentBy(dayOf(at), arrangements.clocks.dissentWithin, holidays).due;
}

/** The answer may come before signing (signing waits for it) or, for a later dissent, after. */
function answer(command: z.infer<typeof answerDissent>, state: Known, by: Actor): DissentEvent[] | Refusal {
  if (!mayDecide(by)) return refuse('OnlyTheAuthorityDecides');
  const dissent = find(everyDissent(state), command.dissent);
  if (!dissent) return refuse('NoSuchDissent', { dissent: command.dissent });
  if (dissent.answer) return refuse('DissentAlreadyAnswered', { dissent: dissent.seq });
  return [{ type: 'DissentAnswered', dissent: dissent.seq, response: command.response }];
}

function review(command: z.infer<typeof reviewDissent>, state: Known, by: Actor): DissentEvent[] | Refusal {
  const dissent = find(everyDissent(state), command.dissent);
  if (!dissent) return refuse('NoSuchDissent', { dissent: command.dissent });
  if (!mayDissent(by) || dissent.by.agency.id !== by.agency.id) return refuse('NotYourDissent');
  if (!dissent.answer) return refuse('DissentNotAnswered', { dissent: dissent.seq });
  if (!isLive(dissent)) return refuse('DissentWithdrawn', { dissent: dissent.seq });
  return [{ type: 'DissentReviewed', dissent: dissent.seq, standing: command.standing, reason: command.reason }];
}

/** What an entry about disagreement adds to the round of the decision it is with: the current one, or one before. */
export function evolveRounds<State extends Pick<RoundState, 'dissents' | 'decision'> & { earlier: readonly Round[] }>(
  state: State,
  event: DissentEvent,
  seq: number,
  at: string,
  by: Actor,
): State {
  const isOf = (round: Round) =>
    event.type === 'DissentRecorded'
      ? round.decision?.seq === event.decision
      : find(round.dissents, event.dissent) !== undefined;
  const added = <Any extends Pick<RoundState, 'dissents' | 'decision'>>(round: Any): Any => ({
    ...round,
    dissents: evolveDissents(round.dissents, event, seq, at, by, round.decision !== null),
  });
  if (!state.earlier.some(isOf)) return added(state);
  return { ...state, earlier: state.earlier.map((round) => (isOf(round) ? added(round) : round)) };
}

function evolveDissents(
  state: DissentState,
  event: DissentEvent,
  seq: number,
  at: string,
  by: Actor,
  decided: boolean,
): DissentState {
  switch (event.type) {
    case 'DissentRecorded':
      return [...state, { seq, at, by, content: event.content, afterDecision: decided, answer: null, review: null }];
    case 'DissentAnswered':
      return change(state, event.dissent, { answer: { seq, at, by, response: event.response } });
    case 'DissentReviewed':
      return change(state, event.dissent, { review: { seq, at, by, standing: event.standing, reason: event.reason } });
  }
}

function change(state: DissentState, seq: number, part: Partial<Dissent>): DissentState {
  return state.map((dissent) => (dissent.seq === seq ? { ...dissent, ...part } : dissent));
}

export function find(state: DissentState, seq: number): Dissent | undefined {
  return state.find((dissent) => dissent.seq === seq);
}

/** A dissent is live until its owner withdraws it; to disagree again is a new dissent. */
export function isLive(dissent: Dissent): boolean {
  return dissent.review?.standing !== 'withdrawn';
}

/** Agencies that disagree now, each once. */
export function dissenting(state: DissentState): Agency[] {
  return [...new Map(state.filter(isLive).map(({ by }) => [by.agency.id, by.agency])).values()];
}

/** Their names: shown wherever the decision is. */
export function disagreeing({ dissents }: Pick<RoundState, 'dissents'>): string[] {
  return dissenting(dissents).map(({ name }) => name);
}
