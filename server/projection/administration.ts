/** What follows from an entry of the partnership's own room: its agencies, its people and their roles, cover, what it has agreed. */
import { and, eq, notExists, sql } from 'drizzle-orm';
import type { AdministrationEvent } from '#schema/administration.ts';
import type { Day } from '#schema/calendar.ts';
import type { PartnershipId, PersonId } from '#schema/id.ts';
import {
  agency as agencyTable,
  arrangements as arrangementsTable,
  cover as coverTable,
  membership,
  session as sessionTable,
} from '#schema/tables/index.ts';
import { addPerson, setPassword } from '../person.ts';
import type { Database } from '../store.ts';

/** The midnight in London with which a day begins; for a day that has begun, now, so that a role holds at once. */
export const beginning = (day: Day) => sql`greatest((${day}::timestamp at time zone 'Europe/London'), now())`;
export const midnightAfter = (day: Day) => sql`((${day}::timestamp + interval '1 day') at time zone 'Europe/London')`;

/** What a change makes true in the tables that the rest of the service reads, in the same transaction. */
export async function projectAdministration(
  tx: Database,
  partnership: PartnershipId,
  event: AdministrationEvent,
  { email, passwordHash }: { email: string; passwordHash: string },
): Promise<void> {
  switch (event.type) {
    case 'ArrangementsChanged': {
      const { version } = event.arrangements;
      await tx.insert(arrangementsTable).values({ partnership, version, content: event.arrangements });
      return;
    }
    case 'AgencyAdded':
      await tx.insert(agencyTable).values({ partnership, ...event.agency });
      return;
    case 'RoleGiven': {
      const { person, name, agency, role, from, until, added } = event;
      if (added) await addPerson(tx, partnership, { id: person, name, email, passwordHash });
      await tx.insert(membership).values({
        id: event.membership,
        person,
        partnership,
        agency: agency.id,
        role,
        since: beginning(from),
        until: until && midnightAfter(until),
      });
      return;
    }
    case 'PasswordGiven':
      await setPassword(tx, event.person, passwordHash);
      return;
    case 'RoleEnded':
      await tx
        .update(membership)
        .set({ until: event.on === null ? sql`now()` : midnightAfter(event.on) })
        .where(eq(membership.id, event.membership));
      await endSessions(tx, event.person);
      return;
    case 'CoverGiven': {
      const { cover, person, agency, role, from, until, authorisedBy } = event;
      const row = {
        id: cover,
        partnership,
        person,
        for: event.for,
        agency: agency.id,
        role,
        from,
        until,
        authorisedBy,
      };
      await tx.insert(coverTable).values(row);
      return;
    }
    case 'CoverEnded':
      await tx
        .update(coverTable)
        .set({ endedAt: sql`now()` })
        .where(eq(coverTable.id, event.cover));
  }
}

/** Whoever has no role left is signed out, wherever they are. */
async function endSessions(tx: Database, person: PersonId): Promise<void> {
  const serves = tx
    .select({ id: membership.id })
    .from(membership)
    .where(and(eq(membership.person, person), sql`(${membership.until} is null or ${membership.until} > now())`));
  await tx.delete(sessionTable).where(and(eq(sessionTable.userId, person), notExists(serves)));
}
