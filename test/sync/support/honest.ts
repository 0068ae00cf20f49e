/** Honest people at several copies of one note, at one server's guard: what they send, and what is refused of it. */
import * as Y from 'yjs';
import { inPieces } from '#lib/connection/pieces.ts';
import { notesRoot } from '#schema/notes.ts';
import { limits } from '#schema/protocol.ts';
import { deletionsIn } from '#server/sync/deletions.ts';
import { judge, type Verdict } from '#server/sync/guard.ts';
import { absorb, Held } from '#server/sync/held.ts';
import { mergeParts } from '#server/sync/merge.ts';
import { pack } from '#server/sync/packed.ts';
import { disorderly } from './order.ts';
import { Chance } from './chance.ts';
import { Typist } from './editor.ts';

/** Blocks of a document so long that its paste goes out in several pieces. */
const longDocument = 500;

/** A server that holds what the guard lets in, and nothing else. */
class Server {
  readonly held = new Held();
  readonly log: Uint8Array[] = [];
  /** Who sent each of them. */
  readonly senders: string[] = [];
  readonly verdicts = new Map<Verdict['is'], number>();
  readonly refused: string[] = [];
  /** Updates so large that they came in pieces. */
  cut = 0;
  readonly #leases: Map<number, string>;

  constructor(leases: Map<number, string>) {
    this.#leases = leases;
  }

  /** A number that nobody has had. */
  lease(person: string): number {
    const client = 1_000 + this.#leases.size * 7_919;
    this.#leases.set(client, person);
    return client;
  }

  /** What whoever opens the notes is sent: merged, where that reads as it came. */
  get whole(): Uint8Array[] {
    const merged = mergeParts({ merged: Uint8Array.of(0, 0), rows: [pack(this.log)] });
    return merged ? [merged] : this.log;
  }

  take(person: string, update: Uint8Array, returning: boolean): void {
    const pieces = inPieces(update, limits.frameBytes / 2);
    if (pieces.length > 1) this.cut += 1;
    for (const [index, piece] of pieces.entries()) {
      const verdict = judge(
        piece,
        {
          held: this.held,
          mine: (client) => (this.#leases.has(client) ? this.#leases.get(client) === person : null),
          deletions: () => deletionsIn(this.log),
        },
        returning && index === 0,
      );
      this.verdicts.set(verdict.is, (this.verdicts.get(verdict.is) ?? 0) + 1);
      if (verdict.is === 'news') {
        this.log.push(verdict.update);
        this.senders.push(person);
      }
      if (verdict.is === 'refused') this.refused.push(verdict.why);
      if (verdict.is === 'unleased') this.refused.push('unleased');
    }
  }
}

/** One tab: a copy, an editor on it, and a wire that is sometimes down. */
class Tab {
  readonly doc = new Y.Doc({ gc: false });
  readonly typist: Typist;
  readonly person: string;
  readonly #server: Server;
  #online = true;
  /** How much of the server's log has come. */
  #heard = 0;
  stumbles = 0;

