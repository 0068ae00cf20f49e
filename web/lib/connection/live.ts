/** One socket for one room: its notes, who is here and its record, over y-websocket's own provider. */
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import type { Awareness } from 'y-protocols/awareness';
import { WebsocketProvider } from 'y-websocket';
import { Doc, Item, ContentString, type XmlFragment } from 'yjs';
import type { RoomId } from '#schema/id.ts';
import type { Entry } from '#schema/ledger.ts';
import { notesRoot } from '#schema/notes.ts';
import { epochAsked, kind, ours, type Filled } from '#schema/protocol.ts';
import { Away, type Missed } from './away.ts';
import { watchAgreement, type Agreed } from './agreement.ts';
import { takeInTogether } from './intake.ts';
import { roomSocket } from './socket.ts';
import { sectionAt } from '../notes/sections.ts';
import { tellCaret } from '../notes/tell-caret.ts';
import type { Happening } from './state.ts';

export type Live = {
  doc: Doc;
  notes: XmlFragment;
  awareness: Awareness;
  /** The title of the heading above a caret of somebody's. */
  sectionAt: (caret: unknown) => string | undefined;
  /** Opens a socket again after the server closed the last one for a reason that has passed. */
  reconnect: () => void;
  /** Closes the socket and keeps the notes as they are here. */
  disconnect: () => void;
  /** Whether this copy holds what the server holds; `unknown` after `within` milliseconds. */
  agrees: (within: number) => Promise<Agreed>;
  /** The clock of this copy's own writing: what has been written so far lies before it. */
  written: () => number;
  /** What this copy wrote from `clock` on and did not delete, as plain text. */
  writtenSince: (clock: number) => string;
  /** Closes the socket and forgets the notes. */
  close: () => void;
};

type Watch = {
  mayWrite: () => boolean;
  /** The last entry this copy of the record holds. */
  lastEntry: () => number;
  /** Whether all that was written here is durable. */
  isSaved: () => boolean;
  onHappening: (what: Happening) => void;
  onEntries: (entries: Entry[]) => void;
  /** The notes are here as the server has them; and what others did while they were cut off from here. */
  onSynced: (missed: Missed | null) => void;
  /** Someone came, went or moved. */
  onPresence: () => void;
  /** How full the notes are. */
  onFilled: (filled: Filled) => void;
  /** This copy of the notes is not what the server has. */
  onDiffers: () => void;
  /** The server closed the socket for a reason (`schema/protocol.ts`) that coming back does not mend. */
  onClosed: (code: number) => void;
  /** So many attempts in a row never opened. */
  onUnopened: (attempts: number) => void;
};

/** Opens the room's socket, writing under the leased number `client`, in the room's `epoch`. */
export function openLive(room: RoomId, { client, epoch }: { client: number; epoch: number }, watch: Watch): Live {
  // With garbage collection a deleted paragraph of ours would go out as a block without words, which
  // the server refuses: what was said in the notes stays in their history.
  const doc = new Doc({ gc: false });
  doc.clientID = client;
  const provider = new WebsocketProvider(`${location.origin.replace(/^http/, 'ws')}/rooms`, room, doc, {
    connect: false,
    params: { [ours]: '1', [epochAsked]: String(epoch) },
    // Tabs of one browser must not agree among themselves on something the server does not have.
    disableBc: true,
    WebSocketPolyfill: roomSocket({
      client,
      mayWrite: watch.mayWrite,
      onSent: (answer) => watch.onHappening({ type: 'sent', answer }),
    }),
  });
  const { awareness } = provider;
  const notes = doc.getXmlFragment(notesRoot);

  const intake = takeInTogether(provider, tellCaret);
  const agreement = watchAgreement(provider, {
    isSaved: watch.isSaved,
    takeIn: intake.flush,
    onDiffers: watch.onDiffers,
  });
  provider.messageHandlers[kind.durable] = (_encoder, decoder) => {
    const count = decoding.readVarUint(decoder);
    watch.onHappening({ type: 'durable', count, at: new Date().toISOString() });
  };
  provider.messageHandlers[kind.entries] = (_encoder, decoder) => {
    watch.onEntries(JSON.parse(decoding.readVarString(decoder)) as Entry[]);
  };

  provider.messageHandlers[kind.filled] = (_encoder, decoder) => {
    watch.onFilled(decoding.readVarString(decoder) as Filled);
  };

  let unopened = 0;
  provider.on('status', ({ status }) => {
    if (status === 'connecting') {
      watch.onHappening({ type: 'opening' });
      // Others were told that this copy left, one tick after its last word: what it says next has to be later still.
      for (let later = 0; later < 2; later += 1) awareness.setLocalState(awareness.getLocalState());
    }
    if (status !== 'connected') return;
    unopened = 0;
    watch.onHappening({ type: 'opened' });
    askForEntries(provider.ws, watch.lastEntry());
  });
  const away = new Away(doc, notes, (origin) => origin === provider);
  provider.on('connection-close', () => {
    away.cut();
    if (!provider.wsconnected) {
      unopened += 1;
      watch.onUnopened(unopened);
    }
    watch.onHappening({ type: 'closed' });
  });
  provider.on('closed', ({ code }) => watch.onClosed(code));
  provider.on('sync', (synced) => {
    if (synced) watch.onSynced(away.back());
  });
  doc.on('update', (_update, _origin, _doc, { local }) => {
    if (!local) watch.onHappening({ type: 'heard', at: new Date().toISOString() });
    else if (watch.mayWrite()) watch.onHappening({ type: 'changed' });
  });
  awareness.on('change', watch.onPresence);
  awareness.setLocalState({ cursor: null });
  provider.connect();

  const structs = () => doc.store.clients.get(client) ?? [];
  return {
    doc,
    notes,
    awareness,
    sectionAt: (caret) => sectionAt(notes, caret),
    reconnect: () => provider.connect(),
    disconnect: () => {
      intake.flush();
      provider.disconnect();
    },
    agrees: agreement.ask,
    written: () => {
      const last = structs().at(-1);
      return last ? last.id.clock + last.length : 0;
    },
    writtenSince: (clock) => {
      const runs: string[] = [];
      let parent: Item['parent'] = null;
      for (const struct of structs()) {
        if (!(struct instanceof Item && struct.content instanceof ContentString) || struct.deleted) continue;
        const words = struct.content.str.slice(Math.max(0, clock - struct.id.clock));
        if (struct.id.clock + struct.length <= clock || words === '') continue;
        if (runs.length > 0 && struct.parent !== parent) runs.push('\n');
        runs.push(words);
        parent = struct.parent;
      }
      return runs.join('');
    },
    close: () => {
      agreement.stop();
      intake.stop();
      provider.destroy();
      doc.destroy();
    },
  };
}

function askForEntries(socket: WebSocket | null, since: number): void {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, kind.entriesSince);
  encoding.writeVarUint(encoder, since);
  socket?.send(encoding.toUint8Array(encoder));
}
