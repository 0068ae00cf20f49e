/** Who comes onto a case, or leaves it, because a role was given or ended: whoever answers for an agency now can act on what is open. */
import { z } from 'zod';
import { holds, mayGivePosition, rolesOf, type Actor } from './actor.ts';
import { agency, role, type Agency, type Role } from './agency.ts';
import { everOn, onCase, partnersOf, type CaseState, type PersonOnCase } from './case.ts';
import { currentHandOver } from './hand-over.ts';
import { id } from './id.ts';
import type { CaseRoom } from './room.ts';

const whose = { person: id, name: z.string(), agency, role, why: z.string(), authorisedBy: z.string() };
/** Somebody was let into the case by a role they were given. `authorisedBy` gave it, also where the day brought it about. */
export const roleTakenUp = z.object({ type: z.literal('RoleTakenUp'), ...whose });
/** A role somebody had on the case has ended; with the last of them they leave it. */
export const roleLaidDown = z.object({ type: z.literal('RoleLaidDown'), ...whose });
export const successionEvents = [roleTakenUp, roleLaidDown] as const;
export type SuccessionEvent = z.infer<(typeof successionEvents)[number]>;

/** A role that begins or ends, why, and who said so. */
export type Change = Omit<SuccessionEvent, 'type'> & { is: 'given' | 'ended' };

/**
 * What a role that begins or ends does in one case; nothing where it does not reach it, or where it
 * is so already.
 */
export function succeed(state: CaseRoom, { is, ...change }: Change): SuccessionEvent[] {
  const on = state.case.people.find(({ person }) => person === change.person);
  const has = on !== undefined && on.agency.id === change.agency.id && holds(on, change.role);
  if (is === 'ended') return has ? [{ type: 'RoleLaidDown', ...change }] : [];
  return !has && reaches(state, change) ? [{ type: 'RoleTakenUp', ...change }] : [];
}

/**
 * To which cases a role leads by itself. The Chair sees every one. The others only what is still
 * open: the partner whose turn it is to chair may have to lead in each; the authority decides in
 * each; whoever speaks for an agency or heads a partner comes where somebody has been before them;
 * and whoever speaks for a statutory partner, where nobody has and it is not decided yet. All other
 * roles lead to none (need to know).
 */
function reaches(state: CaseRoom, { role, agency }: Pick<Change, 'role' | 'agency'>): boolean {
  if (role === 'chair') return true;
  if (isOver(state)) return false;
  if (role === 'partner-chair') return true;
  if (role === 'decision-maker') return agency.kind === 'local-authority';
  const succeeds = role === 'position-holder' || role === 'lead-partner';
  if (mayGivePosition({ role, agency }) && !state.decision && isMissing(state, agency)) return true;
  return succeeds && everOn(state.case).some((each) => each.agency.id === agency.id && holds(each, role));
}

/** No agency of this kind takes part. */
function isMissing(state: CaseRoom, { kind }: Agency): boolean {
  return partnersOf(state.case).every((partner) => partner.kind !== kind);
}

/** Another authority's, or decided and all that follows from it done. */
function isOver(state: CaseRoom): boolean {
  if (currentHandOver(state)?.accepted) return true;
  return state.decision !== null && (state.learning.closed !== null || state.practiceReview.published !== null);
}

export function evolveSuccession(state: CaseState | null, event: SuccessionEvent, at: string): CaseState | null {
  if (!state) return state;
  const { person, name, agency, role } = event;
  const before = state.people.find((each) => each.person === person);
  const had = before ? rolesOf(before) : [];
  const roles =
    event.type === 'RoleTakenUp' ? [...had.filter((each) => each !== role), role] : had.filter((each) => each !== role);
  const after = inRoles({ person, name, agency }, roles);
  const people = after
    ? [...state.people.filter((each) => each.person !== person), after]
    : state.people.filter((each) => each.person !== person);
  const left = before && event.type === 'RoleLaidDown' ? [...state.left, before] : state.left;
  const chairTold = event.type === 'RoleTakenUp' && role === 'chair' && state.chairToldAt === null;
  return {
    ...state,
    people,
    left,
    ...(chairTold ? { chairToldAt: at, chairAfterPartners: state.partnersToldAt !== null } : {}),
  };
}

/** The person in these roles and no other; null in none. */
function inRoles(
  who: Pick<Actor, 'person' | 'name' | 'agency'>,
  [role, ...also]: readonly Role[],
): PersonOnCase | null {
  return role ? onCase({ ...who, role, ...(also.length > 0 ? { also } : {}) }) : null;
}
