/** Documents of a case: the record holds what each is, whose, and how long it is kept; the bytes stand in a table of their own. */
import { z } from 'zod';
import { isServiceClock, type Actor, holds } from './actor.ts';
import { plainDate, sayDay, type Day } from './calendar.ts';
import type { Facts } from './facts.ts';
import { choice, day, shortText, text } from './fields.ts';
import { id } from './id.ts';
import { withMore } from './lists.ts';
import { refuse, type Refusal } from './refusal.ts';
import type { CaseRoom } from './room.ts';
import type { Need } from './work.ts';

/** What a document may be, told from its bytes alone: each is the ending of its name too. */
export const documentKinds = [
  'pdf',
  'docx',
  'xlsx',
  'doc',
  'xls',
  'msg',
  'txt',
  'png',
  'jpg',
  'gif',
  'webp',
  'heic',
  'tif',
] as const;
export type DocumentKind = (typeof documentKinds)[number];
export const documentKindWords: Record<DocumentKind, string> = {
  pdf: 'PDF',
  docx: 'Word',
  xlsx: 'Excel',
  doc: 'Word (before 2007)',
  xls: 'Excel (before 2007)',
  msg: 'Outlook message',
  txt: 'Text',
  png: 'Image (PNG)',
  jpg: 'Image (JPEG)',
  gif: 'Image (GIF)',
  webp: 'Image (WebP)',
  heic: 'Image (HEIC)',
  tif: 'Image (TIFF)',
};
/** What may be added, as a person is told. */
export const allowedWords = 'PDF, Word, Excel, Outlook message, text or image';

export const documentLimits = {
  /** Bytes of one document. */
  bytes: 25 * 1024 * 1024,
  /** Documents that one case holds at a time. */
  perCase: 200,
} as const;

/** As long as the case's record, or until a day that the agency sets because its own copy is kept elsewhere. */
export const keeping = ['case', 'until'] as const;

/** What a person says of a document: sent before its bytes. */
export const documentSaid = z
  .strictObject({
    /** What it is, in words: its file's own name may hold a family's name and is not kept. */
    name: text('Say what this document is', 120),
    keep: choice(keeping, 'Select how long it is kept'),
    keptUntil: day('Enter the last day it is kept, like 27 3 2027').or(z.literal('')).default(''),
  })
  .superRefine(({ keep, keptUntil }, context) => {
    if (keep === 'until' && keptUntil === '')
      context.addIssue({ code: 'custom', path: ['keptUntil'], message: 'Enter the last day it is kept' });
  });
export type DocumentSaid = z.infer<typeof documentSaid>;

/** Sent by no browser: the server says what it found in the bytes it holds. */
export const addDocument = z.strictObject({
  type: z.literal('AddDocument'),
  document: id,
  said: documentSaid,
  kind: z.enum(documentKinds),
  size: z.int().min(1).max(documentLimits.bytes),
  /** Of the bytes, in hexadecimal. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  viruses: z.enum(['none-found', 'not-checked']),
});
export type AddDocument = z.infer<typeof addDocument>;

export const removalReasons = ['time-over', 'wrong-case', 'court-order'] as const;
export type RemovalReason = (typeof removalReasons)[number];
export const removalWords: Record<RemovalReason, string> = {
  'time-over': 'The time it was to be kept for is over',
  'wrong-case': 'It does not belong to this case',
  'court-order': 'A court or the Information Commissioner has ordered it',
};
export const removeDocument = z.strictObject({
  type: z.literal('RemoveDocument'),
  document: id,
  because: choice(removalReasons, 'Select why it is removed'),
  why: text('Say more about why it is removed', shortText),
});
export type DocumentCommand = AddDocument | z.infer<typeof removeDocument>;

const documentAdded = z.object({
  type: z.literal('DocumentAdded'),
  document: z.string(),
  name: z.string(),
  kind: z.enum(documentKinds),
  size: z.int(),
  sha256: z.string(),
  viruses: z.enum(['none-found', 'not-checked']),
  /** The last day it is kept; null where it is kept as long as the case's record. */
  keptUntil: z.string().nullable(),
});
const documentRemoved = z.object({
  type: z.literal('DocumentRemoved'),
  document: z.string(),
  because: z.enum(removalReasons),
  why: z.string(),
});
export const documentEvents = [documentAdded, documentRemoved] as const;
export type DocumentEvent = z.infer<(typeof documentEvents)[number]>;

