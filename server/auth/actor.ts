/** Who a person is in their partnership: agency and role, as they stand now. */
import { and, eq, gt, isNull, lte, or, sql } from 'drizzle-orm';
import type { Actor } from '#schema/actor.ts';
import type { PartnershipId, PersonId } from '#schema/id.ts';
import type { Contact } from '#schema/partnership.ts';
import { agency, membership, partnership, person } from '#schema/tables/index.ts';
import { coversOf } from '../cover.ts';
import type { Database } from '../store.ts';

export type Partnership = { id: PartnershipId; name: string; practice: boolean; contact: Contact };

/** A role that holds now, of a person who may sign in. */
export const current = and(
  lte(membership.since, sql`now()`),
  or(isNull(membership.until), gt(membership.until, sql`now()`)),
  isNull(person.disabledAt),
);
const asActor = {
  person: person.id,
  name: person.name,
  agency: { id: agency.id, kind: agency.kind, name: agency.name },
  role: membership.role,
};

/** The person as an actor, and for which partnership; null when they serve in none today. */
export async function actorOf(db: Database, id: PersonId): Promise<{ actor: Actor; partnership: Partnership } | null> {
  const [found] = await db
    .select({ ...asActor, partnership })
    .from(membership)
    .innerJoin(person, eq(person.id, membership.person))
    .innerJoin(agency, eq(agency.id, membership.agency))
    .innerJoin(partnership, eq(partnership.id, membership.partnership))
    .where(and(eq(person.id, id), current))
    .orderBy(membership.since)
    .limit(1);
  if (!found) return null;
  const [actor = found] = await withCovers(db, [shape(found)]);
  return { actor, partnership: found.partnership };
}

/** Everyone who serves in the partnership today, by name. */
export async function peopleOf(db: Database, id: PartnershipId): Promise<Actor[]> {
  const rows = await db
    .select(asActor)
    .from(membership)
    .innerJoin(person, eq(person.id, membership.person))
    .innerJoin(agency, eq(agency.id, membership.agency))
    .where(and(eq(membership.partnership, id), current))
    .orderBy(person.name);
  return withCovers(db, rows.map(shape));
}

/** The same people with the roles they cover today in their own agency. */
async function withCovers(db: Database, people: readonly Actor[]): Promise<Actor[]> {
  const given = await coversOf(
    db,
    people.map(({ person }) => person),
  );
  return people.map((actor) => {
    const mine = given.filter(({ person, agency }) => person === actor.person && agency === actor.agency.id);
    return mine.length === 0 ? actor : { ...actor, covers: mine.map(({ cover }) => cover) };
  });
}

function shape({ person, name, agency, role }: Actor): Actor {
  return { person, name, agency, role };
}
