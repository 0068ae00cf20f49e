/** Mail that did not reach somebody, for the business unit to ring them: whom, and that; never what of. */
import { and, desc, eq, notInArray, sql } from 'drizzle-orm';
import type { PartnershipId } from '#schema/id.ts';
import type { Undelivered } from '#schema/notice.ts';
import { agency, mail, membership, person } from '#schema/tables/index.ts';
import { current } from '../auth/actor.ts';
import { told } from '../moment.ts';
import type { Database } from '../store.ts';

/**
 * Everyone serving here whose last mail did not arrive, by name. A later one that leaves takes them
 * off the list by itself; a mail still waiting says nothing yet.
 */
export async function undelivered(db: Database, partnership: PartnershipId): Promise<Undelivered[]> {
  const last = db
    .selectDistinctOn([mail.person], { person: mail.person, state: mail.state, at: mail.at })
    .from(mail)
    .where(notInArray(mail.state, ['waiting', 'held-up']))
    .orderBy(mail.person, desc(mail.at))
    .as('last');
  const rows = await db
    .selectDistinctOn([person.name, person.id], {
      person: person.id,
      name: person.name,
      agency: agency.name,
      state: sql<Undelivered['state']>`${last.state}`,
      at: last.at,
    })
    .from(last)
    .innerJoin(person, eq(person.id, last.person))
    .innerJoin(membership, eq(membership.person, person.id))
    .innerJoin(agency, eq(agency.id, membership.agency))
    .where(and(eq(membership.partnership, partnership), current, sql`${last.state} in ('bounced', 'failed')`))
    .orderBy(person.name, person.id, membership.since);
  return rows.map((row) => ({ ...row, at: told(row.at) }));
}
