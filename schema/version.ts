/** Versions of the notes, read back: who wrote each passage as they stood, and what two versions differ in. */
import { z } from 'zod';
import type { Instant } from './calendar.ts';
import type { AgencyId, PersonId } from './id.ts';

const versionNumber = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

/** Which moment of the notes: a version by its number, or as they stood at a time; neither is as they stand now. */
export const momentAsked = z.strictObject({
  version: versionNumber.optional(),
  at: z.iso.datetime({ offset: true, error: 'Enter a real date and time' }).optional(),
});
/** Which two versions to compare; without `to`, with the notes as they stand now. */
export const comparisonAsked = z.strictObject({ from: versionNumber, to: versionNumber.optional() });
export type MomentAsked = z.infer<typeof momentAsked>;
export type ComparisonAsked = z.infer<typeof comparisonAsked>;

/** Somebody who wrote in the notes, with the agency they served on that day. */
export type NotesWriter = { person: PersonId; name: string; agency: { id: AgencyId; name: string } };

/** Words that one person wrote, between two moments. `by` is null for somebody who served nowhere on that day. */
export type PastPassage = { text: string; by: NotesWriter | null; from: Instant; to: Instant };
export type PastBlock = { kind: 'heading' | 'paragraph' | 'item' | 'cell' | 'quote'; passages: PastPassage[] };
/** The version's number is that of the last stored change in it; `at` is when that was, null where nothing is. */
export type VersionRead = { version: number; at: Instant | null };
export type PastNotes = VersionRead & { blocks: PastBlock[] };

/** Words that stand in both versions, or that one person wrote or took away between them. */
export type ChangePiece =
  { is: 'same'; text: string } | { is: 'added' | 'removed'; text: string; by: NotesWriter | null; at: Instant | null };
/** Neighbouring lines that differ, whole, with the heading they stand under. */
export type Change = { under: string; pieces: ChangePiece[] };
export type Comparison = { from: VersionRead; to: VersionRead; changes: Change[] };

/** Up to which version somebody has had the notes open, and when they last had. */
export type LastLook = { version: number; at: Instant };