export type CaseDocument = Omit<z.infer<typeof documentAdded>, 'type'> & {
  seq: number;
  at: string;
  /** Its agency owns it. */
  by: Actor;
  removed: { because: RemovalReason; why: string; seq: number; at: string; by: Actor } | null;
};
/** In the order they were added. */
export type DocumentsState = readonly CaseDocument[];

/** Documents whose bytes are held. */
export function held(state: DocumentsState): CaseDocument[] {
  return state.filter(({ removed }) => removed === null);
}

/**
 * Everyone who may do more than read a case may add a document to it. Only the agency that owns it
 * removes it, when its time is over or when it should not be here (UK GDPR, articles 5(1)(e) and 17).
 */
export function decideDocument(
  command: DocumentCommand,
  state: DocumentsState,
  by: Actor,
  { today }: Pick<Facts, 'today'>,
): DocumentEvent[] | Refusal {
  if (isServiceClock(by)) return refuse('NotYourRole', { role: by.role });
  if (command.type === 'RemoveDocument') return decideRemoval(command, state, by, today);
  const { document, said, kind, size, sha256, viruses } = command;
  const keptUntil = said.keep === 'until' ? said.keptUntil : null;
  if (keptUntil !== null && keptUntil <= today) return refuse('DateInThePast', { field: 'keptUntil' });
  const same = held(state).find((each) => each.sha256 === sha256);
  if (same) return refuse('DocumentAlreadyAdded', { name: same.name, at: same.at });
  if (held(state).length >= documentLimits.perCase) return refuse('TooManyDocuments', { most: documentLimits.perCase });
  return [{ type: 'DocumentAdded', document, name: said.name, kind, size, sha256, viruses, keptUntil }];
}

function decideRemoval(
  { document, because, why }: z.infer<typeof removeDocument>,
  state: DocumentsState,
  by: Actor,
  today: Day,
): DocumentEvent[] | Refusal {
  const found = state.find((each) => each.document === document);
  if (!found) return refuse('NoSuchDocument');
  if (found.by.agency.id !== by.agency.id) return refuse('NotYourDocument', { agency: found.by.agency.name });
  if (found.removed) return refuse('DocumentAlreadyRemoved', { at: found.removed.at });
  if (because === 'time-over' && !isTimeOver(found, today)) {
    return refuse('StillToBeKept', { field: 'because', until: found.keptUntil ?? '' });
  }
  return [{ type: 'DocumentRemoved', document, because, why }];
}

/** Whether the last day it was to be kept has passed. */
export function isTimeOver({ keptUntil }: Pick<CaseDocument, 'keptUntil'>, today: Day): boolean {
  return keptUntil !== null && keptUntil < today;
}

export function evolveDocuments(
  state: DocumentsState,
  event: DocumentEvent,
  seq: number,
  at: string,
  by: Actor,
): DocumentsState {
  if (event.type === 'DocumentAdded') {
    const { type: _, ...added } = event;
    return withMore(state, { ...added, seq, at, by, removed: null });
  }
  const { because, why } = event;
  return state.map((each) =>
    each.document === event.document ? { ...each, removed: { because, why, seq, at, by } } : each,
  );
}

/** Asked of those who speak for the owner once the last day has passed. */
export function documentNeeds({ documents }: Pick<CaseRoom, 'documents'>, actor: Actor): Need[] {
  if (!holds(actor, 'position-holder')) return [];
  return held(documents).flatMap(({ name, keptUntil, by }) => {
    if (keptUntil === null || by.agency.id !== actor.agency.id) return [];
    return [{ what: `Remove a document: ${name}`, place: 'documents', due: keptUntil, from: dayAfter(keptUntil) }];
  });
}

function dayAfter(day: Day): Day {
  return plainDate(day)?.add({ days: 1 }).toString() ?? day;
}

/** "2.4 MB", "340 kB": as a person reads a size. */
export function saySize(bytes: number): string {
  if (bytes < 1_000) return `${bytes} bytes`;
  if (bytes < 1_000_000) return `${Math.round(bytes / 1_000)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** "As long as the case’s record" or "Until Friday 27 March 2027". */
export function sayKept({ keptUntil }: Pick<CaseDocument, 'keptUntil'>): string {
  return keptUntil === null ? 'As long as the case’s record' : `Until ${sayDay(keptUntil)}`;
}

/** The name it is saved under: the case code, what it is, and the ending that its bytes call for. Pure. */
export function fileNameOf({ name, kind }: Pick<CaseDocument, 'name' | 'kind'>, ref: string): string {
  const safe = name
    .replace(/[\\/:*?"<>|\p{C}]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return `${ref} ${safe}.${kind}`;
}
