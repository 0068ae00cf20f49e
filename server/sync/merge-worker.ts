/** The merging thread. */
import { hashParts, mergeParts, type Parts } from './merge.ts';
import { answerAll } from './thread.ts';

export type MergeQuestion = { what: 'merge' | 'hash'; parts: Parts };

answerAll(({ what, parts }: MergeQuestion) => (what === 'merge' ? mergeParts(parts) : hashParts(parts)));
