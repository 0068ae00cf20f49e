/** Merges notes, and takes their hash and their text, in a thread of their own. */
import type { FrozenNotes } from '#schema/notes.ts';
import type { Stored } from './log.ts';
import type { Merged, Parts } from './merge.ts';
import type { MergeAnswer, MergeQuestion } from './merge-worker.ts';
import { createThread } from '../thread.ts';

export type Merger = {
  /** Null where none of the rows can be merged so that they read as before. */
  merge: (parts: Parts) => Promise<Merged | null>;
  hash: (parts: Parts) => Promise<string>;
  /** Null where the merged copy that is stored cannot be read. */
  text: (stored: Stored) => Promise<FrozenNotes | null>;
  close: () => Promise<void>;
};

export function createMerger(): Merger {
  const thread = createThread<MergeQuestion, MergeAnswer>(new URL('./merge-worker.ts', import.meta.url));
  const another = () => new TypeError('The merging thread answered another question');
  return {
    async merge(parts) {
      const answer = await thread.ask({ what: 'merge', parts });
      if (answer.what !== 'merge') throw another();
      return answer.merged;
    },
    async hash(parts) {
      const answer = await thread.ask({ what: 'hash', parts });
      if (answer.what !== 'hash') throw another();
      return answer.hash;
    },
    async text(stored) {
      const answer = await thread.ask({ what: 'text', stored });
      if (answer.what !== 'text') throw another();
      return answer.notes;
    },
    close: thread.close,
  };
}
