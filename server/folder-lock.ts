/** One process a folder: a lock that the kernel drops however the process ends. */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Gives the folder back. */
export type FolderLock = { release: () => void };

/**
 * Locks `folder` by an open exclusive transaction on a file beside it. PGlite takes no lock of its
 * own: two processes on one folder both acknowledge writes and ruin it without an error.
 * Throws an Error whose message says what to do when another process holds it.
 */
export function lockFolder(folder: string): FolderLock {
  mkdirSync(dirname(folder), { recursive: true });
  const file = new DatabaseSync(`${folder}.lock`, { timeout: 0 });
  try {
    file.exec('begin exclusive');
  } catch (cause) {
    file.close();
    throw new Error(`Another Candour is using ${folder}. Stop it, or set CANDOUR_DATA to another folder.`, { cause });
  }
  return { release: () => file.close() };
}
