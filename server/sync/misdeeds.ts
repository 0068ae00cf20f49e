/** People whose copies send what no honest client sends: each time they may come back later (T22). */
import type { PersonId } from '#schema/id.ts';

/** Milliseconds: the first time is forgiven, as an honest copy may be old or broken; then doubled each time, up to the last. */
const firstPause = 5_000;
const longestPause = 5 * 60_000;
/** Milliseconds without another after which all is forgotten: longer than any pause. */
const rememberedFor = 15 * 60_000;

type Misdeeds = { times: number; at: number };

export class RefusedPeople {
  readonly #of = new Map<PersonId, Misdeeds>();

  /** An update of this person's was refused. */
  refused(person: PersonId, now = performance.now()): void {
    for (const [each, { at }] of this.#of) {
      if (now - at < rememberedFor) break;
      this.#of.delete(each);
    }
    const times = (this.#of.get(person)?.times ?? 0) + 1;
    // Put last: the map stays in the order of `at`.
    this.#of.delete(person);
    this.#of.set(person, { times, at: now });
  }

  /** Whether they have to wait before they may come in again. */
  mustWait(person: PersonId, now = performance.now()): boolean {
    const found = this.#of.get(person);
    if (!found || found.times === 1) return false;
    return now - found.at < Math.min(firstPause * 2 ** (found.times - 2), longestPause);
  }
}
