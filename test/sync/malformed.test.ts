/** Bytes that are no frame, and frames that are no message: they close their sender and nobody else notices. */
import { once } from 'node:events';
import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import { databaseKinds, freshStore } from '../support/database.ts';
import { openWriter } from '../support/writer.ts';
import { openHouse, type House, type Person } from './support/house.ts';

/** Raw bytes a client could put on the wire after the upgrade. */
const spoilt: Record<string, () => Buffer> = {
  'reserved bits set': () => Buffer.from([0xf2, 0x80, 0, 0, 0, 0]),
  'an unknown opcode': () => Buffer.from([0x83, 0x80, 0, 0, 0, 0]),
  'a frame without a mask': () => Buffer.from([0x82, 0x02, 0, 0]),
  'text that is not UTF-8': () => Buffer.from([0x81, 0x82, 0, 0, 0, 0, 0xff, 0xfe]),
  'a length far over the limit': () =>
    Buffer.from([0x82, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0]),
  'a continuation of nothing': () => Buffer.from([0x80, 0x80, 0, 0, 0, 0]),
  'a ping that is too long': () => Buffer.from([0x89, 0xfe, 0, 200, 0, 0, 0, 0]),
  'a close with half a code': () => Buffer.from([0x88, 0x81, 0, 0, 0, 0, 3]),
  'text in place of bytes': () => Buffer.from([0x81, 0x81, 0, 0, 0, 0, 0x61]),
  'an empty message': () => Buffer.from([0x82, 0x80, 0, 0, 0, 0]),
  'a truncated number': () => Buffer.from([0x82, 0x81, 0, 0, 0, 0, 0x80]),
  // 0x7f is no kind of message: by chance alone one in a hundred would be a question, which is answered.
  'chance bytes in a whole frame': () => Buffer.concat([Buffer.from([0x82, 0xc0, 0, 0, 0, 0, 0x7f]), randomBytes(63)]),
};

describe.each(databaseKinds())('on %s', (kind) => {
  let house: House;
  let person: Person;
  let room: string;
  beforeAll(async () => {
    house = await openHouse(await freshStore(kind));
    person = await house.person('Amara');
    room = await house.room(person);
  });
  afterAll(() => house.close());

  test('[R29] each kind of spoilt frame closes its sender; somebody typing meanwhile loses nothing', async () => {
    const healthy = openWriter({ address: house.address, room, cookie: person.cookie });
    let left = 0;
    healthy.provider.on('connection-close', () => (left += 1));
    let typed = 0;
    for (const [what, bytes] of Object.entries(spoilt)) {
      for (let round = 0; round < 5; round += 1) {
        const socket = new WebSocket(`${house.address.replace(/^http/, 'ws')}/rooms/${room}?candour=1`, {
          headers: { cookie: person.cookie, origin: house.address },
        });
        socket.on('error', () => socket.terminate());
        await once(socket, 'open');
        const closed = once(socket, 'close');
        // The client library makes only whole frames: these go round it.
        (socket as unknown as { _socket: Socket })._socket.write(bytes());
        healthy.type(`${what} ${round}`);
        typed += 1;
        await closed;
      }
    }
    await healthy.settled();
    expect(healthy.saved()).toHaveLength(typed);
    expect(left).toBe(0);
    healthy.close();
  });
});
