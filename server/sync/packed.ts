/** Updates one after another, each with its length before it (varUint): a row of the log. */
import { uintSize, writeUint } from './frames.ts';

/** Gathers updates as they come. */
export class Packer {
  #bytes: Uint8Array = Buffer.allocUnsafe(128);
  length = 0;
  count = 0;

  add(update: Uint8Array): void {
    const end = this.length + uintSize(update.length) + update.length;
    if (end > this.#bytes.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(end, this.#bytes.length * 2));
      larger.set(this.#bytes.subarray(0, this.length));
      this.#bytes = larger;
    }
    this.#bytes.set(update, writeUint(this.#bytes, this.length, update.length));
    this.length = end;
    this.count += 1;
  }

  /** A view: stays true until the next `add`. */
  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.length);
  }
}

export function pack(updates: readonly Uint8Array[]): Uint8Array {
  const packer = new Packer();
  for (const update of updates) packer.add(update);
  return packer.bytes;
}

/** The updates of a row, as views over it. */
export function unpack(packed: Uint8Array): Uint8Array[] {
  const updates: Uint8Array[] = [];
  walk(packed, (from, to) => updates.push(packed.subarray(from, to)));
  return updates;
}

/** Calls `each` with where every update begins and ends. Throws when the lengths do not add up. */
export function walk(packed: Uint8Array, each: (from: number, to: number) => void): void {
  for (let at = 0; at < packed.length;) {
    let length = 0;
    let scale = 1;
    let byte = 0x80;
    while (byte & 0x80) {
      if (at >= packed.length) throw new RangeError('A row of the log ends within a length');
      byte = packed[at++] as number;
      length += (byte & 0x7f) * scale;
      scale *= 128;
    }
    if (length > packed.length - at) throw new RangeError('A row of the log ends within an update');
    each(at, at + length);
    at += length;
  }
}
