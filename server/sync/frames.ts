/** What the server says to a client, as whole websocket frames: built once, written to many sockets as they are. */
import { kind, syncKind } from '#schema/protocol.ts';

/**
 * One protocol message a frame: y-websocket reads no further than the first. Several frames may
 * leave in one write; the system call, not the bytes, is what a delivery costs.
 */
const binary = 0x82;

/** Bytes of a varUint. */
export function uintSize(value: number): number {
  let size = 1;
  for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 0x80)) size += 1;
  return size;
}

/** Writes a varUint; returns where it ends. */
export function writeUint(target: Uint8Array, at: number, value: number): number {
  let rest = value;
  let to = at;
  while (rest >= 0x80) {
    target[to++] = (rest % 0x80) | 0x80;
    rest = Math.floor(rest / 0x80);
  }
  target[to++] = rest;
  return to;
}

const headerSize = (payload: number): number => (payload < 126 ? 2 : payload < 65_536 ? 4 : 10);

function writeHeader(target: Buffer, at: number, payload: number): number {
  target[at] = binary;
  if (payload < 126) {
    target[at + 1] = payload;
    return at + 2;
  }
  if (payload < 65_536) {
    target[at + 1] = 126;
    target.writeUInt16BE(payload, at + 2);
    return at + 4;
  }
  target[at + 1] = 127;
  target.writeUInt32BE(0, at + 2);
  target.writeUInt32BE(payload, at + 6);
  return at + 10;
}

/** Bytes of the frame around a sync message whose body is so long. */
export function syncFrameSize(body: number): number {
  const payload = 2 + uintSize(body) + body;
  return headerSize(payload) + payload;
}

/** Writes a sync message's frame up to its body; returns where the body goes. */
export function writeSyncHead(target: Buffer, at: number, step: number, body: number): number {
  const to = writeHeader(target, at, 2 + uintSize(body) + body);
  target[to] = kind.sync;
  target[to + 1] = step;
  return writeUint(target, to + 2, body);
}

function syncFrame(step: number, body: Uint8Array): Buffer {
  const frame = Buffer.allocUnsafeSlow(syncFrameSize(body.length));
  frame.set(body, writeSyncHead(frame, 0, step, body.length));
  return frame;
}

export const step1Frame = (stateVector: Uint8Array): Buffer => syncFrame(syncKind.step1, stateVector);
export const step2Frame = (update: Uint8Array): Buffer => syncFrame(syncKind.step2, update);
export const updateFrame = (update: Uint8Array): Buffer => syncFrame(syncKind.update, update);

/** How many of the connection's messages with content are durable. */
export function durableFrame(count: number): Buffer {
  const payload = 1 + uintSize(count);
  const frame = Buffer.allocUnsafe(headerSize(payload) + payload);
  const at = writeHeader(frame, 0, payload);
  writeUint(frame, writeUint(frame, at, kind.durable), count);
  return frame;
}

/** A message of kind `of` that is one text. */
export function textFrame(of: number, text: string): Buffer {
  const length = Buffer.byteLength(text);
  const payload = uintSize(of) + uintSize(length) + length;
  const frame = Buffer.allocUnsafe(headerSize(payload) + payload);
  const at = writeUint(frame, writeUint(frame, writeHeader(frame, 0, payload), of), length);
  frame.write(text, at);
  return frame;
}

/** One person's presence. `state` is JSON, `null` for somebody who left. */
export type State = { client: number; clock: number; state: string };

export function awarenessFrame(states: readonly State[]): Buffer {
  let body = uintSize(states.length);
  for (const { client, clock, state } of states) {
    const length = Buffer.byteLength(state);
    body += uintSize(client) + uintSize(clock) + uintSize(length) + length;
  }
  const payload = 1 + uintSize(body) + body;
  const frame = Buffer.allocUnsafe(headerSize(payload) + payload);
  let at = writeUint(frame, writeHeader(frame, 0, payload), kind.awareness);
  at = writeUint(frame, writeUint(frame, at, body), states.length);
  for (const { client, clock, state } of states) {
    at = writeUint(frame, writeUint(frame, at, client), clock);
    at = writeUint(frame, at, Buffer.byteLength(state));
    at += frame.write(state, at);
  }
  return frame;
}

/** Nobody's presence: says only that the server is there, to a provider that gives up after 30 s of silence. */
export const stillHere = awarenessFrame([]);

/** An update that changes nothing. */
export const nothing = Uint8Array.of(0, 0);
