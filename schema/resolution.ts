/** Resolution: a disagreement climbs the partnership's ladder, a stage at a time, until it is settled or time is up. */
import { z } from 'zod';
import type { ActionReport } from './agreed-action.ts';
import { isStatutoryPartner } from './agency.ts';
import { holds, isServiceClock, asThemselves, mayLead, type Actor, type Acting } from './actor.ts';
import type { LadderStage } from './arrangements.ts';
import type { Day } from './calendar.ts';
import { onCase, personOnCase, type CaseState } from './case.ts';
import type { Event, EventType } from './event.ts';
import { optionalText, text } from './fields.ts';
import type { Facts } from './facts.ts';
import {
  limitOf,
  resolutionStages,
  stageAbove,
  stageNumbered,
  type ResolutionKind,
  type ResolutionStage,
} from './ladder.ts';
import { after, notAt, notNow, stageLife, type Lived, type StageStatus } from './life.ts';
import type { LeadView, LeadViewEvent } from './lead-view.ts';
import { hasEnded, silentSince, type LimitsState } from './limit.ts';
import type { OutcomeEvent } from './outcome.ts';
import { differences, type PositionsState } from './position.ts';
import { refuse, type Refusal } from './refusal.ts';
import type { SessionEvent } from './session.ts';

export const tried = ['discussed-in-notes', 'spoke-directly', 'neither'] as const;
export const triedWords: Record<(typeof tried)[number], string> = {
  'discussed-in-notes': 'Discussed in the notes',
  'spoke-directly': 'Spoke directly',
  neither: 'Neither',
};

// Commands.

export const requestResolution = z.strictObject({
  type: z.literal('RequestResolution'),
  question: text('Enter what the session should settle'),
  tried: z.array(z.enum(tried)).min(1, 'Select what you have tried already'),
  /** The number of the stage to begin at; null for the lowest. */
  stage: z.int().nullable().default(null),
  /** Why a stage is passed over: asked for where the stage is not the next one up. */
  urgentReason: optionalText(),
});
export const openResolution = z.strictObject({ type: z.literal('OpenResolution') });
/** Sent by the service's clock once the last day of a stage has ended. `stage` is the entry that began it. */
export const passStageLimit = z.strictObject({ type: z.literal('PassStageLimit'), stage: z.int().positive() });
export type ResolutionCommand =
  z.infer<typeof requestResolution> | z.infer<typeof openResolution> | z.infer<typeof passStageLimit>;

// Events.

export const resolutionRequested = z.object({
  type: z.literal('ResolutionRequested'),
  question: z.string(),
  tried: z.array(z.enum(tried)),
  /** The stage it begins at and that stage's last day; null in entries older than ladders. */
  stage: z.number().nullable().default(null),
  limit: z.string().nullable().default(null),
  urgentReason: z.string().default(''),
});
export const climbedBecause = ['silence', 'outcome'] as const;
/** The next stage up begins: nothing was recorded in time, or the partners passed it on. */
export const resolutionEscalated = z.object({
  type: z.literal('ResolutionEscalated'),
  /** The entry that began the stage it comes from. */
  from: z.number(),
  because: z.enum(climbedBecause),
  stage: z.number(),
  limit: z.string(),
});
export const resolutionOpened = z.object({ type: z.literal('ResolutionOpened') });
export const undone = ['not-opened', 'no-outcome'] as const;
export const stageLimitPassed = z.object({
  type: z.literal('StageLimitPassed'),
  stage: z.number(),
  /** The last day of the stage. */
  day: z.string(),
  undone: z.enum(undone),
  /** Partners from whom the stage asked a view and had none, by name. */
  silent: z.array(z.string()),
});
/** The lead partners are told, and admitted to the case, when a disagreement reaches them and not before. */
export const leadPartnersTold = z.object({ type: z.literal('LeadPartnersTold'), people: z.array(personOnCase) });

