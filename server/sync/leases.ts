/** ClientIDs: each belongs to one person for ever, so that what is written under it is theirs (T2, T3). */
import { randomInt } from 'node:crypto';
import { and, eq, inArray } from 'drizzle-orm';
import type { PersonId, RoomId } from '#schema/id.ts';
import { limits } from '#schema/protocol.ts';
import { clientLease } from '#schema/tables/index.ts';
import type { Database } from '../store.ts';
import { Allowances } from './allowance.ts';

/** Yjs makes clientIDs of 32 bits. */
const largest = 2 ** 32;

/** Numbers that one update may bring of which the room does not know whose they are: a copy has had no more. */
const atOnce = limits.leasesPerHour + limits.claimsPerHour;

const inAnHour = (most: number) => ({ most, perSecond: most / 3_600 });

export type Leases = {
  /** Issues a clientID that nobody in the room has had; null when this person has been issued too many within the hour. */
  issue: (db: Database, room: RoomId, person: PersonId) => Promise<number | null>;
  /** Claims clientIDs for whoever chose them; null when this person has claimed too many. */
  claim: (db: Database, room: RoomId, clients: readonly number[], person: PersonId) => Promise<Holders | null>;
};
/** Whose each clientID is. */
export type Holders = ReadonlyMap<number, PersonId>;

/**
 * Counts what is issued apart from what is claimed: somebody who often opens the notes in our own
 * client is issued a number each time, and must not so be barred from writing with a plain
 * provider. Counted here and not in the table, where the two look the same; a process that starts
 * anew counts anew.
 */
export function createLeases(): Leases {
  const issued = new Allowances(inAnHour(limits.leasesPerHour));
  const claimed = new Allowances(inAnHour(limits.claimsPerHour));
  return {
    async issue(db, room, person) {
      return issued.take(`${room} ${person}`) > 0 ? null : issueLease(db, room, person);
    },
    async claim(db, room, clients, person) {
      if (clients.length > atOnce) return null;
      const held = await holders(db, room, clients);
      const free = clients.filter((client) => !held.has(client));
      if (free.length === 0) return held;
      if (claimed.take(`${room} ${person}`, free.length) > 0) return null;
      await db
        .insert(clientLease)
        .values(free.map((client) => ({ room, client, person })))
        .onConflictDoNothing();
      return holders(db, room, clients);
    },
  };
}

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

async function holders(db: Database, room: RoomId, clients: readonly number[]): Promise<Map<number, PersonId>> {
  const rows = await db
    .select({ client: clientLease.client, person: clientLease.person })
    .from(clientLease)
    .where(and(eq(clientLease.room, room), inArray(clientLease.client, [...clients])));
  return new Map(rows.map(({ client, person }) => [client, person]));
}
