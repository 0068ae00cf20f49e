/** Writes what people are told, in the transaction of the entry that causes it. */
import { randomBytes } from 'node:crypto';
import { newId, type PersonId, type RoomId } from '#schema/id.ts';
import { notice } from '#schema/tables/index.ts';
import type { Need } from '#schema/work.ts';
import type { Database } from '../store.ts';

export type Owed = { person: PersonId; need: Need };

/** 72 random bits in base64url: a link in a mail that tells nothing and cannot be guessed. */
export function newCode(): string {
  return randomBytes(9).toString('base64url');
}

/**
 * Tells each person what is now asked of them and was not before. Whoever's own act brought it about
 * is not told: they are here.
 */
export async function tellWhatIsNew(
  tx: Database,
  room: RoomId,
  { before, after, by }: { before: readonly Owed[]; after: readonly Owed[]; by: PersonId | null },
): Promise<void> {
  const known = new Set(before.map(keyOf));
  const fresh = after.filter((each) => each.person !== by && !known.has(keyOf(each)));
  if (fresh.length === 0) return;
  await tx
    .insert(notice)
    .values(
      fresh.map(({ person, need }) => ({ id: newId(), person, room, need, code: newCode(), why: 'asked' as const })),
    );
}

/** The same thing by another day is not new. */
function keyOf({ person, need }: Owed): string {
  return `${person} ${need.place} ${need.what}`;
}
