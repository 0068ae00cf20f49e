/** A small disk that a test can fill. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export type SmallDisk = {
  folder: string;
  /** Takes all the room that is left; `giveBack` gives it back. */
  fill: () => Promise<{ giveBack: () => Promise<void> }>;
  remove: () => void;
};

/** Of memory, so many megabytes; null, with the reason printed, where this machine lets nobody have one. */
export function smallDisk(megabytes: number): SmallDisk | null {
  const folder = mkdtempSync(join(tmpdir(), 'candour-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder], { stdio: 'ignore' });
  } catch {
    rmSync(folder, { recursive: true });
    console.log('Left out: what a full disk does, because no small disk may be mounted here.');
    return null;
  }
  chmodSync(folder, 0o777);
  return {
    folder,
    async fill() {
      const path = join(folder, 'everything-else');
      const file = await open(path, 'w');
      for (const size of [1024 * 1024, 4096]) {
        for (let taken = true; taken;) taken = await file.write(Buffer.alloc(size)).then(() => true, isFull);
      }
      await file.close();
      return { giveBack: () => rm(path) };
    },
    remove() {
      execFileSync('umount', ['-l', folder]);
      rmSync(folder, { recursive: true });
    },
  };
}

/** Rethrows any error but a full disk's. */
function isFull(error: NodeJS.ErrnoException): false {
  if (error.code !== 'ENOSPC') throw error;
  return false;
}
