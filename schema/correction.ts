/** Correcting how a case was raised: old and new stay in the record, and a day that was wrong counts the time to notify anew. */
import { z } from 'zod';
import { holds, mayDecide, mayGivePosition, type Actor } from './actor.ts';
import { dayOf, sayDay } from './calendar.ts';
import { caseDetails, type CaseState } from './case.ts';
import type { Facts } from './facts.ts';
import { text } from './fields.ts';
import { notNow } from './life.ts';
import { refuse, type Refusal } from './refusal.ts';
import { recounted, type ClockRecounted } from './recount.ts';
import type { CaseRoom } from './room.ts';
import type { Need } from './work.ts';

export const correctRaised = z.strictObject({
  type: z.literal('CorrectRaised'),
  /** Everything that was said when the case was raised, as it should be. */
  details: caseDetails,
  reason: text('Say what was wrong, and how you know'),
});
/** The Chair's word that they have read it. */
export const readCorrection = z.strictObject({
  type: z.literal('ReadCorrection'),
  /** The entry that corrected it. */
  correction: z.int().positive(),
});
export const correctionCommands = [correctRaised, readCorrection] as const;
export type CorrectionCommand = z.infer<typeof correctRaised> | z.infer<typeof readCorrection>;

export const raisedCorrected = z.object({
  type: z.literal('RaisedCorrected'),
  before: caseDetails,
  details: caseDetails,
  reason: z.string(),
});
export const correctionRead = z.object({ type: z.literal('CorrectionRead'), correction: z.number() });
export const correctionEvents = [raisedCorrected, correctionRead] as const;
export type CorrectionEvent = z.infer<typeof raisedCorrected> | z.infer<typeof correctionRead>;

export type Correction = Omit<z.infer<typeof raisedCorrected>, 'type'> & {
  seq: number;
  at: string;
  by: Actor;
  /** When the Chair had read it. */
  readAt: string | null;
};

/** Whoever raised it, and those who answer for the authority's clock or look after the partnership. */
export function mayCorrectRaised(by: Actor, { openedBy }: Pick<CaseState, 'openedBy'>): boolean {
  const forTheAuthority = mayDecide(by) || (mayGivePosition(by) && by.agency.kind === 'local-authority');
  return by.person === openedBy.person || forTheAuthority || holds(by, 'business-unit');
}

/**
 * The day the authority became aware starts five working days that never pause (Working Together
 * 2023, chapter 5), so a day that was mistyped must not stay wrong for good. What was decided rests
 * on what was said then: after the decision only new evidence, and reopening, changes it.
 */
export function decideCorrection(
  command: CorrectionCommand,
  state: CaseRoom,
  by: Actor,
  facts: Facts,
): (CorrectionEvent | ClockRecounted)[] | Refusal {
  if (command.type === 'ReadCorrection') return read(command, state.case, by);
  const { details, reason } = command;
  const before = state.case.details;
  if (!mayCorrectRaised(by, state.case)) return refuse('NotYoursToCorrect');
  const not = notNow('RaisedCorrected', state);
  if (not) return not;
  if (same(details, before)) return refuse('NothingChanged');
  const { awareOn, incidentOn } = details;
  if (awareOn > facts.today) return refuse('DateInTheFuture', { field: 'details.awareOn' });
  if (incidentOn && incidentOn > awareOn) return refuse('AwareBeforeItHappened', { field: 'details.incidentOn' });
  const decidedOn = state.reopened?.known ? state.earlier.at(-1)?.decision?.at : null;
  if (decidedOn && awareOn < dayOf(decidedOn)) {
    return refuse('KnownBeforeDecision', { field: 'details.awareOn', decidedOn: dayOf(decidedOn) });
  }
  const moved = recounted({ ...state, case: { ...state.case, details } }, facts.holidays);
  const why = `The authority became aware on ${sayDay(awareOn)}, not on ${sayDay(before.awareOn)}. ${reason}`;
  return [
    { type: 'RaisedCorrected', before, details, reason },
    ...(moved && awareOn !== before.awareOn ? [{ type: 'ClockRecounted' as const, ...moved, why }] : []),
  ];
}

function same(one: object, other: object): boolean {
  const sorted = (said: object) => JSON.stringify(Object.entries(said).sort(([a], [b]) => (a < b ? -1 : 1)));
  return sorted(one) === sorted(other);
}

function read(
  { correction }: z.infer<typeof readCorrection>,
  { corrections }: CaseState,
  by: Actor,
): CorrectionEvent[] | Refusal {
  if (!holds(by, 'chair')) return refuse('OnlyTheChair');
  const found = corrections.find(({ seq }) => seq === correction);
  if (!found) return refuse('NoSuchCorrection');
  if (found.readAt) return refuse('CorrectionAlreadyRead', { at: found.readAt });
  return [{ type: 'CorrectionRead', correction }];
}

export function evolveCorrection(
  state: CaseState,
  event: CorrectionEvent,
  seq: number,
  at: string,
  by: Actor,
): CaseState {
  if (event.type === 'RaisedCorrected') {
    const { type, ...said } = event;
    const corrections = [...state.corrections, { ...said, seq, at, by, readAt: null }];
    return { ...state, details: event.details, corrections };
  }
  const corrections = state.corrections.map((each) => (each.seq === event.correction ? { ...each, readAt: at } : each));
  return { ...state, corrections };
}

/** The Chair was told first of what was raised, so the Chair is told of what was wrong in it. */
export function correctionNeeds({ case: opened }: CaseRoom, actor: Actor): Need[] {
  if (!holds(actor, 'chair')) return [];
  return opened.corrections
    .filter(({ readAt }) => !readAt)
    .map(({ seq, by }) => ({
      what: `${by.agency.name} corrected how the case was raised: read it`,
      place: 'raised',
      due: opened.notifyBy,
      at: `correction-${seq}`,
    }));
}
