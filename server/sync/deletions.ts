/** Which characters of one note are deleted: ranges by client, merged, so that what is no news can be told. */
import { scan } from './scan.ts';

/** Starts and ends by turns, rising; no two ranges touch. */
type Ranges = number[];

export class Deletions {
  readonly #clients = new Map<number, Ranges>();

  /** Adds a range. Returns whether any of it was new. */
  add(client: number, clock: number, length: number): boolean {
    const end = clock + length;
    const ranges = this.#clients.get(client);
    if (ranges === undefined) {
      this.#clients.set(client, [clock, end]);
      return true;
    }
    // The first range that ends at or after `clock`, and the first that begins after `end`.
    const from = firstEndAtLeast(ranges, clock);
    let to = from;
    while (to < ranges.length && (ranges[to] as number) <= end) to += 2;
    if (to === from) {
      ranges.splice(from, 0, clock, end);
      return true;
    }
    const start = ranges[from] as number;
    const last = ranges[to - 1] as number;
    if (to === from + 2 && start <= clock && end <= last) return false;
    ranges.splice(from, to - from, Math.min(start, clock), Math.max(last, end));
    return true;
  }

  has(client: number, clock: number, length: number): boolean {
    const ranges = this.#clients.get(client);
    if (ranges === undefined) return false;
    const from = firstEndAtLeast(ranges, clock + length);
    return from < ranges.length && (ranges[from] as number) <= clock;
  }
}

function firstEndAtLeast(ranges: Ranges, clock: number): number {
  let low = 0;
  let high = ranges.length / 2;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ranges[middle * 2 + 1] as number) < clock) low = middle + 1;
    else high = middle;
  }
  return low * 2;
}

/** The deletions in updates from our own log. */
export function deletionsIn(updates: Iterable<Uint8Array>): Deletions {
  const deletions = new Deletions();
  for (const update of updates) {
    scan<never>(update, {
      struct: () => null,
      deletion(client, clock, length) {
        deletions.add(client, clock, length);
        return null;
      },
    });
  }
  return deletions;
}
