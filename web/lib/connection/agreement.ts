/** Whether this copy of the notes holds what the server holds: asked when it is quiet, on coming back, and before an act rests on it (T4). */
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import type { WebsocketProvider } from 'y-websocket';
import { hashOfNotes } from '#schema/content.ts';
import { notesRoot } from '#schema/notes.ts';
import { kind, syncKind } from '#schema/protocol.ts';

/** What the server last said; `unknown` where it could not be asked, or has moved on too far to tell. */
export type Agreed = 'same' | 'differs' | 'unknown';

export type Agreement = {
  /** Asks now. `unknown` after `within` milliseconds. */
  ask: (within: number) => Promise<Agreed>;
  stop: () => void;
};

type Watch = {
  /** Whether all that this copy holds and the server did not is durable: before that it differs of itself. */
  isSaved: () => boolean;
  /** Takes in what has come and waits to be. */
  takeIn?: () => void;
  /** This copy is not what the server has. It is not asked about again. */
  onDiffers: () => void;
};

/** Milliseconds without a change before it is asked; and between questions where changes never stop. */
const quiet = 5_000;
const atMost = 30_000;
/** Milliseconds before a question is put that could not be put, or not be answered. */
const again = 1_000;

/** Watches the notes of `provider`, which must speak our message kinds. */
export function watchAgreement(
  provider: WebsocketProvider,
  { isSaved, takeIn: takeInAll, onDiffers }: Watch,
): Agreement {
  const { doc } = provider;
  /** Updates that have come on this connection. */
  let received = 0;
  let waiting: ((answer: string) => void) | null = null;
  let differs = false;
  /** Since when something has changed that was not asked about; null when nothing has. */
  let changedAt: number | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const takeIn = provider.messageHandlers[kind.sync];
  provider.messageHandlers[kind.sync] = (encoder, decoder, ...rest) => {
    const step = decoding.peekVarUint(decoder);
    takeIn?.(encoder, decoder, ...rest);
    if (step !== syncKind.step2 && step !== syncKind.update) return;
    received += 1;
    // Also where it changed nothing: a copy that comes back is asked about.
    changed();
  };
  provider.messageHandlers[kind.contentHash] = (_encoder, decoder) => {
    waiting?.(decoding.readVarString(decoder));
  };
  const onStatus = ({ status }: { status: string }) => {
    if (status !== 'connected') waiting?.('');
    if (status === 'connecting') received = 0;
  };
  provider.on('status', onStatus);
  doc.on('update', changed);

  function changed(): void {
    if (differs) return;
    const now = performance.now();
    changedAt ??= now;
    askIn(Math.min(quiet, changedAt + atMost - now));
  }

  function askIn(wait: number): void {
    clearTimeout(timer);
    timer = setTimeout(() => void askInTime(), Math.max(wait, 0));
  }

  async function askInTime(): Promise<void> {
    const since = changedAt;
    const agreed = await ask(atMost);
    if (agreed === 'unknown') {
      if (provider.shouldConnect) askIn(again);
    } else if (changedAt === since) {
      changedAt = null;
    }
  }

  async function ask(within: number): Promise<Agreed> {
    if (differs) return 'differs';
    const socket = provider.ws;
    if (waiting || !socket || !provider.synced || !isSaved()) return 'unknown';
    takeInAll?.();
    // The editor may mend what came in, a table say: that is this copy's own word, and the server has it yet to come.
    if (!isSaved()) return 'unknown';
    const answer = await new Promise<string>((resolve) => {
      const late = setTimeout(() => waiting?.(''), within);
      waiting = (said) => {
        clearTimeout(late);
        waiting = null;
        resolve(said);
      };
      socket.send(question(hashOfNotes(doc.getXmlFragment(notesRoot)), received));
    });
    if (answer === 'differs') {
      stop();
      differs = true;
      onDiffers();
    }
    return answer === 'same' || answer === 'differs' ? answer : 'unknown';
  }

  function stop(): void {
    clearTimeout(timer);
    doc.off('update', changed);
    provider.off('status', onStatus);
    waiting?.('');
  }

  return { ask, stop };
}

function question(hash: string, received: number): Uint8Array<ArrayBuffer> {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, kind.contentHash);
  encoding.writeVarString(encoder, hash);
  encoding.writeVarUint(encoder, received);
  return encoding.toUint8Array(encoder);
}
