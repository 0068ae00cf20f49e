/** Kills the service while people type, over and over, and says what became of what was shown as saved. */
import { freshPlace, type DatabaseKind } from './database.ts';
import { leaseAt, liveCaseAt, signInAt, startService } from './service.ts';
import { openWriter, paragraphsOf } from './writer.ts';

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

const writersFrom = ['Amara Fenwick', 'Tomas Birch', 'Priya Lark'];

export async function killWhileTyping(options: {
  kind: DatabaseKind;
  kills: number;
  writers: number;
}): Promise<KillResult> {
  const place = await freshPlace(options.kind);
  let service = await startService(place);
  const { address } = service;
  const port = new URL(address).port;
  const result: KillResult = { kills: 0, saved: 0, lost: [], doubled: [], neverSaved: [] };
  const cookies = new Map<string, string>();
  for (const name of writersFrom) cookies.set(name, await signInAt(address, name));
  const reader = cookies.get('Amara Fenwick') as string;
  const { room } = await liveCaseAt(address, reader);
  const writers = await Promise.all(
    Array.from({ length: options.writers }, async (_, index) => {
      const cookie = cookies.get(writersFrom[index % writersFrom.length] as string) as string;
      return openWriter({ address, room, cookie, client: await leaseAt(address, cookie, room) });
    }),
  );
  try {
    for (let round = 0; round < options.kills; round += 1) {
      let typed = 0;
      const typing = setInterval(() => {
        for (const [index, writer] of writers.entries()) writer.type(`r${round} w${index} n${typed}`);
        typed += 1;
      }, 40);
      // The kill comes at a moment of chance, once enough has been shown as saved for it to matter.
      const enough = 20 + Math.floor(Math.random() * 60);
      const before = writers.reduce((sum, writer) => sum + writer.saved().length, 0);
      await until(() => writers.reduce((sum, writer) => sum + writer.saved().length, 0) - before >= enough);
      await service.kill();
      clearInterval(typing);
      const saved = writers.flatMap((writer) => [...writer.saved()]);
      result.kills += 1;
      service = await startService(place, { PORT: port });
      const found = await readBack(address, room, reader);
      result.lost.push(...saved.filter((words) => !found.includes(words)));
      await Promise.all(
        writers.map((writer) =>
          writer
            .settled(30_000)
            .catch((error: Error) => result.neverSaved.push(`${error.message}\n${service.printed()}`)),
        ),
      );
    }
    const found = await readBack(address, room, reader);
    const all = writers.flatMap((writer) => [...writer.saved()]);
    result.saved = all.length;
    const times = new Map<string, number>();
    for (const words of found) times.set(words, (times.get(words) ?? 0) + 1);
    result.lost.push(...all.filter((words) => !times.has(words)));
    result.doubled.push(...all.filter((words) => (times.get(words) ?? 0) > 1));
    return result;
  } finally {
    for (const writer of writers) writer.close();
    await service.kill();
    await place.remove();
  }
}

/** The notes as a newcomer to the room gets them. */
async function readBack(address: string, room: string, cookie: string): Promise<string[]> {
  const newcomer = openWriter({ address, room, cookie, client: await leaseAt(address, cookie, room) });
  await until(() => newcomer.provider.synced);
  const found = paragraphsOf(newcomer.notes);
  newcomer.close();
  return found;
}

/** Waits for a condition that comes about by itself. */
export async function until(condition: () => boolean, within = 60_000): Promise<void> {
  const deadline = Date.now() + within;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`It did not come about within ${within} ms`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
