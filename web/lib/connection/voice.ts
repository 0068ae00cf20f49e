/** What a screen reader is told of others' doings, and when: one queue, seldom, never while its listener types. Pure but for its timer. */
import type { AnnounceChoice } from '#schema/notice.ts';
import { inWords } from '#schema/in-words.ts';

/** Milliseconds. */
export const pace = {
  /** Between two messages about what others did; with "Each change" they only do not run into each other. */
  between: { summaries: 15_000, each: 3_000 },
  /** After one's own last key: nobody is spoken to while typing. */
  typing: 3_000,
  /** Gathered before the first is said, so that two who join together are one message. */
  gather: 1_000,
  /** Older than this is stale and is dropped: it can be read on the page. */
  stale: 60_000,
} as const;

/** "Health", "joined"; without a `did`, `who` is the whole sentence. */
type Doing = { who: string; did: string; at: number };

export class Voice {
  /** What the listener chose. Off leaves only what `warn` says over everything else. */
  choice: AnnounceChoice = 'summaries';

  readonly #say: (words: string) => void;
  readonly #now: () => number;
  #queue: Doing[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #lastSaid = Number.NEGATIVE_INFINITY;
  #lastTyped = Number.NEGATIVE_INFINITY;

  constructor(say: (words: string) => void, now: () => number = () => performance.now()) {
    this.#say = say;
    this.#now = now;
  }

  /** Others did something: said with what else they did, when there is a pause. */
  tell(who: string, did = ''): void {
    if (this.choice === 'off') return;
    this.#queue.push({ who, did, at: this.#now() });
    this.#plan();
  }

  /** This person is typing. */
  typed(): void {
    this.#lastTyped = this.#now();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  /** What waits to be said is not said. */
  forget(): void {
    this.stop();
    this.#queue = [];
  }

  #plan(): void {
    clearTimeout(this.#timer);
    const first = this.#queue[0];
    if (!first || this.choice === 'off') return;
    const now = this.#now();
    const between = pace.between[this.choice];
    const due = Math.max(first.at + pace.gather, this.#lastSaid + between, this.#lastTyped + pace.typing);
    this.#timer = setTimeout(() => this.#speak(), Math.max(0, due - now));
  }

  #speak(): void {
    const now = this.#now();
    if (now < this.#lastTyped + pace.typing) {
      this.#plan();
      return;
    }
    const fresh = this.#queue.filter(({ at }) => now - at < pace.stale);
    const saying = this.choice === 'each' ? fresh.slice(0, 1) : fresh;
    this.#queue = fresh.slice(saying.length);
    if (saying.length === 0) return;
    this.#lastSaid = now;
    this.#say(sayDoings(saying));
    this.#plan();
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
