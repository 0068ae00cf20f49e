/** Messages of the room's wire, as bytes; and sending them so that one turn of the event loop is one write. */
import * as encoding from 'lib0/encoding';
import type { WebSocket } from 'ws';
import { kind, syncKind } from '#schema/protocol.ts';

export function syncStep1(stateVector: Uint8Array): Uint8Array {
  return syncMessage(syncKind.step1, stateVector);
}

export function syncStep2(update: Uint8Array): Uint8Array {
  return syncMessage(syncKind.step2, update);
}

export function syncUpdate(update: Uint8Array): Uint8Array {
  return syncMessage(syncKind.update, update);
}

function syncMessage(step: number, payload: Uint8Array): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, kind.sync);
  encoding.writeVarUint(encoder, step);
  encoding.writeVarUint8Array(encoder, payload);
  return encoding.toUint8Array(encoder);
}

export function durable(count: number): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, kind.durable);
  encoding.writeVarUint(encoder, count);
  return encoding.toUint8Array(encoder);
}

/** A message that is one text: entries, refresh, contentHash. */
export function textMessage(of: number, text: string): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, of);
  encoding.writeVarString(encoder, text);
  return encoding.toUint8Array(encoder);
}

export function awarenessMessage(states: readonly { client: number; clock: number; state: string }[]): Uint8Array {
  const inner = encoding.createEncoder();
  encoding.writeVarUint(inner, states.length);
  for (const { client, clock, state } of states) {
    encoding.writeVarUint(inner, client);
    encoding.writeVarUint(inner, clock);
    encoding.writeVarString(inner, state);
  }
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, kind.awareness);
  encoding.writeVarUint8Array(encoder, encoding.toUint8Array(inner));
  return encoding.toUint8Array(encoder);
}

/** The stream under a ws socket. ws keeps it to itself; this is the one place that looks. */
type Stream = { cork(): void; uncork(): void; destroyed: boolean };
const corked = new WeakSet<Stream>();

/**
 * Sends a message. What goes to one socket within a turn of the event loop leaves in one write:
 * the system call, not the bytes, is what a delivery costs (performance.md, floor-tick).
 */
export function send(socket: WebSocket, message: Uint8Array): void {
  if (socket.readyState !== socket.OPEN) return;
  const stream = (socket as unknown as { _socket?: Stream })._socket;
  if (stream && !corked.has(stream)) {
    corked.add(stream);
    stream.cork();
    setImmediate(() => {
      corked.delete(stream);
      if (!stream.destroyed) stream.uncork();
    });
  }
  socket.send(message);
}
