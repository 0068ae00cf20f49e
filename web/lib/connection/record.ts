/** A copy of a room's record on a screen: entries as they come, in any order, more than once. Pure. */
import type { Entry } from '#schema/ledger.ts';

export type Merged = {
  entries: readonly Entry[];
  /** What came after all that was held, where nothing earlier changed; null where an earlier entry came again. */
  grown: readonly Entry[] | null;
  /** Entries between those held and those that came have not come. Then nothing is taken. */
  missing: boolean;
};

/**
 * Takes `incoming` into `held`, which has 1, 2, 3 … without a gap. An entry that came before
 * comes again when positions open, whole where its body was withheld: it takes the other's place.
 */
export function merged(held: readonly Entry[], incoming: readonly Entry[]): Merged {
  const later = incoming.filter(({ seq }) => seq > held.length).sort((a, b) => a.seq - b.seq);
  const grown = later.filter(({ seq }, index) => seq !== later[index - 1]?.seq);
  const missing = grown.some(({ seq }, index) => seq !== held.length + index + 1);
  const again = incoming.filter(({ seq, body }) => held[seq - 1]?.body === null && body !== null);
  if (missing) return { entries: held, grown: [], missing };
  if (again.length === 0) return { entries: grown.length === 0 ? held : held.concat(grown), grown, missing };
  const opened = new Map(again.map((entry) => [entry.seq, entry]));
  return { entries: [...held.map((entry) => opened.get(entry.seq) ?? entry), ...grown], grown: null, missing };
}