export type ResolutionEvent =
  | z.infer<typeof resolutionRequested>
  | z.infer<typeof resolutionEscalated>
  | z.infer<typeof resolutionOpened>
  | z.infer<typeof stageLimitPassed>
  | OutcomeEvent
  | LeadViewEvent;
export type LeadPartnersTold = z.infer<typeof leadPartnersTold>;

// State.

export type Resolution = {
  /** The entry that began it: its name. */
  seq: number;
  stage: { number: number; title: string; who: string; kind: ResolutionKind };
  /**
   * As it is lived: asked for, preparing (the Chair has called a session for it), running, and then
   * recorded, or lapsed where its last day ended with no outcome.
   */
  status: StageStatus;
  /** Why it began: somebody asked, or the stage below ended in silence or was passed on. */
  because: 'asked' | (typeof climbedBecause)[number];
  askedAt: string;
  askedBy: Actor;
  question: string;
  tried: readonly (typeof tried)[number][];
  urgentReason: string;
  /** The last day of the stage; null where none was set. */
  limit: Day | null;
  openedAt: string | null;
  openedBy: Actor | null;
  /** The lead partners' views, each agency's last one counting; none in other stages. */
  views: readonly LeadView[];
  lapsed: { at: string; day: Day; undone: (typeof undone)[number]; silent: readonly string[] } | null;
  outcome: (Omit<OutcomeEvent, 'type' | 'stage'> & { seq: number; at: string; by: Actor }) | null;
  /** What came of it, where it left something to be done elsewhere and the Chair has said. */
  followedUp: { seq: number; at: string; by: Actor; said: string } | null;
  /** What agencies said of the actions that its outcome gave them. */
  reports: readonly ActionReport[];
};
/** Every stage that was begun, newest last. */
export type ResolutionState = readonly Resolution[];

/** Whether a stage is over: recorded, or its time was up. */
export function isEnded({ status }: Pick<Resolution, 'status'>): boolean {
  return status === 'recorded' || status === 'lapsed';
}

/** The stage that is being lived now. */
export function currentStage(state: ResolutionState): Resolution | null {
  const last = state.at(-1);
  return last && !isEnded(last) ? last : null;
}

// Rules.

type Known = Lived & {
  case: CaseState;
  positions: PositionsState;
  resolutions: ResolutionState;
  limits: LimitsState;
};

/** Why an entry of this type may not be written to a stage as it stands, or null; `stage` is null where none is lived. */
export function notAtStage(type: EventType, stage: Resolution | null): Refusal | null {
  const name = notAt(stageLife, type, stage?.status ?? 'not-asked');
  if (name === 'ResolutionAlreadyAsked') return refuse(name, { at: stage?.askedAt ?? '' });
  if (name === 'ResolutionAlreadyOpen') return refuse(name, { at: stage?.openedAt ?? '' });
  return name && refuse(name);
}

/** Any statutory partner, education, or the Chair may ask. */
export function mayAskForResolution(by: Acting): boolean {
  if (holds(by, 'chair')) return true;
  return holds(by, 'position-holder') && (isStatutoryPartner(by.agency) || by.agency.kind === 'education');
}

/** The stages at which resolution may be asked for without a reason: the lowest, or the one above the last. */
export function plainStages(state: Pick<Known, 'case' | 'resolutions'>): ResolutionStage[] {
  const { ladder } = state.case.arrangements;
  const last = state.resolutions.at(-1);
  const upTo = last
    ? (stageAbove(ladder, last.stage.number) ?? last.stage).number
    : resolutionStages(ladder)[0]?.number;
  return resolutionStages(ladder).filter(({ number }) => number <= (upTo ?? 0));
}

export function decideResolution(
  command: ResolutionCommand,
  state: Known,
  by: Actor,
  facts: Facts,
): (ResolutionEvent | LeadPartnersTold)[] | Refusal {
  switch (command.type) {
    case 'RequestResolution':
      return request(command, state, by, facts);
    case 'OpenResolution':
      return open(state, by);
    case 'PassStageLimit':
      return passLimit(command, state, by, facts);
  }
}

