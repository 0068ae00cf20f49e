/** The socket y-websocket's provider is given: it counts what must become durable and cuts what is too large. */
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
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

/** A WebSocket for one room. */
export function roomSocket({ onSent, mayWrite, client }: Watch): typeof WebSocket {
  return class extends WebSocket {
    override send(data: Sendable): void {
      const frames = isBytes(data) ? framesOf(data, client, mayWrite()) : [{ data, sync: null }];
      for (const frame of frames) {
        super.send(frame.data);
        if (frame.sync !== null) onSent(frame.sync === syncKind.step2);
      }
    }
  };
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
