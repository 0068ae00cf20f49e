/** Since when one last looked at a room's notes; that one looks now is kept while they are before one's eyes. */
import { createContext } from 'svelte';
import type { RoomId } from '#schema/id.ts';
import type { LastLook } from '#schema/version.ts';
import { api, ask, isRefused, isWrong } from '../service.ts';

/** Milliseconds between telling the service that the notes are being looked at. */
const tellEvery = 60_000;

export class Look {
  /** The last look before this one; null where there was none, or where nobody answers. */
  before = $state.raw<LastLook | null>(null);
  /** Whether the notes have changed since. */
  changed = $state(false);

  readonly #room: RoomId;

  constructor(room: RoomId) {
    this.#room = room;
  }

  /** Looks from now on. Returns what ends it. */
  begin(): () => void {
    let asked = false;
    const keep = () => {
      if (asked && document.visibilityState === 'visible') void this.#keep();
    };
    const asking = this.ask().then((answered) => (asked = answered));
    const timer = setInterval(keep, tellEvery);
    addEventListener('pagehide', keep);
    return () => {
      clearInterval(timer);
      removeEventListener('pagehide', keep);
      void asking.then(keep);
    };
  }

  /** Whether the service answered: what was not asked for is not to be written over. */
  async ask(): Promise<boolean> {
    const answer = await ask(api.rooms[':room'].looked.$get({ param: { room: this.#room } }));
    if (isRefused(answer) || isWrong(answer)) return false;
    this.changed = answer.last !== null && answer.last.version < answer.now;
    this.before = answer.last;
    return true;
  }

  async #keep(): Promise<void> {
    // It goes out even as the page is left.
    await ask(api.rooms[':room'].looked.$put({ param: { room: this.#room }, json: {} }, { init: { keepalive: true } }));
  }
}

/** The looks at a case's notes. Set once by the case's layout. */
export const [getLook, setLook] = createContext<Look>();