  /** Opens the notes. */
  constructor(person: string, server: Server, chance: Chance) {
    this.person = person;
    this.#server = server;
    this.doc.clientID = server.lease(person);
    for (const update of server.whole) Y.applyUpdate(this.doc, update);
    this.#heard = server.log.length;
    this.typist = new Typist(this.doc.getXmlFragment(notesRoot), chance);
    this.doc.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin !== this && this.#online) this.#send(update, false);
    });
  }

  #send(update: Uint8Array, returning: boolean): void {
    this.#server.take(this.person, update, returning);
  }

  /** Hears what the server has relayed, up to `most` updates. */
  hear(most = Number.POSITIVE_INFINITY): void {
    if (!this.#online) return;
    for (let left = most; left > 0 && this.#heard < this.#server.log.length; left -= 1) {
      const update = this.#server.log[this.#heard++] as Uint8Array;
      this.#apply(update);
    }
  }

  /** The binding may fail to put the selection back where a change took its place away; the change is in by then. */
  #apply(update: Uint8Array): void {
    try {
      Y.applyUpdate(this.doc, update, this);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.stumbles += 1;
    }
  }

  goOffline(): void {
    this.#online = false;
  }

  /** Both say what they have; then the wire is up again. */
  comeBack(): void {
    if (this.#online) return;
    this.#online = true;
    const theirs = Y.encodeStateVector(docOf(this.#server.log));
    this.#send(Y.encodeStateAsUpdate(this.doc, theirs), true);
    this.hear();
  }
}

function docOf(updates: readonly Uint8Array[]): Y.Doc {
  const doc = new Y.Doc({ gc: false });
  for (const update of updates) Y.applyUpdate(doc, update);
  return doc;
}

export type Outcome = {
  seed: number;
  updates: number;
  refused: string[];
  /** Updates so large that the client sent them in pieces. */
  cut: number;
  /** Whether every copy and the server's log show the same notes in the end. */
  converged: boolean;
  /** How often the editor's binding failed to show a change. */
  stumbles: number;
  /** Whose items say they stand where they cannot. */
  disorderly: number[];
  /** Whether what the server believes it holds is what its log holds. */
  held: boolean;
};

/** What honest people sent in the order the server took it, for tests that spoil it. */
export function honestLog(
  seed: number,
  acts: number,
): { log: Uint8Array[]; senders: string[]; leases: ReadonlyMap<number, string> } {
  const { server, leases } = play(seed, acts);
  return { log: server.log, senders: server.senders, leases };
}

/** Lets honest people do `acts` things, all from one seed. `pastes`: one of them pastes a long document on the way. */
export function beHonest(seed: number, acts: number, { pastes = false } = {}): Outcome {
  const { server, tabs } = play(seed, acts, pastes);
  const whole = docOf(server.log);
  const shown = whole.getXmlFragment(notesRoot).toString();
  const copies = tabs.map(({ doc }) => doc.getXmlFragment(notesRoot).toString());
  for (const tab of tabs) tab.typist.close();
  const again = new Held();
  absorb(again, [Y.encodeStateAsUpdate(whole)]);
  return {
    seed,
    updates: [...server.verdicts.values()].reduce((sum, count) => sum + count, 0),
    refused: server.refused,
    cut: server.cut,
    // A selection may cut a character of two halves: its own copy keeps the half, all others a sign for it.
    converged: copies.every((copy) => copy.toWellFormed() === shown.toWellFormed()),
    stumbles: tabs.reduce((sum, { stumbles }) => sum + stumbles, 0),
    held: sameMaps(again.clocks, server.held.clocks),
    disorderly: [...disorderly(whole)],
  };
}

function play(
  seed: number,
  acts: number,
  pastes = false,
): { server: Server; tabs: Tab[]; leases: ReadonlyMap<number, string> } {
  const chance = new Chance(seed);
  const people = ['amara', 'priya', 'tomas'].slice(0, 2 + chance.below(2));
  // Everyone has a tab; some have two.
  const owners = [...people, ...people.filter(() => chance.happens(0.4))];
  const leases = new Map<number, string>();
  const server = new Server(leases);
  const tabs = owners.map((person) => new Tab(person, server, chance));
  for (let act = 0; act < acts; act += 1) {
    const tab = chance.of(tabs);
    if (pastes && act === Math.floor(acts / 2)) tab.typist.pasteLong(longDocument);
    const event = chance.next();
    if (event < 0.02) tab.goOffline();
    else if (event < 0.06) tab.comeBack();
    else if (event < 0.065) tabs[tabs.indexOf(tab)] = openedAgain(tab, server, chance);
    else if (event < 0.4) tab.hear(1 + chance.below(4));
    else tab.typist.act();
  }
  for (const tab of tabs) tab.comeBack();
  // What honest copies mend in each other's changes is a change too: until nobody has anything left to say.
  for (let before = -1; before < server.log.length;) {
    before = server.log.length;
    for (const tab of tabs) tab.hear();
  }
  return { server, tabs, leases };
}

/** Closes a tab, once all that was typed in it is saved, and opens another. */
function openedAgain(tab: Tab, server: Server, chance: Chance): Tab {
  tab.comeBack();
  tab.typist.close();
  return new Tab(tab.person, server, chance);
}

function sameMaps(a: ReadonlyMap<number, number>, b: ReadonlyMap<number, number>): boolean {
  return a.size === b.size && [...a].every(([key, value]) => b.get(key) === value);
}
