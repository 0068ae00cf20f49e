/** What a file is, told from its bytes alone: neither its name nor what a browser says of it counts. */
import { fileTypeFromBuffer } from 'file-type';
import type { DocumentKind } from '#schema/document.ts';

/** What the bytes say, by the ending that file-type gives them. Word and Excel with macros have endings of their own. */
const kinds: Readonly<Record<string, DocumentKind>> = {
  pdf: 'pdf',
  docx: 'docx',
  xlsx: 'xlsx',
  png: 'png',
  jpg: 'jpg',
  gif: 'gif',
  webp: 'webp',
  heic: 'heic',
  tif: 'tif',
};

/** The kind of document these bytes are, or null where it is none that a case may hold. */
export async function kindOf(bytes: Uint8Array): Promise<DocumentKind | null> {
  const found = await fileTypeFromBuffer(bytes);
  if (!found) return isPlainText(bytes) ? 'txt' : null;
  if (found.ext === 'cfb') return kindOfCompound(bytes);
  return kinds[found.ext] ?? null;
}

/**
 * Word, Excel and Outlook of before 2007 share one container and differ by the streams it names, in
 * UTF-16 in its directory. One that names a macro project is none that a case may hold.
 */
function kindOfCompound(bytes: Uint8Array): DocumentKind | null {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const names = (stream: string) => all.includes(Buffer.from(stream, 'utf16le'));
  if (names('_VBA_PROJECT')) return null;
  if (names('__properties_version1.0')) return 'msg';
  if (names('WordDocument')) return 'doc';
  if (names('Workbook')) return 'xls';
  return null;
}

/** UTF-8 with no control characters, and no markup: a page or a drawing that could run is not text. */
function isPlainText(bytes: Uint8Array): boolean {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return false;
  }
  // Tab, line feed, form feed and carriage return are text; other control characters are not.
  return !/[^\P{Cc}\t\n\f\r]/u.test(text) && !text.trimStart().startsWith('<');
}
