/** Kills the service, or its database, while people type, over and over, and says what became of what was shown as saved. */
import { pino } from 'pino';
import { newId } from '#schema/id.ts';
import { notesRoot } from '#schema/notes.ts';
import * as tables from '#schema/tables/index.ts';
import { createSessions } from '#server/auth/sessions.ts';
import { openStore } from '#server/store.ts';
import { Client } from '../sync/support/client.ts';
import { practicePlace, type DatabaseKind, type Place } from './database.ts';
import { leaseAt, liveCaseAt, signInAt, startService, writersAt, type RunningService } from './service.ts';
import { openWriter, paragraphsOf, type Writer } from './writer.ts';

export type KillResult = {
  kills: number;
  /** Words shown as saved over all rounds. */
  saved: number;
  /** Of those, words that were not there after the restart. */
  lost: string[];
  /** Words that were there more than once. */
  doubled: string[];
  /** Words not shown as saved at a kill that did not become so after the restart, although their tab stayed open. */
  neverSaved: string[];
};

/** SIGKILL to the service, which is then started again. */
export async function killWhileTyping(options: {
  kind: DatabaseKind;
  kills: number;
  writers: number;
}): Promise<KillResult> {
  const place = await practicePlace(options.kind);
  const cookies = await peopleFor(place, options.writers);
  let service = await startService(place);
  const port = new URL(service.address).port;
  const scene = await Scene.open(service, options.writers, cookies);
  try {
    for (let round = 0; round < options.kills; round += 1) {
      await scene.typeUntil(round, () => service.kill());
      const saved = scene.saved();
      service = await startService(place, { PORT: port });
      await scene.reckon(saved, service);
    }
    return await scene.reckonAll();
  } finally {
    scene.close();
    await service.kill();
    await place.remove();
  }
}

/** SIGKILL to every process of the database, which its keeper starts again; the service must live through it. */
export async function killDatabaseWhileTyping(options: {
  place: Omit<Place, 'remove'>;
  kill: () => void;
  kills: number;
  writers: number;
}): Promise<KillResult & { exit: number | null }> {
  const cookies = await peopleFor(options.place, options.writers);
  const service = await startService(options.place);
  const scene = await Scene.open(service, options.writers, cookies);
  try {
    for (let round = 0; round < options.kills; round += 1) {
      await scene.typeUntil(round, options.kill);
      await scene.reckon(scene.saved(), service);
    }
    const result = await scene.reckonAll();
    return { ...result, exit: await service.stop() };
  } finally {
    scene.close();
    await service.kill();
  }
}

/** People typing into one case's notes. */
class Scene {
  readonly #address: string;
  readonly #room: string;
  readonly #reader: string;
  readonly #writers: readonly Writer[];
  readonly #result: KillResult = { kills: 0, saved: 0, lost: [], doubled: [], neverSaved: [] };

  private constructor(address: string, room: string, reader: string, writers: readonly Writer[]) {
    this.#address = address;
    this.#room = room;
    this.#reader = reader;
    this.#writers = writers;
  }

  static async open({ address }: RunningService, count: number, cookies: readonly string[]): Promise<Scene> {
    const reader = await signInAt(address, 'Amara Fenwick');
    const { ref, room } = await liveCaseAt(address, reader);
    const people = cookies.length > 0 ? cookies : await writersAt(address, ref);
    const writers = await Promise.all(
      Array.from({ length: count }, async (_, index) => {
        const cookie = people[index % people.length] as string;
        return openWriter({ address, room, cookie, client: await leaseAt(address, cookie, room) });
      }),
    );
    return new Scene(address, room, reader, writers);
  }

  saved(): string[] {
    return this.#writers.flatMap((writer) => [...writer.saved()]);
  }

