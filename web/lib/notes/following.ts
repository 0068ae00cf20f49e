/** Something read from the shared notes, kept up with them as they change. */
import { createSubscriber } from 'svelte/reactivity';
import type { XmlFragment } from 'yjs';
import type { Live } from '../connection/live.ts';

/** Milliseconds: changes that come within this are read together. */
const together = 150;

/** `read` of the notes, read again after they change while anything on the screen depends on it. */
export function following<T>({ doc, notes }: Live, read: (notes: XmlFragment) => T): () => T {
  const follow = createSubscriber((changed) => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const soon = () => {
      timer ??= setTimeout(() => {
        timer = undefined;
        changed();
      }, together);
    };
    doc.on('update', soon);
    return () => {
      clearTimeout(timer);
      doc.off('update', soon);
    };
  });
  return () => {
    follow();
    return read(notes);
  };
}
