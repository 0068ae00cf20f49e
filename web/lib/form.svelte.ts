/** A form: what was typed, what is wrong with it, and sending it once. */
import type { FieldErrors } from '#schema/fields.ts';
import { newId, type CommandId } from '#schema/id.ts';
import type { RefusalFacts } from '#schema/refusal.ts';
import { sayRefusal } from './words.ts';
import type { Refused } from './service.ts';

/** What sending may come to: fields to put right, a reason why not, or anything else, which is success. */
type Outcome = { errors: FieldErrors } | Refused | object;

type Options<Values, Result extends Outcome> = {
  /** What the form starts with. */
  values: Values;
  /** Sends it. `id` stays the same until it has been recorded, so that a second press does no harm. */
  send: (values: Values, id: CommandId) => Promise<Result>;
  /** It was recorded. */
  done: (result: Exclude<Result, { errors: FieldErrors } | { refused: unknown }>) => void | Promise<void>;
  /** What is wrong before it is even sent; nothing if all is well. */
  check?: (values: Values) => FieldErrors;
};

export class Form<Values extends object, Result extends Outcome> {
  /** What the fields are bound to. Kept whatever happens to what was sent. */
  values: Values;
  /** Problems by field; a refusal that belongs to no field stands under `form`. A new object each time. */
  errors = $state.raw<FieldErrors>({});
  /** On its way: the button says so and does nothing more. */
  sending = $state(false);

  readonly #options: Options<Values, Result>;
  #id = newId();

  constructor(options: Options<Values, Result>) {
    this.values = $state(options.values);
    this.#options = options;
  }

  /** Whether there is something to put right: the page's title then says "Error: " first. */
  get wrong(): boolean {
    return Object.keys(this.errors).length > 0;
  }

  /** For `onsubmit`: checks, then sends. */
  submit = async (event?: Event): Promise<void> => {
    event?.preventDefault();
    if (this.sending) return;
    if (!this.check()) return;
    this.sending = true;
    try {
      const result = await this.#options.send($state.snapshot(this.values) as Values, this.#id);
      if (isWrong(result)) {
        this.errors = result.errors;
      } else if (isRefused(result)) {
        this.errors = { [fieldOf(result.facts)]: sayRefusal(result) };
      } else {
        this.#id = newId();
        this.errors = {};
        await this.#options.done(result as Exclude<Result, { errors: FieldErrors } | { refused: unknown }>);
      }
    } finally {
      this.sending = false;
    }
  };

  /** Checks without sending. Whether all is well. */
  check(): boolean {
    this.errors = this.#options.check?.($state.snapshot(this.values) as Values) ?? {};
    return !this.wrong;
  }
}

/** A form whose fields are bound to `values`. Made while a component is set up. */
export function createForm<Values extends object, Result extends Outcome>(
  options: Options<Values, Result>,
): Form<Values, Result> {
  return new Form(options);
}

function isWrong(result: Outcome): result is { errors: FieldErrors } {
  return 'errors' in result;
}

function isRefused(result: Outcome): result is Refused {
  return 'refused' in result;
}

/** A refusal may name the field it is about. */
function fieldOf({ field }: RefusalFacts): string {
  return typeof field === 'string' ? field : 'form';
}