function request(
  command: z.infer<typeof requestResolution>,
  state: Known,
  by: Actor,
  facts: Facts,
): (ResolutionEvent | LeadPartnersTold)[] | Refusal {
  if (!mayAskForResolution(by)) return refuse('NotYourRole', { role: by.role });
  const not = notToResolve(state);
  if (not) return not;
  const { ladder } = state.case.arrangements;
  const stage = command.stage === null ? (resolutionStages(ladder)[0] ?? null) : stageNumbered(ladder, command.stage);
  if (!stage) return refuse('NoSuchStage', { field: 'stage' });
  const isPlain = plainStages(state).some(({ number }) => number === stage.number);
  if (!isPlain && command.urgentReason === '') return refuse('UrgentReasonMissing', { field: 'urgentReason' });
  const { question, tried } = command;
  const limit = limitOf(stage, state.case.details.awareOn, facts.today, facts.holidays);
  const urgentReason = isPlain ? '' : command.urgentReason;
  return [
    { type: 'ResolutionRequested', question, tried, stage: stage.number, limit, urgentReason },
    ...tellLeads(stage, facts),
  ];
}

/**
 * Why resolution cannot be asked for now, or null: there is something to resolve where views differ,
 * and where a partner has kept silent past the ladder's day for positions, sealed as they may still be.
 */
export function notToResolve(state: Known): Refusal | null {
  const not = notNow('ResolutionRequested', state);
  if (not) return not;
  const isSilent = silentSince(state).length > 0;
  if (!state.positions.opened && !isSilent) return refuse('PositionsStillSealed');
  const asked = notAtStage('ResolutionRequested', currentStage(state.resolutions));
  if (asked) return asked;
  return isSilent || differences(state).length > 0 ? null : refuse('ViewsDoNotDiffer');
}

function open(state: Known, by: Actor): ResolutionEvent[] | Refusal {
  if (!mayLead(by)) return refuse('OnlyTheChair');
  const not = notNow('ResolutionOpened', state) ?? notAtStage('ResolutionOpened', currentStage(state.resolutions));
  return not ?? [{ type: 'ResolutionOpened' }];
}

/**
 * Silence escalates by itself: when a stage's last day has ended with no outcome, the clock says so
 * in the record and the stage above begins (Working Together 2023, para. 110). Above the top stage
 * there is only the authority's decision, which the clock never makes.
 */
function passLimit(
  command: z.infer<typeof passStageLimit>,
  state: Known,
  by: Actor,
  facts: Facts,
): (ResolutionEvent | LeadPartnersTold)[] | Refusal {
  if (!isServiceClock(by)) return refuse('NotYourRole', { role: by.role });
  const tooLate = notNow('StageLimitPassed', state);
  if (tooLate) return tooLate;
  const current = currentStage(state.resolutions);
  if (current?.seq !== command.stage || current.limit === null) return refuse('LimitAlreadyPassed');
  if (!hasEnded(current.limit, facts)) return refuse('LimitNotPassed', { until: current.limit });
  const passed: ResolutionEvent = {
    type: 'StageLimitPassed',
    stage: current.seq,
    day: current.limit,
    undone: current.status === 'running' ? 'no-outcome' : 'not-opened',
    silent: current.stage.kind === 'lead-partners' ? silentLeads(state.case, current) : [],
  };
  const above = stageAbove(state.case.arrangements.ladder, current.stage.number);
  return [passed, ...(above ? climb(current, above, 'silence', state, facts) : [])];
}

function silentLeads({ people }: Pick<CaseState, 'people'>, { views }: Resolution): string[] {
  const leads = people.filter(({ role }) => role === 'lead-partner');
  const silent = leads.filter(({ agency }) => !views.some(({ by }) => by.agency.id === agency.id));
  return [...new Set(silent.map(({ agency }) => agency.name))];
}

