/** A room's record, folded: its state, what each command decides, and what each entry makes true. */
import type { Actor } from './actor.ts';
import { decideOpenCase, evolveCase, isOnCase, type Capability, type CaseState } from './case.ts';
import type { Command } from './command.ts';
import { decideDecision, evolveDecision, type DecisionState } from './decision.ts';
import { decideDissent, evolveDissents, isLive, type DissentState } from './dissent.ts';
import type { Event } from './event.ts';
import type { Facts } from './facts.ts';
import type { Entry } from './ledger.ts';
import { evolveNotes, noNotes, type NotesState } from './notes.ts';
import {
  decidePosition,
  differences,
  evolvePositions,
  mayReadPosition,
  noPositions,
  type PositionsState,
} from './position.ts';
import { refuse, type Refusal } from './refusal.ts';
import { decideResolution, evolveResolutions, type ResolutionState } from './resolution.ts';
import { evolveWork, noWork, type WorkState } from './work.ts';

/**
 * A room is one place: people, notes, a record, one socket. `case` is a case's common room;
 * `my-work` is a person's own. Private sessions, an agency's account and working notes, and the
 * legal lane are rooms of their own too, and nothing crosses from one to another.
 */
export const roomKinds = [
  'case',
  'my-work',
  'agency-account',
  'agency-working-notes',
  'private-session',
  'legal-lane',
] as const;
export type RoomKind = (typeof roomKinds)[number];

export type RoomState = {
  /** Sequence of the last entry folded in; 0 for an empty room. */
  seq: number;
  /** Sequence of the last position or dissent: what a signer must have read. */
  lastStated: number;
  case: CaseState | null;
  notes: NotesState;
  positions: PositionsState;
  dissents: DissentState;
  resolutions: ResolutionState;
  decision: DecisionState;
  work: WorkState;
};
/** A room in which a case has been opened. */
export type CaseRoom = RoomState & { case: CaseState };

export const emptyRoom: RoomState = {
  seq: 0,
  lastStated: 0,
  case: null,
  notes: noNotes,
  positions: noPositions,
  dissents: [],
  resolutions: [],
  decision: null,
  work: noWork,
};

export function hasCase(state: RoomState): state is CaseRoom {
  return state.case !== null;
}

/** What happens when `by` asks for `command`: events, in order, or the named reason why not. Pure. */
export function decide(command: Command, state: RoomState, by: Actor, facts: Facts): Event[] | Refusal {
  if (command.type === 'OpenCase') return decideOpenCase(command, state.case, by, facts);
  if (!hasCase(state)) return refuse('CaseNotOpened');
  if (!isOnCase(state.case, by.person)) return refuse('NotYourRole', { role: by.role });
  switch (command.type) {
    case 'SubmitPosition':
    case 'OpenPositions':
      return decidePosition(command, state, by, facts);
    case 'RecordDissent':
    case 'AnswerDissent':
    case 'ReviewDissent':
      return decideDissent(command, state, by, facts);
    case 'RequestResolution':
    case 'OpenResolution':
    case 'RecordOutcome':
      return decideResolution(command, state, by);
    case 'SignDecision':
      return decideDecision(command, state, by, facts);
  }
}