  /** Types until the kill, which comes at a moment of chance, once enough has been shown as saved for it to matter. */
  async typeUntil(round: number, kill: () => unknown): Promise<void> {
    let typed = 0;
    const typing = setInterval(() => {
      for (const [index, writer] of this.#writers.entries()) writer.type(`r${round} w${index} n${typed}`);
      typed += 1;
    }, 40);
    const enough = this.#count() + 20 + Math.floor(Math.random() * 60);
    try {
      await until(() => this.#count() >= enough);
      await kill();
    } finally {
      clearInterval(typing);
    }
    this.#result.kills += 1;
  }

  /** `saved` must be there once all runs again, and what each tab still holds must be saved. */
  async reckon(saved: readonly string[], service: RunningService): Promise<void> {
    const settling = this.#writers.map((writer) =>
      writer
        .settled(60_000)
        .catch((error: Error) => this.#result.neverSaved.push(`${error.message}\n${service.printed()}`)),
    );
    await Promise.all(settling);
    const found = new Set(await this.#readBack());
    this.#result.lost.push(...saved.filter((words) => !found.has(words)));
  }

  async reckonAll(): Promise<KillResult> {
    const result = this.#result;
    const all = this.saved();
    result.saved = all.length;
    const times = new Map<string, number>();
    for (const words of await this.#readBack()) times.set(words, (times.get(words) ?? 0) + 1);
    result.lost.push(...all.filter((words) => !times.has(words)));
    result.doubled.push(...all.filter((words) => (times.get(words) ?? 0) > 1));
    return result;
  }

  close(): void {
    for (const writer of this.#writers) writer.close();
  }

  #count(): number {
    return this.#writers.reduce((sum, writer) => sum + writer.saved().length, 0);
  }

  /** The notes as a newcomer to the room gets them, who asks again where the database is not yet back. */
  async #readBack(): Promise<string[]> {
    for (let times = 1; ; times += 1) {
      try {
        const newcomer = await Client.open({ address: this.#address }, this.#room, { cookie: this.#reader });
        const doc = await newcomer.doc();
        const { closed } = newcomer;
        newcomer.close();
        if (closed) throw new Error(`Turned away with ${closed.code}`);
        return paragraphsOf(doc.getXmlFragment(notesRoot));
      } catch (error) {
        if (times === asked) throw error;
        await new Promise((resolve) => setTimeout(resolve, askAgain));
      }
    }
  }
}

/** Milliseconds between two questions to a service whose database is away, and how often it is asked. */
const askAgain = 250;
const asked = 240;

/** Writers that the practice case's own people are enough for: one person may have eight sockets. */
const fewWriters = 16;
const socketsEach = 5;

/** Cookies of people added to the undecided practice case, so many that none has too many sockets; none for a few writers. */
async function peopleFor(place: Omit<Place, 'remove'>, writers: number): Promise<string[]> {
  if (writers <= fewWriters) return [];
  // The first start sets up the practice case.
  const service = await startService(place);
  const { room } = await liveCaseAt(service.address, await signInAt(service.address, 'Amara Fenwick'));
  await service.stop();
  const { db, close } = await openStore({ ...place, log: pino({ level: 'warn' }) });
  try {
    const { agency, membership, person, roomMember } = tables;
    const [where] = await db.select({ id: agency.id, partnership: agency.partnership }).from(agency).limit(1);
    if (!where) throw new Error('Nobody is set up');
    const sessions = createSessions(db, { secure: false });
    const cookies: string[] = [];
    for (let n = 0; n < writers / socketsEach; n += 1) {
      const id = newId();
      await db.insert(person).values({ id, name: `Writer ${n}`, email: `${id}@northbeck.example`, passwordHash: '-' });
      const { partnership } = where;
      await db
        .insert(membership)
        .values({ id: newId(), person: id, partnership, agency: where.id, role: 'position-holder' });
      await db.insert(roomMember).values({ room, person: id, capability: 'write' });
      cookies.push((await sessions.start(id)).cookie.split(';')[0] ?? '');
    }
    return cookies;
  } finally {
    await close();
  }
}

/** Waits for a condition that comes about by itself. */
export async function until(condition: () => boolean, within = 60_000): Promise<void> {
  const deadline = Date.now() + within;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`It did not come about within ${within} ms`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
