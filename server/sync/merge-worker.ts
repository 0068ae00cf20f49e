/** A thread of its own for merging: a long note takes as long as hundreds of commits. */
import { parentPort } from 'node:worker_threads';
import { mergeParts, type Parts } from './merge.ts';

export type Asked = { job: number; parts: Parts };
export type Answered = { job: number; merged: Uint8Array } | { job: number; failed: string };

if (!parentPort) throw new Error('merge-worker.ts is started by merger.ts');
const port = parentPort;

port.on('message', ({ job, parts }: Asked) => {
  const answer = (answered: Answered): void => port.postMessage(answered);
  try {
    answer({ job, merged: mergeParts(parts) });
  } catch (error) {
    answer({ job, failed: error instanceof Error ? error.message : String(error) });
  }
});
