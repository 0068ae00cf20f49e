/** A real client of a room: y-websocket's own provider over a real socket, counting what it knows to be saved. */
import * as decoding from 'lib0/decoding';
import WebSocket from 'ws';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import { notesRoot } from '#schema/notes.ts';
import { epochAsked, kind, ours, syncKind } from '#schema/protocol.ts';

export type Writer = {
  doc: Y.Doc;
  provider: WebsocketProvider;
  notes: Y.XmlFragment;
  /** Types one paragraph. */
  type: (words: string) => void;
  /** Words typed that the server has said are durable, in the order they were typed. */
  saved: () => readonly string[];
  /** Whether all that this copy holds and the server did not is durable, however it was written. */
  allSaved: () => boolean;
  /** Resolves once everything typed so far is durable. Rejects after `within` milliseconds. */
  settled: (within?: number) => Promise<void>;
  close: () => void;
};

type Options = {
  address: string;
  room: string;
  cookie: string;
  /** The leased clientID; without one the server leases the document's own at first sight. */
  client?: number;
  /** A stock client that knows none of our message kinds. */
  plain?: boolean;
  /** The epoch of the copy it holds. */
  epoch?: number;
};

export function openWriter({ address, room, cookie, client, plain = false, epoch }: Options): Writer {
  const doc = new Y.Doc({ gc: false });
  if (client !== undefined) doc.clientID = client;
  const notes = doc.getXmlFragment(notesRoot);
  const typed: string[] = [];
  /** Of `typed`, how many each message with content of this connection carried, in the order they went out. */
  let carried: number[] = [];
  let savedCount = 0;
  /** Of the messages with content of this connection, how many are durable, and whether the answer is among them. */
  let durable = 0;
  let answered = false;
  /** How its connections ended so far: for the message of a test that fails. */
  const ends: string[] = [];
  const waiting = new Set<() => void>();

  class CountingSocket extends WebSocket {
    constructor(url: string, protocols?: string[]) {
      super(url, protocols, { headers: { cookie, origin: address } });
      this.on('error', () => this.terminate());
    }

    override send(data: Parameters<WebSocket['send']>[0]): void {
      if (data instanceof Uint8Array && carriesContent(data)) {
        carried.push(typed.length);
        answered ||= data[1] === syncKind.step2;
      }
      super.send(data);
    }
  }

  const provider = new WebsocketProvider(`${address.replace(/^http/, 'ws')}/rooms`, room, doc, {
    WebSocketPolyfill: CountingSocket as unknown as typeof globalThis.WebSocket,
    disableBc: true,
    maxBackoffTime: 200,
    connect: false,
    params: {
      ...(plain ? {} : { [ours]: '1' }),
      ...(epoch === undefined ? {} : { [epochAsked]: String(epoch) }),
    },
  });
  provider.messageHandlers[kind.durable] = (_encoder, decoder) => {
    const count = decoding.readVarUint(decoder);
    durable = count;
    savedCount = Math.max(savedCount, carried[count - 1] ?? 0);
    for (const look of waiting) look();
  };
  provider.messageHandlers[kind.entries] = (_encoder, decoder) => void decoding.readVarString(decoder);
  provider.on('status', ({ status }) => {
    if (status !== 'connecting') return;
    carried = [];
    durable = 0;
    answered = false;
  });
  provider.on('connection-close', (event) => ends.push(event ? `${event.code} ${event.reason}`.trim() : 'none'));
  provider.on('connection-error', () => ends.push('error'));
  provider.connect();

  const state = () =>
    ` (client ${doc.clientID}; ${provider.wsconnected ? 'connected' : 'not connected'}; connections ended: ${ends.join(', ')})`;

  return {
    doc,
    provider,
    notes,
    type(words) {
      typed.push(words);
      const paragraph = new Y.XmlElement('paragraph');
      paragraph.insert(0, [new Y.XmlText(words)]);
      notes.push([paragraph]);
    },
    saved: () => typed.slice(0, savedCount),
    allSaved: () => provider.wsconnected && answered && durable >= carried.length,
    settled: (within = 10_000) =>
      new Promise((resolve, reject) => {
        const late = setTimeout(
          () => reject(new Error(`Only ${savedCount} of ${typed.length} were saved in time${state()}`)),
          within,
        );
        const look = () => {
          if (savedCount < typed.length) return;
          clearTimeout(late);
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
      }),
    close() {
      provider.destroy();
      doc.destroy();
    },
  };
}

function carriesContent(message: Uint8Array): boolean {
  return message[0] === kind.sync && (message[1] === syncKind.step2 || message[1] === syncKind.update);
}

/** Every paragraph of the notes, as text. */
export function paragraphsOf(notes: Y.XmlFragment): string[] {
  return notes.toArray().map((node) => (node instanceof Y.XmlElement ? node.toArray().map(String).join('') : ''));
}
