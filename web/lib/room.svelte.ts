/** A case's common room on a screen: its record folded, over its open notes. */
import { createContext } from 'svelte';
import type { Actor } from '#schema/actor.ts';
import { dayOf, type Day, type Holidays } from '#schema/calendar.ts';
import type { Capability } from '#schema/case.ts';
import { roomCommand, type RoomCommand, type RoomCommandInput } from '#schema/command.ts';
import type { CommandId, PersonId, RoomId } from '#schema/id.ts';
import type { Entry } from '#schema/ledger.ts';
import { emptyRoom, fold, hasCase, UnknownEntry, type CaseRoom, type RoomState } from '#schema/room.ts';
import { reveals } from '#schema/sealing.ts';
import type { Assertion } from '#schema/signature.ts';
import { isSignable, statementOf } from '#schema/signing.ts';
import { sendCommand, type CommandResult } from './command.ts';
import { merged } from './connection/record.ts';
import { isWorse } from './connection/state.ts';
import { OpenNotes, type ConnectionState, type Door } from './open-notes.svelte.ts';
import { signWith, whyNoPasskeys } from './passkeys.ts';
import { api, ask, type Answer } from './service.ts';
import { session } from './session.svelte.ts';
import { unsentIn, type Unsent } from './unsent.svelte.ts';

export { watchWork } from './connection/work.ts';
export type { ConnectionState, PersonHere } from './open-notes.svelte.ts';

/** What a room is opened with: the answer of `GET /api/cases/:ref`, and who asks on which day. */
export type Opening = {
  room: RoomId;
  ref: string;
  capability: Capability;
  entries: Entry[];
  me: Actor;
  holidays: Holidays;
  /** The database's time when it answered. */
  now: string;
};

/** Milliseconds to wait for an entry to come down the socket before asking for it by request. */
const entryPatience = 1_000;
/** Milliseconds to learn whether this copy of the notes is the server's before an act rests on it. */
const agreePatience = 3_000;
/** What is said where the passkey did not go on: the words stay, and there is a way on without it. */
const notSigned =
  'Your passkey did not sign, so nothing was recorded. Try again, or untick “Sign with my passkey”: the record then says “Attested by the service”.';
/** Commands that freeze the notes as they stand: whoever sends one has read this copy of them. */
const restOnNotes: ReadonlySet<RoomCommandInput['type']> = new Set([
  'SubmitPosition',
  'SignDecision',
  'CallSession',
  'NameVersion',
]);

export class OpenRoom extends OpenNotes {
  readonly ref: string;
  readonly holidays: Holidays;
  readonly label: string;
  /** What is typed into the case's forms and not sent. */
  readonly unsent: Unsent;

  entries = $state.raw<readonly Entry[]>([]);
  /** The record folded: grown entry by entry, folded anew when earlier entries come again, opened. */
  state = $state.raw() as CaseRoom;
  today = $state<Day>('');
  /** The room beside this one whose notes are on the screen; null on every other screen of the case. */
  beside = $state.raw<OpenNotes | null>(null);

  /** Whether this person wants their passkey to sign the acts that it may. */
  signs = $state(true);

  /** What opened this room, until it is first entered by it: nobody asks twice at once. */
  #opened: Door | null;
  #clockAhead: number;

  /** Their passkeys that can sign here and now; none for most people. */
  readonly signing: readonly string[] = $derived(whyNoPasskeys() === null ? session.signing : []);

  /** What the connection line says: of the room whose notes are on the screen, unless this one is in more trouble. */
  readonly line: ConnectionState = $derived.by(() => {
    const beside = this.beside?.connection;
    // Out of the other room only: its own screen says so.
    if (!beside || beside.kind === 'removed') return this.connection;
    const shown = isWorse(this.connection.kind, beside.kind) ? this.connection : beside;
    return { ...shown, unsaved: this.connection.unsaved || beside.unsaved };
  });

  constructor(opening: Opening) {
    super(opening);
    const { ref, holidays, entries, now } = opening;
    this.ref = ref;
    this.label = `Notes for ${ref}`;
    this.holidays = holidays;
    this.unsent = unsentIn(opening.room, opening.me.person);
    this.#opened = { capability: opening.capability, entries: [] };
    this.#clockAhead = Date.parse(now) - Date.now();
    this.receive(entries);
    this.#tellDay();
  }

