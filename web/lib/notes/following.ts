/** Something read from the shared notes, kept up with them as they change. */
import { createSubscriber } from 'svelte/reactivity';
import type { XmlFragment } from 'yjs';
import type { Live } from '../connection/live.ts';

/** Milliseconds: changes that come within this are read together. */
const together = 150;

/** Milliseconds after which it is read even where somebody types without a pause. */
const atLatest = 1_000;

/** Does it when the browser has nothing else to do, such as showing a letter. Returns what takes that back. */
function whenFree(act: () => void): () => void {
  if (!('requestIdleCallback' in globalThis)) {
    act();
    return () => {};
  }
  const handle = requestIdleCallback(act, { timeout: atLatest });
  return () => cancelIdleCallback(handle);
}

/** `read` of the notes, read again after they change while anything on the screen depends on it. */
export function following<T>({ doc, notes }: Live, read: (notes: XmlFragment) => T): () => T {
  const follow = createSubscriber((changed) => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let free = () => {};
    const soon = () => {
      timer ??= setTimeout(() => {
        free = whenFree(() => {
          timer = undefined;
          changed();
        });
      }, together);
    };
    doc.on('update', soon);
    return () => {
      clearTimeout(timer);
      free();
      doc.off('update', soon);
    };
  });
  return () => {
    follow();
    return read(notes);
  };
}
