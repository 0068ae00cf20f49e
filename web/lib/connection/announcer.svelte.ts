/** One voice for a screen reader: two regions and one queue, so that others' doings never talk over one's own. */
import { createContext } from 'svelte';
import type { AnnounceChoice } from '#schema/notice.ts';
import { Voice } from './voice.ts';

/** How much of what was said is kept to be read again. */
const kept = 50;

export class Announcer {
  /** What the two regions hold. */
  polite = $state('');
  assertive = $state('');
  /** Everything said since this case was opened, newest first: whatever was missed can be read again. */
  said = $state.raw<readonly { at: number; words: string }[]>([]);

  readonly #voice = new Voice((words) => {
    this.polite = again(this.polite, words);
    this.#keep(words);
  });

  set choice(choice: AnnounceChoice) {
    this.#voice.choice = choice;
  }

  /** Others did something: said with what else they did, when there is a pause. */
  tell(who: string, did = ''): void {
    this.#voice.tell(who, did);
  }

  /** The answer to what this person just did: said at once. */
  answer(words: string): void {
    this.polite = again(this.polite, words);
    this.#keep(words);
  }

  /** Your turn, an answer is needed, paused or ended, not saved, offline, signed out, access removed: said over everything else. */
  warn(words: string): void {
    this.assertive = again(this.assertive, words);
    this.#keep(words);
  }

  /** This person is typing. */
  typed(): void {
    this.#voice.typed();
  }

  /** A case was opened, or left: what was said before it, and what waits to be said, is not about it. */
  begin(): void {
    this.#voice.forget();
    this.said = [];
  }

  #keep(words: string): void {
    this.said = [{ at: Date.now(), words }, ...this.said].slice(0, kept);
  }
}

/** The same words twice are said twice: a region speaks only when its text changes. */
function again(held: string, words: string): string {
  return held === words ? `${words}\u00a0` : words;
}

/** The voice of all screens. Set once, by what stands around every one of them. */
export const [getAnnouncer, setAnnouncer] = createContext<Announcer>();
