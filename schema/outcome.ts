/** What a stage of resolution came to: who took part, the outcome, common ground, points at issue, and who does what by when. */
import { z } from 'zod';
import { isServiceClock, mayLead, type Actor } from './actor.ts';
import type { Day } from './calendar.ts';
import type { CaseState } from './case.ts';
import { choice, day, longText, optionalText, shortText, text } from './fields.ts';
import type { Facts } from './facts.ts';
import { id } from './id.ts';
import { leadStageAbove, mustAttend, stageAbove } from './ladder.ts';
import { notNow, type Lived } from './life.ts';
import { hasEnded, type LimitEvent, type LimitsState } from './limit.ts';
import { differences, type PositionsState } from './position.ts';
import { refuse, type Refusal } from './refusal.ts';
import {
  climb,
  currentStage,
  notAtStage,
  type LeadPartnersTold,
  type Resolution,
  type ResolutionEvent,
  type ResolutionState,
} from './resolution.ts';

export const outcomes = [
  'agreed-notify',
  'agreed-not-notify',
  'agreed-more-information',
  'not-agreed',
  'escalate',
  'to-lead-partners',
  'panel-advice',
  'withdrawn',
  'other-authority',
] as const;
export type Outcome = (typeof outcomes)[number];
export const outcomeWords: Record<Outcome, string> = {
  'agreed-notify': 'Agreed: notify',
  'agreed-not-notify': 'Agreed: do not notify',
  'agreed-more-information': 'Agreed: get more information by a date',
  'not-agreed': 'Not agreed: the local authority decides',
  escalate: 'Not agreed: pass to the next stage',
  'to-lead-partners': 'Not agreed: pass to the lead partners',
  'panel-advice': "The national Panel's advice is sought",
  withdrawn: 'Withdrawn because of new facts',
  'other-authority': 'Referred to another authority',
};

/** What has to be said with some outcomes, and how it is asked for. */
export const detailAsked: Partial<Record<Outcome, string>> = {
  'agreed-more-information': 'Say what information, and from whom',
  'panel-advice': 'Say what the Panel was asked',
  withdrawn: 'Say what the new facts are',
  'other-authority': 'Say which authority',
};

export const attended = ['attended', 'deputy', 'nobody'] as const;
export const attendedWords: Record<(typeof attended)[number], string> = {
  attended: 'Took part',
  deputy: 'A deputy took part',
  nobody: 'Nobody took part',
};
const attendance = z
  .strictObject({
    agency: id,
    who: choice(attended, 'Select who took part'),
    /** The deputy's name. */
    deputy: optionalText(shortText),
  })
  .refine(({ who, deputy }) => who !== 'deputy' || deputy !== '', {
    error: "Enter the deputy's name",
    path: ['deputy'],
  });
const action = z.strictObject({
  what: text('Say what is to be done', shortText),
  owner: z.string({ error: 'Select who does it' }).min(1, 'Select who does it'),
  by: day('Enter the date it is done by, like 27 3 2026'),
});

export const recordOutcome = z
  .strictObject({
    type: z.literal('RecordOutcome'),
    /** The entry that began the stage; null for the one that is running. */
    stage: z.int().positive().nullable().default(null),
    attendance: z.array(attendance).max(20).default([]),
    /** Why the stage went on without a partner that must take part. */
    wentOnBecause: optionalText(),
    outcome: choice(outcomes, 'Select the outcome'),
    detail: optionalText(),
    /** For more information: by when. */
    due: day('Enter the date, like 27 3 2026').nullable().default(null),
    commonGround: text('Say what is common ground', longText),
    pointsAtIssue: text('Say what is still at issue, or "None"', longText),
    actions: z.array(action).max(20).default([]),
  })
  .superRefine(({ outcome, detail, due }, context) => {
    const asked = detailAsked[outcome];
    if (asked && detail === '') context.addIssue({ code: 'custom', message: asked, path: ['detail'] });
    if (outcome === 'agreed-more-information' && due === null) {
      context.addIssue({ code: 'custom', message: 'Enter the date the information is needed by', path: ['due'] });
    }
  });
