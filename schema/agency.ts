/** Agencies of a partnership, and the roles people hold in them. */
import { z } from 'zod';
import { id, type AgencyId } from './id.ts';

export const agencyKinds = ['local-authority', 'health', 'police', 'education', 'partnership', 'other'] as const;
export const agencyKind = z.enum(agencyKinds);
/**
 * `local-authority`, `health` and `police` are the three statutory safeguarding partners
 * (Children Act 2004 s.16E). `partnership` is the partnership itself: its independent chair and
 * business unit belong to no agency.
 */
export type AgencyKind = z.infer<typeof agencyKind>;

export const agency = z.object({ id, kind: agencyKind, name: z.string().min(1).max(80) });
export type Agency = { id: AgencyId; kind: AgencyKind; name: string };

/** What each kind is called where no agency of it can be named. */
export const agencyKindWords: Record<AgencyKind, string> = {
  'local-authority': 'Local authority',
  health: 'Health',
  police: 'Police',
  education: 'Education',
  partnership: 'The partnership itself',
  other: 'Another relevant agency',
};

/** The kinds whose positions are asked for. */
export const statutoryKinds = ['local-authority', 'health', 'police'] as const satisfies readonly AgencyKind[];
const statutory: ReadonlySet<AgencyKind> = new Set(statutoryKinds);

/** Whether this agency is one of the three whose positions are asked for. */
export function isStatutoryPartner(agency: Pick<Agency, 'kind'>): boolean {
  return statutory.has(agency.kind);
}

export const roles = [
  'position-holder',
  'contributor',
  'decision-maker',
  'chair',
  'legal-adviser',
  'business-unit',
  'lead-partner',
  'partner-chair',
  'service',
] as const;
export const role = z.enum(roles);
/**
 * `position-holder` speaks for the agency; `contributor` writes notes and comments only;
 * `decision-maker` signs for the local authority (statute gives the decision to the authority
 * alone); `chair` is the independent chair or scrutineer: told first, sees every case, holds no
 * position; `legal-adviser` advises, holds no position; `business-unit` looks after the partnership;
 * `lead-partner` is a statutory partner's head (Working Together 2023, chapter 2), told when a
 * disagreement reaches the lead partners; `partner-chair` is somebody of a statutory partner whose turn
 * it is to lead sessions, where partners chair in rotation; `service` is the service itself, which nobody can be.
 */
export type Role = z.infer<typeof role>;

/** The roles that a person can be given. */
export const personRole = z.enum(roles).exclude(['service']);
export type PersonRole = z.infer<typeof personRole>;

/** What each role is called on screen, beside the person's name. */
export const roleWords: Record<Role, string> = {
  'position-holder': 'speaks for the agency',
  contributor: 'contributor',
  'decision-maker': 'decides for the local authority',
  chair: 'Independent Chair',
  'legal-adviser': 'legal adviser',
  'business-unit': 'business unit',
  'lead-partner': 'lead partner',
  'partner-chair': 'chairs in rotation',
  service: 'the service itself',
};

/** "Health", or "the Independent Chair", who belongs to no agency. */
export function calledIn({ agency, role }: { agency: Agency; role: Role }): string {
  return agency.kind === 'partnership' ? `the ${roleWords[role]}` : agency.name;
}
