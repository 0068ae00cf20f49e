/** An open room on a screen: its record folded, its notes, who is here, and what "Saved" may say. */
import { createContext } from 'svelte';
import type { Actor } from '#schema/actor.ts';
import type { Agency, Role } from '#schema/agency.ts';
import { dayOf, type Day, type Holidays } from '#schema/calendar.ts';
import type { Capability } from '#schema/case.ts';
import type { RoomCommandInput } from '#schema/command.ts';
import type { CommandId, PersonId, RoomId } from '#schema/id.ts';
import type { Entry } from '#schema/ledger.ts';
import { close } from '#schema/protocol.ts';
import { emptyRoom, fold, hasCase, includes, reveals, type CaseRoom } from '#schema/room.ts';
import { sendCommand, type CommandResult } from './command.ts';
import type { Live } from './connection/live.ts';
import { merged } from './connection/record.ts';
import {
  happen,
  isSettled,
  maySubmit,
  mayType,
  nextLook,
  sayConnection,
  show,
  unopened,
  type Connection,
  type ConnectionKind,
  type Ending,
  type Happening,
} from './connection/state.ts';
import { api, ask, isRefused, isWrong, type Refused } from './service.ts';

export { watchWork } from './connection/work.ts';

/** What the connection line says, and what is allowed meanwhile. */
export type ConnectionState = {
  kind: ConnectionKind;
  words: string;
  /** Whether this person changed the notes and the change is not known to be durable. Never hoped. */
  unsaved: boolean;
  /** Whether the socket is open: only then is it known who else is here. */
  connected: boolean;
  /** Whether a form may be sent: "You can submit when you are reconnected" when not. */
  maySubmit: boolean;
  /** Whether typing in the notes is kept. */
  mayType: boolean;
};

/** Somebody who has the case open now, and the heading they are writing under. */
export type PersonHere = { person: PersonId; name: string; agency: Agency; role: Role; section?: string };

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
/** Attempts in a row that never opened a socket before we ask whether requests get through. */
const attemptsBeforeAsking = 3;
/** Milliseconds between looks at the record where no socket gets through. */
const lookAgain = 15_000;
/** Milliseconds between two readings of who is here and where. */
const meetEvery = 200;
/** Milliseconds before asking again at a door where nobody answered. */
const knockAgain = 2_000;
/** Milliseconds before coming back after the server said this copy sent too much, too fast. */
const tooMuchPause = 10_000;

/** Milliseconds to learn whether this copy of the notes is the server's before an act rests on it. */
const agreePatience = 3_000;
/** Commands that freeze the notes as they stand: whoever sends one has read this copy of them. */
const restOnNotes: ReadonlySet<RoomCommandInput['type']> = new Set(['SubmitPosition', 'SignDecision', 'CallSession']);

export class OpenRoom {
  readonly id: RoomId;
  readonly ref: string;
  readonly me: Actor;
  readonly holidays: Holidays;

  capability = $state<Capability>('read');
  entries = $state.raw<readonly Entry[]>([]);
  /** The record folded: grown entry by entry, folded anew when earlier entries come again, opened. */
  state = $state.raw() as CaseRoom;
  today = $state<Day>('');
  people = $state.raw<readonly PersonHere[]>([]);
  /** The notes and their socket; null until the first has been opened. */
  live = $state.raw<Live | null>(null);
  /** Whether the notes have been here whole, so that typing goes into what others see. */
  synced = $state(false);

  #facts = $state.raw<Connection>(unopened(0));
  #shown = $state.raw<{ kind: ConnectionKind; since: number }>({ kind: 'opening', since: 0 });
  /** What this copy had written when all was last durable. */
  #savedClock = 0;
  #epoch: number | null = null;
  #look: ReturnType<typeof setTimeout> | undefined;
  #meeting: ReturnType<typeof setTimeout> | undefined;
  #clockAhead: number;
  #closed = false;
  #leaving = false;
  /** Looks to see whether what somebody waits for has come. */
  #waiting = new Set<() => void>();

