/** The resolution ladder: which stages a disagreement climbs, who must take part in each, and until when. Pure reading of the partnership's data. */
import { holds } from './actor.ts';
import type { Agency } from './agency.ts';
import type { LadderStage } from './arrangements.ts';
import { addWorkingDays, isWorkingDay, plainDate, type Day, type Holidays } from './calendar.ts';
import { partnersOf, type CaseState, type PersonOnCase } from './case.ts';
import { notifyWithin } from './clock.ts';
import { inWords } from './in-words.ts';

/** The kinds of stage in which a disagreement is worked on, as against the steps before and after it. */
export const resolutionKinds = ['chair-led', 'lead-partners'] as const;
export type ResolutionKind = (typeof resolutionKinds)[number];
export type ResolutionStage = LadderStage & { kind: ResolutionKind };

type Ladder = readonly LadderStage[];

/** The stages that a disagreement can climb, lowest first. */
export function resolutionStages(ladder: Ladder): ResolutionStage[] {
  return ladder.filter(isResolutionStage).sort((a, b) => a.number - b.number);
}

function isResolutionStage(stage: LadderStage): stage is ResolutionStage {
  return resolutionKinds.some((kind) => kind === stage.kind);
}

export function stageNumbered(ladder: Ladder, number: number): ResolutionStage | null {
  return resolutionStages(ladder).find((stage) => stage.number === number) ?? null;
}

/** The stage above this one; null at the top, above which stands only the authority's decision. */
export function stageAbove(ladder: Ladder, number: number): ResolutionStage | null {
  return resolutionStages(ladder).find((stage) => stage.number > number) ?? null;
}

/** The lead partners' stage above this one, if the ladder has one. */
export function leadStageAbove(ladder: Ladder, number: number): ResolutionStage | null {
  return resolutionStages(ladder).find((stage) => stage.number > number && stage.kind === 'lead-partners') ?? null;
}

/**
 * The last day of a stage that begins today: the end of its working day counted from awareness, as
 * the partnership has set it. One that begins later than that has until the end of the working day
 * on which it begins, so that a late start or an outage does not skip people who were never asked.
 */
export function limitOf(stage: Pick<LadderStage, 'byDay'>, awareOn: Day, today: Day, holidays: Holidays): Day {
  const set = addWorkingDays(awareOn, stage.byDay, holidays).due;
  if (set >= today) return set;
  const date = plainDate(today);
  return date && isWorkingDay(date, holidays) ? today : addWorkingDays(today, 1, holidays).due;
}

/** The stage in which formal positions are given; null where the ladder has none. */
export function positionsStage(ladder: Ladder): LadderStage | null {
  return ladder.find(({ kind }) => kind === 'positions') ?? null;
}

/** The last day for formal positions, by the ladder of the case; null where it has no stage for them. */
export function positionsBy(opened: CaseState, holidays: Holidays): Day | null {
  const stage = positionsStage(opened.arrangements.ladder);
  return stage && limitOf(stage, opened.details.awareOn, opened.beganOn, holidays);
}

/** The partners that must take part in a stage; each may send a deputy. */
export function mustAttend(state: Pick<CaseState, 'people'>): Agency[] {
  return partnersOf(state);
}

/** Who of an agency takes part in a stage of this kind: those who speak for it, or its lead partner. */
export function attendersOf(state: Pick<CaseState, 'people'>, agency: Agency, kind: ResolutionKind): PersonOnCase[] {
  const role = kind === 'lead-partners' ? 'lead-partner' : 'position-holder';
  return state.people.filter((person) => person.agency.id === agency.id && holds(person, role));
}

/**
 * What is amiss with a ladder, for those who set it: never a reason to refuse it. The whole of a
 * disagreement has to fit inside the five working days to notify (Working Together 2023, chapter 5).
 */
export function ladderWarnings(ladder: Ladder): string[] {
  const stages = resolutionStages(ladder);
  const late = stages.filter(({ byDay }) => byDay > notifyWithin).map(({ title }) => title);
  const hasty = stages.filter((stage, index) => index > 0 && stage.byDay <= (stages[index - 1]?.byDay ?? 0));
  return [
    ...(stages.length === 0 ? ['There is no stage in which a disagreement is worked on.'] : []),
    ...(late.length > 0
      ? [
          `${inWords(late)} ${late.length === 1 ? 'ends' : 'end'} after day ${notifyWithin}. The authority must notify by then, so a disagreement may not be settled in time.`,
        ]
      : []),
    ...hasty.map(({ title }) => `${title} ends no later than the stage before it, which leaves no time for it.`),
  ];
}
