/** A wire to one reader who takes what it is sent when told to, and the websocket over it. */
import { EventEmitter } from 'node:events';
import { Duplex } from 'node:stream';
import * as decoding from 'lib0/decoding';
import type { WebSocket } from 'ws';
import { kind, syncKind } from '#schema/protocol.ts';

export class Wire extends Duplex {
  #came: Buffer = Buffer.alloc(0);
  #goOn: (() => void) | null = null;
  #reads = false;

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    const take = () => {
      this.#goOn = null;
      this.#came = Buffer.concat([this.#came, chunk]);
      done();
    };
    if (this.#reads) take();
    else this.#goOn = take;
  }

  /** Takes so many writes. */
  async readSome(writes: number): Promise<void> {
    for (let left = writes; left > 0 && this.#goOn; left -= 1) {
      this.#goOn();
      // What is next is handed on once this turn is over.
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** From now on it takes all it is sent, at once. */
  readOn(): void {
    this.#reads = true;
    this.#goOn?.();
  }

  /** The updates among what has come. */
  updates(): Uint8Array[] {
    const updates: Uint8Array[] = [];
    for (let at = 0; at < this.#came.length;) {
      const short = this.#came.readUInt8(at + 1);
      const head = short < 126 ? 2 : short === 126 ? 4 : 10;
      const length =
        short < 126 ? short : short === 126 ? this.#came.readUInt16BE(at + 2) : this.#came.readUInt32BE(at + 6);
      const message = decoding.createDecoder(this.#came.subarray(at + head, at + head + length));
      const isContent = decoding.readVarUint(message) === kind.sync && decoding.readVarUint(message) !== syncKind.step1;
      if (isContent) updates.push(decoding.readVarUint8Array(message));
      at += head + length;
    }
    return updates;
  }
}

/** As much of a websocket as a room's socket touches. */
export function websocketOver(wire: Wire): WebSocket {
  const ws = Object.assign(new EventEmitter(), { pause() {}, resume() {}, ping() {}, close() {}, terminate() {} });
  wire.on('close', () => ws.emit('close'));
  return ws as unknown as WebSocket;
}
