/** What a form holds while it is filled in, and putting a kept draft back into it. Pure. */

/** Text, answers chosen, or parts of their own. Nothing chosen is an empty text. */
export type Fields = { [name: string]: string | string[] | Fields };

/**
 * `empty` with all that `kept` has in the same places and of the same kind. A draft may come from an
 * earlier version of the form: what no longer has a place is left out, what is new stays empty.
 */
export function restored<Values extends Fields>(empty: Values, kept: unknown): Values {
  if (!isRecord(kept)) return empty;
  const parts = Object.entries(empty).map(([name, part]) => [name, restoredPart(part, kept[name])]);
  return Object.fromEntries(parts) as Values;
}

function restoredPart(empty: Fields[string], kept: unknown): Fields[string] {
  if (typeof empty === 'string') return typeof kept === 'string' ? kept : empty;
  if (Array.isArray(empty)) return Array.isArray(kept) ? kept.filter((each) => typeof each === 'string') : empty;
  return restored(empty, kept);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
