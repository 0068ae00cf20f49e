/** The notes of a room beside a case's common one, open on a screen: an agency's account, its working notes, a private session. */
import type { Actor } from '#schema/actor.ts';
import type { Capability } from '#schema/case.ts';
import type { RoomId } from '#schema/id.ts';
import type { Entry } from '#schema/ledger.ts';
import { OpenNotes, type Door } from '../open-notes.svelte.ts';
import { api, ask, isRefused, isWrong, type Answer } from '../service.ts';

type Opening = { room: RoomId; ref: string; label: string; capability: Capability; me: Actor };

export class SideNotes extends OpenNotes {
  readonly label: string;
  readonly #ref: string;
  #seq = 0;

  constructor(opening: Opening) {
    super(opening);
    this.label = opening.label;
    this.#ref = opening.ref;
  }

  /** By the list of the case's rooms: one that this person is not let into is not on it. */
  protected async knock(): Promise<Answer<Door>> {
    const answer = await ask(api.cases[':ref'].rooms.$get({ param: { ref: this.#ref } }));
    if (isRefused(answer) || isWrong(answer)) return answer;
    const here = answer.rooms.find(({ room }) => room === this.id);
    return here ? { capability: here.capability, entries: [] } : { refused: 'NotFound', facts: {} };
  }

  protected lastEntry(): number {
    return this.#seq;
  }

  /** Its record says who was let in and when; the case's own record says everything else. */
  protected receive(entries: readonly Entry[]): void {
    this.#seq = Math.max(this.#seq, ...entries.map(({ seq }) => seq));
  }
}
