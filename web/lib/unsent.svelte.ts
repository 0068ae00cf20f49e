/** What is typed into the forms of a case and not sent: kept in this tab's memory, never in the browser's storage, until it is sent. */
import { SvelteMap } from 'svelte/reactivity';
import { page } from '$app/state';
import { idPattern, type PersonId, type RoomId } from '#schema/id.ts';

/** A form that holds something nobody else has yet. */
export type UnsentForm = {
  /** "your reply to a comment". */
  what: string;
  /** The screen it stands on. */
  href: string;
  words: string;
};

type Held = {
  what: () => string;
  href: string;
  values: object;
  empty: string;
  isKept: () => boolean;
};

export class Unsent {
  readonly #held = new SvelteMap<string, Held>();

  /** Not derived once: a derived value goes stale with the screen it was made on, and this outlives them. */
  get forms(): readonly UnsentForm[] {
    return [...this.#held.values()]
      .filter((held) => isBegun(held) && !held.isKept())
      .map(({ what, href, values, empty }) => ({
        what: what(),
        href,
        words: textsIn(values, JSON.parse(empty)).join('\n'),
      }));
  }

  /**
   * What the form named `key` holds, to bind its fields to: as it was left, or `empty`. It outlives the
   * form's screen. `isKept`: the service has it, as a draft, and gives it back. Called while a component is set up.
   */
  hold<Values extends object>(
    key: string,
    what: string | (() => string),
    empty: Values,
    isKept: () => boolean = () => false,
  ): Values {
    const found = this.#held.get(key);
    if (found && isBegun(found) && !found.isKept()) {
      this.#held.set(key, { ...found, isKept });
      return found.values as Values;
    }
    const values = $state(empty);
    this.#held.set(key, {
      what: typeof what === 'string' ? () => what : what,
      href: page.url.pathname,
      values,
      empty: JSON.stringify(empty),
      isKept,
    });
    return values;
  }

  /** Whether this form holds anything to go on with. */
  isBegun(key: string): boolean {
    const held = this.#held.get(key);
    return held !== undefined && isBegun(held);
  }

  /** It was sent, or its writer no longer wants it: the form is empty again. */
  clear(key: string): void {
    const held = this.#held.get(key);
    if (held) Object.assign(held.values, JSON.parse(held.empty));
  }

  /** All of it goes: this person is no longer let in. */
  forget(): void {
    this.#held.clear();
  }
}

function isBegun({ values, empty }: Held): boolean {
  return JSON.stringify(values) !== empty;
}

/** The texts of a form that are not as they were when it was empty; ids that were chosen say nothing to a reader. */
function textsIn(part: unknown, empty: unknown): string[] {
  if (typeof part === 'string') return part === empty || part.trim() === '' || idPattern.test(part) ? [] : [part];
  if (typeof part !== 'object' || part === null) return [];
  const before = (typeof empty === 'object' ? empty : null) as Record<string, unknown> | null;
  return Object.entries(part).flatMap(([name, each]) => textsIn(each, before?.[name]));
}

/** Whoever leaves a case and comes back finds their words again; another person who signs in here does not. */
const rooms = new Map<RoomId, Unsent>();
let whose: PersonId | null = null;

export function unsentIn(room: RoomId, person: PersonId): Unsent {
  if (whose !== person) rooms.clear();
  whose = person;
  const unsent = rooms.get(room) ?? new Unsent();
  rooms.set(room, unsent);
  return unsent;
}
