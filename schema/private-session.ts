/** Private sessions: opened and closed on the open record as minutes would say it; what is said in one stays in its own room. */
import { z } from 'zod';
import { type Actor, holds, type Roles } from './actor.ts';
import type { CaseState } from './case.ts';
import { text } from './fields.ts';
import type { Facts } from './facts.ts';
import { id, type PersonId, type RoomId } from './id.ts';
import { refuse, type Refusal } from './refusal.ts';

/**
 * Access to Information Procedure Rules 10.4: the descriptions of exempt information of the Local
 * Government Act 1972, Schedule 12A, Part 1, that a discussion of a child can fall under.
 */
export const exemptionRules = ['10.4(1)', '10.4(2)', '10.4(5)', '10.4(7)'] as const;
export type ExemptionRule = (typeof exemptionRules)[number];
export const exemptionRuleWords: Record<ExemptionRule, string> = {
  '10.4(1)': '10.4(1): information about an individual',
  '10.4(2)': '10.4(2): information likely to reveal who an individual is',
  '10.4(5)': '10.4(5): information that legal privilege could be claimed for',
  '10.4(7)': '10.4(7): information about preventing, investigating or prosecuting crime',
};

export const openPrivateSession = z.strictObject({
  type: z.literal('OpenPrivateSession'),
  rules: z.array(z.enum(exemptionRules)).min(1, 'Select the rule that the session is held under'),
  reason: text('Say why this has to be discussed in private'),
  /** Local Government Act 1972, Schedule 12A, paragraph 10: the test must be made and recorded. */
  publicInterest: text('Say why keeping this private outweighs the public interest in disclosing it'),
  people: z.array(id).min(1, 'Select who takes part').max(50, 'Select 50 people or fewer'),
});
export const closePrivateSession = z.strictObject({
  type: z.literal('ClosePrivateSession'),
  session: z.number().int().positive(),
});
export type PrivateSessionCommand = z.infer<typeof openPrivateSession> | z.infer<typeof closePrivateSession>;

/** Who takes part stands in the session's own room, not here. */
export const privateSessionOpened = z.object({
  type: z.literal('PrivateSessionOpened'),
  room: id,
  rules: z.array(z.enum(exemptionRules)),
  reason: z.string(),
  publicInterest: z.string(),
});
export const privateSessionClosed = z.object({ type: z.literal('PrivateSessionClosed'), session: z.number() });
export type PrivateSessionEvent = z.infer<typeof privateSessionOpened> | z.infer<typeof privateSessionClosed>;

/** A session is named by the sequence of the entry that opened it. */
export type PrivateSession = {
  seq: number;
  room: RoomId;
  openedAt: string;
  openedBy: Actor;
  rules: readonly ExemptionRule[];
  reason: string;
  publicInterest: string;
  closedAt: string | null;
};
export type PrivateSessionState = readonly PrivateSession[];

type Known = { case: CaseState; privateSessions: PrivateSessionState };

/** The Chair leads: only the Chair takes a discussion into private session and out of it again. */
export function mayHoldPrivateSession(by: Roles): boolean {
  return holds(by, 'chair');
}

export function decidePrivateSession(
  command: PrivateSessionCommand,
  state: Known,
  by: Actor,
  facts: Facts,
): PrivateSessionEvent[] | Refusal {
  if (!mayHoldPrivateSession(by)) return refuse('OnlyTheChair');
  if (command.type === 'ClosePrivateSession') return closeSession(command.session, state);
  const open = state.privateSessions.find(isOpen);
  if (open) return refuse('PrivateSessionStillOpen', { at: open.openedAt });
  const strangers = command.people.filter((person) => !state.case.people.some((each) => each.person === person));
  if (strangers.length > 0) return refuse('NotOnTheCase', { people: strangers.length });
  if (!facts.newRoom) throw new TypeError('A private session needs a new room in the facts');
  const { rules, reason, publicInterest } = command;
  return [{ type: 'PrivateSessionOpened', room: facts.newRoom, rules, reason, publicInterest }];
}

function closeSession(seq: number, state: Known): PrivateSessionEvent[] | Refusal {
  const session = state.privateSessions.find((each) => each.seq === seq);
  if (!session) return refuse('NoSuchPrivateSession', { session: seq });
  if (session.closedAt) return refuse('PrivateSessionAlreadyClosed', { at: session.closedAt });
  return [{ type: 'PrivateSessionClosed', session: seq }];
}

export function evolvePrivateSessions(
  state: PrivateSessionState,
  event: PrivateSessionEvent,
  seq: number,
  at: string,
  by: Actor,
): PrivateSessionState {
  if (event.type === 'PrivateSessionClosed') {
    return state.map((each) => (each.seq === event.session ? { ...each, closedAt: at } : each));
  }
  const { room, rules, reason, publicInterest } = event;
  return [...state, { seq, room, openedAt: at, openedBy: by, rules, reason, publicInterest, closedAt: null }];
}

export function isOpen(session: PrivateSession): boolean {
  return session.closedAt === null;
}

/** Everyone who takes part: those chosen, and whoever opened it. */
export function takingPartIn(people: readonly PersonId[], by: Pick<Actor, 'person'>): PersonId[] {
  return [...new Set([...people, by.person])];
}
