/** Who is in a room and where their cursor is: composed here from the sign-in, never taken from a client (T7). */
import * as decoding from 'lib0/decoding';
import type { Actor } from '#schema/actor.ts';
import { limits } from '#schema/protocol.ts';
import { awarenessFrame, type State } from './frames.ts';

/** Milliseconds for which cursors gather before they go out: the newest of each, in one frame for all. */
const gather = 40;
/** Largest awareness clock taken. An honest one counts up by one, a few times a second. */
const largestClock = 2 ** 31;
/** Milliseconds between two times that the others are told of the same cursor: ten a second is as smooth as it looks. */
const apart = 100;
/** ClientIDs that one socket speaks for: its own, and one more of the same person's that it heard of. A further one takes the place of the oldest. */
const spokenForAtMost = 2;
/**
 * Clocks kept of those who left, so that a copy that comes back goes on counting from there: twice
 * as many as are here, or these few.
 */
const rememberedAtLeast = 40;
/** Milliseconds after which somebody on another process is taken to be gone, unless said again to be there. */
const lasts = 15_000;

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

/**
 * `by` is whoever spoke last for it: when they leave, it leaves. That is a socket, or the name of
 * another process, whose word is good until `until`.
 */
type Present = { by: object | string; heard: number; sent: number; state: string; until: number };

export class Presence {
  readonly #send: (frame: Buffer) => void;
  /** Tells the other processes of people at this one. */
  readonly #spread: (states: State[]) => void;
  readonly #present = new Map<number, Present>();
  /** Last clock sent of those who left. */
  readonly #left = new Map<number, number>();
  readonly #changed = new Map<number, State>();
  /** Of those, the ones that the other processes have to hear of. */
  readonly #ours = new Set<number>();
  /** When the others were last told of each: those of the last moment. */
  readonly #toldAt = new Map<number, number>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(send: (frame: Buffer) => void, spread: (states: State[]) => void = () => undefined) {
    this.#send = send;
    this.#spread = spread;
  }

  /** `by` says where `who` is, under a clientID that is theirs. */
  said(by: object, who: Actor, { client, clock, cursor }: Said): void {
    const before = this.#present.get(client);
    const { person, name, agency, role } = who;
    const state = `{"user":${JSON.stringify({ person, name, agency, role })},"cursor":${cursor}}`;
    if (before && isNoNews(before, { by, clock, state })) return;
    if (cursor === null) {
      if (before && isHere(before)) this.#leave(client, before);
      return;
    }
    if (!before) this.#makeRoomFor(by);
    this.#put(client, { by, heard: clock, state, until: Number.POSITIVE_INFINITY });
  }

  /** A person may have many numbers, and a socket has one: nobody is here ten times over by one socket. */
  #makeRoomFor(by: object): void {
    const [oldest, ...more] = [...this.#present].filter(([, present]) => present.by === by);
    if (oldest && more.length + 1 >= spokenForAtMost) this.#leave(...oldest);
  }

  /** What another process says of its people at `now`, in milliseconds of one clock. */
  heardFrom(process: string, states: readonly State[], now: number): void {
    for (const { client, clock, state } of states) {
      const before = this.#present.get(client);
      const until = now + lasts;
      if (state === 'null') {
        if (before?.by === process) this.#leave(client, before);
        // They left there because they came here: whoever heard only that hears that they are here.
        else if (before && isHere(before)) this.#put(client, { ...before, sent: Math.max(before.sent, clock) });
      } else if (before?.by === process && clock <= before.heard) {
        before.until = until;
      } else if (!before || clock > (isHere(before) ? before.sent : before.heard)) {
        this.#put(client, { by: process, heard: clock, state, until });
      }
    }
  }

  /** Takes those for gone of whom another process has said nothing for long. */
  look(now: number): void {
    for (const [client, present] of this.#present) if (present.until < now) this.#leave(client, present);
  }

  /** Says again to the other processes who is here. */
  sayAgain(): void {
    const here = this.#states().filter(({ client }) => isHere(this.#present.get(client) as Present));
    if (here.length > 0) this.#spread(here);
  }

  /** Whoever this was is gone: everything they spoke for goes with them. */
  gone(by: object): void {
    for (const [client, present] of this.#present) if (present.by === by) this.#leave(client, present);
  }

  /** Somebody who comes back says the clock they left with, which other copies would pass over. */
  #put(client: number, { by, heard, state, until, sent = 0 }: Omit<Present, 'sent'> & { sent?: number }): void {
    const before = this.#present.get(client)?.sent;
    const clock =
      before === undefined ? Math.max(heard, this.#left.get(client) ?? 0) + 1 : Math.max(heard, before + 1, sent + 1);
    this.#present.set(client, { by, heard, sent: clock, state, until });
    this.#left.delete(client);
    this.#tell({ client, clock, state }, typeof by === 'object');
  }

  #leave(client: number, present: Present): void {
    const { sent } = present;
    this.#present.delete(client);
    this.#left.set(client, sent + 1);
    for (const oldest of this.#left.keys()) {
      if (this.#left.size <= Math.max(rememberedAtLeast, 2 * this.#present.size)) break;
      this.#left.delete(oldest);
    }
    this.#tell({ client, clock: sent + 1, state: 'null' }, isHere(present));
  }

  /** Everyone here, for somebody who has just come; null when nobody is. */
  all(): Buffer | null {
    return this.#present.size === 0 ? null : awarenessFrame(this.#states());
  }

  #states(): State[] {
    return [...this.#present].map(([client, { sent, state }]) => ({ client, clock: sent, state }));
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  #tell(state: State, isOurs: boolean): void {
    this.#changed.set(state.client, state);
    if (isOurs) this.#ours.add(state.client);
    else this.#ours.delete(state.client);
    this.#timer ??= setTimeout(() => this.#tellAll(), gather);
  }

  #tellAll(): void {
    this.#timer = undefined;
    const now = performance.now();
    for (const [client, at] of this.#toldAt) if (now - at >= apart) this.#toldAt.delete(client);
    const states = [...this.#changed.values()].filter(({ client }) => !this.#toldAt.has(client));
    const ours = states.filter(({ client }) => this.#ours.has(client));
    for (const { client } of states) {
      this.#changed.delete(client);
      this.#ours.delete(client);
      this.#toldAt.set(client, now);
    }
    if (states.length > 0) this.#send(awarenessFrame(states));
    if (ours.length > 0) this.#spread(ours);
    if (this.#changed.size > 0) this.#timer = setTimeout(() => this.#tellAll(), gather);
  }
}

/**
 * Whether something said is older than what was heard before, or only what was sent: providers repeat
 * whatever they hear, of themselves too, and were that news it would be told and repeated for ever.
 * Who counts on past what was sent has something to say.
 */
function isNoNews(before: Present, { by, clock, state }: { by: object; clock: number; state: string }): boolean {
  // What another process counted says nothing of what the client itself has counted to.
  if (!isHere(before)) return clock === before.sent && state === before.state;
  return clock <= before.heard || (clock <= before.sent && (by !== before.by || state === before.state));
}

/** At a socket of this process. */
const isHere = ({ by }: Present): boolean => typeof by === 'object';
