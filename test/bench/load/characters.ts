/** Counts what an update brings, however a server has joined it with others: a character is a delivery. */
import * as Y from 'yjs';
import { Numbers } from './wire.ts';

/** Yjs content that is text, and the flags for what it stands between. */
const text = 4;
const leftOrigin = 0x80;
const rightOrigin = 0x40;

type Run = (client: number, clock: number, length: number) => void;

/** Calls `each` with the runs of characters in an update that begins at `at`; returns how many characters there are. */
export function characters(message: Buffer, at: number, each?: Run): number {
  return quickly(message, at, each) ?? slowly(message.subarray(at), each);
}

/** Updates of typed ASCII alone; null where there is anything else, nothing having been told. */
function quickly(message: Buffer, at: number, each?: Run): number | null {
  const numbers = new Numbers(message, at);
  const runs: [client: number, clock: number, length: number][] = [];
  let sum = 0;
  for (let clients = numbers.next(); clients > 0; clients -= 1) {
    let structs = numbers.next();
    const client = numbers.next();
    let clock = numbers.next();
    for (; structs > 0; structs -= 1) {
      const info = message[numbers.at++] ?? 0;
      if ((info & 0x1f) !== text || (info & leftOrigin) === 0) return null;
      for (let left = info & rightOrigin ? 4 : 2; left > 0; left -= 1) numbers.next();
      const length = numbers.next();
      numbers.at += length;
      if (each) runs.push([client, clock, length]);
      clock += length;
      sum += length;
    }
  }
  for (const run of runs) each?.(...run);
  return sum;
}

function slowly(update: Uint8Array, each?: Run): number {
  let sum = 0;
  for (const struct of Y.decodeUpdate(update).structs) {
    if (!(struct instanceof Y.Item) || !(struct.content instanceof Y.ContentString)) continue;
    each?.(struct.id.client, struct.id.clock, struct.length);
    sum += struct.length;
  }
  return sum;
}
