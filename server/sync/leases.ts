/** ClientIDs: each belongs to one person for ever, so that what is written under it is theirs (T2, T3). */
import { randomInt } from 'node:crypto';
import { and, count, eq, gt, inArray, sql } from 'drizzle-orm';
import type { PersonId, RoomId } from '#schema/id.ts';
import { limits } from '#schema/protocol.ts';
import { clientLease } from '#schema/tables/index.ts';
import type { Database } from '../store.ts';

/** Yjs makes clientIDs of 32 bits. */
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

/**
 * Claims clientIDs at first sight, for a plain provider that chose its own. Returns whose each of
 * them is now; null when this person has claimed too many within the hour (T19).
 */
export async function claimLeases(
  db: Database,
  room: RoomId,
  clients: readonly number[],
  person: PersonId,
): Promise<ReadonlyMap<number, PersonId> | null> {
  const held = await holders(db, room, clients);
  const free = clients.filter((client) => !held.has(client));
  if (free.length === 0) return held;
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
  if ((recent?.count ?? 0) + free.length > limits.leasesPerHour) return null;
  await db
    .insert(clientLease)
    .values(free.map((client) => ({ room, client, person })))
    .onConflictDoNothing();
  return holders(db, room, clients);
}

async function holders(db: Database, room: RoomId, clients: readonly number[]): Promise<Map<number, PersonId>> {
  const rows = await db
    .select({ client: clientLease.client, person: clientLease.person })
    .from(clientLease)
    .where(and(eq(clientLease.room, room), inArray(clientLease.client, [...clients])));
  return new Map(rows.map(({ client, person }) => [client, person]));
}
