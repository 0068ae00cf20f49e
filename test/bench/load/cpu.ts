/** What a server has used: CPU time of its process and its database's, and memory, from /proc. */
import { readdirSync, readFileSync } from 'node:fs';

/** A server's process, and the database server it stores in, where that is another process. */
export type Pids = { server: number; database: number | null };

/** Clock ticks a second in /proc/<pid>/stat, fixed in Linux' interface. */
const ticksPerSecond = 100;

/** Seconds of CPU used so far, by all threads of the server and by its database. */
export function cpuOf(pids: Pids): number {
  return ticksOf(pids.server, false) / ticksPerSecond + databaseCpuOf(pids);
}

/** The database's part of it: 0 where it runs inside the server. */
export function databaseCpuOf({ database }: Pids): number {
  if (database === null) return 0;
  const ticks = childrenOf(database).map((child) => ticksOf(child, false));
  return ticks.reduce((sum, each) => sum + each, ticksOf(database, true)) / ticksPerSecond;
}

/** `ended`: with those of children that have ended. A process that is gone has used nothing more. */
function ticksOf(pid: number, ended: boolean): number {
  const fields = statOf(pid);
  if (!fields) return 0;
  const [user = 0, system = 0, endedUser = 0, endedSystem = 0] = fields.slice(11, 15).map(Number);
  return user + system + (ended ? endedUser + endedSystem : 0);
}

/** The fields of /proc/<pid>/stat from the state on; the name before may hold spaces. */
function statOf(pid: number): string[] | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' || (error as NodeJS.ErrnoException).code === 'ESRCH')
      return null;
    throw error;
  }
}

function parentOf(pid: number): number {
  return Number(statOf(pid)?.[1] ?? 0);
}

function childrenOf(pid: number): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((each) => each > 0 && parentOf(each) === pid);
}

/** Resident bytes of a process. */
export function residentBytes(pid: number): number {
  const kilobytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes) * 1024;
}
