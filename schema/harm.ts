/** What the harm is and is likely to become, as each agency sees it, looked at again on a day that it sets. */
import { z } from 'zod';
import { holds, type Actor } from './actor.ts';
import type { Day } from './calendar.ts';
import { yesNoNotKnown } from './case.ts';
import { mayAnswerElements } from './elements.ts';
import { besideFields, choice, day, optionalText, shortText, text } from './fields.ts';
import type { Facts } from './facts.ts';
import type { AgencyId } from './id.ts';
import { canonical } from './ledger.ts';
import { withMore } from './lists.ts';
import { refuse, type Refusal } from './refusal.ts';
import type { CaseRoom } from './room.ts';
import type { Need } from './work.ts';

/** Kinds of impairment in Children Act 2004 s.16B(9) and Working Together 2023, chapter 5, with two signs of severity. */
export const harmKinds = [
  'physical',
  'mental-health',
  'intellectual',
  'emotional',
  'social',
  'behavioural',
  'life-threatening',
  'serious-crime',
] as const;
export type HarmKind = (typeof harmKinds)[number];
export const harmKindWords: Record<HarmKind, string> = {
  physical: 'Physical health',
  'mental-health': 'Mental health',
  intellectual: 'Intellectual development',
  emotional: 'Emotional development',
  social: 'Social development',
  behavioural: 'Behavioural development',
  'life-threatening': 'An injury that threatened life',
  'serious-crime': 'Victim of a serious crime',
};
export const likelihoods = ['certain', 'likely', 'possible', 'unlikely', 'not-known'] as const;
export type Likelihood = (typeof likelihoods)[number];
export const likelihoodWords: Record<Likelihood, string> = {
  certain: 'Certain',
  likely: 'Likely',
  possible: 'Possible',
  unlikely: 'Unlikely',
  'not-known': 'Not known yet',
};

const longTerm = z.enum(likelihoods).or(z.literal('')).default('');

export const assessHarm = z
  .strictObject({
    type: z.literal('AssessHarm'),
    kinds: z.array(z.enum(harmKinds)).max(harmKinds.length),
    /** How likely each kind is to last; asked of those chosen. */
    longTerm: z.strictObject(
      Object.fromEntries(harmKinds.map((kind) => [kind, longTerm])) as Record<HarmKind, typeof longTerm>,
    ),
    severity: text('Say how severe the harm is now'),
    source: text('Say where this comes from', shortText),
    recovered: choice(yesNoNotKnown, 'Select whether the child has recovered'),
    revisitOn: day('Enter the day to look at it again, like 27 3 2026').or(z.literal('')).default(''),
    whyNotAgain: optionalText(),
  })
  .superRefine(({ kinds, longTerm, revisitOn, whyNotAgain }, context) => {
    for (const kind of harmKinds.filter((each) => Array.isArray(kinds) && kinds.includes(each))) {
      const path = ['longTerm', kind];
      if (longTerm?.[kind] === '')
        context.addIssue({ code: 'custom', path, message: 'Select how likely it is to last' });
    }
    if (revisitOn === '' && !whyNotAgain) {
      const message = 'Enter the day to look at it again, or say below why it need not be';
      context.addIssue({ code: 'custom', path: ['revisitOn'], message });
    }
  }, besideFields);

export const harmAssessed = z.object({
  type: z.literal('HarmAssessed'),
  harms: z.array(z.object({ kind: z.enum(harmKinds), longTerm: z.enum(likelihoods) })),
  severity: z.string(),
  source: z.string(),
  recovered: z.enum(yesNoNotKnown),
  revisitOn: z.string().nullable(),
  whyNotAgain: z.string(),
});
export type HarmEvent = z.infer<typeof harmAssessed>;
export type Assessed = Omit<HarmEvent, 'type'> & { seq: number; at: string; by: Actor };
/** Every assessment, oldest first: an agency's latest is the one that holds, and its earlier ones stay. */
export type HarmState = readonly Assessed[];

/**
 * Records how an agency sees the harm. That a child has recovered closes nothing: serious harm may
 * still have occurred (Working Together 2023, chapter 5), and what lasts shows late.
 */
export function decideHarm(
  command: z.infer<typeof assessHarm>,
  state: HarmState,
  by: Actor,
  { today }: Pick<Facts, 'today'>,
): HarmEvent[] | Refusal {
  if (!mayAnswerElements(by)) return refuse('NotYourRole', { role: by.role });
  const { kinds, longTerm, severity, source, recovered, revisitOn, whyNotAgain } = command;
  if (revisitOn !== '' && revisitOn <= today) return refuse('DateInThePast', { field: 'revisitOn' });
  const harms = harmKinds.flatMap((kind) => {
    const likely = longTerm[kind];
    return kinds.includes(kind) && likely !== '' ? [{ kind, longTerm: likely }] : [];
  });
  const said = { harms, severity, source, recovered, revisitOn: revisitOn || null, whyNotAgain };
  const latest = latestOf(state, by.agency.id);
  if (latest && canonical(saidIn(latest)) === canonical(said)) return refuse('AssessmentUnchanged', { at: latest.at });
  return [{ type: 'HarmAssessed', ...said }];
}

function saidIn({ seq: _seq, at: _at, by: _by, ...said }: Assessed): Omit<HarmEvent, 'type'> {
  return said;
}

export function evolveHarm(state: HarmState, { type: _, ...said }: HarmEvent, seq: number, at: string, by: Actor) {
  return withMore(state, { ...said, seq, at, by });
}

/** Each agency's latest assessment and the days it was made before, in the order they first gave one. */
export function harmByAgency(state: HarmState): { latest: Assessed; earlier: Assessed[] }[] {
  const byAgency = new Map<AgencyId, Assessed[]>();
  for (const each of state) byAgency.set(each.by.agency.id, [each, ...(byAgency.get(each.by.agency.id) ?? [])]);
  return [...byAgency.values()].flatMap(([latest, ...earlier]) => (latest ? [{ latest, earlier }] : []));
}

/** The day on which this agency looks at the harm again; null where it has set none. */
export function revisitOf(state: HarmState, agency: AgencyId): Day | null {
  return latestOf(state, agency)?.revisitOn ?? null;
}

function latestOf(state: HarmState, agency: AgencyId): Assessed | undefined {
  return state.findLast(({ by }) => by.agency.id === agency);
}

/** Asked of those who speak for the agency from the day it set, also long after the decision. */
export function harmNeeds({ harm }: Pick<CaseRoom, 'harm'>, actor: Actor): Need[] {
  const due = revisitOf(harm, actor.agency.id);
  if (!due || !holds(actor, 'position-holder')) return [];
  return [{ what: 'Look again at the harm and what lasts of it', place: 'criteria', due, from: due, at: 'harm' }];
}
