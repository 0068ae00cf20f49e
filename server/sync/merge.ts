/** Makes one update of many, as small as can be, and proves that nothing was lost on the way. */
import { applyUpdate, Doc, encodeStateAsUpdate } from 'yjs';
import { unpack } from './packed.ts';
import { scan } from './scan.ts';

/** A merged update and the rows of the log that came after it. */
export type Parts = { merged: Uint8Array; rows: readonly Uint8Array[] };

/**
 * The same notes as one update. A document is made for it, without garbage collection, so that
 * what was typed key by key becomes runs; `mergeUpdates` would keep every key apart. Throws when
 * what comes out does not hold exactly what went in.
 */
export function mergeParts({ merged, rows }: Parts): Uint8Array {
  const updates = [merged, ...rows.flatMap(unpack)];
  const doc = new Doc({ gc: false });
  doc.transact(() => {
    for (const update of updates) applyUpdate(doc, update);
  });
  if (doc.store.pendingStructs !== null || doc.store.pendingDs !== null) {
    throw new Error('The notes stand on something that the log does not hold');
  }
  const whole = encodeStateAsUpdate(doc);
  doc.destroy();
  const [before, after] = [holdings(updates), holdings([whole])];
  if (before !== after) throw new Error('The merged notes do not hold what the log holds');
  return whole;
}

/** What updates hold, written down so that two can be compared: clocks of every client, and every deleted range. */
function holdings(updates: readonly Uint8Array[]): string {
  const clocks = new Map<number, number>();
  const deleted = new Map<number, [from: number, to: number][]>();
  for (const update of updates) {
    const wrong = scan<never>(update, {
      struct({ client, clock, length }) {
        clocks.set(client, Math.max(clocks.get(client) ?? 0, clock + length));
        return null;
      },
      deletion(client, clock, length) {
        const ranges = deleted.get(client);
        if (ranges) ranges.push([clock, clock + length]);
        else deleted.set(client, [[clock, clock + length]]);
        return null;
      },
    });
    if (wrong) throw new Error(`The log holds an update that is ${wrong}`);
  }
  const byClient = <T>(map: Map<number, T>) => [...map].sort(([a], [b]) => a - b);
  return JSON.stringify([byClient(clocks), byClient(deleted).map(([client, ranges]) => [client, joined(ranges)])]);
}

function joined(ranges: [from: number, to: number][]): [from: number, to: number][] {
  const apart: [from: number, to: number][] = [];
  for (const [from, to] of ranges.sort(([a], [b]) => a - b)) {
    const last = apart.at(-1);
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else apart.push([from, to]);
  }
  return apart;
}
