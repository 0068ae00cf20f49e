/** One process a folder: a lock that the kernel drops however the process ends. */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Gives the folder back. */
export type FolderLock = { release: () => void };

/** SQLite's result code for a file that another connection has locked. */
const busy = 5;

/** Milliseconds to wait for a process that is just ending, as when a supervisor starts the next at once. */
const patience = 1_000;

/** Kept here, because a lock that nobody refers to would be collected, and dropped with it. */
const held = new Set<DatabaseSync>();

/**
 * Locks `folder`, which must exist, by an open exclusive transaction on a file inside it. PGlite
 * takes no lock of its own: two processes on one folder both acknowledge writes and ruin it without
 * an error. Throws an Error whose message says what to do when the folder is in use or not writable.
 */
export function lockFolder(folder: string): FolderLock {
  let file: DatabaseSync | null = null;
  try {
    file = new DatabaseSync(join(folder, 'lock'), { timeout: patience });
    file.exec('begin exclusive');
  } catch (cause) {
    file?.close();
    throw isBusy(cause)
      ? new Error(`Another Candour is using ${folder}. Stop it, or set CANDOUR_DATA to another folder.`, { cause })
      : cannotWrite(folder, cause);
  }
  const lock = file;
  held.add(lock);
  return {
    release() {
      if (held.delete(lock)) lock.close();
    },
  };
}

function isBusy(cause: unknown): boolean {
  return cause instanceof Error && 'errcode' in cause && cause.errcode === busy;
}

export function cannotWrite(folder: string, cause: unknown): Error {
  const words = `Candour cannot write in ${folder}. Give it the right to, or set CANDOUR_DATA to another folder.`;
  return new Error(words, { cause });
}
