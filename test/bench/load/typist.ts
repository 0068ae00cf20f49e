/** One person typing: valid Yjs updates, a character each, and a count of what comes back. */
import * as Y from 'yjs';
import { notesRoot } from '#schema/notes.ts';
import { syncKind } from '#schema/protocol.ts';
import type { Target } from '../targets.ts';
import { characters } from './characters.ts';
import { Connection } from './connection.ts';
import type { Seat } from './seats.ts';
import { askForAll, awarenessMessage, Numbers, speechOf, syncMessage, type Heard, type Speech } from './wire.ts';

const letter = 'a'.charCodeAt(0);
/** Yjs content that is text, and the flag that it has an origin to its left. */
const textWithOrigin = 4 | 0x80;

export class Typist {
  readonly client: number;
  readonly #connection: Connection;
  readonly #speech: Speech;
  #clock = 0;
  /** Messages with content sent, and how many of them the server has acknowledged. */
  sent = 0;
  acknowledged = 0;
  /** Bytes of everything received. */
  bytes = 0;
  onHeard: (heard: Heard, message: Buffer, typist: Typist) => void = () => undefined;

  private constructor(connection: Connection, speech: Speech, client: number) {
    this.#connection = connection;
    this.#speech = speech;
    this.client = client;
    connection.onMessage = (message) => this.#hear(message);
  }

  /** Connects, and where the server understands documents, resolves once it has sent the whole of this one. */
  static async join(target: Target, seat: Seat): Promise<Typist> {
    const typist = await Typist.connect(target, seat);
    if (target.understands) await typist.load();
    return typist;
  }

  /** Connects and says hello. */
  static async connect(target: Target, seat: Seat): Promise<Typist> {
    const connection = await Connection.open(seat);
    const speech = speechOf(target.speech, seat.document);
    const typist = new Typist(connection, speech, seat.client);
    if (speech.hello) connection.send(speech.hello);
    return typist;
  }

  /** Asks for the whole document; resolves when it has come. */
  async load(): Promise<void> {
    const loaded = this.until((heard) => heard === 'step2');
    this.#connection.send(askForAll(this.#speech));
    await loaded;
  }

  /** Resolves at the first message for which `is` is true. Rejects if the connection is lost before. */
  until(is: (heard: Heard, message: Buffer) => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const before = this.onHeard;
      this.#connection.onLost = reject;
      this.onHeard = (heard, message, typist) => {
        before(heard, message, typist);
        if (!is(heard, message)) return;
        this.onHeard = before;
        this.#connection.onLost = (error) => {
          throw error;
        };
        resolve();
      };
    });
  }

  #hear(message: Buffer): void {
    this.bytes += message.length;
    const heard = this.#speech.hear(message);
    if (heard === 'durable') this.acknowledged = new Numbers(message, 1).next();
    else if (heard === 'applied') this.acknowledged += 1;
    this.onHeard(heard, message, this);
  }

  /** Begins a paragraph with one character in it. */
  begin(): void {
    const doc = new Y.Doc();
    doc.clientID = this.client;
    const paragraph = new Y.XmlElement('paragraph');
    doc.transact(() => {
      paragraph.insert(0, [new Y.XmlText('a')]);
      doc.getXmlFragment(notesRoot).push([paragraph]);
    });
    this.#clock = Y.getState(doc.store, this.client);
    this.send(Y.encodeStateAsUpdate(doc));
    doc.destroy();
  }

  /** Types one character after the last; returns its clock. */
  type(): number {
    const clock = this.#clock++;
    const update: number[] = [1, 1];
    put(update, this.client);
    put(update, clock);
    update.push(textWithOrigin);
    put(update, this.client);
    put(update, clock - 1);
    update.push(1, letter, 0);
    this.send(Uint8Array.from(update));
    return clock;
  }

  send(update: Uint8Array): void {
    this.sent += 1;
    this.#connection.send(syncMessage(this.#speech, syncKind.update, update));
  }

  /** Says where its cursor is now; `move` rises from one to the next. */
  moveCursor(move: number): void {
    this.#connection.send(awarenessMessage(this.#speech, this.client, move + 1));
  }

  /** Takes nothing more from the server. What becomes of the connection then is the server's affair. */
  stopReading(): void {
    this.#connection.stopReading();
  }

  /** Goes without a word. */
  leave(): void {
    this.#connection.drop();
  }

  /** Tells of each run of characters that an update brings; returns how many characters there are. */
  brought(message: Buffer, each?: (client: number, clock: number, length: number) => void): number {
    const numbers = new Numbers(message, this.#speech.prefix.length + 2);
    numbers.next();
    return characters(message, numbers.at, each);
  }

  /** Resolves once the server has acknowledged everything sent. */
  async settled(): Promise<void> {
    if (this.acknowledged < this.sent) await this.until(() => this.acknowledged >= this.sent);
  }

  close(): Promise<void> {
    return this.#connection.close();
  }
}

function put(target: number[], value: number): void {
  let rest = value;
  while (rest >= 0x80) {
    target.push((rest % 0x80) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  target.push(rest);
}
