/** A formal act on a screen: a form that is kept as a draft, checked before it is sent, and recorded once. */
import { tick } from 'svelte';
import type { z } from 'zod';
import { goto, pushState, replaceState } from '$app/navigation';
import { page } from '$app/state';
import type { RoomCommand } from '#schema/command.ts';
import { fieldErrors, type FieldErrors } from '#schema/fields.ts';
import type { CommandResult } from '../command.ts';
import { getAnnouncer } from '../connection/announcer.svelte.ts';
import { createForm, type Form } from '../form.svelte.ts';
import { getRoom } from '../room.svelte.ts';
import { Draft, type DraftForm } from './draft.svelte.ts';
import { restored, type Fields } from './fields.ts';

type Options<Values extends Fields> = {
  /** What an empty form holds. Its shape is the command's, so that each problem finds its field. */
  values: Values;
  command: (values: Values) => object;
  /** The schema's own parser of that command. */
  parser: z.ZodType<RoomCommand>;
  /** What else has to be put right before it can be sent, beyond what the command itself needs. */
  also?: (values: Values) => FieldErrors;
  /** Keeps the form as a draft while it is being filled in. */
  draft?: DraftForm;
  /** Where to go once it is recorded, from the case's own address: `/positions`. */
  next: string;
  /** What to say there: "Police's position is submitted." */
  said: (values: Values) => string;
};

export class Act<Values extends Fields> {
  readonly form: Form<Values, CommandResult>;
  readonly draft: Draft | null;
  /** Whether the draft, if there is one, has been put into the form. */
  begun = $state<'reading' | 'ready' | 'unread'>('reading');

  readonly #room = getRoom();
  readonly #announcer = getAnnouncer();
  readonly #empty: Values;
  /** What is being checked was found in order a moment ago; not so after Forward to an old step, or a reload. */
  #inOrder = $state(false);
  /** The field to go to when the form is shown again. */
  #sought = '';
  /** The page on which it was recorded. */
  #sentFrom = '';
  /** Nothing more is kept as a draft: it stands in the record. */
  #recorded = $state(false);
  /** The form was left with words that nobody has: they go on, whatever an older draft says. */
  readonly #goesOn: boolean;
  /** What the form is called where it is not on the screen: its page's title. */
  #called = $state('what you typed');
  readonly checking: boolean = $derived(this.#inOrder && page.state.checking === true);

  constructor({ values, command, parser, also, draft, next, said }: Options<Values>) {
    const room = this.#room;
    this.draft = draft ? new Draft(room.id, draft) : null;
    // Known by its page and its fields: the command cannot be asked yet, it may read what the page makes after this.
    const [key, called] = [`${page.url.pathname} ${Object.keys(values).join()}`, () => this.#called];
    const held = room.unsent.hold(key, called, values, () => this.#recorded || this.draft?.unsaved === false);
    this.#goesOn = room.unsent.isBegun(key);
    this.form = createForm<Values, CommandResult>({
      values: held,
      check: (given) => {
        if (!room.connection.maySubmit) return { form: room.connection.whyNotSent };
        const parsed = parser.safeParse(command(given));
        return { ...(parsed.success ? {} : fieldErrors(parsed.error)), ...also?.(given) };
      },
      send: (given, id) => {
        this.#sentFrom = page.url.pathname;
        return room.send(parser.parse(command(given)), id);
      },
      done: async () => {
        const words = said(this.values);
        this.#recorded = true;
        await this.draft?.clear();
        // The entry may reach this screen before the answer does: whoever has read it and gone on is not fetched back.
        if (page.url.pathname === this.#sentFrom) {
          await goto(`/cases/${room.ref}${next}`, { replaceState: true, state: { said: words } });
        }
        this.#announcer.answer(words);
        room.unsent.clear(key);
      },
    });
    this.#empty = values;
    void this.readDraft();
    this.#keepDraft();
    this.#takeFocus();
    $effect(() => {
      if (!this.checking && !this.form.wrong) this.#called = `“${document.title.split(',')[0]}”`;
    });
  }

  get values(): Values {
    return this.form.values;
  }

  get errors(): FieldErrors {
    return this.form.errors;
  }

  /** For the form's `onsubmit`: on to checking the answers, if they are in order. */
  review = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (!this.form.check()) return;
    this.#inOrder = true;
    pushState('', { checking: true });
  };

  /** For a "Change" link: back to the form, to the field that the link's hash names. */
  change = (event?: Event): void => {
    const link = event?.currentTarget;
    if (!(link instanceof HTMLAnchorElement)) return;
    event?.preventDefault();
    this.#sought = decodeURIComponent(link.hash.slice(1));
    history.back();
  };

  /** For the `onsubmit` of the answers that were checked: records them. Problems lead back to their fields. */
  record = async (event: Event): Promise<void> => {
    await this.form.submit(event);
    const { errors } = this.form;
    if (Object.keys(errors).every((path) => document.getElementById(path) !== null || path === 'form')) return;
    this.#inOrder = false;
    replaceState('', {});
    await tick();
    // A new object: now that the fields are on the page, the summary can lead to them.
    this.form.errors = { ...errors };
  };

  /** For "Save draft". */
  saveDraft = async (): Promise<void> => {
    if (!this.draft) return;
    await this.draft.save($state.snapshot(this.values) as Values);
    this.#announcer.answer(this.draft.words);
  };

  /** Puts what was kept into the form. Until it is known, nothing is typed and nothing is saved over it. */
  readDraft = async (): Promise<void> => {
    this.begun = 'reading';
    const kept = await this.draft?.load(this.#room.me.agency.id);
    if (kept === 'unread') {
      this.begun = 'unread';
      return;
    }
    if (this.#goesOn) this.draft?.changed($state.snapshot(this.values) as Values);
    else if (kept) Object.assign(this.form.values, restored(this.#empty, kept));
    this.begun = 'ready';
  };

  #keepDraft(): void {
    let last: string | null = null;
    $effect(() => {
      const values = $state.snapshot(this.values) as Values;
      const now = JSON.stringify(values);
      if (this.begun !== 'ready' || this.#recorded) return;
      if (last !== null && last !== now) this.draft?.changed(values);
      last = now;
    });
  }

  /** Each step begins at its heading; "Change" at the field it changes. */
  #takeFocus(): void {
    let was = this.checking;
    $effect(() => {
      if (was === this.checking) return;
      was = this.checking;
      const changed = this.checking ? null : document.getElementById(this.#sought);
      this.#sought = '';
      if (this.form.wrong) return;
      if (!changed) scrollTo(0, 0);
      (changed ?? document.querySelector<HTMLElement>('h1'))?.focus();
    });
  }
}
