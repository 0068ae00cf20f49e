/** What goes out on one connection: as much as its reader takes, and what it missed once it takes more (T21). */
import type { Duplex } from 'node:stream';
import { limits } from '#schema/protocol.ts';
import { durableFrame, stillHere, textFrame } from './frames.ts';
import type { StateVector } from './note.ts';
import type { Room } from './room.ts';

/** Where the note stands between two rows: nowhere that has a number. */
const nowhere = -1;
/** Deliveries remembered for a client that says how many it has received. */
const marksKept = 64;
/** Bytes that a reader who is behind takes at least in the time that it is waited for: half of what a modem carried. */
const leastTaken = 32 * 1024;

/** Since when a reader takes too little, and what it is owed once it has caught up. */
type Parked = {
  since: number;
  /** What was still to go out when that was last looked at. */
  left: Left;
  /** The row and the entry after which it was sent nothing. */
  note: number;
  record: number;
  /** Whether it has asked for entries, and hears so also where there are none. */
  asksForEntries: boolean;
  /** The last text of each kind that was for it. */
  texts: Map<number, Buffer>;
  /** Frames that were to go out before those rows. */
  owed: Buffer[];
  /** How far its copy had come when it asked meanwhile what it lacks. */
  asked: StateVector | null;
};

export class Outlet {
  /** Under the websocket: frames that many sockets share are written here as they are. */
  readonly #stream: Duplex;
  readonly #room: Room;
  /** Whether the client asked for our own message kinds. */
  readonly #ours: boolean;
  /** Sends the entries of the record after this one. */
  readonly #sendEntries: (since: number) => void;
  #open = true;

  /** Messages of its own: in a commit, durable, and said to be. */
  #sealed = 0;
  #durable = 0;
  #told = 0;

  /** Its own words in the frames that are being delivered. */
  #own: Buffer | null = null;
  #ownFrom = 0;
  #ownTo = 0;
  #ownCount = 0;

  /** Updates sent; and before which of them the note stood at which row, for those that say how far they have come. */
  #sent = 0;
  #marks: { sent: number; seq: number }[] = [];

  /** Not reading: nothing more is queued, and what it misses is remembered by where it stopped. */
  #parked: Parked | null = null;
  #held = false;
  /** Whether anything was sent since the last beat. */
  #spoke = true;

