/** Presence: who is in a room and where their cursor is. Composed here from the sign-in, never taken from a client. */
import * as decoding from 'lib0/decoding';
import type { Actor } from '#schema/actor.ts';
import { limits } from '#schema/protocol.ts';
import { awarenessMessage } from './frames.ts';

/** Milliseconds for which cursors gather before they go out: the newest of each, in one message. */
const gather = 40;
/** Largest awareness clock taken: an honest one counts up by one. */
const largestClock = 2 ** 31;

type Present = { clock: number; state: string };

export type Heard =
  /** The clientID spoken for and its state, already composed; null when it left. */
  { client: number; clock: number; cursor: string | null } | { refused: 'too-large' | 'not-awareness' };

/**
 * Reads what a client says of itself. Stock providers also repeat what they heard of others; that
 * is passed over. `own` is the clientID this connection speaks for, if it is known already.
 */
export function hear(payload: Uint8Array, own: number | null): Heard | null {
  if (payload.byteLength > limits.awarenessBytes * 64) return { refused: 'too-large' };
  try {
    const decoder = decoding.createDecoder(payload);
    for (let left = decoding.readVarUint(decoder); left > 0; left -= 1) {
      const client = decoding.readVarUint(decoder);
      const clock = decoding.readVarUint(decoder);
      const text = decoding.readVarString(decoder);
      if (own !== null && client !== own) continue;
      if (clock > largestClock) return { refused: 'not-awareness' };
      const state: unknown = JSON.parse(text);
      if (state === null) return { client, clock, cursor: null };
      const cursor = typeof state === 'object' && 'cursor' in state ? JSON.stringify(state.cursor ?? null) : 'null';
      if (cursor.length > limits.awarenessBytes) return { refused: 'too-large' };
      return { client, clock, cursor };
    }
    return null;
  } catch {
    return { refused: 'not-awareness' };
  }
}

export class Presence {
  readonly #present = new Map<number, Present>();
  readonly #changed = new Map<number, Present>();
  readonly #sendAll: (message: Uint8Array) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(sendAll: (message: Uint8Array) => void) {
    this.#sendAll = sendAll;
  }

  /** `who` moved their cursor (JSON) under their own clientID. */
  moved(client: number, clock: number, who: Actor, cursor: string): void {
    if (clock < (this.#present.get(client)?.clock ?? 0)) return;
    const { person, name, agency, role } = who;
    const user = JSON.stringify({ person, name, agency, role });
    this.#set(client, { clock, state: `{"user":${user},"cursor":${cursor}}` });
  }

  left(client: number): void {
    const present = this.#present.get(client);
    if (!present) return;
    this.#present.delete(client);
    this.#tell(client, { clock: present.clock + 1, state: 'null' });
  }

  /** Everyone here, for somebody who has just come; null when nobody is. */
  all(): Uint8Array | null {
    if (this.#present.size === 0) return null;
    return awarenessMessage([...this.#present].map(([client, present]) => ({ client, ...present })));
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  #set(client: number, present: Present): void {
    this.#present.set(client, present);
    this.#tell(client, present);
  }

  #tell(client: number, present: Present): void {
    this.#changed.set(client, present);
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      const message = awarenessMessage([...this.#changed].map(([client, present]) => ({ client, ...present })));
      this.#changed.clear();
      this.#sendAll(message);
    }, gather);
  }
}
