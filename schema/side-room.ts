/** Rooms beside a case's common room: an agency's own account, its working notes, a private session, a legal lane. */
import { z } from 'zod';
import { mayGivePosition, type Actor, holds } from './actor.ts';
import { isStatutoryPartner, type Agency } from './agency.ts';
import { isLegalClient } from './legal-advice.ts';
import { capability, personOnCase, type Capability, type PersonOnCase } from './case.ts';

/** Kinds that a case has of its own; `schema/room.ts` lists every kind there is. */
export const sideRoomKinds = ['agency-account', 'agency-working-notes', 'private-session', 'legal-lane'] as const;
export type SideRoomKind = (typeof sideRoomKinds)[number];

/** First entry of such a room: which it is, of which case, and who was let in. It stands in no other room's record. */
export const roomOpened = z.object({
  type: z.literal('RoomOpened'),
  kind: z.enum(sideRoomKinds),
  ref: z.string(),
  members: z.array(z.object({ ...personOnCase.shape, capability })),
});
export type SideRoomEvent = z.infer<typeof roomOpened>;

/** A room as its own record tells of it. */
export type SideRoomState = { kind: SideRoomKind; ref: string; openedAt: string; openedBy: Actor } | null;

export function evolveSideRoom(event: SideRoomEvent, at: string, by: Actor): SideRoomState {
  return { kind: event.kind, ref: event.ref, openedAt: at, openedBy: by };
}

/** What each person may do in a room beside the common one; no entry, no way in. */
export type Admission = { person: PersonOnCase; capability: Capability };

/** An agency's own account: its people write it, everyone else on the case reads it. */
export function admittedToAccount(people: readonly PersonOnCase[], agency: Pick<Agency, 'id'>): Admission[] {
  return people.map((person) => ({
    person,
    capability: person.agency.id === agency.id && person.capability === 'write' ? 'write' : 'read',
  }));
}

/** An agency's working notes: its own people on the case and nobody else, the Chair included. */
export function admittedToWorkingNotes(people: readonly PersonOnCase[], agency: Pick<Agency, 'id'>): Admission[] {
  return people
    .filter((person) => person.agency.id === agency.id)
    .map((person) => ({ person, capability: person.capability }));
}

/** An agency's legal lane: those of its people who take advice and act on it, and its legal adviser. All of them write. */
export function admittedToLegalLane(people: readonly PersonOnCase[], agency: Pick<Agency, 'id'>): Admission[] {
  return people.filter((person) => isLegalClient(person, agency)).map((person) => ({ person, capability: 'write' }));
}

/** The agencies on a case that speak for themselves: each has an account and working notes. */
export function agenciesWithRooms(people: readonly PersonOnCase[]): Agency[] {
  const speaking = people.filter(
    (person) => mayGivePosition(person) || (holds(person, 'position-holder') && !isStatutoryPartner(person.agency)),
  );
  return [...new Map(speaking.map(({ agency }) => [agency.id, agency])).values()];
}

/** The headings an agency's account starts with. */
export const accountHeadings = ['What we know', 'What we did', 'What we do not know yet'] as const;

/** The headings an agency's legal lane starts with. */
export const legalLaneHeadings = ['What we asked', 'What we were advised'] as const;

/** The headings of the kinds that start with some. */
export const headingsOf: Partial<Record<SideRoomKind, readonly string[]>> = {
  'agency-account': accountHeadings,
  'legal-lane': legalLaneHeadings,
};

/** What each kind is called on screen. */
export const sideRoomWords: Record<SideRoomKind, string> = {
  'agency-account': 'account',
  'agency-working-notes': 'working notes',
  'private-session': 'Private session',
  'legal-lane': 'Legal advice',
};
