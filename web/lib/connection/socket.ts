/** The socket y-websocket's provider is given: it counts what must become durable and cuts what is too large. */
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { mergeUpdates } from 'yjs';
import { kind, limits, syncKind } from '#schema/protocol.ts';
import { inPieces } from './pieces.ts';

export type Watch = {
  /** Each message with content, as it goes out; `answer` when it answers the server's first question. */
  onSent: (answer: boolean) => void;
  /** Whether this person may change the notes. A reader's copy never sends a change. */
  mayWrite: () => boolean;
  /** The leased number this copy writes under. */
  client: number;
};

/** Half of what the server takes in one frame: no piece comes near the limit. */
const pieceBytes = limits.frameBytes / 2;

/**
 * Milliseconds between two changes sent: keys pressed faster than this go together. A first key
 * goes at once; held down, a key repeats faster than the server takes frames.
 */
const gather = 50;

/** A WebSocket for one room. */
export function roomSocket({ onSent, mayWrite, client }: Watch): typeof WebSocket {
  return class extends WebSocket {
    #waiting: Uint8Array[] = [];
    #timer: ReturnType<typeof setTimeout> | undefined;
    #lastSent = Number.NEGATIVE_INFINITY;

    override send(data: Sendable): void {
      if (!isBytes(data)) {
        super.send(data);
        return;
      }
      const update = mayWrite() ? updateIn(data) : null;
      if (update) this.#gather(update);
      else {
        this.#flush();
        this.#sendAll(framesOf(data, client, mayWrite()));
      }
    }

    override close(code?: number, reason?: string): void {
      if (this.readyState === WebSocket.OPEN) this.#flush();
      clearTimeout(this.#timer);
      super.close(code, reason);
    }

    /** Counted from the moment it waits here: until it is sent and durable, nothing may say that all is saved. */
    #gather(update: Uint8Array): void {
      this.#waiting.push(update);
      if (this.#waiting.length > 1) return;
      onSent(false);
      const wait = this.#lastSent + gather - performance.now();
      if (wait <= 0) this.#flush();
      else this.#timer = setTimeout(() => this.#flush(), wait);
    }

    #flush(): void {
      clearTimeout(this.#timer);
      const [first, ...more] = this.#waiting;
      if (!first || this.readyState !== WebSocket.OPEN) return;
      this.#waiting = [];
      this.#lastSent = performance.now();
      const message = syncMessage(syncKind.update, more.length === 0 ? first : mergeUpdates([first, ...more]));
      const [counted, ...pieces] = framesOf(message, client, true);
      if (counted) super.send(counted.data);
      this.#sendAll(pieces);
    }

    #sendAll(frames: readonly Frame[]): void {
      for (const { data, sync } of frames) {
        super.send(data);
        if (sync !== null) onSent(sync === syncKind.step2);
      }
    }
  };
}

/** What a message of the provider's changes in the notes, if that is what it tells. */
function updateIn(message: Uint8Array): Uint8Array | null {
  const decoder = decoding.createDecoder(message);
  if (decoding.readVarUint(decoder) !== kind.sync || decoding.readVarUint(decoder) !== syncKind.update) return null;
  return decoding.readVarUint8Array(decoder);
}

type Sendable = Parameters<WebSocket['send']>[0];
type Frame = { data: Sendable; sync: number | null };

/**
 * What to send in place of one message of the provider's: the same, or in pieces, or nothing.
 * `sync` is set on messages whose content the server makes durable and counts.
 */
export function framesOf(message: Uint8Array<ArrayBuffer>, client: number, mayWrite: boolean): Frame[] {
  const decoder = decoding.createDecoder(message);
  const messageKind = decoding.readVarUint(decoder);
  // The provider sends on what it hears of others; the server hears that from them.
  if (messageKind === kind.awareness) return isAbout(client, decoder) ? [{ data: message, sync: null }] : [];
  if (messageKind !== kind.sync) return [{ data: message, sync: null }];
  const step = decoding.readVarUint(decoder);
  if (step !== syncKind.step2 && step !== syncKind.update) return [{ data: message, sync: null }];
  if (step === syncKind.update && !mayWrite) return [];
  if (message.byteLength <= limits.frameBytes) return [{ data: message, sync: step }];
  return inPieces(decoding.readVarUint8Array(decoder), pieceBytes).map((piece, index) => {
    const sync = index === 0 ? step : syncKind.update;
    return { data: syncMessage(sync, piece), sync };
  });
}

function isBytes(data: Sendable): data is Uint8Array<ArrayBuffer> {
  return data instanceof Uint8Array;
}

function isAbout(client: number, decoder: decoding.Decoder): boolean {
  const inner = decoding.createDecoder(decoding.readVarUint8Array(decoder));
  for (let left = decoding.readVarUint(inner); left > 0; left -= 1) {
    if (decoding.readVarUint(inner) === client) return true;
    decoding.readVarUint(inner);
    decoding.readVarString(inner);
  }
  return false;
}

function syncMessage(step: number, update: Uint8Array): Uint8Array<ArrayBuffer> {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, kind.sync);
  encoding.writeVarUint(encoder, step);
  encoding.writeVarUint8Array(encoder, update);
  return encoding.toUint8Array(encoder);
}
