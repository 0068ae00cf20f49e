/**
 * Lists of a folded record, newest last. A change is a list of its own, and the one before stays as
 * it was. A list that the fold under way has made nobody has seen yet, so there it is changed where
 * it stands: a record costs its entries to fold, and not their square.
 */

let made: WeakSet<readonly unknown[]> | null = null;

/** Lists that `work` makes are its own until it ends; what it leaves out of its result must not be kept. */
export function atOnce<Result>(work: () => Result): Result {
  const outside = made;
  made = new WeakSet();
  try {
    return work();
  } finally {
    made = outside;
  }
}

function own<Thing>(list: readonly Thing[]): Thing[] {
  if (made?.has(list)) return list as Thing[];
  // A slice copies as one block, which spreading does not.
  const copy = list.slice();
  made?.add(copy);
  return copy;
}

/** The list with one more. */
export function withMore<Thing>(list: readonly Thing[], thing: Thing): readonly Thing[] {
  const grown = own(list);
  grown.push(thing);
  return grown;
}

/** The list with the thing changed that entry `seq` began; the same list where there is none. */
export function withChanged<Thing extends { seq: number }>(
  list: readonly Thing[],
  seq: number,
  change: (thing: Thing) => Thing,
): readonly Thing[] {
  const place = placeOf(list, seq);
  const thing = list[place];
  if (thing?.seq !== seq) return list;
  const changed = own(list);
  changed[place] = change(thing);
  return changed;
}

/** The first place whose thing began at `seq` or later: things stand in the order of their entries. */
function placeOf(list: readonly { seq: number }[], seq: number): number {
  let [from, to] = [0, list.length];
  while (from < to) {
    const middle = Math.floor((from + to) / 2);
    if ((list[middle]?.seq ?? 0) < seq) from = middle + 1;
    else to = middle;
  }
  return from;
}
