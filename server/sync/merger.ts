/** Merges notes, and takes their hash, in a thread of their own. */
import type { Parts } from './merge.ts';
import type { MergeQuestion } from './merge-worker.ts';
import { createThread } from './thread.ts';

export type Merger = {
  merge: (parts: Parts) => Promise<Uint8Array>;
  hash: (parts: Parts) => Promise<string>;
  close: () => Promise<void>;
};

export function createMerger(): Merger {
  const thread = createThread<MergeQuestion, Uint8Array | string>(new URL('./merge-worker.ts', import.meta.url));
  return {
    async merge(parts) {
      const merged = await thread.ask({ what: 'merge', parts });
      if (typeof merged === 'string') throw new TypeError('The merging thread answered another question');
      return merged;
    },
    async hash(parts) {
      const hash = await thread.ask({ what: 'hash', parts });
      if (typeof hash !== 'string') throw new TypeError('The merging thread answered another question');
      return hash;
    },
    close: thread.close,
  };
}
