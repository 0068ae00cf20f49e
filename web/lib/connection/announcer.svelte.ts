/** One voice for a screen reader: two regions and one queue, so that others' doings never talk over one's own. */
import { createContext } from 'svelte';
import { inWords } from '#schema/position.ts';

/** Milliseconds. */
const pace = {
  /** Between two messages about what others did. */
  between: 15_000,
  /** After one's own last key: nobody is spoken to while typing. */
  typing: 3_000,
  /** Gathered before the first is said, so that two who join together are one message. */
  gather: 1_000,
  /** Older than this is stale and is dropped: it can be read on the page. */
  stale: 60_000,
} as const;

/** "Health", "joined"; without a `did`, `who` is the whole sentence. */
type Doing = { who: string; did: string; at: number };

export class Announcer {
  /** What the two regions hold. */
  polite = $state('');
  assertive = $state('');

  #queue: Doing[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #lastSaid = Number.NEGATIVE_INFINITY;
  #lastTyped = Number.NEGATIVE_INFINITY;

  /** Others did something: said with what else they did, when there is a pause. */
  tell(who: string, did = ''): void {
    this.#queue.push({ who, did, at: performance.now() });
    this.#plan();
  }

  /** The answer to what this person just did: said at once. */
  answer(words: string): void {
    this.polite = again(this.polite, words);
  }

  /** Not saved, offline, signed out, access removed: said over everything else. */
  warn(words: string): void {
    this.assertive = again(this.assertive, words);
  }

  /** This person is typing. */
  typed(): void {
    this.#lastTyped = performance.now();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #plan(): void {
    clearTimeout(this.#timer);
    const first = this.#queue[0];
    if (!first) return;
    const now = performance.now();
    const due = Math.max(first.at + pace.gather, this.#lastSaid + pace.between, this.#lastTyped + pace.typing);
    this.#timer = setTimeout(() => this.#say(), Math.max(0, due - now));
  }

  #say(): void {
    const now = performance.now();
    if (now < this.#lastTyped + pace.typing) {
      this.#plan();
      return;
    }
    const fresh = this.#queue.filter(({ at }) => now - at < pace.stale);
    this.#queue = [];
    if (fresh.length === 0) return;
    this.#lastSaid = now;
    this.polite = again(this.polite, sayDoings(fresh));
  }
}

/** "Health and the Chair joined. Police gave its position." */
export function sayDoings(doings: readonly Pick<Doing, 'who' | 'did'>[]): string {
  const byDoing = Map.groupBy(doings, ({ did }) => did);
  return [...byDoing]
    .flatMap(([did, all]) => {
      const whos = [...new Set(all.map(({ who }) => who))];
      return did === '' ? whos.map((who) => `${who}.`) : [`${inWords(whos)} ${did}.`];
    })
    .join(' ');
}

/** The same words twice are said twice: a region speaks only when its text changes. */
function again(held: string, words: string): string {
  return held === words ? `${words}\u00a0` : words;
}

/** The voice of the case's screens. Set once by the case's layout. */
export const [getAnnouncer, setAnnouncer] = createContext<Announcer>();
