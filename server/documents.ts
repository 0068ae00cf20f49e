/** Documents in and out: bytes are limited while they come, told by what they are, checked, and kept with their entry or not at all. */
import { createHash } from 'node:crypto';
import { and, asc, eq } from 'drizzle-orm';
import type { Logger } from 'pino';
import { z } from 'zod';
import { documentLimits, documentSaid, type CaseDocument } from '#schema/document.ts';
import type { Event } from '#schema/event.ts';
import { fieldErrors, type FieldErrors } from '#schema/fields.ts';
import { id as idParser, type RoomId } from '#schema/id.ts';
import { refuse, type Refusal } from '#schema/refusal.ts';
import { documentPiece } from '#schema/tables/index.ts';
import type { Commands, NoRoom, Recorded, Sender } from './command.ts';
import { kindOf } from './file-kind.ts';
import type { Scanner } from './scanner.ts';
import type { Database } from './store.ts';

/** Bytes of one stored piece. */
const pieceBytes = 1024 * 1024;
/** Bytes of the line that comes before a document's own. */
const headBytes = 8 * 1024;
/** Documents that may be on their way into one process at once: each is held whole in memory. */
const atOnce = 4;

/** The first line of an upload: the id of the act, how many bytes follow, and what the person says of them. */
const uploadHead = z.object({ id: idParser, size: z.int().min(0), said: z.unknown() });

type Upload = { head: z.infer<typeof uploadHead>; bytes: Uint8Array };
type Wrong = { errors: FieldErrors };

type World = { commands: Commands; scanner: Scanner | null; log: Logger };

export function createDocuments({ commands, scanner, log }: World) {
  let coming = 0;

  /** Takes one upload: a line of JSON, then the document's bytes to the end. */
  async function add(
    room: RoomId,
    body: ReadableStream<Uint8Array> | null,
    sender: Sender,
  ): Promise<Recorded | Refusal | NoRoom | Wrong> {
    if (coming >= atOnce) return refuse('TooManyUploads');
    coming += 1;
    try {
      const upload = await receive(body);
      return 'head' in upload ? await take(room, upload, sender) : upload;
    } finally {
      coming -= 1;
    }
  }

  async function take(room: RoomId, { head, bytes }: Upload, sender: Sender) {
    const said = documentSaid.safeParse(head.said);
    if (!said.success) return { errors: fieldErrors(said.error) };
    const kind = await kindOf(bytes);
    if (!kind) return refuse('DocumentKindNotAllowed', { field: 'file' });
    const viruses = await check(bytes);
    if (typeof viruses !== 'string') return viruses;
    const command = {
      type: 'AddDocument',
      document: head.id,
      said: said.data,
      kind,
      size: bytes.length,
      sha256: sha256Of(bytes),
      viruses,
    } as const;
    return commands.carryOut(room, { id: head.id, command }, sender, (tx) => keepBytes(tx, room, head.id, bytes));
  }

  /** Where a scanner is set up, what it could not check is not taken. */
  async function check(bytes: Uint8Array): Promise<'none-found' | 'not-checked' | Refusal> {
    if (!scanner) return 'not-checked';
    const scan = await scanner.scan(bytes);
    if (scan.result === 'clean') return 'none-found';
    if (scan.result === 'virus') return refuse('VirusFound', { field: 'file', virus: scan.name });
    log.error({ why: scan.why }, 'a document could not be checked for viruses, and was not taken');
    return refuse('ScannerAway');
  }

  return { add, checks: scanner !== null };
}

/** Reads an upload to its end, and gives up as soon as it is too long. A connection that broke leaves nothing behind. */
async function receive(body: ReadableStream<Uint8Array> | null): Promise<Upload | Refusal | Wrong> {
  const parts: Uint8Array[] = [];
  let length = 0;
  const reader = body?.getReader();
  try {
    for (let next = await reader?.read(); next && !next.done; next = await reader?.read()) {
      length += next.value.length;
      if (length > headBytes + documentLimits.bytes) {
        await reader?.cancel();
        return refuse('DocumentTooLarge', { field: 'file' });
      }
      parts.push(next.value);
    }
  } catch {
    return refuse('DocumentCutShort');
  }
  const all = Buffer.concat(parts, length);
  const end = all.subarray(0, headBytes).indexOf('\n');
  const head = uploadHead.safeParse(end < 0 ? null : jsonOf(all.subarray(0, end)));
  if (!head.success) return { errors: { form: 'Send a line of JSON, then the document' } };
  const bytes = all.subarray(end + 1);
  if (bytes.length > documentLimits.bytes) return refuse('DocumentTooLarge', { field: 'file' });
  if (bytes.length !== head.data.size) return refuse('DocumentCutShort');
  if (bytes.length === 0) return refuse('DocumentIsEmpty', { field: 'file' });
  return { head: head.data, bytes };
}

function jsonOf(line: Buffer): unknown {
  try {
    return JSON.parse(line.toString('utf8'));
  } catch {
    return null;
  }
}

async function keepBytes(tx: Database, room: RoomId, document: string, bytes: Uint8Array): Promise<void> {
  for (let number = 0; number * pieceBytes < bytes.length; number += 1) {
    const piece = bytes.subarray(number * pieceBytes, (number + 1) * pieceBytes);
    await tx.insert(documentPiece).values({ room, document, number, bytes: piece });
  }
}

/** The bytes go with the entry that says why they were removed. */
export async function removeBytes(tx: Database, room: RoomId, events: readonly Event[]): Promise<void> {
  for (const event of events) {
    if (event.type !== 'DocumentRemoved') continue;
    await tx.delete(documentPiece).where(and(eq(documentPiece.room, room), eq(documentPiece.document, event.document)));
  }
}

/** A document's bytes, or null where they are not those that the record says. */
export async function bytesOf(
  db: Database,
  room: RoomId,
  { document, sha256 }: Pick<CaseDocument, 'document' | 'sha256'>,
): Promise<Buffer<ArrayBuffer> | null> {
  const pieces = await db
    .select({ bytes: documentPiece.bytes })
    .from(documentPiece)
    .where(and(eq(documentPiece.room, room), eq(documentPiece.document, document)))
    .orderBy(asc(documentPiece.number));
  const bytes = Buffer.concat(pieces.map((piece) => piece.bytes));
  return sha256Of(bytes) === sha256 ? bytes : null;
}

function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
