/** A row of the notes' log that nobody can read, as the business unit is told of it: whose notes, which row, since when. Pure. */
import type { Instant } from './calendar.ts';
import type { RoomId } from './id.ts';
import type { RoomKind } from './room.ts';

/** `room` and `row` are what the service's log names it by. */
export type UnreadableRow = {
  room: RoomId;
  kind: RoomKind;
  /** The case's code, for a reader who is on the case; null for others, and for a room that is no case's common one. */
  ref: string | null;
  /** Whose own room it is, where it is a person's. */
  owner: string | null;
  row: number;
  /** When the row was written: the notes have gone on without it since then. */
  since: Instant;
};

/** Whose notes they are. That a case has a private session or a legal lane is for those who are in it to know. */
export function sayNotesOf({ kind, ref, owner }: Pick<UnreadableRow, 'kind' | 'ref' | 'owner'>): string {
  if (ref) return `Notes of case ${ref}`;
  if (owner) return `Notes in My work of ${owner}`;
  return kind === 'case' ? 'Notes of a case that you are not on' : 'Notes of a room beside a case';
}
