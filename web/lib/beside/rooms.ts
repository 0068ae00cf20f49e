/** The rooms beside a case's common one that this person may go into, and what each is called. */
import type { AgencyId } from '#schema/id.ts';
import type { CaseRoom } from '#schema/room.ts';
import { isLegalClient } from '#schema/legal-advice.ts';
import { mayHoldPrivateSession } from '#schema/private-session.ts';
import { agenciesWithRooms } from '#schema/side-room.ts';
import type { Actor } from '#schema/actor.ts';

export type Door = { href: string; label: string };

/** "Health's account"; one's own is "Our account". */
export function accountName(agency: { id: AgencyId; name: string }, me: Pick<Actor, 'agency'>): string {
  return agency.id === me.agency.id ? `Our account (${agency.name})` : `${agency.name}'s account`;
}

/** In the order in which they stand beside the notes. */
export function doorsOf({ case: of, privateSessions }: CaseRoom, me: Actor): Door[] {
  const here = `/cases/${of.ref}`;
  const agencies = agenciesWithRooms(of.people);
  return [
    { href: here, label: 'Notes of all partners' },
    ...agencies.map((agency) => ({ href: `${here}/account/${agency.id}`, label: accountName(agency, me) })),
    ...(agencies.some(({ id }) => id === me.agency.id)
      ? [{ href: `${here}/working-notes`, label: `Working notes, only ${me.agency.name} sees them` }]
      : []),
    ...(isLegalClient(me) && agencies.some(({ id }) => id === me.agency.id)
      ? [{ href: `${here}/legal-advice`, label: `Legal advice, only ${me.agency.name} sees it` }]
      : []),
    ...(privateSessions.length > 0 || mayHoldPrivateSession(me)
      ? [{ href: `${here}/private`, label: 'Private session' }]
      : []),
  ];
}
