/** A bare client of a room: sends and receives whole messages, and nothing by itself. */
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import WebSocket from 'ws';
import * as Y from 'yjs';
import { kind, syncKind } from '#schema/protocol.ts';
import type { House, Person } from './house.ts';
import { until } from './until.ts';

export type Message = { kind: number; decoder: decoding.Decoder };

export class Client {
  readonly ws: WebSocket;
  /** Every update received, in order; step 2 among them. */
  readonly updates: Uint8Array[] = [];
  /** Those of them that came as step 2. */
  readonly answers: Uint8Array[] = [];
  readonly texts: { kind: number; text: string }[] = [];
  /** Awareness as it came: clock and state by client. */
  readonly presence = new Map<number, { clock: number; state: unknown }>();
  step1: Uint8Array | null = null;
  synced = false;
  durable = 0;
  closed: { code: number; reason: string } | null = null;
  received = 0;
  /** When the last update came, by this process's clock. */
  updatedAt = 0;

  constructor(ws: WebSocket) {
    this.ws = ws;
    ws.on('error', () => ws.terminate());
    ws.on('close', (code, reason) => {
      this.closed = { code, reason: reason.toString() };
    });
    ws.on('message', (data: Buffer) => this.#receive(data));
  }

  static async open(
    house: Pick<House, 'address'>,
    room: string,
    person: Pick<Person, 'cookie'> | null,
    { ours = true, headers = {} }: { ours?: boolean; headers?: Record<string, string> } = {},
  ): Promise<Client> {
    const url = `${house.address.replace('http', 'ws')}/rooms/${room}${ours ? '?candour=1' : ''}`;
    const ws = new WebSocket(url, {
      headers: { origin: house.address, ...(person ? { cookie: person.cookie } : {}), ...headers },
    });
    const client = new Client(ws);
    await new Promise<void>((resolve, reject) => {
      ws.once('open', resolve);
      ws.once('unexpected-response', (_request, response) => reject(new Error(`HTTP ${response.statusCode}`)));
      ws.once('close', () => reject(new Error('closed')));
    });
    return client;
  }

  #receive(data: Buffer): void {
    this.received += 1;
    const decoder = decoding.createDecoder(new Uint8Array(data));
    const of = decoding.readVarUint(decoder);
    switch (of) {
      case kind.sync: {
        const step = decoding.readVarUint(decoder);
        const body = decoding.readVarUint8Array(decoder);
        if (step === syncKind.step1) this.step1 = body;
        else {
          this.updates.push(body);
          this.updatedAt = performance.now();
        }
        if (step === syncKind.step2) {
          this.answers.push(body);
          this.synced = true;
        }
        return;
      }
      case kind.awareness: {
        const inner = decoding.createDecoder(decoding.readVarUint8Array(decoder));
        for (let left = decoding.readVarUint(inner); left > 0; left -= 1) {
          const client = decoding.readVarUint(inner);
          const clock = decoding.readVarUint(inner);
          this.presence.set(client, { clock, state: JSON.parse(decoding.readVarString(inner)) });
        }
        return;
      }
      case kind.durable:
        this.durable = decoding.readVarUint(decoder);
        return;
      default:
        this.texts.push({ kind: of, text: decoding.readVarString(decoder) });
    }
  }

  send(message: Uint8Array): void {
    this.ws.send(message);
  }

  sync(step: number, body: Uint8Array): void {
    this.send(syncMessage(step, body));
  }

  update(update: Uint8Array): void {
    this.sync(syncKind.update, update);
  }

  awareness(client: number, clock: number, state: unknown): void {
    this.send(awarenessMessage([{ client, clock, state }]));
  }

  /** Asks for the whole note and applies what comes. */
  async doc(): Promise<Y.Doc> {
    this.synced = false;
    this.sync(syncKind.step1, Uint8Array.of(0));
    await until('the answer to sync step 1', () => this.synced || this.closed !== null);
    return docOf(this.updates);
  }

  async isClosed(): Promise<{ code: number; reason: string }> {
    await until('the socket to be closed', () => this.closed !== null);
    if (!this.closed) throw new Error('Not closed');
    return this.closed;
  }

  close(): void {
    this.ws.terminate();
  }
}

export function docOf(updates: readonly Uint8Array[]): Y.Doc {
  const doc = new Y.Doc({ gc: false });
  for (const update of updates) Y.applyUpdate(doc, update);
  return doc;
}

export function syncMessage(step: number, body: Uint8Array): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, kind.sync);
  encoding.writeVarUint(encoder, step);
  encoding.writeVarUint8Array(encoder, body);
  return encoding.toUint8Array(encoder);
}

export function awarenessMessage(states: readonly { client: number; clock: number; state: unknown }[]): Uint8Array {
  const inner = encoding.createEncoder();
  encoding.writeVarUint(inner, states.length);
  for (const { client, clock, state } of states) {
    encoding.writeVarUint(inner, client);
    encoding.writeVarUint(inner, clock);
    encoding.writeVarString(inner, JSON.stringify(state));
  }
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, kind.awareness);
  encoding.writeVarUint8Array(encoder, encoding.toUint8Array(inner));
  return encoding.toUint8Array(encoder);
}
