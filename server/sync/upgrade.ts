/** The door: who may open a socket to which room. Everything is asked before the socket opens, so nothing sent early is lost. */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Logger } from 'pino';
import { WebSocketServer, type WebSocket } from 'ws';
import type { RoomId } from '#schema/id.ts';
import { epochAsked, limits, ours } from '#schema/protocol.ts';
import { clientAddress, type Proxies } from '../auth/address.ts';
import { Allowances } from './allowance.ts';
import { end } from './end.ts';

/** Milliseconds from the request to an open socket; a slower database is a refusal to come back from. */
const deadline = 5_000;

/** How often one address may ask to come in: a whole office that comes back after a restart, and no more. */
const pace = { most: 500, perSecond: 50 };

/** What the address asks for: our own message kinds, and the epoch of the copy that the client holds, if it says so. */
export type Asked = { ours: boolean; epoch: string | null };

/** The answer at the door: a socket to enter with, or the close code that says why not. */
export type Answer = { enter: (ws: WebSocket, stream: Duplex, asked: Asked) => void } | { turned: number };

type DoorParts = {
  origins: ReadonlySet<string>;
  proxies: Proxies;
  logger: Logger;
  admit: (room: RoomId, cookie: string | undefined) => Promise<Answer>;
  isClosing: () => boolean;
  /** Whether this process holds as many sockets as it can. */
  isCrowded: () => boolean;
};

/**
 * Handles upgrade requests. A page of another site is turned away before the upgrade (T23); a
 * person is let in, or let in and told why not by the close code, because a stock provider tries
 * an HTTP refusal again for ever.
 */
export function createDoor({ origins, proxies, logger, admit, isClosing, isCrowded }: DoorParts) {
  /** By address: requests under way, of whom nobody knows yet whose they are, and sockets that were opened. */
  const asking = new Counts();
  const opened = new Counts();
  const mayAsk = new Allowances(pace);
  const server = new WebSocketServer({
    noServer: true,
    // Room for a copy's answer and what stands around it.
    maxPayload: limits.syncBytes + 64,
    perMessageDeflate: false,
    clientTracking: false,
  });

  async function come(request: IncomingMessage, stream: Duplex, head: Buffer, address: string): Promise<void> {
    const url = URL.parse(request.url ?? '', 'http://localhost');
    const room = /^\/rooms\/([^/]*)$/.exec(url?.pathname ?? '')?.[1] ?? '';
    const asked = { ours: url?.searchParams.get(ours) === '1', epoch: url?.searchParams.get(epochAsked) ?? null };
    const answer = await admit(room, request.headers.cookie);
    if (stream.destroyed || stream.writableEnded) return;
    server.handleUpgrade(request, stream, head, (ws) => {
      follow(ws, address);
      if ('turned' in answer) end(ws, stream, answer.turned);
      else answer.enter(ws, stream, asked);
    });
  }

  /** Apart from what was asked at the door: these listeners stay as long as the socket, and so would all that is in sight of them. */
  function follow(ws: WebSocket, address: string): void {
    opened.add(address);
    ws.once('close', () => opened.remove(address));
    ws.on('error', (err) => {
      logger.debug({ err }, 'a connection broke');
      ws.terminate();
    });
  }

  function open(request: IncomingMessage, stream: Duplex, head: Buffer, address: string): void {
    mayAsk.take(address);
    asking.add(address);
    // Without a word it would look like a broken network.
    const late = setTimeout(() => turnAway(stream, '503 Service Unavailable'), deadline);
    come(request, stream, head, address)
      .catch((err: unknown) => {
        logger.error({ err }, 'a socket could not be opened');
        turnAway(stream, '503 Service Unavailable');
      })
      .finally(() => {
        asking.remove(address);
        clearTimeout(late);
      });
  }

  /**
   * Whether one more request for a socket from there is turned away now, whoever it is of: one
   * machine that floods, before anything is looked up for it (T22).
   */
  function turnsAway(address: string): boolean {
    if (isClosing() || isCrowded()) return true;
    // It stands for everybody behind it.
    if (proxies.has(address)) return false;
    if (mayAsk.wait(address) > 0 || asking.of(address) >= limits.askingPerAddress) return true;
    return opened.of(address) >= limits.socketsPerAddress;
  }

  function handleUpgrade(request: IncomingMessage, stream: Duplex, head: Buffer): void {
    // Before anything is awaited: an error nobody listens for would end the process (T20).
    stream.on('error', (err) => {
      logger.debug({ err }, 'a connection broke');
      stream.destroy();
    });
    const told = request.headers['x-forwarded-for'];
    const peer = request.socket.remoteAddress ?? '';
    const address = clientAddress(peer, typeof told === 'string' ? told : undefined, proxies);
    if (!isOwnPage(request, origins)) turnAway(stream, '403 Forbidden');
    else if (turnsAway(address)) turnAway(stream, '503 Service Unavailable');
    else open(request, stream, head, address);
  }

  return { handleUpgrade, turnsAway };
}

/** How many there are of each. */
class Counts {
  readonly #of = new Map<string, number>();

  of(key: string): number {
    return this.#of.get(key) ?? 0;
  }

  add(key: string): void {
    this.#of.set(key, this.of(key) + 1);
  }

  remove(key: string): void {
    const left = this.of(key) - 1;
    if (left > 0) this.#of.set(key, left);
    else this.#of.delete(key);
  }
}

/** What a browser may say of where the page is from; browsers that say nothing, and other clients, are gone by the origin alone. */
const ownSites: ReadonlySet<string | string[] | undefined> = new Set([undefined, 'same-origin', 'none']);

/** Whether the page that asks is the service's own. No Origin is nobody's page. */
function isOwnPage({ headers }: IncomingMessage, origins: ReadonlySet<string>): boolean {
  return origins.has(headers.origin ?? '') && ownSites.has(headers['sec-fetch-site']);
}

function turnAway(stream: Duplex, status: string): void {
  if (stream.destroyed || stream.writableEnded) return;
  stream.once('finish', () => stream.destroy());
  stream.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
