/** Hands merging to its thread, one note at a time, and starts the thread when it is first needed. */
import { Worker } from 'node:worker_threads';
import type { Parts } from './merge.ts';
import type { Answered, Asked } from './merge-worker.ts';

export type Merger = {
  merge: (parts: Parts) => Promise<Uint8Array>;
  close: () => Promise<void>;
};

type Waiting = { resolve: (merged: Uint8Array) => void; reject: (error: Error) => void };

export function createMerger(): Merger {
  const waiting = new Map<number, Waiting>();
  let worker: Worker | null = null;
  let jobs = 0;

  function failAll(error: Error): void {
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
    worker = null;
  }

  function start(): Worker {
    const started = new Worker(new URL('./merge-worker.ts', import.meta.url));
    started.unref();
    started.on('message', (answered: Answered) => {
      const asked = waiting.get(answered.job);
      waiting.delete(answered.job);
      if ('merged' in answered) asked?.resolve(answered.merged);
      else asked?.reject(new Error(answered.failed));
    });
    started.on('error', failAll);
    started.on('exit', () => failAll(new Error('The merging thread ended')));
    return started;
  }

  return {
    merge: (parts) =>
      new Promise((resolve, reject) => {
        worker ??= start();
        jobs += 1;
        waiting.set(jobs, { resolve, reject });
        worker.postMessage({ job: jobs, parts } satisfies Asked);
      }),
    async close() {
      const ending = worker;
      failAll(new Error('The service is stopping'));
      await ending?.terminate();
    },
  };
}
