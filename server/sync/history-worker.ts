/** The thread that plays a note's log again. */
import { compare, type Hunk } from './compare.ts';
import { replay, type Moment, type Until } from './history.ts';
import type { LogRow } from './log.ts';
import { answerAll } from '../thread.ts';

export type HistoryQuestion =
  | { what: 'moment'; rows: readonly LogRow[]; until: Until }
  | { what: 'compare'; rows: readonly LogRow[]; from: number; to: number };
export type HistoryAnswer = Moment | Hunk[];

answerAll(
  (asked: HistoryQuestion): HistoryAnswer =>
    asked.what === 'moment' ? replay(asked.rows, asked.until) : compare(asked.rows, asked.from, asked.to),
  'slightly',
);
