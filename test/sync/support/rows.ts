/** A log as the database holds it: a row for each update, a second after the one before. */
import type { LogRow } from '#server/sync/log.ts';
import { pack } from '#server/sync/packed.ts';

export function rowsOf(log: readonly Uint8Array[], senders: readonly string[]): LogRow[] {
  return log.map((update, index) => ({
    seq: index + 1,
    person: senders[index] as string,
    connection: 'c',
    at: new Date(1_700_000_000_000 + index * 1_000).toISOString(),
    updates: pack([update]),
  }));
}
