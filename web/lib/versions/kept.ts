/** The versions of a case's notes that its record keeps: which, when, why, and by what names. */
import type { Event } from '#schema/event.ts';
import type { Entry } from '#schema/ledger.ts';
import type { FrozenCopy, NotesState, VersionName } from '#schema/notes.ts';
import { sayActor, tell } from '../deliberation/tell.ts';

/** `because` says in words which acts rest on it: "Police gave its position". */
export type KeptVersion = { copy: FrozenCopy; names: readonly VersionName[]; because: readonly string[] };

/** Newest first. */
export function keptVersions(notes: NotesState, entries: readonly Entry[]): KeptVersion[] {
  return notes.frozen
    .map((copy, index) => ({
      copy,
      names: notes.named.filter(({ version, hash }) => version === copy.version && hash === copy.hash),
      because: actsOn(copy, notes.frozen[index + 1]?.seq ?? Infinity, entries),
    }))
    .reverse();
}

/** Acts that cite these words. Until the next copy was kept: the same words may come back and be kept again. */
function actsOn({ seq, hash }: FrozenCopy, next: number, entries: readonly Entry[]): string[] {
  return entries.flatMap((entry) => {
    if (entry.seq <= seq || entry.seq >= next) return [];
    // A sealed position's words are withheld, and with them what it rests on; the copy just before it is that.
    const cited = entry.body === null ? entry.seq === seq + 1 : citesOf(entry.body) === hash;
    return cited ? [`${tell(entry, entries).title}: ${sayActor(entry.actor)}`] : [];
  });
}

function citesOf(event: Event): string | undefined {
  if (event.type === 'PositionSubmitted' || event.type === 'DecisionSigned') return event.restsOn?.hash;
  return event.type === 'SessionCalled' ? event.notes?.hash : undefined;
}