  constructor(stream: Duplex, room: Room, ours: boolean, sendEntries: (since: number) => void) {
    this.#stream = stream;
    this.#room = room;
    this.#ours = ours;
    this.#sendEntries = sendEntries;
    stream.on('drain', () => this.#drained());
  }

  /** From here on nothing is sent. */
  close(): void {
    this.#open = false;
  }

  /** Sends whole frames. */
  send(frames: Buffer): void {
    if (!this.#open || this.#parked) return;
    this.#write(frames);
    this.#parkWhenFull();
  }

  /** Sends a text, now or once it takes more: of each kind the last. */
  sendText(of: number, text: string): void {
    const frame = textFrame(of, text);
    if (this.#parked) this.#parked.texts.set(of, frame);
    else this.send(frame);
  }

  sendPresence(): void {
    const all = this.#room.presence.all();
    if (all) this.send(all);
  }

  /** Sends what a copy that has come so far lacks, now or once it takes more. */
  answer(theirs: StateVector): void {
    if (this.#parked) this.#parked.asked = theirs;
    else this.#sendEach(this.#room.note.answer(theirs));
  }

  /** Says that the server is there, where nothing has said so since it was last asked to. */
  beat(): void {
    if (!this.#spoke) this.send(stillHere);
    this.#spoke = false;
  }

  // Updates, and what it has written itself.

  /** The first so many of its messages are in the commit that goes now. */
  seal(messages: number): void {
    this.#sealed = messages;
  }

  /** They are stored. */
  durable(): void {
    this.#durable = this.#sealed;
    this.#tell();
  }

  /** `frames` from `from` up to `to` are its own words. */
  omit(frames: Buffer, from: number, to: number, count: number): void {
    this.#own = frames;
    this.#ownFrom = from;
    this.#ownTo = to;
    this.#ownCount = count;
  }

  /**
   * Sends `count` committed updates but its own, and in the same write that its own are durable.
   * `before` is the row the note stood at without them.
   */
  deliver(frames: Buffer, count: number, before: number): void {
    if (this.#own !== frames) {
      if (count > 0) this.#sendUpdates(frames, count, before);
      return;
    }
    this.#own = null;
    this.#mark(before, count - this.#ownCount);
    this.#stream.cork();
    // Both or neither: once parked, it is taken to have all that the note holds now.
    if (this.#open && !this.#parked) {
      if (this.#ownFrom > 0) this.#write(frames.subarray(0, this.#ownFrom));
      if (this.#ownTo < frames.length) this.#write(frames.subarray(this.#ownTo));
    }
    this.durable();
    this.#stream.uncork();
    this.#parkWhenFull();
  }

  /** The row the note stood at when it had been sent so many updates; undefined where that is not known, or no row. */
  rowAfter(updates: number): number | undefined {
    if (updates === this.#sent) return this.#room.note.seq;
    const seq = this.#marks.find(({ sent }) => sent === updates)?.seq;
    return seq === nowhere ? undefined : seq;
  }

  #tell(): void {
    if (!this.#ours || this.#parked || this.#told === this.#durable) return;
    this.#told = this.#durable;
    this.send(durableFrame(this.#told));
  }

  /** Sends updates one by one, as many as the reader takes; the others once it takes more. */
  #sendEach(frames: readonly Buffer[]): void {
    for (const [index, frame] of frames.entries()) {
      if (this.#parked) {
        this.#parked.owed = [...this.#parked.owed, ...frames.slice(index)];
        return;
      }
      this.#sendUpdates(frame, 1, nowhere);
    }
  }

  #sendUpdates(frames: Buffer, count: number, before: number): void {
    this.#mark(before, count);
    this.send(frames);
  }

  /** Remembers that `count` updates go out on top of what the note held at row `before`. */
  #mark(before: number, count: number): void {
    if (!this.#ours || this.#parked || count === 0) return;
    this.#marks.push({ sent: this.#sent, seq: before });
    if (this.#marks.length > marksKept) this.#marks.splice(0, marksKept / 2);
    this.#sent += count;
  }

  #write(frames: Buffer): void {
    this.#stream.write(frames);
    this.#spoke = true;
  }

  // Readers who take too little.

  /** Sends nothing more until it is let go, however fast it reads. */
  hold(): void {
    this.#held = true;
    this.#park();
  }

  get isHeld(): boolean {
    return this.#held;
  }

  letGo(): void {
    this.#held = false;
    if (this.#parked) this.#parked.since = performance.now();
    this.#drained();
  }

  /** Whether it has taken next to nothing for so many milliseconds: a slow line takes more than that. */
  hasTakenNothing(now: number, patience: number): boolean {
    const parked = this.#parked;
    if (!parked || this.#held || now - parked.since <= patience) return false;
    const left = leftIn(this.#stream);
    const taken = Math.max(parked.left.here - left.here, parked.left.below - left.below);
    if (taken < leastTaken) return true;
    Object.assign(parked, { left, since: now });
    return false;
  }

  /** Whether the entries after `since` have to wait until it takes more; they are sent then, with any it was to have before. */
  defersEntries(since: number): boolean {
    const parked = this.#parked;
    if (parked) Object.assign(parked, { record: Math.min(parked.record, since), asksForEntries: true });
    return parked !== null;
  }

  #parkWhenFull(): void {
    if (this.#open && this.#stream.writableLength > limits.sendBufferBytes) this.#park();
  }

  /** Sends nothing more until the reader reads. */
  #park(): void {
    const { note, record } = this.#room;
    this.#parked ??= {
      since: performance.now(),
      left: leftIn(this.#stream),
      note: note.seq,
      record: record.seq,
      asksForEntries: false,
      texts: new Map(),
      owed: [],
      asked: null,
    };
  }

  /** Sends what was missed, and goes on. */
  #drained(): void {
    const missed = this.#parked;
    if (!missed || this.#held || this.#stream.writableLength > limits.sendBufferBytes / 16) return;
    this.#parked = null;
    const { note } = this.#room;
    this.#sendEach([...missed.owed, ...(missed.asked ? note.answer(missed.asked) : note.since(missed.note))]);
    if (this.#parked) {
      const { record, asksForEntries, texts } = missed;
      Object.assign(this.#parked, { record, asksForEntries, texts } satisfies Partial<Parked>);
      return;
    }
    this.sendPresence();
    this.#tell();
    for (const frame of missed.texts.values()) this.send(frame);
    if (missed.asksForEntries || (this.#ours && this.#room.record.seq > missed.record)) {
      this.#sendEntries(missed.record);
    }
  }
}

/** Bytes not yet gone: as the stream counts them, by whole writes; and below it, as they go. */
type Left = { here: number; below: number };

function leftIn(stream: Duplex & { _handle?: { writeQueueSize?: number } | null }): Left {
  return { here: stream.writableLength, below: stream._handle?.writeQueueSize ?? 0 };
}
