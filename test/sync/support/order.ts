/** Finds items that name their neighbours as they never stood, which copies may put in different places. */
import { getItem, Item, type Doc, type ID } from 'yjs';

/**
 * Yjs puts a new item between the two neighbours it names. Where they are named the wrong way round,
 * or never were neighbours, copies that bundle their characters differently put it in different
 * places, with equal state vectors. Yjs' own undo makes such items now and then (13.6.33), so the
 * guard cannot refuse them: the content hash tells a person that their copy differs. Returns the
 * clients that wrote any.
 */
export function disorderly(doc: Doc): Set<number> {
  const places = new Map<Item, number>();
  const clients = new Set<number>();
  for (const structs of doc.store.clients.values()) {
    for (const item of structs) if (item instanceof Item && item.left === null) number(item, places);
  }
  for (const structs of doc.store.clients.values()) {
    for (const item of structs) if (item instanceof Item && !isInOrder(doc, item, places)) clients.add(item.id.client);
  }
  return clients;
}

/** Numbers a list from its first item on. */
function number(first: Item, places: Map<Item, number>): void {
  let place = 0;
  for (let item: Item | null = first; item !== null; item = item.right) places.set(item, place++);
}

function isInOrder(doc: Doc, item: Item, places: ReadonlyMap<Item, number>): boolean {
  const { origin, rightOrigin, parent, parentSub } = item;
  const own = places.get(item) ?? -1;
  const left = origin && itemAt(doc, origin);
  const right = rightOrigin && itemAt(doc, rightOrigin);
  const isBeside = (other: Item) => other.parent === parent && other.parentSub === parentSub;
  const placeOf = (other: Item | null, otherwise: number) => (other && places.get(other)) ?? otherwise;
  // Nothing came between two that are neighbours: each names the other, or what has come between since.
  const wereBeside =
    (!right || placeOf(left, -1) >= placeOf(right.origin && itemAt(doc, right.origin), -1)) &&
    (!left ||
      placeOf(right, Number.POSITIVE_INFINITY) <=
        placeOf(left.rightOrigin && itemAt(doc, left.rightOrigin), Number.POSITIVE_INFINITY));
  return (
    wereBeside &&
    (origin === null || (left !== null && isBeside(left) && (places.get(left) ?? own) < own)) &&
    (rightOrigin === null || (right !== null && isBeside(right) && (places.get(right) ?? own) > own))
  );
}

function itemAt(doc: Doc, id: ID): Item | null {
  const found = getItem(doc.store, id);
  return found instanceof Item ? found : null;
}
