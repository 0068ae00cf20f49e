/** Acting cover as it holds today: who covers whose role. Looked up when asked, never remembered. */
import { and, eq, inArray, sql } from 'drizzle-orm';
import type { Cover } from '#schema/actor.ts';
import type { PersonId } from '#schema/id.ts';
import { cover, person, type roomMember, type workItem } from '#schema/tables/index.ts';
import { prepared } from './prepared.ts';
import { coverHolds } from './standing.ts';
import type { Database } from './store.ts';

const holdsToday = sql.raw(coverHolds);

const coversNow = prepared((db) =>
  db
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
    .where(and(sql`${cover.person} = any(${sql.placeholder('people')}::text[])`, holdsToday))
    .orderBy(cover.id)
    .prepare('covers now'),
);

/** The roles that each of these people covers today, with the agency in which. */
export async function coversOf(
  db: Database,
  people: readonly PersonId[],
): Promise<{ person: PersonId; agency: string; cover: Cover }[]> {
  if (people.length === 0) return [];
  const rows = await coversNow(db).execute({ people: [...people] });
  return rows.map(({ person, agency, ...given }) => ({ person, agency, cover: given }));
}

/** Who covers for any of these people today, and for whom. */
export async function deputiesOf(
  db: Database,
  people: readonly PersonId[],
): Promise<{ deputy: PersonId; for: PersonId }[]> {
  if (people.length === 0) return [];
  return db
    .select({ deputy: cover.person, for: cover.for })
    .from(cover)
    .where(and(inArray(cover.for, [...new Set(people)]), holdsToday));
}

/** The same, and beside each for a colleague one for whoever covers for them today. */
export async function withDeputies<Each extends { person: PersonId }>(
  db: Database,
  all: readonly Each[],
): Promise<Each[]> {
  const deputies = await deputiesOf(
    db,
    all.map(({ person }) => person),
  );
  return all.flatMap((each) => [
    each,
    ...deputies.filter((cover) => cover.for === each.person).map(({ deputy }) => ({ ...each, person: deputy })),
  ]);
}

/** A column that names this person, or somebody whose role they cover today. */
export function isOrIsCoveredBy(column: typeof roomMember.person | typeof workItem.person, id: PersonId) {
  return sql`(${column} = ${id} or ${column} in (select ${cover.for} from ${cover} where ${cover.person} = ${id} and ${holdsToday}))`;
}
