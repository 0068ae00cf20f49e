/** Walks an update in which clients stand on one another: each struct once what it stands on has been taken, as Yjs applies them. */
import { scan, scanBlock, type Block, type Malformed, type Struct, type Visitor } from './scan.ts';

/** How far a client has come: the clock expected of it next. */
type ClockOf = (client: number) => number;

/** Something of a client that has not come. */
type Lacking = { client: number; clock: number };

/** What a struct stands on that has not come; one's own struct stands only on what came before it. */
function lackingOf(struct: Struct, clockOf: ClockOf): Lacking | null {
  if (struct.hasOrigin && isLacking(struct, struct.originClient, struct.originClock, clockOf))
    return { client: struct.originClient, clock: struct.originClock };
  if (struct.hasRight && isLacking(struct, struct.rightClient, struct.rightClock, clockOf))
    return { client: struct.rightClient, clock: struct.rightClock };
  if (struct.hasParent && isLacking(struct, struct.parentClient, struct.parentClock, clockOf))
    return { client: struct.parentClient, clock: struct.parentClock };
  return null;
}

function isLacking(struct: Struct, client: number, clock: number, clockOf: ClockOf): boolean {
  return clock >= (client === struct.client ? struct.clock : clockOf(client));
}

/** `elsewhere`: it stands on something of another client that may come later in the same update. */
export function standsOnMissing(struct: Struct, clockOf: ClockOf): 'gap' | 'elsewhere' | null {
  const lacking = lackingOf(struct, clockOf);
  return lacking && (lacking.client === struct.client ? 'gap' : 'elsewhere');
}

/**
 * Tells the visitor of each struct, and then of each deletion, as `scan` does, but in the order in
 * which they stand on one another. A struct at which it answers `elsewhere` is told again when what
 * it lacks has been; `gap` where that never comes. Nothing is told of an update that cannot be
 * walked whole. It costs a walk or two more and no memory for a struct, whatever the order is.
 */
export function scanInTurn<Stop extends string>(
  update: Uint8Array,
  visitor: Visitor<Stop | 'elsewhere'>,
  clockOf: ClockOf,
): Stop | Malformed | 'gap' | null {
  const blocks = new Map<number, Block>();
  const deletions: [client: number, clock: number, length: number][] = [];
  const wrong = scan<never>(update, {
    block: (block) => blocks.set(block.client, block),
    struct: () => null,
    deletion(...range) {
      deletions.push(range);
      return null;
    },
  });
  if (wrong !== null) return wrong;
  for (const block of blocks.values()) {
    const stop = walkBlock(block);
    if (stop !== null) return stop;
  }
  for (const range of deletions) {
    const stop = visitor.deletion(...range);
    if (stop !== null) return stop === 'elsewhere' ? 'gap' : stop;
  }
  return null;

  function walkBlock(first: Block): Stop | 'gap' | null {
    /** What is walked, and up to where; each waits for the one after it. */
    const under: { block: Block; until: number }[] = [{ block: first, until: Number.POSITIVE_INFINITY }];
    const waiting = new Set([first.client]);
    for (let top = under.at(-1); top; top = under.at(-1)) {
      const { block, until } = top;
      const stop = walkUntil(block, until);
      if (stop !== null && typeof stop === 'object') {
        const next = blocks.get(stop.client);
        // It is not in here; or it waits, itself or by others, for what now waits for it.
        if (!next || waiting.has(next.client)) return 'gap';
        waiting.add(next.client);
        under.push({ block: next, until: stop.clock });
        continue;
      }
      if (stop !== null) return stop;
      if (until !== Number.POSITIVE_INFINITY && clockOf(block.client) <= until) return 'gap';
      waiting.delete(block.client);
      under.pop();
    }
    return null;
  }

  /** Walks until the client has come past `until`; or to what is lacking. */
  function walkUntil(block: Block, until: number): Stop | 'gap' | Lacking | null {
    const lacking: Lacking[] = [];
    const stop = scanBlock<Stop | 'enough' | 'elsewhere'>(update, block, {
      struct(struct) {
        if (clockOf(struct.client) > until) return 'enough';
        const answer = visitor.struct(struct);
        const lacks = answer === 'elsewhere' && lackingOf(struct, clockOf);
        if (lacks) lacking.push(lacks);
        return answer;
      },
    });
    if (stop === 'enough') return null;
    return stop === 'elsewhere' ? (lacking[0] ?? 'gap') : stop;
  }
}
