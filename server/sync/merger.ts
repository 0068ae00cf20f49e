/** Merges notes, and takes their hash, in a thread of their own. */
import type { Parts } from './merge.ts';
import type { MergeQuestion } from './merge-worker.ts';
import { createThread } from './thread.ts';

export type Merger = {
  merge: (parts: Parts) => Promise<Uint8Array>;
  hash: (parts: Parts) => Promise<string>;
  close: () => Promise<void>;
};

/** Somebody waits for a hash, and nobody for a merge: a merge begins only when no hash and no other merge is under way. */
export function createMerger(): Merger {
  const thread = createThread<MergeQuestion, Uint8Array | string>(new URL('./merge-worker.ts', import.meta.url));
  const waiting: (() => void)[] = [];
  let under = 0;

  async function ask(question: MergeQuestion): Promise<Uint8Array | string> {
    under += 1;
    try {
      return await thread.ask(question);
    } finally {
      under -= 1;
      if (under === 0) waiting.shift()?.();
    }
  }

  return {
    async merge(parts) {
      while (under > 0) await new Promise<void>((resolve) => waiting.push(resolve));
      const merged = await ask({ what: 'merge', parts });
      if (typeof merged === 'string') throw new TypeError('The merging thread answered another question');
      return merged;
    },
    async hash(parts) {
      const hash = await ask({ what: 'hash', parts });
      if (typeof hash !== 'string') throw new TypeError('The merging thread answered another question');
      return hash;
    },
    close: thread.close,
  };
}
