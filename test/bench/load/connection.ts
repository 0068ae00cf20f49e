/**
 * A websocket client that does as little as a client can: what the load costs must not be what is
 * measured. Whole frames only; no extensions.
 */
import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';

export type Way = { address: string; path: string; headers: Record<string, string> };

const opcode = { binary: 0x2, close: 0x8, ping: 0x9, pong: 0xa } as const;

export class Connection {
  readonly #socket: Socket;
  readonly #mask = randomBytes(4);
  #rest: Buffer = Buffer.alloc(0);
  #closing = false;
  /** Is called for each message with a view that is true until it returns. */
  onMessage: (message: Buffer) => void = () => undefined;
  onLost: (error: Error) => void = (error) => {
    throw error;
  };

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on('error', (error) => this.#lost(error));
    socket.on('close', () => this.#lost(new Error('The server ended the connection')));
  }

  /** Connects and asks for a websocket. Throws when the server says no. */
  static async open({ address, path, headers }: Way): Promise<Connection> {
    const { hostname, port, host } = new URL(address);
    const socket = connect({ host: hostname, port: Number(port) });
    const lines = [
      `GET ${path} HTTP/1.1`,
      `Host: ${host}`,
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
      ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    ];
    socket.write(`${lines.join('\r\n')}\r\n\r\n`);
    const connection = new Connection(socket);
    await connection.#upgraded();
    return connection;
  }

  #upgraded(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.onLost = reject;
      const hear = (chunk: Buffer) => {
        this.#rest = Buffer.concat([this.#rest, chunk]);
        const end = this.#rest.indexOf('\r\n\r\n');
        if (end < 0) return;
        const status = this.#rest.subarray(0, this.#rest.indexOf('\r\n')).toString();
        if (!status.includes(' 101 ')) return reject(new Error(`The server answered ${status}`));
        const after = this.#rest.subarray(end + 4);
        this.#rest = Buffer.alloc(0);
        this.#socket.off('data', hear);
        this.#socket.pause();
        resolve();
        // What came with the answer is read once the caller has said who listens.
        setImmediate(() => {
          this.#socket.on('data', (more: Buffer) => this.#read(more));
          if (after.length > 0) this.#read(after);
          this.#socket.resume();
        });
      };
      this.#socket.on('data', hear);
    });
  }

  #lost(error: Error): void {
    if (this.#closing) return;
    this.#closing = true;
    this.#socket.destroy();
    this.onLost(error);
  }

  #read(chunk: Buffer): void {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    let at = 0;
    for (;;) {
      if (bytes.length - at < 2) break;
      let length = (bytes[at + 1] as number) & 0x7f;
      let head = 2;
      if (length === 126) {
        if (bytes.length - at < 4) break;
        length = bytes.readUInt16BE(at + 2);
        head = 4;
      } else if (length === 127) {
        if (bytes.length - at < 10) break;
        length = bytes.readUIntBE(at + 4, 6);
        head = 10;
      }
      const end = at + head + length;
      if (end > bytes.length) break;
      this.#take((bytes[at] as number) & 0x0f, bytes.subarray(at + head, end));
      at = end;
    }
    this.#rest = at === bytes.length ? Buffer.alloc(0) : bytes.subarray(at);
  }

  #take(code: number, payload: Buffer): void {
    if (code === opcode.binary) this.onMessage(payload);
    else if (code === opcode.ping) this.#write(opcode.pong, payload);
    else if (code === opcode.close) {
      const said = payload.length >= 2 ? `${payload.readUInt16BE(0)} ${payload.subarray(2).toString()}` : 'nothing';
      this.#lost(new Error(`The server closed the socket, saying ${said}`));
    }
  }

  send(message: Uint8Array): void {
    this.#write(opcode.binary, message);
  }

  #write(code: number, payload: Uint8Array): void {
    const { length } = payload;
    const head = length < 126 ? 2 : length < 65_536 ? 4 : 10;
    const frame = Buffer.allocUnsafe(head + 4 + length);
    frame[0] = 0x80 | code;
    frame[1] = 0x80 | (head === 2 ? length : head === 4 ? 126 : 127);
    if (head === 4) frame.writeUInt16BE(length, 2);
    if (head === 10) frame.writeBigUInt64BE(BigInt(length), 2);
    frame.set(this.#mask, head);
    for (let n = 0; n < length; n += 1) {
      frame[head + 4 + n] = (payload[n] as number) ^ (this.#mask[n & 3] as number);
    }
    this.#socket.write(frame);
  }

  stopReading(): void {
    this.#closing = true;
    this.#socket.pause();
  }

  drop(): void {
    this.#closing = true;
    this.#socket.destroy();
  }

  /** Ends the connection; resolves when it is gone. */
  async close(): Promise<void> {
    if (this.#socket.destroyed) return;
    this.#closing = true;
    const gone = new Promise((resolve) => this.#socket.once('close', resolve));
    this.#write(opcode.close, Uint8Array.of(0x03, 0xe8));
    this.#socket.end();
    await gone;
  }
}
