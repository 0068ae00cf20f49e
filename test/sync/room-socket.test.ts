/** The client's socket: fast typing goes together, and what waits to go is never counted as saved. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { WebSocketServer } from 'ws';
import { applyUpdate, Doc, encodeStateAsUpdate, XmlText } from 'yjs';
import { roomSocket } from '#lib/connection/socket.ts';
import { kind, limits, syncKind } from '#schema/protocol.ts';

let server: WebSocketServer;
let received: Uint8Array[];
/** How many of the socket's messages with content it has counted. */
let counted: number;
let socket: WebSocket;
let heard: () => void;

const client = 7;
const writer = { doc: new Doc({ gc: false }), text: new XmlText() };

beforeEach(async () => {
  server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(server, 'listening');
  received = [];
  counted = 0;
  heard = () => {};
  server.on('connection', (peer) =>
    peer.on('message', (data: Buffer) => {
      received.push(new Uint8Array(data));
      heard();
    }),
  );
  writer.doc = new Doc({ gc: false });
  writer.doc.clientID = client;
  writer.text = new XmlText();
  writer.doc.getXmlFragment('notes').insert(0, [writer.text]);
  const Socket = roomSocket({ client, mayWrite: () => true, onSent: () => (counted += 1) });
  socket = new Socket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  await once(socket, 'open');
  writer.doc.on('update', (update: Uint8Array) => socket.send(sync(syncKind.update, update)));
});

afterEach(() => {
  socket.close();
  server.close();
});

function sync(step: number, update: Uint8Array): Uint8Array<ArrayBuffer> {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, kind.sync);
  encoding.writeVarUint(encoder, step);
  encoding.writeVarUint8Array(encoder, update);
  return encoding.toUint8Array(encoder);
}

/** What a reader who had the notes before holds after every message that came. */
function readAll(before: Uint8Array): string {
  const reader = new Doc({ gc: false });
  applyUpdate(reader, before);
  for (const message of received) {
    const decoder = decoding.createDecoder(message);
    decoding.readVarUint(decoder);
    decoding.readVarUint(decoder);
    applyUpdate(reader, decoding.readVarUint8Array(decoder));
  }
  return reader.getXmlFragment('notes').toString();
}

/** Resolves when as many messages have come as were counted, and all that was written is in them. */
async function arrived(before: Uint8Array): Promise<void> {
  const whole = () => received.length === counted && readAll(before) === writer.doc.getXmlFragment('notes').toString();
  while (!whole()) await new Promise<void>((resolve) => (heard = resolve));
}

test('the first key goes at once; those after it go together, and all arrive', async () => {
  const before = encodeStateAsUpdate(writer.doc);
  for (const letter of 'On 28 September the ambulance service was called')
    writer.text.insert(writer.text.length, letter);
  expect(counted).toBe(2);
  await arrived(before);
  expect(received).toHaveLength(2);
});

test('what waits to go counts as sent from the first key, so nothing before it can say that all is saved', async () => {
  const before = encodeStateAsUpdate(writer.doc);
  writer.text.insert(0, 'a');
  expect(counted).toBe(1);
  writer.text.insert(1, 'b');
  expect(counted).toBe(2);
  await arrived(before);
});

test('an answer to the server goes after what was typed before it', async () => {
  const before = encodeStateAsUpdate(writer.doc);
  writer.text.insert(0, 'a');
  writer.text.insert(1, 'b');
  socket.send(sync(syncKind.step2, encodeStateAsUpdate(writer.doc)));
  expect(counted).toBe(3);
  await arrived(before);
  expect(received.map((message) => message[1])).toEqual([syncKind.update, syncKind.update, syncKind.step2]);
});

test('what waits goes before the socket closes', async () => {
  const before = encodeStateAsUpdate(writer.doc);
  writer.text.insert(0, 'a');
  writer.text.insert(1, 'b');
  socket.close();
  await arrived(before);
});

test('a change larger than a frame goes in pieces, each counted', async () => {
  const before = encodeStateAsUpdate(writer.doc);
  writer.text.insert(0, 'Seen at home by two officers. '.repeat(8_000));
  await arrived(before);
  expect(received.length).toBeGreaterThan(3);
  for (const message of received) expect(message.byteLength).toBeLessThan(limits.frameBytes);
});
