/** Notes: what the shared document may hold, its headings, and the frozen copies that acts rest on. */
import { z } from 'zod';

/** The Yjs root that holds a room's notes. */
export const notesRoot = 'notes';

/** The headings a case's notes start with: they follow the statutory questions. */
export const caseHeadings = [
  { title: 'What happened', hint: 'Facts known so far, with times. Say where each came from.' },
  {
    title: 'The child now',
    hint: 'How the child is, who is with them, and what keeps them and other children safe today.',
  },
  { title: 'Abuse or neglect', hint: 'What is known or suspected, by whom, and what troubles you.' },
  { title: 'Harm', hint: 'What harm there has been, how serious, and what may last.' },
  { title: 'Place', hint: 'Where it happened and where the child normally lives.' },
  { title: 'What we do not know yet', hint: 'What is missing, who can find out, and by when.' },
] as const;

/** Elements the notes may hold; anything else is refused by the guard (security: T5, T19). */
export const nodeNames = [
  'paragraph',
  'heading',
  'bulletList',
  'orderedList',
  'listItem',
  'blockquote',
  'hardBreak',
  'horizontalRule',
  'table',
  'tableRow',
  'tableHeader',
  'tableCell',
] as const;
/** Marks the notes may hold. No style attributes: dissent cannot be hidden in white on white. */
export const markNames = ['bold', 'italic', 'underline', 'strike', 'link'] as const;
/** Attributes the elements may carry. */
export const attributeNames = ['level', 'start', 'type', 'colspan', 'rowspan', 'colwidth'] as const;

/** The notes as they stood: their version (log sequence), readable text, and SHA-256 of that text in hexadecimal. */
export const frozenNotes = z.object({ version: z.number().int().nonnegative(), text: z.string(), hash: z.string() });
export type FrozenNotes = z.infer<typeof frozenNotes>;

/** Frozen into the record because an act rests on them. */
export const notesFrozen = z.object({ type: z.literal('NotesFrozen'), notes: frozenNotes });
export type NotesEvent = z.infer<typeof notesFrozen>;

/** A frozen copy and the entry that holds it. */
export type FrozenCopy = FrozenNotes & { seq: number; at: string };
export type NotesState = { frozen: readonly FrozenCopy[] };
export const noNotes: NotesState = { frozen: [] };

export function evolveNotes(state: NotesState, event: NotesEvent, seq: number, at: string): NotesState {
  return { frozen: [...state.frozen, { ...event.notes, seq, at }] };
}

/** The event that keeps what readers saw, or none if the last frozen copy says the same. */
export function freeze(state: NotesState, notes: FrozenNotes | undefined): NotesEvent[] {
  if (!notes || state.frozen.at(-1)?.hash === notes.hash) return [];
  return [{ type: 'NotesFrozen', notes }];
}

/** What an act cites: version and hash of the notes it rests on. */
export const restsOn = z.object({ version: z.number().int(), hash: z.string() }).nullable();
export type RestsOn = z.infer<typeof restsOn>;

export function cite(notes: FrozenNotes | undefined): RestsOn {
  return notes ? { version: notes.version, hash: notes.hash } : null;
}
