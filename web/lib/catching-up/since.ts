/** What others have done in a case since somebody was here: what to go to, in words. Pure. */
import { threadId } from '#schema/comment.ts';
import type { Instant } from '#schema/calendar.ts';
import type { PersonId } from '#schema/id.ts';
import type { Entry } from '#schema/ledger.ts';
import type { Change } from '#schema/version.ts';
import { isQuiet } from '../deliberation/tell-session.ts';
import { tell } from '../deliberation/tell.ts';

export type Link = { words: string; href: string };

/** Acts that are named one by one; of more, that there are more. */
const named = 5;

/** By others, after `at`: comments together, every other act by itself, newest first. */
export function actsSince(
  entries: readonly Entry[],
  at: Instant,
  { person, here }: { person: PersonId; here: string },
): Link[] {
  const fresh = entries.filter((entry) => entry.at > at && entry.actor.person !== person);
  const comments = fresh.filter(({ type }) => isWords(type));
  const acts = fresh
    .filter(({ type }) => !type.startsWith('Comment') && type !== 'NotesFrozen' && !isQuiet(type))
    .reverse();
  const first = comments[0];
  return [
    ...(first ? [{ words: sayCount(comments.length, 'comment'), href: `${here}#${threadId(threadOf(first))}` }] : []),
    ...acts.slice(0, named).map((entry) => ({
      words: tell(entry, entries).title,
      href: `${here}/history#entry-${entry.seq}`,
    })),
    ...(acts.length > named ? [{ words: 'More in the history', href: `${here}/history` }] : []),
  ];
}

/** "2 sections changed: Harm and Place": those in which others added or took away words; empty where none did. */
export function sectionsSince(changes: readonly Change[], person: PersonId): string[] {
  const byOthers = changes.filter(({ pieces }) =>
    pieces.some((piece) => piece.is !== 'same' && piece.by?.person !== person),
  );
  return [...new Set(byOthers.map(({ under }) => under || 'Above the first heading'))];
}

export function sayCount(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

const isWords = (type: string): boolean => type === 'CommentAdded' || type === 'CommentReplied';

/** The entry that began the thread that this one belongs to. */
function threadOf({ seq, body }: Entry): number {
  return body?.type === 'CommentReplied' ? body.thread : seq;
}