/** What an entry makes true. An entry whose body is withheld still tells that it happened, when and by whom. */
export function evolve(state: RoomState, entry: Entry): RoomState {
  const next = { ...state, seq: entry.seq };
  const { seq, at, actor: by } = entry;
  if (entry.body === null) return entry.type === 'PositionSubmitted' ? sealed(next, entry) : next;
  const event = entry.body;
  switch (event.type) {
    case 'CaseOpened':
    case 'ChairTold':
    case 'PartnersTold':
      return { ...next, case: evolveCase(state.case, event, at, by) };
    case 'NotesFrozen':
      return { ...next, notes: evolveNotes(state.notes, event, seq, at) };
    case 'PositionSubmitted':
      return { ...next, lastStated: seq, positions: evolvePositions(state.positions, event, seq, at, by) };
    case 'PositionsOpened':
      return { ...next, lastStated: seq, positions: evolvePositions(state.positions, event, seq, at, by) };
    case 'DissentRecorded':
      return {
        ...next,
        lastStated: seq,
        dissents: evolveDissents(state.dissents, event, seq, at, by, state.decision !== null),
      };
    case 'DissentReviewed':
      return {
        ...next,
        lastStated: seq,
        dissents: evolveDissents(state.dissents, event, seq, at, by, state.decision !== null),
      };
    case 'DissentAnswered':
      return { ...next, dissents: evolveDissents(state.dissents, event, seq, at, by, state.decision !== null) };
    case 'ResolutionRequested':
    case 'ResolutionOpened':
    case 'OutcomeRecorded':
      return { ...next, resolutions: evolveResolutions(state.resolutions, event, seq, at, by) };
    case 'DecisionSigned':
      return { ...next, decision: evolveDecision(event, seq, at, by) };
    case 'ToldOfCase':
      return { ...next, work: evolveWork(state.work, event, at) };
  }
}

function sealed(state: RoomState, entry: Entry): RoomState {
  const event = { type: 'PositionSubmitted', content: null } as const;
  return {
    ...state,
    lastStated: entry.seq,
    positions: evolvePositions(state.positions, event, entry.seq, entry.at, entry.actor),
  };
}

export function fold(entries: readonly Entry[], from: RoomState = emptyRoom): RoomState {
  return entries.reduce(evolve, from);
}

/**
 * The entry as `reader` may have it: whole, or with body and salt withheld. `state` is the room
 * folded from whole entries. The hash still verifies either way. The one place that decides this,
 * asked by every channel: socket, request, export.
 */
export function asReadBy(entry: Entry, state: Pick<RoomState, 'positions'>, reader: Pick<Actor, 'agency'>): Entry {
  if (entry.type !== 'PositionSubmitted' || mayReadPosition(state.positions, entry.actor.agency.id, reader))
    return entry;
  return { ...entry, body: null, salt: null };
}

/** Entries earlier than this one that a reader must now be sent again, because this one opened them. */
export function reveals(entry: Entry): boolean {
  return entry.type === 'PositionsOpened';
}

/** Where a case stands, in one word pair for its tag. */
export const caseStatuses = [
  'notified',
  'not-notified',
  'in-resolution',
  'views-differ',
  'views-agree',
  'positions-sealed',
  'in-discussion',
] as const;
export type CaseStatus = (typeof caseStatuses)[number];
export const caseStatusWords: Record<CaseStatus, string> = {
  notified: 'Decided: notify',
  'not-notified': 'Decided: do not notify',
  'in-resolution': 'In resolution',
  'views-differ': 'Views differ',
  'views-agree': 'Views agree',
  'positions-sealed': 'Positions sealed',
  'in-discussion': 'In discussion',
};

export function statusOf(state: CaseRoom): CaseStatus {
  if (state.decision) return state.decision.content.outcome === 'notify' ? 'notified' : 'not-notified';
  const resolution = state.resolutions.at(-1);
  if (resolution && resolution.status !== 'recorded') return 'in-resolution';
  if (state.positions.opened) return differences(state).length > 0 ? 'views-differ' : 'views-agree';
  return Object.keys(state.positions.byAgency).length > 0 ? 'positions-sealed' : 'in-discussion';
}

/** Live disagreement, by agency name: shown wherever the decision is. */
export function disagreeing(state: Pick<RoomState, 'dissents'>): string[] {
  return [...new Set(state.dissents.filter(isLive).map(({ by }) => by.agency.name))];
}

/** Whether a capability includes another: `write` includes `comment`, which includes `read`. */
export function includes(held: Capability, needed: Capability): boolean {
  const order: Capability[] = ['read', 'comment', 'write'];
  return order.indexOf(held) >= order.indexOf(needed);
}
