/** The floors: a bare websocket broadcast that stores, checks and understands nothing. `FLOOR` is `send` or `tick`. */
import { createServer, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type RawData, type WebSocket } from 'ws';
import { listening } from './listening.ts';

type Member = { ws: WebSocket; stream: Duplex };
/** `turn`: the messages of this event-loop turn, by who sent them. */
type Room = { members: Set<Member>; turn: Map<Member, Buffer[]> };

const rooms = new Map<string, Room>();
const wss = new WebSocketServer({ noServer: true, perMessageDeflate: false });
const receive = process.env['FLOOR'] === 'tick' ? gather : send;

/** One send for each client. */
function send(room: Room, from: Member, data: Buffer): void {
  for (const member of room.members) if (member !== from) member.ws.send(data);
}

/** One write for each client and event-loop turn. */
function gather(room: Room, from: Member, data: Buffer): void {
  if (room.turn.size === 0) setImmediate(() => flush(room));
  const own = room.turn.get(from);
  if (own) own.push(data);
  else room.turn.set(from, [data]);
}

/** A writer's own frames lie together, so that each socket is written the same bytes but its own. */
function flush(room: Room): void {
  const { turn } = room;
  room.turn = new Map();
  const parts: Buffer[] = [];
  const own = new Map<Member, { from: number; to: number }>();
  let at = 0;
  for (const [member, messages] of turn) {
    const from = at;
    for (const message of messages) {
      const head = headOf(message.length);
      parts.push(head, message);
      at += head.length + message.length;
    }
    own.set(member, { from, to: at });
  }
  const whole = Buffer.concat(parts, at);
  for (const member of room.members) {
    const { stream } = member;
    const mine = own.get(member);
    if (!mine) {
      stream.write(whole);
      continue;
    }
    stream.cork();
    if (mine.from > 0) stream.write(whole.subarray(0, mine.from));
    if (mine.to < at) stream.write(whole.subarray(mine.to));
    stream.uncork();
  }
}

const smallHeads = Array.from({ length: 126 }, (_, length) => Buffer.from([0x82, length]));

function headOf(length: number): Buffer {
  const small = smallHeads[length];
  if (small) return small;
  const long = length >= 65_536;
  const head = Buffer.alloc(long ? 10 : 4);
  head[0] = 0x82;
  head[1] = long ? 127 : 126;
  head.writeUIntBE(length, long ? 4 : 2, long ? 6 : 2);
  return head;
}

function enter(request: IncomingMessage, stream: Duplex, ws: WebSocket): void {
  const name = request.url ?? '';
  const room = rooms.get(name) ?? { members: new Set(), turn: new Map() };
  rooms.set(name, room);
  const member = { ws, stream };
  room.members.add(member);
  ws.on('message', (data: RawData) => {
    if (data instanceof Buffer) receive(room, member, data);
  });
  ws.on('close', () => {
    room.members.delete(member);
    if (room.members.size === 0) rooms.delete(name);
  });
}

const server = createServer();
server.on('upgrade', (request, stream, head) => {
  wss.handleUpgrade(request, stream, head, (ws) => enter(request, stream, ws));
});
listening(server);
