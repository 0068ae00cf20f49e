/** What was agreed when the case was opened, which it keeps: read off its record. Pure. */
import { wholeOf, type Arrangements } from '#schema/arrangements.ts';
import type { Entry } from '#schema/ledger.ts';

export function arrangementsOf(entries: readonly Entry[]): Arrangements {
  const opened = entries[0]?.body;
  if (opened?.type !== 'CaseOpened') throw new Error('This record does not begin with a case');
  return wholeOf(opened.arrangements);
}
