/** Hands what takes a whole document to its thread, one note at a time, and starts the thread when it is first needed. */
import { Worker } from 'node:worker_threads';
import type { Parts } from './merge.ts';
import type { Answered, Asked } from './merge-worker.ts';

export type Merger = {
  merge: (parts: Parts) => Promise<Uint8Array>;
  hash: (parts: Parts) => Promise<string>;
  close: () => Promise<void>;
};

type Waiting = { resolve: (result: Uint8Array | string) => void; reject: (error: Error) => void };

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
      if ('result' in answered) asked?.resolve(answered.result);
      else asked?.reject(new Error(answered.failed));
    });
    started.on('error', failAll);
    started.on('exit', () => {
      if (worker === started) failAll(new Error('The merging thread ended'));
    });
    return started;
  }

  function ask(what: Asked['what'], parts: Parts): Promise<Uint8Array | string> {
    return new Promise((resolve, reject) => {
      worker ??= start();
      jobs += 1;
      waiting.set(jobs, { resolve, reject });
      worker.postMessage({ job: jobs, what, parts } satisfies Asked);
    });
  }

  return {
    async merge(parts) {
      const merged = await ask('merge', parts);
      if (typeof merged === 'string') throw new TypeError('The merging thread answered another question');
      return merged;
    },
    async hash(parts) {
      const hash = await ask('hash', parts);
      if (typeof hash !== 'string') throw new TypeError('The merging thread answered another question');
      return hash;
    },
    async close() {
      const ending = worker;
      failAll(new Error('The service is stopping'));
      await ending?.terminate();
    },
  };
}
