/**
 * Who is asking: a person, the agency they act for and the role they hold there, as on that day; and
 * what a role may do or see on every case alike, which the first page asks without bringing the rules.
 */
import { z } from 'zod';
import { agency, isStatutoryPartner, role, type Agency, type Role } from './agency.ts';
import { id, type PersonId } from './id.ts';

/**
 * Acting cover: the role of somebody else in the same agency, until the end of a day, on somebody's
 * authority. Only the roles that the law and the arrangements give to one named person can be covered.
 */
export const coverable = ['position-holder', 'decision-maker', 'lead-partner', 'chair', 'partner-chair'] as const;
export const cover = z.object({
  role: z.enum(coverable),
  /** Whose role it is. */
  for: id,
  name: z.string(),
  until: z.string(),
  authorisedBy: z.string(),
});
export type Cover = z.infer<typeof cover>;

export type Actor = {
  person: PersonId;
  name: string;
  agency: Agency;
  role: Role;
  /** Other roles that they hold in the same agency; left out for most. An entry names the one they acted in as `role`. */
  also?: readonly Role[] | undefined;
  /** Roles this person covers today; left out for most people on most days. */
  covers?: readonly Cover[] | undefined;
};

/** As frozen into every entry: a later change of name, agency or role does not alter it. */
export const actor = z.object({
  person: id,
  name: z.string(),
  agency,
  role,
  also: z.array(role).readonly().optional(),
  covers: z.array(cover).readonly().optional(),
});

/** What a rule asks of somebody: which roles they hold, and for which agency. */
export type Roles = Pick<Actor, 'role' | 'also' | 'covers'>;
export type Acting = Roles & Pick<Actor, 'agency'>;

/** Every role the person may act in now: their own, and those they cover for a colleague today. */
export function rolesOf({ role, also = [], covers = [] }: Roles): Role[] {
  return [role, ...also, ...covers.map((each) => each.role)];
}

/** Whether this is a role of the person's own, or one they cover for a colleague today. */
export function holds(by: Roles, role: Role): boolean {
  return rolesOf(by).includes(role);
}

/** Whether they may act in any role but these: for what every role may do except some. */
export function holdsOtherThan(by: Roles, ...roles: readonly Role[]): boolean {
  return rolesOf(by).some((role) => !roles.includes(role));
}

/** Without what they cover: what somebody is told of in their own right stays theirs when the cover has ended. */
export function asThemselves<Person extends Roles>(person: Person): Omit<Person, 'covers'> {
  const { covers, ...own } = person;
  return own;
}

/** The person in each of their own roles by itself, in the order in which they were given. */
export function inEachRole({ also = [], ...by }: Actor): Actor[] {
  return [by.role, ...also].map((role) => ({ ...by, role }));
}

const nobody = '0'.repeat(32);

/**
 * The service's own clock. What happens because time has passed is recorded in its name, so that
 * nobody is said to have done what nobody did. It is no person, and nobody can sign in as it.
 */
export const serviceClock: Actor = {
  person: nobody,
  name: "The service's clock",
  agency: { id: nobody, kind: 'partnership', name: 'Candour' },
  role: 'service',
};

export function isServiceClock(by: Pick<Actor, 'person' | 'role'>): boolean {
  return by.role === 'service' && by.person === nobody;
}

/** Children Act 2004 s.16C: the power to notify, and so to decide, is the local authority's alone. */
export function mayDecide(by: Acting): boolean {
  return holds(by, 'decision-maker') && by.agency.kind === 'local-authority';
}

/**
 * Who leads resolution: the Chair, and where partners chair in rotation the one whose turn it is. Whoever
 * decides for the authority never does: nobody leads the partners to a view and then decides on it.
 */
export function mayLead(by: Roles): boolean {
  return holds(by, 'chair') || (holds(by, 'partner-chair') && mayTakeChair(by));
}

/** Anyone but the person who decides for the authority. */
export function mayTakeChair(by: Roles): boolean {
  return !holds(by, 'decision-maker');
}

/** "Amara Fenwick, Health": how a person is named wherever they appear. */
export function nameOf(actor: Pick<Actor, 'name' | 'agency'>): string {
  return `${actor.name}, ${actor.agency.name}`;
}

/** Only a named holder of a statutory partner gives a position; chair and advisers hold none. */
export function mayGivePosition(by: Acting): boolean {
  return holds(by, 'position-holder') && isStatutoryPartner(by.agency);
}

/**
 * The review and advisory group: the partnership's office and Chair, and those who speak for a
 * statutory partner or for education.
 */
export function mayLeadLearning(by: Acting): boolean {
  if (holds(by, 'chair') || holds(by, 'business-unit')) return true;
  return holds(by, 'position-holder') && (isStatutoryPartner(by.agency) || by.agency.kind === 'education');
}

/** Whose logs a person may read: the Chair and the business unit every agency's, people of an agency their own. */
export function screeningRead(by: Acting): 'every' | 'own' | 'none' {
  if (holds(by, 'chair') || holds(by, 'business-unit')) return 'every';
  return by.agency.kind === 'partnership' || holds(by, 'service') ? 'none' : 'own';
}

/** The register shows the Chair every case of the partnership, and everyone else those they are on. */
export function seesEveryCase(by: Roles): boolean {
  return holds(by, 'chair');
}

/** The business unit looks after the partnership itself. */
export function mayAdminister(by: Roles): boolean {
  return holds(by, 'business-unit');
}
