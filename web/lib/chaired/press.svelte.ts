/** One press, one command: sent once however often it is pressed, each in its turn, and what is wrong with it said by field. */
import type { RoomCommandInput } from '#schema/command.ts';
import type { FieldErrors } from '#schema/fields.ts';
import { newId } from '#schema/id.ts';
import { getRoom } from '../room.svelte.ts';

export class Press {
  errors = $state.raw<FieldErrors>({});
  sending = $state(false);

  readonly #room = getRoom();
  /** The command on its way and its id: pressed again after a lost answer, it is the same command. */
  #last = { said: '', id: '' };
  /** On its way or waiting for its turn, by what is said: the same press again is the same command. */
  readonly #going = new Map<string, Promise<boolean>>();

  get wrong(): boolean {
    return Object.keys(this.errors).length > 0;
  }

  /** Whether it was recorded. `prefix` stands before each field's name where a page has several forms. */
  send(command: RoomCommandInput, prefix = ''): Promise<boolean> {
    const said = JSON.stringify(command);
    const same = this.#going.get(said);
    if (same) return same;
    const go = () => this.#send(said, command, prefix);
    const before = [...this.#going.values()].at(-1);
    const going = (before ? before.then(go, go) : go()).finally(() => {
      this.#going.delete(said);
      this.sending = this.#going.size > 0;
    });
    this.#going.set(said, going);
    return going;
  }

  async #send(said: string, command: RoomCommandInput, prefix: string): Promise<boolean> {
    if (!this.#room.connection.maySubmit) {
      this.errors = { form: this.#room.connection.whyNotSent };
      return false;
    }
    if (this.#last.said !== said) this.#last = { said, id: newId() };
    this.sending = true;
    const result = await this.#room.send(command, this.#last.id);
    if (result.ok) {
      this.#last = { said: '', id: '' };
      this.errors = {};
      return true;
    }
    const errors =
      'errors' in result
        ? result.errors
        : { [typeof result.facts['field'] === 'string' ? result.facts['field'] : 'form']: result.words };
    this.errors = Object.fromEntries(
      Object.entries(errors).map(([path, words]) => [path === 'form' ? path : `${prefix}${path}`, words]),
    );
    return false;
  }
}
