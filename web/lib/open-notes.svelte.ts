/** A room's notes open on a screen: their socket, who is here, and what "Saved" may say. */
import type { Actor } from '#schema/actor.ts';
import type { Agency, Role } from '#schema/agency.ts';
import { type Capability, includes } from '#schema/case.ts';
import type { PersonId, RoomId } from '#schema/id.ts';
import type { Entry } from '#schema/ledger.ts';
import { close, type Filled } from '#schema/protocol.ts';
import type { Missed } from './connection/away.ts';
import type { Live, openLive } from './connection/live.ts';
import {
  happen,
  isCutOff,
  isSettled,
  isTurnedAway,
  maySubmit,
  mayType,
  nextLook,
  sayConnection,
  show,
  unopened,
  whyNotSent,
  type Connection,
  type ConnectionKind,
  type Ending,
  type Happening,
  type TurnedAway,
} from './connection/state.ts';
import { api, ask, isRefused, isWrong, takesSockets, type Answer, type Refused, type Wrong } from './service.ts';

/** What the connection line says, and what is allowed meanwhile. */
export type ConnectionState = {
  kind: ConnectionKind;
  words: string;
  /** Whether this person changed the notes and the change is not known to be durable. Never hoped. */
  unsaved: boolean;
  /** Whether the socket is open: only then is it known who else is here. */
  connected: boolean;
  /** Whether it is not let in though the service answers requests: notes that are not here can be read that way. */
  turnedAway: boolean;
  /** Whether a form may be sent. */
  maySubmit: boolean;
  /** What to do first where it may not: "You can submit when you are reconnected". */
  whyNotSent: string;
  /** Whether typing in the notes is kept. */
  mayType: boolean;
};

/** Somebody who has the room open now, and the heading they are writing under. */
export type PersonHere = { person: PersonId; name: string; agency: Agency; role: Role; section?: string };

/** The answer at a room's door: what this person may do there, and what its record holds so far. */
export type Door = { capability: Capability; entries: readonly Entry[] };

/** The longest that a timer of a browser can wait, in milliseconds. */
const longest = 2 ** 31 - 1;
/** Attempts in a row that never opened a socket before we ask whether requests get through. */
const attemptsBeforeAsking = 3;
/** Milliseconds between looks at the record where no socket gets through. */
const lookAgain = 15_000;
/** Milliseconds between two readings of who is here and where. */
const meetEvery = 200;
/** Milliseconds before asking again at a door where nobody answered. */
const knockAgain = 2_000;
/** Milliseconds before coming back after the server turned this copy away because of a limit. */
const limitPause = 10_000;

export abstract class OpenNotes {
  readonly id: RoomId;
  readonly me: Actor;

  capability = $state<Capability>('read');
  people = $state.raw<readonly PersonHere[]>([]);
  /** The notes and their socket; null until the first has been opened. */
  live = $state.raw<Live | null>(null);
  /** What others did in the notes while this person was told of having no connection; null once they have read it. */
  missed = $state.raw<Missed | null>(null);
  /** Whether the notes have been here whole, so that typing goes into what others see. */
  synced = $state(false);

  /** How full they are: said by the service before they are full, and when they are. */
  filled = $state<Filled>('roomy');

  /** How often it was looked, where no socket tells of anything, whether anything has come. */
  looks = $state(0);

  #facts = $state.raw<Connection>(unopened(0));
  #shown = $state.raw<{ kind: ConnectionKind; since: number }>({ kind: 'opening', since: 0 });
  /** Whether this person was told of being cut off, since the notes were last here whole. */
  #wasTold = false;
  /** What this copy had written when all was last durable. */
  #savedClock = 0;
  #epoch: number | null = null;
  #look: ReturnType<typeof setTimeout> | undefined;
  #meeting: ReturnType<typeof setTimeout> | undefined;
  #closed = false;
  #leaving = false;
  /** Looks to see whether what somebody waits for has come. */
  #waiting = new Set<() => void>();