export type RecordOutcome = z.infer<typeof recordOutcome>;

/** What an outcome says of itself: what was typed under an answer that was then changed is no part of it. */
export function asAsked({
  outcome,
  detail,
  due,
  attendance,
}: Pick<z.infer<typeof recordOutcome>, 'outcome' | 'detail' | 'due' | 'attendance'>) {
  return {
    detail: detailAsked[outcome] ? detail : '',
    due: outcome === 'agreed-more-information' ? due : null,
    attendance: attendance.map(({ agency, who, deputy }) => ({ agency, who, deputy: who === 'deputy' ? deputy : '' })),
  };
}

const agencyNamed = z.object({ agency: id, name: z.string() });
export const outcomeRecorded = z.object({
  type: z.literal('OutcomeRecorded'),
  stage: z.number().nullable().default(null),
  outcome: z.enum(outcomes),
  detail: z.string().default(''),
  due: z.string().nullable().default(null),
  commonGround: z.string(),
  pointsAtIssue: z.string(),
  attendance: z.array(agencyNamed.extend({ who: z.enum(attended), deputy: z.string() })).default([]),
  wentOnBecause: z.string().default(''),
  actions: z.array(z.object({ what: z.string(), owner: agencyNamed, by: z.string() })).default([]),
});
export type OutcomeEvent = z.infer<typeof outcomeRecorded>;

type Known = Lived & { case: CaseState; resolutions: ResolutionState };

/**
 * The Chair records what a stage came to. One that was running when the authority signed, or when
 * its last day ended, may still be recorded: what was said was said. Then nothing follows from it.
 */
export function decideOutcome(
  command: RecordOutcome,
  state: Known,
  by: Actor,
  facts: Facts,
): (ResolutionEvent | LeadPartnersTold)[] | Refusal {
  if (!mayLead(by)) return refuse('OnlyTheChair');
  const stage = meant(state.resolutions, command.stage);
  const not = notAtStage('OutcomeRecorded', stage);
  if (not) return not;
  // What lapsed before it opened came to nothing that could be recorded.
  if (!stage?.openedAt) return refuse('ResolutionNotOpen');
  const wrong =
    attendanceRefused(command, state) ?? datesRefused(command, state, facts) ?? ownersRefused(command, state);
  if (wrong) return wrong;
  const next = nextOf(command, stage, state, facts);
  if ('refused' in next) return next;
  const names = agencyNames(state.case);
  const named = (agency: string) => ({ agency, name: names.get(agency) ?? '' });
  const { outcome, commonGround, pointsAtIssue, wentOnBecause } = command;
  const { detail, due, attendance } = asAsked(command);
  return [
    {
      type: 'OutcomeRecorded',
      stage: stage.seq,
      outcome,
      detail,
      due,
      commonGround,
      pointsAtIssue,
      attendance: attendance.map(({ agency, ...came }) => ({ ...named(agency), ...came })),
      wentOnBecause,
      actions: command.actions.map(({ what, owner, by }) => ({ what, owner: named(owner), by })),
    },
    ...next,
  ];
}

function meant(state: ResolutionState, seq: number | null): Resolution | null {
  return seq === null ? currentStage(state) : (state.find((each) => each.seq === seq) ?? null);
}

/** Each partner that must take part is spoken for: present, by a deputy, or absent with the reason for going on. */
function attendanceRefused({ attendance, wentOnBecause }: RecordOutcome, state: Known): Refusal | null {
  const must = mustAttend(state.case);
  const unsaid = must.filter(({ id }) => !attendance.some(({ agency }) => agency === id));
  if (unsaid.length > 0) {
    return refuse('AttendanceMissing', { agencies: unsaid.map(({ name }) => name), field: 'attendance' });
  }
  const absent = must.filter(({ id }) => attendance.some(({ agency, who }) => agency === id && who === 'nobody'));
  if (absent.length === 0 || wentOnBecause !== '') return null;
  return refuse('AbsenceUnexplained', { agencies: absent.map(({ name }) => name), field: 'wentOnBecause' });
}

