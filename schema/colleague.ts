/** Colleagues on a case: whoever answers for an agency lets in those who work with them on it, and takes them off it again. */
import { z } from 'zod';
import { asThemselves, holds, rolesOf, type Actor, type Roles } from './actor.ts';
import type { Role } from './agency.ts';
import { isOnCase, onCase, personOnCase, type CaseState, type PersonOnCase } from './case.ts';
import { text } from './fields.ts';
import { id, idPattern } from './id.ts';
import { refuse, type Refusal } from './refusal.ts';

const why = text('Say why');
export const letColleagueIn = z.strictObject({
  type: z.literal('LetColleagueIn'),
  person: z.string().regex(idPattern, 'Select who comes onto the case'),
  why,
});
export const takeColleagueOff = z.strictObject({ type: z.literal('TakeColleagueOff'), person: id, why });
export const colleagueCommands = [letColleagueIn, takeColleagueOff] as const;
export type ColleagueCommand = z.infer<(typeof colleagueCommands)[number]>;

/** One person, told of the case by being let in. */
export const colleagueLetIn = z.object({
  type: z.literal('ColleagueLetIn'),
  people: z.array(personOnCase).length(1),
  why: z.string(),
});
export const colleagueTakenOff = z.object({
  type: z.literal('ColleagueTakenOff'),
  person: id,
  name: z.string(),
  why: z.string(),
});
export const colleagueEvents = [colleagueLetIn, colleagueTakenOff] as const;
export type ColleagueEvent = z.infer<(typeof colleagueEvents)[number]>;

/**
 * Who is let in by a colleague: those who work on a case without answering for their agency. Everybody
 * else comes by being named when it is raised, by their role or by acting cover, so that nobody
 * chooses who speaks or decides once it is under way.
 */
const comeByColleagues: ReadonlySet<Role> = new Set(['contributor', 'legal-adviser', 'business-unit']);

/** Whoever answers for an agency on the case; the Chair for the partnership's own office. */
export function mayLetIn(by: Roles): boolean {
  return holds(by, 'position-holder') || holds(by, 'decision-maker') || holds(by, 'chair');
}

/** Those of the agency who serve in the partnership and could be let in. */
export function colleaguesOf(by: Actor, opened: Pick<CaseState, 'people'>, serving: readonly Actor[]): PersonOnCase[] {
  return serving
    .map((each) => onCase(asThemselves(each)))
    .filter((each) => isColleague(each, by) && !isOnCase(opened, each.person));
}

/** Those on the case whom this person may take off it. */
export function takenOffBy(by: Actor, { people }: Pick<CaseState, 'people'>): PersonOnCase[] {
  return mayLetIn(by) ? people.filter((each) => isColleague(each, by) && each.person !== by.person) : [];
}

function isColleague(each: PersonOnCase, by: Actor): boolean {
  return each.agency.id === by.agency.id && rolesOf(each).every((role) => comeByColleagues.has(role));
}

export function decideColleague(
  command: ColleagueCommand,
  { case: opened }: { case: CaseState },
  by: Actor,
  { partnership }: { partnership: { people: readonly Actor[] } },
): ColleagueEvent[] | Refusal {
  if (!mayLetIn(by)) return refuse('NotYourRole', { role: by.role });
  const { person, why } = command;
  if (command.type === 'LetColleagueIn') {
    if (isOnCase(opened, person)) return refuse('AlreadyOnTheCase', { field: 'person' });
    const colleague = colleaguesOf(by, opened, partnership.people).find((each) => each.person === person);
    if (!colleague) return refuse('NotYourColleague', { field: 'person', agency: by.agency.name });
    return [{ type: 'ColleagueLetIn', people: [colleague], why }];
  }
  if (!isOnCase(opened, person)) return refuse('NotOnTheCase', { field: 'person' });
  const colleague = takenOffBy(by, opened).find((each) => each.person === person);
  if (!colleague) return refuse('NotYourColleague', { field: 'person', agency: by.agency.name });
  return [{ type: 'ColleagueTakenOff', person, name: colleague.name, why }];
}

export function evolveColleague(state: CaseState, event: ColleagueEvent): CaseState {
  if (event.type === 'ColleagueLetIn') return { ...state, people: [...state.people, ...event.people] };
  const left = state.people.filter(({ person }) => person === event.person);
  return {
    ...state,
    people: state.people.filter(({ person }) => person !== event.person),
    left: [...state.left, ...left],
  };
}
