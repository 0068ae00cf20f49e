/** What a partnership has agreed, as it stands on a day: read when asked, never remembered. */
import { eq } from 'drizzle-orm';
import { inForce, type Arrangements } from '#schema/arrangements.ts';
import type { Day } from '#schema/calendar.ts';
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
  return versions.map(({ content }) => content);
}

/** The partnership's arrangements in force on `today`. */
export async function arrangementsOf(db: Database, partnership: PartnershipId, today: Day): Promise<Arrangements> {
  return inForce(await versionsOf(db, partnership), today);
}
