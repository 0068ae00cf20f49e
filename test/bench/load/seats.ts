/** Places in rooms: where each client connects, as whom, and under which clientID. */
import { randomBytes, randomInt } from 'node:crypto';
import type { Target } from '../targets.ts';
import type { Way } from './connection.ts';

export type Seat = Way & { document: string; client: number };
/** Seats by room. */
export type Rooms = Seat[][];

/** How many requests are under way at once. */
const atOnce = 8;

/** Fresh rooms with `people` seats each. Ours are signed in to and leased by the service's own API. */
export function makeRooms(target: Target, address: string, rooms: number, people: number): Promise<Rooms> {
  return target.speech === 'ours'
    ? oursAt(address, rooms, people)
    : Promise.resolve(open(target, address, rooms, people));
}

function open(target: Target, address: string, rooms: number, people: number): Rooms {
  return Array.from({ length: rooms }, () => {
    const document = randomBytes(16).toString('hex');
    const path = target.speech === 'hocuspocus' ? '/' : `/${document}`;
    return Array.from({ length: people }, () => ({
      address,
      path,
      headers: {},
      document,
      client: randomInt(1, 2 ** 32),
    }));
  });
}

/** Session cookies by address and person. */
const cookies = new Map<string, Promise<string>>();

async function oursAt(address: string, rooms: number, people: number): Promise<Rooms> {
  const made = (await (await post(address, '/bench/rooms', { rooms, people })).json()) as {
    room: string;
    people: string[];
  }[];
  const seats: Rooms = made.map(() => []);
  const wanted = made.flatMap(({ room, people }, n) => people.map((person) => ({ room, person, n })));
  const next = async (): Promise<void> => {
    for (let each = wanted.pop(); each; each = wanted.pop()) {
      seats[each.n]?.push(await ourSeat(address, each.room, each.person));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, next));
  return seats;
}

async function ourSeat(address: string, room: string, person: string): Promise<Seat> {
  const key = `${address} ${person}`;
  const signingIn = cookies.get(key) ?? signIn(address, person);
  cookies.set(key, signingIn);
  const cookie = await signingIn;
  const reply = await post(address, `/api/rooms/${room}/lease`, {}, cookie);
  const { client } = (await reply.json()) as { client: number };
  return {
    address,
    path: `/rooms/${room}?candour=1`,
    headers: { Cookie: cookie, Origin: address },
    document: room,
    client,
  };
}

async function signIn(address: string, person: string): Promise<string> {
  const reply = await post(address, '/api/practice/sign-in', { person });
  return (reply.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
}

async function post(address: string, path: string, body: object, cookie?: string): Promise<Response> {
  const headers = { origin: address, 'content-type': 'application/json', ...(cookie ? { cookie } : {}) };
  const reply = await fetch(`${address}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  if (!reply.ok) throw new Error(`${path} answered ${reply.status}`);
  return reply;
}
