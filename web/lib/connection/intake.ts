/** Others' words, taken in together: every update redraws the notes, and twenty who type must leave the screen to the one who types here. */
import * as decoding from 'lib0/decoding';
import type { WebsocketProvider } from 'y-websocket';
import { applyUpdate } from 'yjs';
import { kind, syncKind } from '#schema/protocol.ts';

export type Intake = {
  /** Takes in now what has come and waits. */
  flush: () => void;
  /** Forgets what waits. */
  stop: () => void;
};

/** Milliseconds for which updates are gathered: few enough that a conversation in the notes is not held up. */
const together = 40;
/** Of the time that taking in took, so many times as much is left to the person before the next. */
const left = 2;

/** `before` is called each time, just before the notes change. */
export function takeInTogether(provider: WebsocketProvider, before: () => void): Intake {
  const { doc } = provider;
  let waiting: Uint8Array[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  let notBefore = 0;

  const takeIn = provider.messageHandlers[kind.sync];
  provider.messageHandlers[kind.sync] = (encoder, decoder, ...rest) => {
    if (decoding.peekVarUint(decoder) !== syncKind.update) {
      flush();
      before();
      takeIn?.(encoder, decoder, ...rest);
      return;
    }
    decoding.readVarUint(decoder);
    waiting.push(decoding.readVarUint8Array(decoder));
    timer ??= setTimeout(flush, Math.max(together, notBefore - performance.now()));
  };

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    if (waiting.length === 0) return;
    const updates = waiting;
    waiting = [];
    const begun = performance.now();
    before();
    doc.transact(() => {
      for (const update of updates) applyUpdate(doc, update, provider);
    }, provider);
    const now = performance.now();
    notBefore = now + left * (now - begun);
  }

  return {
    flush,
    stop() {
      clearTimeout(timer);
      waiting = [];
    },
  };
}
