/** Hints from one part, or one process, to the others: "look again". Never truth; losing them all loses nothing. */
import { z } from 'zod';
import { id } from '#schema/id.ts';

export const hint = z.discriminatedUnion('kind', [
  /** Entries were appended to a room's record, up to `seq`. */
  z.object({ kind: z.literal('entries'), room: id, seq: z.number() }),
  /** A room's notes changed in another process. */
  z.object({ kind: z.literal('updates'), room: id }),
  /** Somebody's right to a room changed. */
  z.object({ kind: z.literal('rights'), room: id.optional(), person: id.optional() }),
  z.object({ kind: z.literal('signed-out'), session: z.string() }),
  /**
   * Where the people of another process are in a room: each state as its own people were sent it,
   * `null` for somebody who left. What is not said again within a while is over.
   */
  z.object({
    kind: z.literal('presence'),
    room: id,
    process: id,
    states: z.array(z.object({ client: z.number(), clock: z.number(), state: z.string() })),
  }),
  /** Somebody opened a room in another process, which does not know yet who is in it. */
  z.object({ kind: z.literal('presence-asked'), room: id }),
  /** What these people's cases ask of them changed. */
  z.object({ kind: z.literal('work'), people: z.array(id) }),
]);
export type Hint = z.infer<typeof hint>;

export type Bus = {
  /** Whether there may be other processes, whose hints may be lost: then whoever listens also looks by itself. */
  readonly shared: boolean;
  /** Tells everyone, here and elsewhere. */
  publish: (hint: Hint) => void;
  /** Tells the other processes only: this one knows already. */
  publishElsewhere: (hint: Hint) => void;
  /** Returns what ends the subscription. */
  subscribe: (listener: (hint: Hint) => void) => () => void;
  close: () => Promise<void>;
};

/** Hints within one process that has no others. */
export function createBus(): Bus {
  const { tell, subscribe, clear } = createListeners();
  return {
    shared: false,
    publish: tell,
    publishElsewhere: () => undefined,
    subscribe,
    async close() {
      clear();
    },
  };
}

/** Who listens in this process. */
export function createListeners() {
  const listeners = new Set<(hint: Hint) => void>();
  return {
    tell(given: Hint): void {
      for (const listener of listeners) listener(given);
    },
    subscribe(listener: (hint: Hint) => void): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    clear: () => listeners.clear(),
  };
}
