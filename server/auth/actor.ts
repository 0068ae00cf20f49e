/** Who a person is in their partnership: agency and role, as they stand now. */
import { and, eq, gt, isNull, lte, or, sql } from 'drizzle-orm';
import { rolesOf, type Actor } from '#schema/actor.ts';
import type { PartnershipId, PersonId } from '#schema/id.ts';
import type { Contact } from '#schema/partnership.ts';
import { agency, membership, partnership, person } from '#schema/tables/index.ts';
import { coversOf } from '../cover.ts';
import { prepared } from '../prepared.ts';
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

const rolesNow = prepared((db) =>
  db
    .select({ ...asActor, partnership })
    .from(membership)
    .innerJoin(person, eq(person.id, membership.person))
    .innerJoin(agency, eq(agency.id, membership.agency))
    .innerJoin(partnership, eq(partnership.id, membership.partnership))
    .where(and(eq(person.id, sql.placeholder('id')), current))
    .orderBy(membership.since, membership.id)
    .prepare('roles now'),
);

/**
 * The person as an actor, and for which partnership; null when they serve in none today. They act
 * for the agency that they have served longest, in every role that they hold there.
 */
export async function actorOf(db: Database, id: PersonId): Promise<{ actor: Actor; partnership: Partnership } | null> {
  const [rows, covers] = await Promise.all([rolesNow(db).execute({ id }), coversOf(db, [id])]);
  const [first] = rows;
  if (!first) return null;
  const inOne = rows.filter((row) => row.partnership.id === first.partnership.id);
  const [actor = first] = withCovers(eachOnce(inOne), covers);
  return { actor, partnership: first.partnership };
}

/** Everyone who serves in the partnership today, by name. */
export async function peopleOf(db: Database, id: PartnershipId): Promise<Actor[]> {
  const rows = await db
    .select(asActor)
    .from(membership)
    .innerJoin(person, eq(person.id, membership.person))
    .innerJoin(agency, eq(agency.id, membership.agency))
    .where(and(eq(membership.partnership, id), current))
    .orderBy(membership.since, membership.id);
  const people = eachOnce(rows);
  const covers = await coversOf(
    db,
    people.map(({ person }) => person),
  );
  return withCovers(people, covers).sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The same people with the roles they cover today in their own agency. */
function withCovers(people: readonly Actor[], covers: Awaited<ReturnType<typeof coversOf>>): Actor[] {
  return people.map((actor) => {
    const mine = covers.filter(({ person, agency }) => person === actor.person && agency === actor.agency.id);
    return mine.length === 0 ? actor : { ...actor, covers: mine.map(({ cover }) => cover) };
  });
}

/** Each person once, for the agency they have served longest and in every role there. Rows are oldest first. */
function eachOnce(rows: readonly Actor[]): Actor[] {
  const people = new Map<PersonId, Actor>();
  for (const { person, name, agency, role } of rows) {
    const known = people.get(person);
    if (!known) people.set(person, { person, name, agency, role });
    else if (known.agency.id === agency.id && !rolesOf(known).includes(role))
      people.set(person, { ...known, also: [...(known.also ?? []), role] });
  }
  return [...people.values()];
}
