/** Bytes that are no frame, frames that are no message and requests that are no request: each kind, as often as asked for (R29). */
import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import * as Y from 'yjs';
import type { RoomId } from '#schema/id.ts';
import { kind, syncKind } from '#schema/protocol.ts';
import type { Chance } from './chance.ts';
import { awarenessMessage, docOf, syncMessage } from './client.ts';
import type { House, Person } from './house.ts';
import { frame, knock, rawSocket, wireTo } from './raw.ts';

type Make = (chance: Chance) => Uint8Array;

const message =
  (make: Make): Make =>
  (chance) =>
    frame(make(chance));
const chanceBytes = (chance: Chance, most: number) => randomBytes(1 + chance.below(most));

/** What is put on the wire after the upgrade. Each ends the connection of whoever sends it. */
export const frames: Record<string, Make> = {
  'reserved bits': (chance) => frame(chanceBytes(chance, 60), 0x82 | (16 * (1 + chance.below(7)))),
  'an unknown opcode': (chance) => frame(chanceBytes(chance, 60), 0x83 + chance.below(5)),
  'no mask': (chance) => Buffer.from([0x82, 0x02, chance.below(256), 0]),
  'a length past all limits': (chance) => Buffer.from([0x82, 0xff, 0x7f, ...randomBytes(7), 1, 2, 3, chance.below(9)]),
  'a length above ours': (chance) =>
    Buffer.from([0x82, 0xff, 0, 0, 0, 0, chance.below(99), 0x50, 0, 0, ...randomBytes(4)]),
  'fragments without end': () =>
    Buffer.concat(Array.from({ length: 20 }, (_, n) => frame(Buffer.alloc(16_000), n === 0 ? 0x02 : 0x00))),
  'a fragmented ping': () => frame(new Uint8Array(0), 0x09),
  'a ping that is too long': () => frame(randomBytes(200), 0x89),
  'a continuation of nothing': (chance) => frame(chanceBytes(chance, 60), 0x80),
  'a close code that is none': (chance) => frame(Uint8Array.of(chance.below(3), chance.below(200)), 0x88),
  'a close with half a code': (chance) => frame(Uint8Array.of(chance.below(256)), 0x88),
  'text in place of bytes': () => frame(Buffer.from('words'), 0x81),
  'text that is not UTF-8': (chance) => frame(Uint8Array.of(0xff, 0xc0, chance.below(256)), 0x81),
  'an empty message': message(() => new Uint8Array(0)),
  'a truncated number': message((chance) => Buffer.alloc(1 + chance.below(6), 0x80)),
  'an endless number': message((chance) => Buffer.alloc(10 + chance.below(40), 0xff)),
  'an unknown kind': message((chance) => Uint8Array.of(4 + chance.below(16), ...randomBytes(8))),
  'a length that lies': message((chance) => Uint8Array.of(kind.sync, chance.below(3), 5 + chance.below(100), 1, 2)),
  'an update of garbage': message(() => syncMessage(syncKind.update, Buffer.alloc(40, 0xff))),
  'an answer of garbage': message(() => syncMessage(syncKind.step2, Buffer.alloc(40, 0xff))),
  'a state vector of garbage': message((chance) => syncMessage(syncKind.step1, Uint8Array.of(9, 1, chance.below(128)))),
  'presence of garbage': message((chance) => Uint8Array.of(kind.awareness, 4, 1, chance.below(128), 0, 9)),
  'presence that is not JSON': message(() => Uint8Array.of(kind.awareness, 5, 1, 7, 1, 1, 0x7b)),
  'presence of more than there are': message(() =>
    awarenessMessage(Array.from({ length: 500 }, (_, client) => ({ client, clock: 1, state: {} }))),
  ),
  'a message cut short': message((chance) => {
    const whole = syncMessage(syncKind.update, Y.encodeStateAsUpdate(docOf([])));
    return whole.subarray(0, chance.below(whole.length));
  }),
  // 0x7f is no kind of message: by chance alone one in a hundred would be a question, which is answered.
  'chance bytes': message((chance) => Uint8Array.of(0x7f, ...chanceBytes(chance, 200))),
};

type Request = (to: { house: Pick<House, 'address'>; room: RoomId; person: Person; chance: Chance }) => string;

/** What is said in place of a request for a socket. */
export const requests: Record<string, Request> = {
  '2,000 headers': ({ house, room, person }) =>
    knock(house, room, person, Object.fromEntries(Array.from({ length: 2_000 }, (_, n) => [`x${n}`, '1']))),
  'half an upgrade': ({ house, room, person, chance }) => {
    const whole = knock(house, room, person);
    return whole.slice(0, 1 + chance.below(whole.length - 4));
  },
  'an upgrade to something else': ({ house, room, person }) => knock(house, room, person, { Upgrade: 'h2c' }),
  'no key': ({ house, room, person }) => knock(house, room, person, { 'Sec-WebSocket-Key': 'x' }),
  'an unknown version': ({ house, room, person, chance }) =>
    knock(house, room, person, { 'Sec-WebSocket-Version': `${14 + chance.below(99)}` }),
  'an address that is none': ({ house, person }) => knock(house, '%00/../%', person),
  'no request at all': () => randomBytes(64).toString('latin1'),
};

/** What a client says that has nothing more to say, and what it hears back where all it said was well. */
const goodbye = frame(Uint8Array.of(0x03, 0xe8), 0x88);
const echoed = Buffer.from([0x88, 0x02, 0x03, 0xe8]);

/** Sends one kind so many times, `atOnce` at a time. Returns how many of them the service let pass. */
export async function sendMalformed(
  name: string,
  count: number,
  { house, room, person, chance, atOnce = 4 }: Parameters<Request>[0] & { atOnce?: number },
): Promise<number> {
  const make = frames[name];
  let [left, passed] = [count, 0];
  const next = async (): Promise<void> => {
    for (left -= 1; left >= 0; left -= 1) {
      const wire = make ? await rawSocket(house, room, person) : await wireTo(house);
      const answer = answerOn(wire);
      if (make) wire.write(Buffer.concat([make(chance), goodbye]));
      else wire.end(requests[name]?.({ house, room, person, chance }) ?? '', 'latin1');
      if ((await answer).subarray(-echoed.length).equals(echoed)) passed += 1;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, next));
  return passed;
}

/** All that comes until the service closes the wire. */
async function answerOn(wire: Socket): Promise<Buffer> {
  const came: Buffer[] = [];
  wire.on('data', (chunk: Buffer) => void came.push(chunk));
  if (!wire.destroyed) await new Promise((resolve) => wire.once('close', resolve));
  return Buffer.concat(came);
}
