/** Puts what was written on disk: a file's bytes, and the names in a folder. */
import { closeSync, fsyncSync, openSync } from 'node:fs';

/** Windows opens no folder, and keeps its names without being asked. */
export function syncFolder(path: string): void {
  if (process.platform !== 'win32') syncPath(path, 'r');
}

export function syncPath(path: string, flags: 'r' | 'r+'): void {
  const descriptor = openSync(path, flags);
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