  override signedInAgain(person: PersonId): void {
    super.signedInAgain(person);
    this.beside?.signedInAgain(person);
  }

  override needsReload(): void {
    super.needsReload();
    this.beside?.needsReload();
  }

  override unsavedText(): string {
    return together(super.unsavedText(), this.beside?.unsavedText(), ...this.unsent.forms.map(({ words }) => words));
  }

  override ownText(): string {
    return together(super.ownText(), this.beside?.ownText(), ...this.unsent.forms.map(({ words }) => words));
  }

  protected override holdsWords(): boolean {
    return super.holdsWords() || this.unsent.forms.length > 0;
  }

  protected override forget(): void {
    this.unsent.forget();
  }

  override open(): () => void {
    const close = super.open();
    const midnight = setInterval(() => this.#tellDay(), 60_000);
    return () => {
      clearInterval(midnight);
      close();
    };
  }

  /**
   * Sends a command. Resolves once the entries it caused are in `state`, so that what is shown
   * next is what is recorded. `id` is made once per form: sending twice is harmless.
   */
  async send(command: RoomCommandInput, id: CommandId): Promise<CommandResult> {
    // Where it cannot be told, the act goes on: the record keeps the server's notes, never this copy's.
    if (restOnNotes.has(command.type) && (await this.live?.agrees(agreePatience)) === 'differs') {
      return { ok: false, errors: { form: this.connection.words } };
    }
    const signature =
      this.signs && isSignable(command.type) ? await this.#signed(roomCommand.parse(command), id) : null;
    if (signature === 'not-signed') return { ok: false, errors: { form: notSigned } };
    const result = await sendCommand(this.id, command, id, signature ?? undefined);
    if (result.ok) await this.has(result.lastSeq);
    else if ('refused' in result) this.endIfOut(result);
    return result;
  }

  /** The signature of an act by a passkey of this person's; null where they have none that signs. */
  async #signed(command: RoomCommand, id: CommandId): Promise<Assertion | 'not-signed' | null> {
    const last = this.entries.at(-1);
    if (this.signing.length === 0 || !last) return null;
    const read = { seq: last.seq, hash: last.hash };
    const statement = statementOf(command, { room: this.id, person: this.me.person, id, read });
    return (await signWith(this.signing, statement)) ?? 'not-signed';
  }

  protected async knock(): Promise<Answer<Door>> {
    const opened = this.#opened;
    this.#opened = null;
    if (opened) return opened;
    const query = { since: String(this.lastEntry()) };
    return ask(api.cases[':ref'].$get({ param: { ref: this.ref }, query }));
  }

  protected lastEntry(): number {
    return this.state.seq;
  }

  protected receive(incoming: readonly Entry[]): void {
    const { entries, grown, missing } = merged(this.entries, incoming);
    if (missing) {
      void this.fetchEntries(this.entries.length);
      return;
    }
    const state = this.#folded(entries, grown);
    if (!state) return;
    if (!hasCase(state)) throw new Error('This room holds no case');
    this.entries = entries;
    this.state = state;
    this.wake();
    // A reveal that was missed while away: what was sealed may now be read, so read it.
    const opened = incoming.some(reveals);
    const firstSealed = entries.findIndex(({ body }) => body === null);
    if (opened && firstSealed >= 0) void this.fetchEntries(firstSealed);
  }

  /** Null where the record has gone on in ways this page, left open for long, does not know: then it has to be loaded anew. */
  #folded(entries: readonly Entry[], grown: readonly Entry[] | null): RoomState | null {
    try {
      return grown ? fold(grown, this.entries.length === 0 ? emptyRoom : this.state) : fold(entries);
    } catch (error) {
      if (!(error instanceof UnknownEntry) || this.entries.length === 0) throw error;
      this.needsReload();
      return null;
    }
  }

  /** Waits for an entry to come down the socket, and asks for it if it does not. */
  async has(seq: number): Promise<void> {
    await this.until(() => this.state.seq >= seq, this.connection.connected ? entryPatience : 0);
    if (this.state.seq < seq) await this.fetchEntries(this.state.seq);
  }

  #tellDay(): void {
    this.today = dayOf(new Date(Date.now() + this.#clockAhead).toISOString());
  }
}

function together(...texts: (string | undefined)[]): string {
  return texts.filter(Boolean).join('\n\n');
}

/** The room whose screens these are. Set once by the case's layout. */
export const [getRoom, setRoom] = createContext<OpenRoom>();
