/** What a room's notes hold, without the notes: the next clock of each clientID, and what has been deleted. */
import * as encoding from 'lib0/encoding';
import type { Block, Deletion, Scan } from './scan.ts';

export class Clocks {
  readonly #next = new Map<number, number>();
  /** By client: deleted ranges `[from, to)`, sorted and apart from each other. */
  readonly #deleted = new Map<number, [from: number, to: number][]>();

  /** The clock that the next struct of this client must carry: everything before it is held. */
  next(client: number): number {
    return this.#next.get(client) ?? 0;
  }

  holds({ client, clock, length }: Pick<Block, 'client' | 'clock' | 'length'>): boolean {
    return clock + length <= this.next(client);
  }

  hasDeleted({ client, clock, length }: Deletion): boolean {
    return (this.#deleted.get(client) ?? []).some(([from, to]) => from <= clock && clock + length <= to);
  }

  add({ blocks, deletions }: Scan): void {
    for (const { client, clock, length } of blocks) {
      if (clock + length > this.next(client)) this.#next.set(client, clock + length);
    }
    for (const deletion of deletions) this.#delete(deletion);
  }

  #delete({ client, clock, length }: Deletion): void {
    if (length === 0) return;
    let [from, to] = [clock, clock + length];
    const apart: [number, number][] = [];
    for (const range of this.#deleted.get(client) ?? []) {
      if (range[1] < from || range[0] > to) apart.push(range);
      else [from, to] = [Math.min(from, range[0]), Math.max(to, range[1])];
    }
    apart.push([from, to]);
    this.#deleted.set(
      client,
      apart.sort((a, b) => a[0] - b[0]),
    );
  }

  /** As sync step 1 carries it. */
  stateVector(): Uint8Array {
    const encoder = encoding.createEncoder();
    encoding.writeVarUint(encoder, this.#next.size);
    for (const [client, clock] of this.#next) {
      encoding.writeVarUint(encoder, client);
      encoding.writeVarUint(encoder, clock);
    }
    return encoding.toUint8Array(encoder);
  }
}
