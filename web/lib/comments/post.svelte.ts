/** Words on their way into a thread: sent once, kept whatever happens, and sent later where there is no connection now. */
import type { RoomCommandInput } from '#schema/command.ts';
import type { FieldErrors } from '#schema/fields.ts';
import { getAnnouncer } from '../connection/announcer.svelte.ts';
import type { CommandResult } from '../command.ts';
import { createForm, type Form } from '../form.svelte.ts';
import { getRoom } from '../room.svelte.ts';

/** What a comment that is being written is kept under until it is posted: one at a time. */
export const newComment = 'comment';

type Options<Values extends object> = {
  values: Values;
  command: (values: Values) => RoomCommandInput;
  check?: (values: Values) => FieldErrors;
  /** What to say once it is in the record: "Reply posted". */
  said: string;
  done: (result: Extract<CommandResult, { ok: true }>) => void;
};

export class Post<Values extends object> {
  readonly form: Form<Values, CommandResult>;
  /** Waits for the connection. */
  waiting = $state(false);
  readonly #room = getRoom();

  constructor({ values, command, check, said, done }: Options<Values>) {
    const room = this.#room;
    const announcer = getAnnouncer();
    this.form = createForm<Values, CommandResult>({
      values,
      check: (given) => check?.(given) ?? {},
      send: (given, id) => room.send(command(given), id),
      done: (result) => {
        announcer.answer(said);
        if ('ok' in result && result.ok) done(result);
      },
    });
    $effect(() => {
      if (!this.waiting || !room.connection.maySubmit) return;
      this.waiting = false;
      void this.form.submit();
    });
  }

  submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (!this.form.check()) return;
    if (this.#room.connection.maySubmit) await this.form.submit();
    else this.waiting = true;
  };

  /** Back from waiting: the words stay in the form. */
  cancel = (): void => {
    this.waiting = false;
  };
}
