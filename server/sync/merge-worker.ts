/** A thread of its own for what takes a whole document: a long note takes as long as hundreds of commits. */
import { parentPort } from 'node:worker_threads';
import { hashParts, mergeParts, type Parts } from './merge.ts';

export type Asked = { job: number; what: 'merge' | 'hash'; parts: Parts };
export type Answered = { job: number; result: Uint8Array | string } | { job: number; failed: string };

if (!parentPort) throw new Error('merge-worker.ts is started by merger.ts');
const port = parentPort;

port.on('message', ({ job, what, parts }: Asked) => {
  const answer = (answered: Answered): void => port.postMessage(answered);
  try {
    answer({ job, result: what === 'merge' ? mergeParts(parts) : hashParts(parts) });
  } catch (error) {
    answer({ job, failed: error instanceof Error ? error.message : String(error) });
  }
});
