/** A wire to a room's door on which any bytes at all may be put. */
import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import type { House, Person } from './house.ts';

type At = Pick<House, 'address'>;

/** Opens a wire, not knowing any protocol. It breaks without a word. */
export async function wireTo(at: At): Promise<Socket> {
  const { hostname, port } = new URL(at.address);
  const wire = connect(Number(port), hostname);
  wire.on('error', () => wire.destroy());
  await new Promise((resolve) => wire.once('connect', resolve).once('close', resolve));
  return wire;
}

/** The request for a socket, as a browser would make it but for `instead`. */
export function knock(at: At, room: string, person: Pick<Person, 'cookie'>, instead: Record<string, string> = {}) {
  const { host } = new URL(at.address);
  const headers = {
    Host: host,
    Origin: at.address,
    Cookie: person.cookie,
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': randomBytes(16).toString('base64'),
    ...instead,
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return [`GET /rooms/${room} HTTP/1.1`, ...lines, '\r\n'].join('\r\n');
}

/** A wire past the handshake and the first messages of the server, with nobody listening to what comes. */
export async function rawSocket(at: At, room: string, person: Pick<Person, 'cookie'>): Promise<Socket> {
  const wire = await wireTo(at);
  wire.write(knock(at, room, person));
  await new Promise((resolve) => wire.once('data', resolve).once('close', resolve));
  wire.removeAllListeners('data');
  return wire;
}

/** A whole frame as a client sends it; its mask changes nothing. `first` is its first byte: a whole binary message. */
export function frame(payload: Uint8Array, first = 0x82): Buffer {
  const { length } = payload;
  const head =
    length < 126
      ? [first, 0x80 | length]
      : length < 65_536
        ? [first, 0xfe, length >> 8, length & 0xff]
        : [first, 0xff, 0, 0, 0, 0, length >>> 24, (length >>> 16) & 0xff, (length >>> 8) & 0xff, length & 0xff];
  return Buffer.concat([Buffer.from([...head, 0, 0, 0, 0]), payload]);
}
