/** Acting cover as it holds today: who covers whose role. Looked up when asked, never remembered. */
import { and, eq, inArray, sql } from 'drizzle-orm';
import type { Cover } from '#schema/actor.ts';
import type { PersonId } from '#schema/id.ts';
import { cover, person, type roomMember, type workItem } from '#schema/tables/index.ts';
import { coverHolds } from './standing.ts';
import type { Database } from './store.ts';

const holdsToday = sql.raw(coverHolds);

/** The roles that each of these people covers today, with the agency in which. */
export async function coversOf(
  db: Database,
  people: readonly PersonId[],
): Promise<{ person: PersonId; agency: string; cover: Cover }[]> {
  if (people.length === 0) return [];
  const rows = await db
    .select({
      person: cover.person,
      agency: cover.agency,
      role: cover.role,
      for: cover.for,
      name: person.name,
      until: cover.until,
      authorisedBy: cover.authorisedBy,
    })
    .from(cover)
    .innerJoin(person, eq(person.id, cover.for))
    .where(and(inArray(cover.person, [...people]), holdsToday))
    .orderBy(cover.id);
  return rows.map(({ person, agency, ...given }) => ({ person, agency, cover: given }));
}

/** A column that names this person, or somebody whose role they cover today. */
export function isOrIsCoveredBy(column: typeof roomMember.person | typeof workItem.person, id: PersonId) {
  return sql`(${column} = ${id} or ${column} in (select ${cover.for} from ${cover} where ${cover.person} = ${id} and ${holdsToday}))`;
}
