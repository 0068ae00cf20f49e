/** The bytes a light client sends and reads, for each way of speaking. */
import * as encoding from 'lib0/encoding';
import { kind, syncKind } from '#schema/protocol.ts';
import type { Target } from '../targets.ts';

/** What a message is, to a client that only counts. */
export type Heard = 'update' | 'step2' | 'durable' | 'applied' | 'presence' | 'other';

export type Speech = {
  /** Bytes before the kind of message: Hocuspocus names the document in each. */
  prefix: Uint8Array;
  /** Sent first, before anything is answered. */
  hello: Uint8Array | null;
  hear: (message: Buffer) => Heard;
};

/** Kinds of Hocuspocus alone. */
const hocuspocus = { auth: 2, syncReply: 4, syncStatus: 8, token: 0 } as const;

export function speechOf(speech: Target['speech'], document: string): Speech {
  if (speech === 'hocuspocus') {
    const prefix = encoding.encode((encoder) => encoding.writeVarString(encoder, document));
    const hello = encoding.encode((encoder) => {
      encoding.writeUint8Array(encoder, prefix);
      encoding.writeVarUint(encoder, hocuspocus.auth);
      encoding.writeVarUint(encoder, hocuspocus.token);
      encoding.writeVarString(encoder, 'bench');
    });
    return { prefix, hello, hear: (message) => hearHocuspocus(message, prefix.length) };
  }
  return { prefix: new Uint8Array(), hello: null, hear };
}

function hear(message: Buffer): Heard {
  if (message[0] === kind.sync) return hearSync(message[1]);
  if (message[0] === kind.awareness) return 'presence';
  return message[0] === kind.durable ? 'durable' : 'other';
}

function hearHocuspocus(message: Buffer, at: number): Heard {
  if (message[at] === kind.sync || message[at] === hocuspocus.syncReply) return hearSync(message[at + 1]);
  if (message[at] === kind.awareness) return 'presence';
  return message[at] === hocuspocus.syncStatus ? 'applied' : 'other';
}

function hearSync(step: number | undefined): Heard {
  if (step === syncKind.update) return 'update';
  return step === syncKind.step2 ? 'step2' : 'other';
}

/** A sync message whose body is `body`. */
export function syncMessage({ prefix }: Speech, step: number, body: Uint8Array): Uint8Array {
  return encoding.encode((encoder) => {
    encoding.writeUint8Array(encoder, prefix);
    encoding.writeVarUint(encoder, kind.sync);
    encoding.writeVarUint(encoder, step);
    encoding.writeVarUint8Array(encoder, body);
  });
}

/** Where one client's cursor is, as an editor says it; `clock` rises. */
export function awarenessMessage({ prefix }: Speech, client: number, clock: number): Uint8Array {
  const place = { type: null, tname: null, item: { client, clock }, assoc: 0 };
  const state = JSON.stringify({ user: { name: 'Bench' }, cursor: { anchor: place, head: place } });
  const body = encoding.encode((encoder) => {
    for (const each of [1, client, clock]) encoding.writeVarUint(encoder, each);
    encoding.writeVarString(encoder, state);
  });
  return encoding.encode((encoder) => {
    encoding.writeUint8Array(encoder, prefix);
    encoding.writeVarUint(encoder, kind.awareness);
    encoding.writeVarUint8Array(encoder, body);
  });
}

/** Asks for everything. */
export const askForAll = (speech: Speech): Uint8Array => syncMessage(speech, syncKind.step1, Uint8Array.of(0));

/** Reads varUints of a message one after another. */
export class Numbers {
  readonly #bytes: Uint8Array;
  at: number;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.at = at;
  }

  next(): number {
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = this.#bytes[this.at++] ?? 0;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 128;
    }
  }
}