  readonly connection: ConnectionState = $derived.by(() => {
    const { kind } = this.#shown;
    return {
      kind,
      words: sayConnection(kind, this.#facts),
      unsaved: this.#facts.unsaved,
      connected: this.#facts.socket === 'open',
      maySubmit: maySubmit(kind),
      mayType: mayType(kind),
    };
  });
  readonly mayWrite: boolean = $derived(includes(this.capability, 'write'));

  constructor({ room, ref, capability, entries, me, holidays, now }: Opening) {
    this.id = room;
    this.ref = ref;
    this.me = me;
    this.holidays = holidays;
    this.capability = capability;
    this.#clockAhead = Date.parse(now) - Date.now();
    this.#receive(entries);
    this.#tellDay();
    this.#meet();
  }

  /** Opens the socket. Returns what closes it and forgets the notes. */
  open(): () => void {
    this.#happen({ type: 'network', online: navigator.onLine });
    const online = () => this.#happen({ type: 'network', online: true });
    const offline = () => this.#happen({ type: 'network', online: false });
    const staying = (event: BeforeUnloadEvent) => {
      if (this.#facts.unsaved && !this.#leaving) event.preventDefault();
    };
    addEventListener('online', online);
    addEventListener('offline', offline);
    addEventListener('beforeunload', staying);
    const midnight = setInterval(() => this.#tellDay(), 60_000);
    const looking = setInterval(() => {
      if (this.#facts.refused) void this.#fetchEntries(this.state.seq);
    }, lookAgain);
    void this.#enter();
    return () => {
      this.#closed = true;
      removeEventListener('online', online);
      removeEventListener('offline', offline);
      removeEventListener('beforeunload', staying);
      clearInterval(midnight);
      clearInterval(looking);
      clearTimeout(this.#look);
      clearTimeout(this.#meeting);
      this.live?.close();
      this.live = null;
    };
  }

  /**
   * Sends a command. Resolves once the entries it caused are in `state`, so that what is shown
   * next is what is recorded. `id` is made once per form: sending twice is harmless.
   */
  async send(command: RoomCommandInput, id: CommandId): Promise<CommandResult> {
    // Where it cannot be told, the act goes on: the record keeps the server's notes, never this copy's.
    if (restOnNotes.has(command.type) && (await this.live?.agrees(agreePatience)) === 'differs') {
      return { ok: false, errors: { form: sayConnection('differs', this.#facts) } };
    }
    const result = await sendCommand(this.id, command, id);
    if (result.ok) await this.#until(result.lastSeq);
    else if ('refused' in result) this.#endIfOut(result);
    return result;
  }

  /** Comes back after being signed out in place. Another person may not go on in this one's tab. */
  signedInAgain(person: PersonId): void {
    if (person !== this.me.person) {
      this.#end('reload');
      return;
    }
    this.#happen({ type: 'resumed' });
    void this.#enter();
  }

  /** The page in this tab is older than the service: it has to be loaded anew. */
  needsReload(): void {
    this.#end('reload');
  }

  /** Whether all is saved, as soon as it is, or after `patience` milliseconds at the latest. */
  whenSaved(patience: number): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => tell(), patience);
      const tell = () => {
        clearTimeout(timer);
        this.#waiting.delete(look);
        resolve(!this.#facts.unsaved);
      };
      const look = () => !this.#facts.unsaved && tell();
      this.#waiting.add(look);
      look();
    });
  }

  /** Loads the page anew, without asking again about text that cannot be saved. */
  reload(): void {
    this.#leaving = true;
    location.reload();
  }

  /**
   * The notes as the server has them, as readable text, for where no socket gets through.
   * @throws Error when the service does not answer with them.
   */
  async readNotes(): Promise<string> {
    const answer = await ask(api.rooms[':room'].notes.$get({ param: { room: this.id } }));
    if (isRefused(answer) || isWrong(answer)) throw new Error('The notes were refused');
    return answer.text;
  }

  /** What this person typed that is not known to be durable, as plain text. */
  unsavedText(): string {
    return this.#facts.unsaved ? (this.live?.writtenSince(this.#savedClock) ?? '') : '';
  }

  /** All that this person wrote in this tab and did not take back, as plain text. */
  ownText(): string {
    return this.live?.writtenSince(0) ?? '';
  }

  /** In by the door: rights are asked anew, and a clientID is leased for this copy of the notes. */
  async #enter(): Promise<void> {
    const opened = await ask(api.cases[':ref'].$get({ param: { ref: this.ref } }));
    if (isWrong(opened) || isRefused(opened)) return this.#turnedAway(opened);
    this.capability = opened.capability;
    this.#receive(opened.entries);
    const leased = await ask(api.rooms[':room'].lease.$post({ param: { room: this.id }, json: {} }));
    if (isWrong(leased) || isRefused(leased)) return this.#turnedAway(leased);
    if (this.#closed) return;
    if (this.#epoch !== null && this.#epoch !== leased.epoch) return this.#end('restored');
    this.#epoch = leased.epoch;
    if (this.live) this.live.reconnect();
    else await this.#connect(leased);
  }

  /** Signed out, not admitted, or nobody answered the door: then it is knocked on again. */
  #turnedAway(answer: Refused | { errors: unknown }): void {
    if (this.#closed || ('refused' in answer && this.#endIfOut(answer))) return;
    this.#happen({ type: 'closed' });
    setTimeout(() => !this.#closed && !this.#facts.ended && void this.#enter(), knockAgain);
  }

  /** Whether this answer says that this person is out of the room, which is then ended. */
  #endIfOut({ refused }: Refused): boolean {
    if (refused === 'SignedOut') this.#end('signed-out');
    else if (refused === 'NotFound') this.#end('removed');
    else return false;
    return true;
  }

  async #connect(leased: { client: number; epoch: number }): Promise<void> {
    const { openLive } = await import('./connection/live.ts');
    if (this.#closed) return;
    this.live = openLive(this.id, leased, {
      mayWrite: () => this.mayWrite,
      isSaved: () => isSettled(this.#facts),
      lastEntry: () => this.state.seq,
      onHappening: (what) => this.#happen(what),
      onEntries: (entries) => this.#receive(entries),
      onSynced: () => {
        this.synced = true;
        this.#meet();
      },
      onPresence: () => this.#meetSoon(),
      onDiffers: () => this.#end('differs'),
      onClosed: (code) => this.#onClosed(code),
      onUnopened: (attempts) => {
        if (attempts % attemptsBeforeAsking === 0) void this.#askWhetherRefused();
      },
    });
  }

  #onClosed(code: number): void {
    if (code === close.signedOut) this.#end('signed-out');
    else if (code === close.noRoom) this.#end('removed');
    else if (code === close.rightsChanged) void this.#enter();
    else if (code === close.tooMuch) setTimeout(() => !this.#closed && this.live?.reconnect(), tooMuchPause);
    else this.#end('reload');
  }

  /** No socket opens. If requests get through, it is this network that lets none pass. */
  async #askWhetherRefused(): Promise<void> {
    const reached = await this.#fetchEntries(this.state.seq);
    if (reached && this.#facts.socket !== 'open') this.#happen({ type: 'refused' });
  }

  #end(how: Ending): void {
    this.#happen({ type: 'ended', how });
    if (how === 'differs' || how === 'restored') this.live?.disconnect();
    if (how !== 'removed') return;
    this.live?.close();
    this.live = null;
    this.people = [];
  }

  #happen(what: Happening): void {
    this.#facts = happen(this.#facts, what, performance.now());
    if (what.type === 'durable' && isSettled(this.#facts)) this.#savedClock = this.live?.written() ?? 0;
    this.#show();
    this.#wake();
  }

  #wake(): void {
    for (const look of [...this.#waiting]) look();
  }

  #show(): void {
    clearTimeout(this.#look);
    const now = performance.now();
    this.#shown = show(this.#shown, this.#facts, now);
    const wait = nextLook(this.#shown, this.#facts, now);
    if (wait !== null && !this.#closed) this.#look = setTimeout(() => this.#show(), wait + 1);
  }

  #receive(incoming: readonly Entry[]): void {
    const { entries, grown, missing } = merged(this.entries, incoming);
    if (missing) {
      void this.#fetchEntries(this.entries.length);
      return;
    }
    const state = grown ? fold(grown, this.entries.length === 0 ? emptyRoom : this.state) : fold(entries);
    if (!hasCase(state)) throw new Error('This room holds no case');
    this.entries = entries;
    this.state = state;
    this.#wake();
    // A reveal that was missed while away: what was sealed may now be read, so read it.
    const opened = incoming.some(reveals);
    const firstSealed = entries.findIndex(({ body }) => body === null);
    if (opened && firstSealed >= 0) void this.#fetchEntries(firstSealed);
  }

  /** Whether the service answered. */
  async #fetchEntries(since: number): Promise<boolean> {
    const answer = await ask(
      api.rooms[':room'].entries.$get({ param: { room: this.id }, query: { since: String(since) } }),
    );
    if (isWrong(answer)) throw new Error('The question for entries was refused');
    if (isRefused(answer)) {
      this.#endIfOut(answer);
      return false;
    }
    this.#receive(answer.entries);
    return true;
  }

  /** Waits for an entry to come down the socket, and asks for it if it does not. */
  async #until(seq: number): Promise<void> {
    if (this.state.seq >= seq) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let look = () => {};
    await new Promise<void>((resolve) => {
      look = () => this.state.seq >= seq && resolve();
      this.#waiting.add(look);
      timer = setTimeout(resolve, this.#facts.socket === 'open' ? entryPatience : 0);
    });
    clearTimeout(timer);
    this.#waiting.delete(look);
    if (this.state.seq < seq) await this.#fetchEntries(this.state.seq);
  }

  /** Carets move many times a second; who is where is read a few times a second. */
  #meetSoon(): void {
    this.#meeting ??= setTimeout(() => {
      this.#meeting = undefined;
      if (!this.#closed) this.#meet();
    }, meetEvery);
  }

  #meet(): void {
    const here = new Map<PersonId, PersonHere>();
    const { person, name, agency, role } = this.me;
    here.set(person, { person, name, agency, role });
    const { live } = this;
    for (const state of live?.awareness.getStates().values() ?? []) {
      const user = state.user as Omit<PersonHere, 'section'> | undefined;
      if (!live || !user) continue;
      const section = live.sectionAt(state.cursor?.head);
      here.set(user.person, { ...user, ...(section === undefined ? {} : { section }) });
    }
    this.people = [...here.values()].sort(
      (a, b) => a.agency.name.localeCompare(b.agency.name) || a.name.localeCompare(b.name),
    );
  }

  #tellDay(): void {
    this.today = dayOf(new Date(Date.now() + this.#clockAhead).toISOString());
  }
}

/** The room whose screens these are. Set once by the case's layout. */
export const [getRoom, setRoom] = createContext<OpenRoom>();
