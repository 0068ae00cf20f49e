/** ClientIDs: each belongs to one person for ever, so that what is written under it is theirs (T2, T3). */
import { randomInt } from 'node:crypto';
import { and, count, eq, gt, sql } from 'drizzle-orm';
import type { PersonId, RoomId } from '#schema/id.ts';
import { limits } from '#schema/protocol.ts';
import { clientLease } from '#schema/tables/index.ts';
import type { Database } from '../store.ts';

/** Yjs clientIDs are 32-bit. */
const largest = 2 ** 32;

/** Issues a clientID that nobody in the room has had. */
export async function issueLease(db: Database, room: RoomId, person: PersonId): Promise<number> {
  for (;;) {
    const client = randomInt(1, largest);
    const issued = await db
      .insert(clientLease)
      .values({ room, client, person })
      .onConflictDoNothing()
      .returning({ client: clientLease.client });
    if (issued.length === 1) return client;
  }
}

/** Everyone who holds a clientID in the room. */
export async function readLeases(db: Database, room: RoomId): Promise<Map<number, PersonId>> {
  const rows = await db.select().from(clientLease).where(eq(clientLease.room, room));
  return new Map(rows.map(({ client, person }) => [client, person]));
}

/**
 * Claims a clientID at first sight, for a plain provider that chose its own. Returns whose it is
 * now; null when this person has claimed too many within the hour.
 */
export async function claimLease(
  db: Database,
  room: RoomId,
  client: number,
  person: PersonId,
): Promise<PersonId | null> {
  const [held] = await db
    .select({ person: clientLease.person })
    .from(clientLease)
    .where(and(eq(clientLease.room, room), eq(clientLease.client, client)));
  if (held) return held.person;
  const [recent] = await db
    .select({ count: count() })
    .from(clientLease)
    .where(
      and(
        eq(clientLease.room, room),
        eq(clientLease.person, person),
        gt(clientLease.at, sql`now() - interval '1 hour'`),
      ),
    );
  if ((recent?.count ?? 0) >= limits.leasesPerHour) return null;
  await db.insert(clientLease).values({ room, client, person }).onConflictDoNothing();
  const [now] = await db
    .select({ person: clientLease.person })
    .from(clientLease)
    .where(and(eq(clientLease.room, room), eq(clientLease.client, client)));
  return now?.person ?? null;
}
