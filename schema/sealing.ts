/** What of the record is withheld from whom, and until when. */
import type { Actor } from './actor.ts';
import type { Entry } from './ledger.ts';
import { mayReadPosition } from './position.ts';
import { isEarlier } from './reopen.ts';
import type { RoomState } from './room.ts';
import { mayReadAnswer } from './wording.ts';

/**
 * The entry as `reader` may have it: whole, or with body and salt withheld. `state` is the room
 * folded from whole entries. The hash still verifies either way. The one place that decides this,
 * asked by every channel: socket, request, export.
 */
export function asReadBy(
  entry: Entry,
  state: Pick<RoomState, 'positions' | 'reopened' | 'sessions'>,
  reader: Pick<Actor, 'agency'>,
): Entry {
  return isSealedFrom(entry, state, reader) ? { ...entry, body: null, salt: null } : entry;
}

/** What may be sealed, and from whom, until when: a position until positions open, an answer until its wording's answers do. */
function isSealedFrom(
  entry: Entry,
  state: Pick<RoomState, 'positions' | 'reopened' | 'sessions'>,
  reader: Pick<Actor, 'agency'>,
): boolean {
  const { body } = entry;
  if (entry.type === 'PositionSubmitted')
    return !isEarlier(entry.seq, state) && !mayReadPosition(state.positions, entry.actor.agency.id, reader);
  if (body?.type !== 'WordingAnswered') return false;
  return !mayReadAnswer(
    state.sessions.flatMap(({ wordings }) => wordings),
    body,
    reader,
  );
}

/** Whether entries of this kind are withheld from some readers until an entry that `reveals` them. */
export function maySeal(type: Entry['type']): boolean {
  return type === 'PositionSubmitted' || type === 'WordingAnswered';
}

/** Entries earlier than this one that a reader must now be sent again, because this one opened them. */
export function reveals({ type }: Pick<Entry, 'type'>): boolean {
  return type === 'PositionsOpened' || type === 'AnswersOpened';
}
