/** What a rule is told about the world when it decides: never looked up inside a rule. */
import type { Actor } from './actor.ts';
import type { Arrangements } from './arrangements.ts';
import type { Day, Holidays, Instant } from './calendar.ts';
import type { CaseId, CaseRef, RoomId } from './id.ts';
import type { ChildIdentity } from './identity.ts';
import type { FrozenNotes } from './notes.ts';

export type Facts = {
  /** The database's time, and the day it is in London then. */
  now: Instant;
  today: Day;
  holidays: Holidays;
  /** `arrangements` are those in force today; a case's own are in its state. */
  partnership: { name: string; people: readonly Actor[]; arrangements: Arrangements };
  /** The names a new case gets; only when a case is being opened. */
  newCase?: { id: CaseId; room: RoomId; ref: CaseRef };
  /** The name of a room that the act would open beside the common one. */
  newRoom?: RoomId;
  /** Who the children are, from the vault; only where the act is refused for saying it. Never in an event. */
  children?: readonly ChildIdentity[];
  /** The room's notes as they stand, read inside the same transaction; only where an act rests on them. */
  notes?: FrozenNotes;
};
