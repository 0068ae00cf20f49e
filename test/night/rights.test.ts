/** [R4, R18] Rights that end, two hundred times, with hints and without; Redis killed, paused and flushed, twenty times. */
import { afterEach, inject, test } from 'vitest';
import { pino } from 'pino';
import * as Y from 'yjs';
import { notesRoot } from '#schema/notes.ts';
import { createRedisBus } from '#server/redis-bus.ts';
import { quantile } from '../bench/load/quantile.ts';
import { databaseKinds, freshStore } from '../support/database.ts';
import { startRedis } from '../support/redis-server.ts';
import { openWriter, paragraphsOf } from '../support/writer.ts';
import { Client, docOf } from '../sync/support/client.ts';
import { openHouse, type House, type Person } from '../sync/support/house.ts';
import { until } from '../sync/support/until.ts';
import { keep } from './summary.ts';

const aWhile = 120_000;
const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const each of closing.splice(0).reverse()) await each();
});

const wordsOf = (words: string): Uint8Array => {
  const doc = new Y.Doc({ gc: false });
  const element = new Y.XmlElement('paragraph');
  element.insert(0, [new Y.XmlText(words)]);
  doc.getXmlFragment(notesRoot).push([element]);
  return Y.encodeStateAsUpdate(doc);
};

/** What may be done to somebody's right, each as it is done elsewhere in the service. */
const endings: readonly ((house: House, room: string, person: Person) => Promise<void>)[] = [
  (house, room, person) => house.admit(room, person, null),
  (house, room, person) => house.admit(room, person, 'read'),
  (house, _room, person) => house.signOut(person),
];

test.each(databaseKinds())('[R18] rights that end, of which no hint tells, on %s', (kind) =>
  keep(`R18 rights taken, lessened and signed out without a hint, ${kind}`, 200, async (count) => {
    const house = await openHouse(await freshStore(kind));
    closing.push(() => house.close());
    const amara = await house.person('Amara');
    const took: number[] = [];
    let later = 0;
    const one = async (n: number): Promise<void> => {
      const person = await house.person(`Person ${n}`);
      const room = await house.room(amara, person);
      const client = await Client.open(house, room, person);
      closing.push(() => client.close());
      client.update(wordsOf('before'));
      await until('it to be stored', () => client.durable === 1, aWhile);
      await endings[n % endings.length]?.(house, room, person);
      const ended = performance.now();
      client.update(wordsOf('after'));
      await until('the socket to be closed', () => client.closed !== null, aWhile);
      took.push(performance.now() - ended);
      const kept = docOf([await house.rooms.updateOf(room)]).getXmlFragment(notesRoot);
      if (paragraphsOf(kept).includes('after')) later += 1;
    };
    const atOnce = 10;
    for (let n = 0; n < count; n += atOnce) {
      await Promise.all(Array.from({ length: Math.min(atOnce, count - n) }, (_, m) => one(n + m)));
    }
    // And who only reads: nothing of theirs is looked at, so only the timer sees it.
    const readers: number[] = [];
    for (let n = 0; n < Math.max(1, count / 20); n += 1) {
      const person = await house.person(`Reader ${n}`);
      const room = await house.room(amara, [person, 'read']);
      const client = await Client.open(house, room, person);
      await house.admit(room, person, null);
      const ended = performance.now();
      await until('the reader to be gone', () => client.closed !== null, aWhile);
      readers.push(performance.now() - ended);
    }
    const said = (values: readonly number[]) =>
      `${Math.round(quantile(values, 0.5))} ms in the middle, ${Math.round(Math.max(...values))} at most`;
    return {
      done: took.length,
      came: `${later} later writes kept; who wrote was out after ${said(took)}; who only read after ${said(readers)}`,
      good: later === 0 && Math.max(...readers) <= 5_000,
    };
  }),
);

test.skipIf(!inject('postgres'))('[R4] Redis killed, paused and flushed', async (context) => {
  const redis = await startRedis();
  if (!redis) return context.skip();
  closing.push(() => redis.stop());
  await keep('R4 Redis killed, paused and flushed, two processes', 20, async (times) => {
    const house = await openHouse(await freshStore('postgres'));
    closing.push(() => house.close());
    const log = pino({ level: 'silent' });
    const ends = await Promise.all(
      [0, 1].map(async () => {
        const bus = createRedisBus(redis.url, log);
        const end = await house.another(bus);
        closing.push(
          () => bus.close(),
          () => end.close(),
        );
        return end;
      }),
    );
    const people = [await house.person('Amara'), await house.person('Priya')];
    const room = await house.room(...people);
    const writers = people.map((person, n) => {
      const writer = openWriter({ address: ends[n]?.address ?? '', room, cookie: person.cookie });
      closing.push(() => writer.close());
      return writer;
    });
    const took: number[] = [];
    let typed = 0;
    /** Each types; both have it all. */
    const type = async (): Promise<void> => {
      const began = performance.now();
      for (const writer of writers) writer.type(`words ${typed++}`);
      for (const writer of writers) await writer.settled(aWhile);
      await until('both to have it', () => writers.every(({ notes }) => notes.length === typed), aWhile);
      took.push(performance.now() - began);
    };
    let done = 0;
    for (; done < times; done += 1) {
      await redis.kill();
      await type();
      await redis.startAgain();
      await type();
      redis.pause();
      await type();
      redis.goOn();
      await type();
      redis.flush();
      await type();
    }
    const [mine, theirs] = writers.map(({ notes }) => paragraphsOf(notes).join('\n'));
    const lost = typed - new Set(mine?.split('\n')).size;
    return {
      done,
      came: `${typed} changes: ${lost} lost, ${mine === theirs ? 'both the same' : 'THEY DIFFER'}; there and stored after ${Math.round(quantile(took, 0.5))} ms in the middle, ${Math.round(Math.max(...took))} at most`,
      // What is promised: the other process looks by itself once a second.
      good: lost === 0 && mine === theirs && Math.max(...took) <= 5_000,
    };
  });
});