/** More information is agreed for a day the clock allows: the time to notify never moves. Once it has ended, any day to come. */
function datesRefused({ outcome, due, actions }: RecordOutcome, state: Known, facts: Facts): Refusal | null {
  if (outcome === 'agreed-more-information' && due !== null) {
    if (due < facts.today) return refuse('DateInThePast', { field: 'due' });
    const { notifyBy } = state.case;
    if (facts.today <= notifyBy && due > notifyBy)
      return refuse('DateAfterTheClock', { field: 'due', until: notifyBy });
  }
  const late = actions.findIndex((each) => each.by < facts.today);
  return late < 0 ? null : refuse('DateInThePast', { field: `actions.${late}.by` });
}

function ownersRefused({ actions, attendance }: RecordOutcome, state: Known): Refusal | null {
  const names = agencyNames(state.case);
  const unknown = actions.findIndex(({ owner }) => !names.has(owner));
  if (unknown >= 0) return refuse('NotOnTheCase', { field: `actions.${unknown}.owner` });
  return attendance.every(({ agency }) => names.has(agency)) ? null : refuse('NotOnTheCase', { field: 'attendance' });
}

/** What follows from the outcome, if anything: the stage above. */
function nextOf(
  { outcome }: RecordOutcome,
  stage: Resolution,
  state: Known,
  facts: Facts,
): (ResolutionEvent | LeadPartnersTold)[] | Refusal {
  if (outcome !== 'escalate' && outcome !== 'to-lead-partners') return [];
  const tooLate = notNow('ResolutionEscalated', state);
  if (tooLate) return tooLate;
  // It has gone on already: its last day ended before this was recorded.
  if (stage.lapsed) return refuse('LimitAlreadyPassed', { field: 'outcome' });
  const { ladder } = state.case.arrangements;
  const to = (outcome === 'escalate' ? stageAbove : leadStageAbove)(ladder, stage.stage.number);
  return to ? climb(stage, to, 'outcome', state, facts) : refuse('NoStageAbove', { field: 'outcome' });
}

/** The agencies that take part in a case, by their id. */
export function agencyNames({ people }: Pick<CaseState, 'people'>): Map<string, string> {
  return new Map(people.map(({ agency }) => [agency.id, agency.name]));
}

/** The day by which the partners agreed to have more information, where that is the last thing they settled. */
export function informationAgreed({
  resolutions,
}: {
  resolutions: ResolutionState;
}): { stage: Resolution; due: Day } | null {
  const stage = resolutions.at(-1);
  const due = stage?.outcome?.outcome === 'agreed-more-information' ? stage.outcome.due : null;
  return stage && due ? { stage, due } : null;
}

/**
 * The agreed day has ended and the authority has not decided. Where views still differ, the stage
 * above begins, as it does for a stage that ends in silence (Working Together 2023, para. 110).
 */
export function decideInformationLimit(
  state: Known & { positions: PositionsState; limits: LimitsState },
  by: Actor,
  facts: Facts,
): (ResolutionEvent | LimitEvent | LeadPartnersTold)[] | Refusal {
  if (!isServiceClock(by)) return refuse('NotYourRole', { role: by.role });
  const tooLate = notNow('StageLimitPassed', state);
  if (tooLate) return tooLate;
  const agreed = informationAgreed(state);
  if (!agreed || informationEnded(state)) return refuse('LimitAlreadyPassed');
  const { stage, due } = agreed;
  if (!hasEnded(due, facts)) return refuse('LimitNotPassed', { until: due });
  const above = differences(state).length > 0 ? stageAbove(state.case.arrangements.ladder, stage.stage.number) : null;
  return [
    { type: 'LimitPassed', limit: 'information', day: due },
    ...(above ? climb(stage, above, 'silence', state, facts) : []),
  ];
}

/** Whether it is in the record that the day last agreed for information has ended. */
export function informationEnded({
  resolutions,
  limits,
}: {
  resolutions: ResolutionState;
  limits: LimitsState;
}): boolean {
  const agreed = resolutions.at(-1)?.outcome?.seq ?? 0;
  return limits.some(({ limit, seq }) => limit === 'information' && seq > agreed);
}
