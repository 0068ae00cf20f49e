/** Who is in a room and where their cursor is: composed here from the sign-in, never taken from a client (T7). */
import * as decoding from 'lib0/decoding';
import type { Actor } from '#schema/actor.ts';
import { limits } from '#schema/protocol.ts';
import { awarenessFrame, type State } from './frames.ts';

/** Milliseconds for which cursors gather before they go out: the newest of each, in one frame for all. */
const gather = 40;
/** Largest awareness clock taken. An honest one counts up by one, a few times a second. */
const largestClock = 2 ** 31;
/** Clocks kept of those who left: a copy that comes back goes on counting from there. */
const remembered = 500;

/** What a client says of one clientID; `cursor` is JSON, null when it leaves. */
export type Said = { client: number; clock: number; cursor: string | null };

/**
 * Reads what a client says. A stock provider also repeats what it heard of others, so there may be
 * many. Null when it is not an awareness update or says too much.
 */
export function readAwareness(payload: Uint8Array): Said[] | null {
  const decoder = decoding.createDecoder(payload);
  const said: Said[] = [];
  try {
    const count = decoding.readVarUint(decoder);
    if (count > limits.socketsPerRoom) return null;
    for (let left = count; left > 0; left -= 1) {
      const client = decoding.readVarUint(decoder);
      const clock = decoding.readVarUint(decoder);
      if (!Number.isSafeInteger(client) || clock > largestClock) return null;
      said.push({ client, clock, cursor: cursorIn(decoding.readVarString(decoder)) });
    }
  } catch {
    // lib0 throws at the end of the bytes, JSON at what is not JSON: neither is worth telling apart.
    return null;
  }
  return said;
}

/** The cursor of a state, as JSON: all that a client may say. Throws when it is not JSON. */
function cursorIn(text: string): string | null {
  const state: unknown = JSON.parse(text);
  if (state === null) return null;
  const cursor = typeof state === 'object' && 'cursor' in state ? JSON.stringify(state.cursor ?? null) : 'null';
  // Too long for a place in a text: nobody is told a place, rather than the client sent away.
  return Buffer.byteLength(cursor) > limits.awarenessBytes ? 'null' : cursor;
}

/** `by` is whoever spoke last for it: when they leave, it leaves. */
type Present = { by: object; heard: number; sent: number; state: string };

export class Presence {
  readonly #send: (frame: Buffer) => void;
  readonly #present = new Map<number, Present>();
  /** Last clock sent of those who left. */
  readonly #left = new Map<number, number>();
  readonly #changed = new Map<number, State>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(send: (frame: Buffer) => void) {
    this.#send = send;
  }

  /**
   * `by` says where `who` is, under a clientID that is theirs. What is older than what was heard
   * before is passed over: a stock provider repeats what it hears.
   */
  said(by: object, who: Actor, { client, clock, cursor }: Said): void {
    const before = this.#present.get(client);
    if (before && clock <= before.heard) return;
    if (cursor === null) {
      if (before) this.#leave(client, before);
      return;
    }
    // Somebody who comes back says the clock they left with, which other copies would pass over.
    const sent = before ? Math.max(clock, before.sent + 1) : Math.max(clock, this.#left.get(client) ?? 0) + 1;
    const { person, name, agency, role } = who;
    const state = `{"user":${JSON.stringify({ person, name, agency, role })},"cursor":${cursor}}`;
    this.#present.set(client, { by, heard: clock, sent, state });
    this.#left.delete(client);
    this.#tell({ client, clock: sent, state });
  }

  /** Whoever this was is gone: everything they spoke for goes with them. */
  gone(by: object): void {
    for (const [client, present] of this.#present) if (present.by === by) this.#leave(client, present);
  }

  #leave(client: number, { sent }: Present): void {
    this.#present.delete(client);
    this.#left.set(client, sent + 1);
    for (const oldest of this.#left.keys()) {
      if (this.#left.size <= remembered) break;
      this.#left.delete(oldest);
    }
    this.#tell({ client, clock: sent + 1, state: 'null' });
  }

  /** Everyone here, for somebody who has just come; null when nobody is. */
  all(): Buffer | null {
    if (this.#present.size === 0) return null;
    return awarenessFrame([...this.#present].map(([client, { sent, state }]) => ({ client, clock: sent, state })));
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  #tell(state: State): void {
    this.#changed.set(state.client, state);
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      const states = [...this.#changed.values()];
      this.#changed.clear();
      this.#send(awarenessFrame(states));
    }, gather);
  }
}
