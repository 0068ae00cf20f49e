/** Writes what people are told, in the transaction of the entry that causes it. */
import { randomBytes } from 'node:crypto';
import { dayOf, type Day } from '#schema/calendar.ts';
import { newId, type PersonId, type RoomId } from '#schema/id.ts';
import { notice } from '#schema/tables/index.ts';
import type { Need } from '#schema/work.ts';
import { withDeputies } from '../cover.ts';
import { databaseNow } from '../ledger.ts';
import type { Database } from '../store.ts';

export type Owed = { person: PersonId; need: Need };

/** 72 random bits in base64url: a link in a mail that tells nothing and cannot be guessed. */
export function newCode(): string {
  return randomBytes(9).toString('base64url');
}

/**
 * Tells each person, and whoever covers for them, what is now asked of them and was not before.
 * Whoever's own act brought it about is not told: they are here. What is asked only from a later day
 * is told by the post, on that day.
 */
export async function tellWhatIsNew(
  tx: Database,
  room: RoomId,
  { before, after, by }: { before: readonly Owed[]; after: readonly Owed[]; by: PersonId | null },
): Promise<void> {
  const known = new Set(before.map(keyOf));
  const today = dayOf(await databaseNow(tx));
  const asked = after.filter((each) => !known.has(keyOf(each)) && isAsked(each.need, today));
  const told = await withDeputies(tx, asked);
  const fresh = [...new Map(told.map((each) => [keyOf(each), each])).values()].filter(({ person }) => person !== by);
  if (fresh.length === 0) return;
  await tx
    .insert(notice)
    .values(
      fresh.map(({ person, need }) => ({ id: newId(), person, room, need, code: newCode(), why: 'asked' as const })),
    );
}

/** The same thing by another day is not new; the same words about something else are. */
function keyOf({ person, need }: Owed): string {
  return `${person} ${need.place} ${sayNeed(need)}`;
}

/** Names what is asked, and of what. */
export function sayNeed({ what, at }: Pick<Need, 'what' | 'at'>): string {
  return at === undefined ? what : `${what} ${at}`;
}

/** Whether its first day has come. */
export function isAsked({ from }: Need, today: Day): boolean {
  return from === undefined || from <= today;
}