  /** The same for as long as it says the same: with others typing, something is heard many times a second. */
  #said: ConnectionState | null = null;
  readonly connection: ConnectionState = $derived.by(() => {
    const { kind } = this.#shown;
    const now: ConnectionState = {
      kind,
      words: sayConnection(kind, this.#facts),
      unsaved: this.#facts.unsaved,
      connected: this.#facts.socket === 'open' && this.#facts.turnedAway === null,
      turnedAway: isTurnedAway(kind),
      maySubmit: maySubmit(kind),
      whyNotSent: whyNotSent(kind),
      mayType: mayType(kind),
    };
    const before = this.#said;
    if (before && (Object.keys(now) as (keyof ConnectionState)[]).every((key) => now[key] === before[key]))
      return before;
    this.#said = now;
    return now;
  });
  readonly mayWrite: boolean = $derived(includes(this.capability, 'write'));

  constructor({ room, capability, me }: { room: RoomId; capability: Capability; me: Actor }) {
    this.id = room;
    this.me = me;
    this.capability = capability;
    this.#meet();
  }

  /** What these notes are called: "Notes for SI-2026-7KQ4". */
  abstract readonly label: string;
  /** Asks at the door anew. */
  protected abstract knock(): Promise<Answer<Door>>;
  /** Takes in entries of the record, some of which may be here already. */
  protected abstract receive(entries: readonly Entry[]): void;
  /** Sequence of the last entry that is here. */
  protected abstract lastEntry(): number;

  /** Opens the socket. Returns what closes it and forgets the notes. */
  open(): () => void {
    this.#happen({ type: 'network', online: navigator.onLine });
    const online = () => this.#happen({ type: 'network', online: true });
    const offline = () => this.#happen({ type: 'network', online: false });
    const staying = (event: BeforeUnloadEvent) => {
      if (this.holdsWords() && !this.#leaving) event.preventDefault();
    };
    addEventListener('online', online);
    addEventListener('offline', offline);
    addEventListener('beforeunload', staying);
    const looking = setInterval(() => {
      if (!this.#facts.turnedAway) return;
      this.looks += 1;
      void this.look();
    }, lookAgain);
    void this.#enter();
    return () => {
      this.#closed = true;
      removeEventListener('online', online);
      removeEventListener('offline', offline);
      removeEventListener('beforeunload', staying);
      clearInterval(looking);
      clearTimeout(this.#look);
      clearTimeout(this.#meeting);
      this.live?.close();
      this.live = null;
    };
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
  async whenSaved(patience = longest): Promise<boolean> {
    await this.until(() => !this.#facts.unsaved, patience);
    return !this.#facts.unsaved;
  }

  /** Whether closing the tab would lose words that nobody else has. */
  protected holdsWords(): boolean {
    return this.#facts.unsaved;
  }

  /** Asks the service for what came since: whoever was signed out meanwhile, or is out of the room, learns it here. */
  async look(): Promise<void> {
    await this.fetchEntries(this.lastEntry());
  }

  /** Loads the page anew, without asking again about text that cannot be saved. */
  reload(): void {
    this.#leaving = true;
    location.reload();
  }

  /**
   * The notes as the server has them, as readable text, for where no socket gets through; null
   * when the service does not answer with them.
   */
  async readNotes(): Promise<string | null> {
    const answer = await ask(api.rooms[':room'].notes.$get({ param: { room: this.id } }));
    return isRefused(answer) || isWrong(answer) ? null : answer.text;
  }

  /** What this person typed that is not known to be durable, as plain text. */
  unsavedText(): string {
    return this.#facts.unsaved ? (this.live?.writtenSince(this.#savedClock) ?? '') : '';
  }

  /** All that this person wrote in this tab and did not take back, as plain text. */
  ownText(): string {
    return this.live?.writtenSince(0) ?? '';
  }

  /** This person is out of the room: nothing of theirs stays either. */
  protected forget(): void {}

  /** Whether the service answered. */
  protected async fetchEntries(since: number): Promise<boolean> {
    const answer = await ask(
      api.rooms[':room'].entries.$get({ param: { room: this.id }, query: { since: String(since) } }),
    );
    if (isWrong(answer)) throw new Error('The question for entries was refused');
    if (isRefused(answer)) {
      this.endIfOut(answer);
      return false;
    }
    this.receive(answer.entries);
    return true;
  }

  /** Resolves once it is so, looking whenever something has happened or come; after `patience` milliseconds in any case. */
  protected until(isSo: () => boolean, patience: number): Promise<void> {
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        this.#waiting.delete(look);
        resolve();
      };
      const timer = setTimeout(end, patience);
      const look = () => isSo() && end();
      this.#waiting.add(look);
      look();
    });
  }

  /** Those who wait for something look again. */
  protected wake(): void {
    for (const look of [...this.#waiting]) look();
  }

  /** Whether this answer says that this person is out of the room, which is then ended. */
  protected endIfOut({ refused }: Refused): boolean {
    if (refused === 'SignedOut') this.#end('signed-out');
    else if (refused === 'NotFound') this.#end('removed');
    else return false;
    return true;
  }

  /** In by the door: rights are asked anew, and a clientID is leased for this copy of the notes. */
  async #enter(): Promise<void> {
    const opened = await this.knock();
    if (isWrong(opened) || isRefused(opened)) return this.#turnedAway(opened);
    this.capability = opened.capability;
    this.receive(opened.entries);
    const [leased, live] = await Promise.all([
      ask(api.rooms[':room'].lease.$post({ param: { room: this.id }, json: {} })),
      import('./connection/live.ts'),
    ]);
    if (isWrong(leased) || isRefused(leased)) return this.#turnedAway(leased);
    if (this.#closed) return;
    if (this.#epoch !== null && this.#epoch !== leased.epoch) return this.#end('restored');
    this.#epoch = leased.epoch;
    if (this.live) this.live.reconnect();
    else this.#connect(live.openLive, leased);
  }

  /** Signed out, not admitted, in too often, or nobody answered the door: in the last two cases it is knocked on again. */
  #turnedAway(answer: Refused | Wrong): void {
    if (this.#closed || ('refused' in answer && this.endIfOut(answer))) return;
    const tooOften = 'refused' in answer && answer.refused === 'TooOften';
    this.#happen(tooOften ? { type: 'turned-away', why: 'too-often' } : { type: 'closed' });
    setTimeout(() => !this.#closed && !this.#facts.ended && void this.#enter(), knockAgain);
  }

  #connect(open: typeof openLive, leased: { client: number; epoch: number }): void {
    this.live = open(this.id, leased, {
      mayWrite: () => this.mayWrite,
      isSaved: () => isSettled(this.#facts),
      lastEntry: () => this.lastEntry(),
      onHappening: (what) => this.#happen(what),
      onEntries: (entries) => this.receive(entries),
      onSynced: (missed) => {
        this.synced = true;
        // A moment without a socket, of which nobody was told, is nothing to come back from.
        if (missed && this.#wasTold) this.missed = missed;
        this.#wasTold = false;
        this.#meet();
      },
      onPresence: () => this.#meetSoon(),
      onFilled: (filled) => {
        this.filled = filled;
      },
      onDiffers: () => this.#end('differs'),
      onClosed: (code) => this.#onClosed(code),
      onUnopened: (attempts) => {
        if (attempts % attemptsBeforeAsking === 0) void this.#askWhyNot();
      },
    });
  }

  #onClosed(code: number): void {
    if (code === close.signedOut) this.#end('signed-out');
    else if (code === close.noRoom) this.#end('removed');
    else if (code === close.rightsChanged) void this.#enter();
    else if (code === close.full) this.#end('full');
    else if (code === close.tooMuch) this.#comeBack();
    else if (code === close.tooManyOpen) this.#comeBack('too-many-open');
    else if (code === close.roomFull) this.#comeBack('room-full');
    else this.#end('reload');
  }

  /** A limit was passed, now or at the door: what there is to tell this person of it is `why`. */
  #comeBack(why?: TurnedAway): void {
    if (why) this.#happen({ type: 'turned-away', why });
    setTimeout(() => !this.#closed && !this.#facts.ended && this.live?.reconnect(), limitPause);
  }

  /** No socket opens. If requests get through, the service takes no more, or this network lets none pass. */
  async #askWhyNot(): Promise<void> {
    if (!(await this.fetchEntries(this.lastEntry()))) return;
    const why = (await takesSockets()) ? 'not-live' : 'busy';
    if (this.#facts.socket !== 'open') this.#happen({ type: 'turned-away', why });
  }

  #end(how: Ending): void {
    this.#happen({ type: 'ended', how });
    if (how === 'differs' || how === 'restored' || how === 'full') this.live?.disconnect();
    if (how !== 'removed') return;
    this.live?.close();
    this.live = null;
    this.people = [];
    this.forget();
  }

  #happen(what: Happening): void {
    this.#facts = happen(this.#facts, what, performance.now());
    if (what.type === 'durable' && isSettled(this.#facts)) this.#savedClock = this.live?.written() ?? 0;
    this.#show();
    this.wake();
  }

  #show(): void {
    clearTimeout(this.#look);
    const now = performance.now();
    this.#shown = show(this.#shown, this.#facts, now);
    if (isCutOff(this.#shown.kind)) this.#wasTold = true;
    const wait = nextLook(this.#shown, this.#facts, now);
    if (wait !== null && !this.#closed) this.#look = setTimeout(() => this.#show(), wait + 1);
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
}
