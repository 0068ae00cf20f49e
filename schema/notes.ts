/** Notes: what the shared document may hold, its headings, and the frozen copies that acts rest on. */
import { z } from 'zod';
import type { Actor } from './actor.ts';
import type { Facts } from './facts.ts';
import { shortText, text } from './fields.ts';
import { withMore } from './lists.ts';
import { refuse, type Refusal } from './refusal.ts';

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

/** Keeps the notes as they stand under a name, to come back to. */
export const nameVersion = z.strictObject({
  type: z.literal('NameVersion'),
  name: text('Enter a name for this version', shortText),
});
export type NotesCommand = z.infer<typeof nameVersion>;

/** Frozen into the record because an act rests on them, or because somebody asked for it by name. */
export const notesFrozen = z.object({ type: z.literal('NotesFrozen'), notes: frozenNotes });
/** A frozen copy was given a name; `version` and `hash` say which. */
export const versionNamed = z.object({
  type: z.literal('VersionNamed'),
  version: z.number(),
  hash: z.string(),
  name: z.string(),
});
export type NotesEvent = z.infer<typeof notesFrozen> | z.infer<typeof versionNamed>;
export const notesEvents = [notesFrozen, versionNamed] as const;

/** A frozen copy and the entry that holds it. */
export type FrozenCopy = FrozenNotes & { seq: number; at: string };
/** A name somebody gave a frozen copy. */
export type VersionName = { seq: number; at: string; by: Actor; version: number; hash: string; name: string };
export type NotesState = { frozen: readonly FrozenCopy[]; named: readonly VersionName[] };
export const noNotes: NotesState = { frozen: [], named: [] };

/** Anyone who may comment may name a version: it adds to the record and changes no words. */
export function decideNotes({ name }: NotesCommand, state: NotesState, { notes }: Facts): NotesEvent[] | Refusal {
  if (!notes || notes.text === '') return refuse('NotesAreEmpty');
  const taken = state.named.find((each) => each.name.toLowerCase() === name.toLowerCase());
  if (taken) return refuse('NameTaken', { field: 'name', at: taken.at });
  return [
    ...freeze(state, notes),
    { type: 'VersionNamed', version: keptAs(state, notes).version, hash: notes.hash, name },
  ];
}

export function evolveNotes(state: NotesState, event: NotesEvent, seq: number, at: string, by: Actor): NotesState {
  switch (event.type) {
    case 'NotesFrozen':
      return { ...state, frozen: withMore(state.frozen, { ...event.notes, seq, at }) };
    case 'VersionNamed': {
      const { version, hash, name } = event;
      return { ...state, named: withMore(state.named, { seq, at, by, version, hash, name }) };
    }
  }
}

/** The frozen copy that holds these notes: the last one, where that says the same, and else these. */
function keptAs(state: NotesState, notes: FrozenNotes): FrozenNotes {
  const last = state.frozen.at(-1);
  return last?.hash === notes.hash ? last : notes;
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

/** The last kept version, where it says something else than what an act rests on: the notes have changed since. */
export function changedSince({ frozen }: Pick<NotesState, 'frozen'>, cited: RestsOn): FrozenCopy | null {
  const last = frozen.at(-1);
  return cited && last && last.hash !== cited.hash ? last : null;
}