/** The stage above begins, and the lead partners are told when it is theirs. */
export function climb(
  from: Resolution,
  to: ResolutionStage,
  because: (typeof climbedBecause)[number],
  state: Pick<Known, 'case'>,
  facts: Facts,
): (ResolutionEvent | LeadPartnersTold)[] {
  const limit = limitOf(to, state.case.details.awareOn, facts.today, facts.holidays);
  return [{ type: 'ResolutionEscalated', from: from.seq, because, stage: to.number, limit }, ...tellLeads(to, facts)];
}

function tellLeads(stage: LadderStage, facts: Facts): LeadPartnersTold[] {
  if (stage.kind !== 'lead-partners') return [];
  const leads = facts.partnership.people
    .map(asThemselves)
    .filter((person) => holds(person, 'lead-partner') && isStatutoryPartner(person.agency));
  return [{ type: 'LeadPartnersTold', people: leads.map(onCase) }];
}

// What entries make true.

export function evolveResolutions(
  state: ResolutionState,
  event: ResolutionEvent,
  ladder: readonly LadderStage[],
  seq: number,
  at: string,
  by: Actor,
): ResolutionState {
  switch (event.type) {
    case 'ResolutionRequested': {
      const { question, tried, urgentReason = '', limit = null } = event;
      const stage = stageNumbered(ladder, event.stage ?? -1) ?? resolutionStages(ladder)[0];
      return stage ? [...state, begun(stage, seq, at, by, 'asked', { question, tried, urgentReason }, limit)] : state;
    }
    case 'ResolutionEscalated': {
      const from = state.find((each) => each.seq === event.from);
      const stage = stageNumbered(ladder, event.stage);
      return from && stage
        ? [...state, begun(stage, seq, at, by, event.because, { ...from, urgentReason: '' }, event.limit)]
        : state;
    }
    case 'ResolutionOpened':
      return moveCurrent(state, event, { openedAt: at, openedBy: by });
    case 'StageLimitPassed': {
      const { day, undone, silent } = event;
      return move(state, event.stage, event, { lapsed: { at, day, undone, silent } });
    }
    case 'OutcomeRecorded': {
      const { type: _type, stage, ...outcome } = event;
      const meant = stage ?? currentStage(state)?.seq ?? 0;
      return move(state, meant, event, { outcome: { ...outcome, seq, at, by } });
    }
    case 'LeadViewGiven': {
      const { stage, view, reason } = event;
      const views = state.find((each) => each.seq === stage)?.views ?? [];
      return move(state, stage, event, { views: [...views, { seq, at, by, view, reason }] });
    }
  }
}

/** The Chair has called a session for the stage that was asked for. */
export function evolvePreparing(state: ResolutionState, event: SessionEvent): ResolutionState {
  return moveCurrent(state, event, {});
}

function begun(
  { number, title, who, kind }: ResolutionStage,
  seq: number,
  at: string,
  by: Actor,
  because: Resolution['because'],
  { question, tried, urgentReason }: Pick<Resolution, 'question' | 'tried' | 'urgentReason'>,
  limit: Day | null,
): Resolution {
  return {
    seq,
    stage: { number, title, who, kind },
    status: 'asked',
    because,
    askedAt: at,
    askedBy: by,
    question,
    tried,
    urgentReason,
    limit,
    openedAt: null,
    openedBy: null,
    views: [],
    lapsed: null,
    outcome: null,
    followedUp: null,
    reports: [],
  };
}

/** What an entry adds to the stage that is being lived. */
function moveCurrent(state: ResolutionState, event: Event, part: Partial<Resolution>): ResolutionState {
  const current = currentStage(state);
  return current ? move(state, current.seq, event, part) : state;
}

/** What an entry adds to a stage, and the status it leads that stage to. */
function move(state: ResolutionState, seq: number, event: Event, part: Partial<Resolution>): ResolutionState {
  return state.map((each) =>
    each.seq === seq ? { ...each, ...part, status: after(stageLife, event, each.status) } : each,
  );
}
