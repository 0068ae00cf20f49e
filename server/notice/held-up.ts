/** Mail that cannot leave because of how this service is set up: for the business unit to have it mended. */
import { eq, min } from 'drizzle-orm';
import type { MailHeldUp } from '#schema/notice.ts';
import { mail } from '#schema/tables/index.ts';
import { told } from '../moment.ts';
import type { Database } from '../store.ts';

/**
 * What the mail service says is wrong, as long as a mail waits for that to be mended. The service is set
 * up for all its partnerships at once, so each one's business unit sees it; nothing in it is of a person.
 */
export async function mailHeldUp(db: Database): Promise<MailHeldUp | null> {
  const [first] = await db
    .select({ problem: mail.problem, since: min(mail.at) })
    .from(mail)
    .where(eq(mail.state, 'held-up'))
    .groupBy(mail.problem)
    .orderBy(min(mail.at))
    .limit(1);
  return first?.since ? { says: first.problem ?? '', since: told(first.since) } : null;
}
