/** A form begun and kept: saved on each pause as a draft that only this agency's people can read. */
import { onDestroy } from 'svelte';
import { sayTime, type Instant } from '#schema/calendar.ts';
import type { AgencyId, RoomId } from '#schema/id.ts';
import { api, ask, isRefused, isWrong } from '../service.ts';
import type { Fields } from './fields.ts';

/** The forms that have a draft: one for each agency in a room. */
export type DraftForm =
  | 'reopen'
  | 'reasons'
  | 'return'
  | 'sufficiency'
  | 'review-view'
  | 'position'
  | 'dissent'
  | 'decision'
  | 'resolution'
  | 'outcome'
  | 'lead-view'
  | 'question';

/** Milliseconds without a change before a draft is saved. */
const pause = 1_500;
/** Milliseconds before a draft that could not be saved is tried again. */
const again = 5_000;

/** One form's draft on this screen. Made while a component is set up. */
export class Draft {
  /** When it was last saved; null while there is none. */
  at = $state<Instant | null>(null);
  /** Whether something was changed that is not saved. */
  unsaved = $state(false);
  /** Whether the last attempt did not get through. */
  failed = $state(false);
  /** Who saved this form's draft after it was opened here; then nothing more is saved until the person here chooses. */
  meanwhile = $state.raw<{ name: string; at: Instant } | null>(null);

  readonly #room: RoomId;
  readonly #form: DraftForm;
  #fields: Fields | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #saving: Promise<void> = Promise.resolve();
  #left = false;
  /** The draft that what is typed here goes over. */
  #since: Instant | null = null;

  constructor(room: RoomId, form: DraftForm) {
    this.#room = room;
    this.#form = form;
    const staying = (event: BeforeUnloadEvent) => {
      if (this.unsaved) event.preventDefault();
    };
    addEventListener('beforeunload', staying);
    onDestroy(() => {
      removeEventListener('beforeunload', staying);
      clearTimeout(this.#timer);
      this.#left = true;
      if (this.unsaved) void this.#put();
    });
  }

  /** What `agency` had begun; null if nothing, `unread` if the service cannot say. */
  async load(agency: AgencyId): Promise<Record<string, unknown> | null | 'unread'> {
    const begun = await readDrafts(this.#room);
    if (!begun) return 'unread';
    const kept = begun.find((draft) => draft.form === this.#form && draft.agency === agency);
    if (!kept?.body || Object.keys(kept.body).length === 0) return null;
    this.at = kept.at;
    this.#since = kept.at;
    return kept.body;
  }

  /** The form was changed: save it once the typing pauses. */
  changed(fields: Fields): void {
    this.#fields = fields;
    this.unsaved = true;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#put(), pause);
  }

  /** Saves now. Whether it got through. */
  async save(fields: Fields): Promise<boolean> {
    this.changed(fields);
    clearTimeout(this.#timer);
    await this.#put();
    return !this.unsaved;
  }

  /** The form was recorded: its draft is emptied. */
  async clear(): Promise<void> {
    await this.save({});
    this.at = null;
  }

  /** Saves what is typed here over what a colleague saved meanwhile. */
  async saveOver(): Promise<void> {
    if (!this.meanwhile) return;
    this.#since = this.meanwhile.at;
    this.meanwhile = null;
    await this.#put();
  }

  /** The words of the draft that a colleague saved, part by part, to read beside one's own. */
  async theirs(agency: AgencyId): Promise<string[]> {
    const begun = await readDrafts(this.#room);
    return textsIn(begun?.find((draft) => draft.form === this.#form && draft.agency === agency)?.body);
  }

  /** What stands beside the form: never that it is saved before the service has said so. */
  get words(): string {
    if (this.meanwhile) return 'What you typed is on this page and is not saved.';
    if (this.failed) return 'Your draft is not saved yet. Keep this tab open.';
    if (this.unsaved) return 'Saving draft…';
    return this.at === null ? 'Nothing is saved yet.' : `Draft saved at ${sayTime(this.at)}.`;
  }

  /** One at a time, so that an older draft never arrives after a newer one. */
  #put(): Promise<void> {
    this.#saving = this.#saving.then(async () => {
      const fields = this.#fields;
      if (fields === null || this.meanwhile) return;
      const saved = await putDraft(this.#room, this.#form, fields, this.#since);
      this.failed = saved === null;
      if (saved === null) {
        clearTimeout(this.#timer);
        if (!this.#left) this.#timer = setTimeout(() => void this.#put(), again);
        return;
      }
      if ('meanwhile' in saved) {
        this.meanwhile = saved.meanwhile;
        return;
      }
      this.at = saved.at;
      this.#since = saved.at;
      this.unsaved = this.#fields !== fields;
    });
    return this.#saving;
  }
}

/** A form begun in a room: whose and when; its words only if it is this agency's own. */
export type Begun = { form: string; agency: AgencyId; at: Instant; body: Record<string, unknown> | null };

/** Forms begun in a room, or null when the service cannot say. */
export async function readDrafts(room: RoomId): Promise<Begun[] | null> {
  const answer = await ask(api.rooms[':room'].drafts.$get({ param: { room } }));
  return isRefused(answer) || isWrong(answer) ? null : answer.drafts;
}

/** When it was saved, or who saved another meanwhile; null when it did not get through. */
async function putDraft(
  room: RoomId,
  form: DraftForm,
  body: Fields,
  since: Instant | null,
): Promise<{ at: Instant } | { meanwhile: { name: string; at: Instant } } | null> {
  const json = { body, since };
  const answer = await ask(api.rooms[':room'].drafts[':form'].$put({ param: { room, form }, json }));
  if (isRefused(answer)) {
    const { name, at } = answer.facts;
    if (answer.refused !== 'DraftSavedMeanwhile') return null;
    return { meanwhile: { name: String(name), at: String(at) } };
  }
  return isWrong(answer) ? null : { at: answer.at };
}

/** What was written in a draft: its texts, without the choices that only a form can show. */
function textsIn(part: unknown): string[] {
  if (typeof part === 'string') return part.includes(' ') ? [part] : [];
  return typeof part === 'object' && part !== null ? Object.values(part).flatMap(textsIn) : [];
}
