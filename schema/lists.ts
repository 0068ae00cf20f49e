/** Lists of a folded record, newest last: a change is a list of its own, and the one before stays as it was. */

/** The list with one more. `concat` of a list copies as one block, which spreading does not: records grow long. */
export function withMore<Thing>(list: readonly Thing[], thing: Thing): readonly Thing[] {
  return list.concat([thing]);
}

/**
 * The list with one thing changed; the same list where there is no such thing. Looked for from the
 * end, where most of what changes stands, so that a long record folds in proportion to its entries.
 */
export function withChanged<Thing>(
  list: readonly Thing[],
  is: (thing: Thing) => boolean,
  change: (thing: Thing) => Thing,
): readonly Thing[] {
  const index = list.findLastIndex(is);
  const thing = list[index];
  return thing === undefined ? list : list.with(index, change(thing));
}
