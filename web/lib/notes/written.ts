/** What was written in: so that of 200 pages only the block that changed is read again. */
import type { AbstractType, Doc, Transaction, XmlElement } from 'yjs';

/** A part of the shared document, such as a paragraph, its text, or the notes themselves. */
export type Part = AbstractType<unknown>;

/** Calls `then` with each part that was written in and each that it stands in, before anybody else hears of it. Returns what stops it. */
export function onWritten(doc: Doc, then: (part: Part) => void): () => void {
  const tell = ({ changed }: Transaction) => {
    for (const type of changed.keys()) for (let at = type as Part | null; at; at = at.parent as Part | null) then(at);
  };
  doc.on('beforeObserverCalls', tell);
  return () => doc.off('beforeObserverCalls', tell);
}

/** `read` of an element, done again only once somebody has written in it. */
export function remembered<T>(read: (element: XmlElement) => T): (element: XmlElement) => T {
  const known = new WeakMap<object, { value: T }>();
  const followed = new WeakSet<Doc>();
  return (element) => {
    const { doc } = element;
    // In the middle of a change nobody has been told yet what it changes.
    if (!doc || doc._transaction) return read(element);
    if (!followed.has(doc)) {
      followed.add(doc);
      onWritten(doc, (part) => known.delete(part));
    }
    const found = known.get(element) ?? { value: read(element) };
    known.set(element, found);
    return found.value;
  };
}
