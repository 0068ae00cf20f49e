/** Kills the service, or its database, while people type, over and over, and says what became of what was shown as saved. */
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
  let service = await startService(place);
  const port = new URL(service.address).port;
  const scene = await Scene.open(service, options.writers);
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
  const service = await startService(options.place);
  const scene = await Scene.open(service, options.writers);
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

  static async open({ address }: RunningService, count: number): Promise<Scene> {
    const reader = await signInAt(address, 'Amara Fenwick');
    const { ref, room } = await liveCaseAt(address, reader);
    const people = await writersAt(address, ref);
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

  /** A request made while the database is away is answered with an error: whoever made it tries again. */
  async #leaseOnceBack(): Promise<number> {
    for (let times = 1; ; times += 1) {
      try {
        return await leaseAt(this.#address, this.#reader, this.#room);
      } catch (error) {
        if (times === asked) throw error;
        await new Promise((resolve) => setTimeout(resolve, askAgain));
      }
    }
  }

  /** The notes as a newcomer to the room gets them. */
  async #readBack(): Promise<string[]> {
    const newcomer = openWriter({
      address: this.#address,
      room: this.#room,
      cookie: this.#reader,
      client: await this.#leaseOnceBack(),
    });
    await until(() => newcomer.provider.synced);
    const found = paragraphsOf(newcomer.notes);
    newcomer.close();
    return found;
  }
}

/** Milliseconds between two questions to a service whose database is away, and how often it is asked. */
const askAgain = 250;
const asked = 240;

/** Waits for a condition that comes about by itself. */
export async function until(condition: () => boolean, within = 60_000): Promise<void> {
  const deadline = Date.now() + within;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`It did not come about within ${within} ms`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
