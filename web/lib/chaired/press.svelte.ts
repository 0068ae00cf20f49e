/** One press, one command: sent once however often it is pressed, and what is wrong with it said by field. */
import type { RoomCommandInput } from '#schema/command.ts';
import type { FieldErrors } from '#schema/fields.ts';
import { newId } from '#schema/id.ts';
import { notConnected } from '../deliberation/act.svelte.ts';
import { getRoom } from '../room.svelte.ts';

export class Press {
  errors = $state.raw<FieldErrors>({});
  sending = $state(false);

  readonly #room = getRoom();
  /** The command on its way and its id: pressed again after a lost answer, it is the same command. */
  #last = { said: '', id: '' };

  get wrong(): boolean {
    return Object.keys(this.errors).length > 0;
  }

  /** Whether it was recorded. `prefix` stands before each field's name where a page has several forms. */
  async send(command: RoomCommandInput, prefix = ''): Promise<boolean> {
    if (this.sending) return false;
    if (!this.#room.connection.maySubmit) {
      this.errors = { form: notConnected };
      return false;
    }
    const said = JSON.stringify(command);
    if (this.#last.said !== said) this.#last = { said, id: newId() };
    this.sending = true;
    try {
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
    } finally {
      this.sending = false;
    }
  }
}
