/** What a partnership has agreed, as it stands on a day: read when asked, never remembered. */
import { eq } from 'drizzle-orm';
import { latestOf } from '#schema/administration.ts';
import { holidaysOf, inForce, wholeOf, type Arrangements } from '#schema/arrangements.ts';
import { holidaysByDay, type Day, type Holidays } from '#schema/calendar.ts';
import type { PartnershipId } from '#schema/id.ts';
import { arrangements } from '#schema/tables/index.ts';
import type { Database } from './store.ts';

/** Every version, the first first. */
export async function versionsOf(db: Database, partnership: PartnershipId): Promise<Arrangements[]> {
  const versions = await db
    .select({ content: arrangements.content })
    .from(arrangements)
    .where(eq(arrangements.partnership, partnership))
    .orderBy(arrangements.version);
  return versions.map(({ content }) => wholeOf(content));
}

/** The partnership's arrangements in force on `today`. */
export async function arrangementsOf(db: Database, partnership: PartnershipId, today: Day): Promise<Arrangements> {
  return inForce(await versionsOf(db, partnership), today);
}

/** The days that the partnership does not count: those of its latest version, which hold at once. */
export async function holidaysIn(db: Database, partnership: PartnershipId): Promise<Holidays> {
  return holidaysByDay(holidaysOf(latestOf(await versionsOf(db, partnership))));
}
