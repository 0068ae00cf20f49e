/** The comments on the paragraph that somebody's cursor is in: answered by the notes where they are open to write, nothing elsewhere. */
import { createContext } from 'svelte';
import type { Place } from './anchors.ts';

export class AtCursor {
  /** The threads, by the entries that began them; null where there is no cursor. */
  ask: () => readonly number[] | null = () => null;
}

/** Set once by the case's layout. */
export const [getAtCursor, setAtCursor] = createContext<AtCursor>();

/** Of threads where their words stand, those in the line of `text` that holds `caret`. */
export function threadsAt(caret: number, text: string, places: ReadonlyMap<number, Place | null>): number[] {
  const from = text.lastIndexOf('\n', caret - 1) + 1;
  const end = text.indexOf('\n', caret);
  const to = end < 0 ? text.length : end;
  return [...places].flatMap(([thread, place]) => (place && place.from <= to && place.to >= from ? [thread] : []));
}
