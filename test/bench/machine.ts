/** Where things run: servers and databases on one core, the load on another, where the machine allows it. */
import { execFileSync, fork, type ChildProcess } from 'node:child_process';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import type { Answer, Job } from './load/job.ts';

export type Machine = { processor: string; cores: number; pinned: boolean; node: string; load: number[] };

const serverCore = '0';
const loadCore = '1';

/** Puts this process, and so everything it starts from now on, on the servers' core. */
export function pin(): Machine {
  const about = { processor: cpus()[0]?.model ?? 'unknown', cores: availableParallelism(), node: process.version };
  const pinned = about.cores >= 2 && setCore(process.pid, serverCore);
  return { ...about, pinned, load: loadavg() };
}

function setCore(pid: number, core: string): boolean {
  try {
    execFileSync('taskset', ['-a', '-c', '-p', core, String(pid)], { stdio: 'ignore' });
    return true;
  } catch (error) {
    console.log(`Not pinned: ${error instanceof Error ? error.message : String(error)}`);
    return false;
  }
}

export type Generator = { carryOut: (job: Job) => Promise<Answer>; stop: () => void };

/** Starts the process that makes the load. */
export function startGenerator({ pinned }: Machine): Generator {
  const child: ChildProcess = fork(join(import.meta.dirname, 'load', 'generator.ts'));
  if (pinned && child.pid) setCore(child.pid, loadCore);
  return {
    carryOut: (job) =>
      new Promise((resolve, reject) => {
        const ended = () => reject(new Error('The process that makes the load ended'));
        child.once('exit', ended);
        child.once('message', (answer: Answer) => {
          child.off('exit', ended);
          resolve(answer);
        });
        child.send(job);
      }),
    stop: () => child.kill(),
  };
}
