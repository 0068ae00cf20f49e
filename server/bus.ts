/** Hints from one part, or one process, to the others: "look again". Never truth; losing them all loses nothing. */
import type { PersonId, RoomId } from '#schema/id.ts';

export type Hint =
  | { kind: 'entries'; room: RoomId; seq: number }
  | { kind: 'updates'; room: RoomId }
  | { kind: 'rights'; room?: RoomId; person?: PersonId }
  | { kind: 'signed-out'; session: string }
  | { kind: 'work'; people: readonly PersonId[] };

export type Bus = {
  publish: (hint: Hint) => void;
  /** Returns what ends the subscription. */
  subscribe: (listener: (hint: Hint) => void) => () => void;
  close: () => Promise<void>;
};

/** Hints within this process. */
export function createBus(): Bus {
  const listeners = new Set<(hint: Hint) => void>();
  return {
    publish(hint) {
      for (const listener of listeners) listener(hint);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async close() {
      listeners.clear();
    },
  };
}
