/** The process that makes the load: does one job at a time and answers with its figures. */
import { cursors } from './cursors.ts';
import { fanOut } from './fan-out.ts';
import { quiet } from './fill.ts';
import { firstLoad, loadAgain } from './first-load.ts';
import type { Answer, Job } from './job.ts';
import { growth } from './growth.ts';
import { idle } from './idle.ts';
import { length } from './length.ts';
import { memory } from './memory.ts';
import { stalled } from './stalled.ts';
import { typing } from './typing.ts';

async function carryOut(job: Job): Promise<Answer> {
  const { at } = job;
  await quiet(at);
  if (job.do === 'load-again') return { figures: await loadAgain(at, job.rooms) };
  const { workload } = job;
  switch (workload.is) {
    case 'fan-out':
      return { figures: await fanOut(at, workload) };
    case 'typing':
      return { figures: await typing(at, workload) };
    case 'first-load':
      return firstLoad(at, job.trace, workload.traces);
    case 'memory':
      return { figures: await memory(at, workload.notes) };
    case 'idle':
      return { figures: await idle(at, workload.connections, workload.seconds) };
    case 'length':
      return { figures: await length(at, workload.bytes, workload.seconds) };
    case 'cursors':
      return { figures: await cursors(at, workload.people, workload.seconds) };
    case 'growth':
      return { figures: await growth(at, workload.rooms, workload.seconds) };
    case 'stalled':
      return { figures: await stalled(at, workload.seconds) };
  }
}

process.on('message', (job: Job) => {
  carryOut(job)
    .catch((error: unknown): Answer => ({
      failed: error instanceof Error ? (error.stack ?? error.message) : String(error),
    }))
    .then((answer) => process.send?.(answer));
});
