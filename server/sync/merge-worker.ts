/** The merging thread. */
import type { FrozenNotes } from '#schema/notes.ts';
import type { Stored } from './log.ts';
import { hashParts, mergeMost, textOfStored, type Merged, type Parts } from './merge.ts';
import { answerAll } from '../thread.ts';

export type MergeQuestion = { what: 'merge' | 'hash'; parts: Parts } | { what: 'text'; stored: Stored };
export type MergeAnswer =
  | { what: 'merge'; merged: Merged | null }
  | { what: 'hash'; hash: string }
  | { what: 'text'; notes: FrozenNotes | null };

answerAll((asked: MergeQuestion): MergeAnswer => {
  switch (asked.what) {
    case 'merge':
      return { what: 'merge', merged: mergeMost(asked.parts) };
    case 'hash':
      return { what: 'hash', hash: hashParts(asked.parts) };
    case 'text':
      return { what: 'text', notes: textOfStored(asked.stored) };
  }
}, 'slightly');
