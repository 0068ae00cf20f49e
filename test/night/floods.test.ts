/** [R28 to R31] Bombs, malformed frames, readers that do not read, thousands who stand by or never finish asking: the full counts. */
import type { Socket } from 'node:net';
import * as encoding from 'lib0/encoding';
import { afterEach, test } from 'vitest';
import * as Y from 'yjs';
import { notesRoot } from '#schema/notes.ts';
import { kind, limits, syncKind } from '#schema/protocol.ts';
import { quantile } from '../bench/load/quantile.ts';
import { databaseKinds, freshPlace, practicePlace, type Place } from '../support/database.ts';
import { guess } from '../support/guesser-process.ts';
import { liveCaseAt, signInAt, startService } from '../support/service.ts';
import { openWriter, paragraphsOf, type Writer } from '../support/writer.ts';
import { Chance } from '../sync/support/chance.ts';
import { Client, docOf } from '../sync/support/client.ts';
import { spawnHouse, type HouseProcess } from '../sync/support/house-process.ts';
import type { Person } from '../sync/support/house.ts';
import { frames, requests, sendMalformed } from '../sync/support/malformed.ts';
import { frame, rawSocket, wireTo } from '../sync/support/raw.ts';
import { until } from '../sync/support/until.ts';
import { keep } from './summary.ts';

const aWhile = 600_000;
const database = databaseKinds().includes('postgres') ? 'postgres' : 'pglite';
const megabytes = (bytes: number): number => Math.round(bytes / 1e6);

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const each of closing.splice(0).reverse()) await each();
});

async function open(options: Parameters<typeof spawnHouse>[1] = {}): Promise<HouseProcess> {
  return openAt(await placeOfOurs(), options);
}

async function placeOfOurs(): Promise<Place> {
  const place = await freshPlace(database);
  closing.push(() => place.remove());
  return place;
}

async function openAt(place: Place, options: Parameters<typeof spawnHouse>[1] = {}): Promise<HouseProcess> {
  const house = await spawnHouse(place, options);
  closing.push(() => house.close());
  return house;
}

/** The most a process held while something went on, looked at all the while. */
function watchMemory(house: HouseProcess) {
  let most = 0;
  const timer = setInterval(
    () =>
      void house.memory().then(
        (now) => (most = Math.max(most, now)),
        () => undefined,
      ),
    500,
  );
  closing.push(() => clearInterval(timer));
  return { most: () => megabytes(most) };
}

/** Between two words of somebody who types while others flood: as fast as people press keys. */
const pace = 330;

/** Two people who type in one room to the end, and what they noticed meanwhile. */
function twoWhoType(address: string, room: string, cookies: readonly [string, string]) {
  const writers = cookies.map((cookie) => openWriter({ address, room, cookie }));
  closing.push(() => {
    for (const writer of writers) writer.close();
  });
  const acknowledged: number[] = [];
  const words: string[] = [];
  let left = 0;
  for (const { provider } of writers) provider.on('connection-close', () => (left += 1));
  const type = (writer: Writer, by: number): void => {
    const began = performance.now();
    const word = `${by}: ${words.length}`;
    words.push(word);
    writer.type(word);
    writer.settled(aWhile).then(
      () => acknowledged.push(performance.now() - began),
      () => undefined,
    );
  };
  const typeAll = (): void => {
    for (const [by, writer] of writers.entries()) type(writer, by);
  };
  const typing = setInterval(typeAll, pace);
  closing.push(() => clearInterval(typing));
  return {
    /** Until all of it is saved and both have it all. */
    async stop() {
      clearInterval(typing);
      typeAll();
      for (const writer of writers) await writer.settled(aWhile);
      const typed = new Set(words);
      const ofThese = ({ notes }: Writer) => paragraphsOf(notes).filter((each) => typed.has(each));
      await until('both to have all they typed', () => writers.every((w) => ofThese(w).length >= typed.size), aWhile);
      const [mine = [], theirs = []] = writers.map(ofThese);
      const same = mine.join('\n') === theirs.join('\n');
      const once = mine.length === typed.size && new Set(mine).size === typed.size;
      const good = left === 0 && same && once;
      const noticed = good
        ? 'noticed nothing'
        : `NOTICED: ${left} connections ended, ${same ? 'the same notes' : 'notes that differ'}, ${once ? 'each word once' : 'words lost or doubled'}`;
      return {
        good,
        came: `two who typed ${words.length} words meanwhile ${noticed}, saved after ${Math.round(quantile(acknowledged, 0.5))} ms in the middle, p99 ${Math.round(quantile(acknowledged, 0.99))}`,
      };
    },
  };
}

async function twoWhoTypeAt(house: HouseProcess, ...others: readonly Person[]) {
  const [amara, priya] = [await house.person('Amara'), await house.person('Priya')];
  const room = await house.room(amara, priya, ...others);
  return { room, two: twoWhoType(house.address, room, [amara.cookie, priya.cookie]) };
}

const paragraph = (words: string): Y.XmlElement => {
  const element = new Y.XmlElement('paragraph');
  element.insert(0, [new Y.XmlText(words)]);
  return element;
};

/** A copy whose every change is sent at once, as fast as it is made. */
async function copyAt(house: HouseProcess, room: string, person: Person) {
  const client = await Client.open(house, room, person);
  closing.push(() => client.close());
  const doc = new Y.Doc({ gc: false });
  doc.on('update', (update: Uint8Array) => client.update(update));
  return { client, doc, notes: doc.getXmlFragment(notesRoot) };
}
type Copy = Awaited<ReturnType<typeof copyAt>>;

/** Milliseconds for which one bomb goes on where its sender is slowed and not sent away. */
const bombLasts = 10_000;
/** Ranges in one frame, and frames to a million of them. */
const ranges = 12_000;

const bombs: Record<string, (by: Copy) => void> = {
  'updates that wait for what never comes': ({ client }) => {
    const doc = new Y.Doc({ gc: false });
    for (let n = 0; n < 200; n += 1) {
      const before = Y.encodeStateVector(doc);
      doc.getXmlFragment(notesRoot).push([paragraph('x'.repeat(10_000))]);
      if (n > 0) client.update(Y.encodeStateAsUpdate(doc, before));
    }
  },
  'quotes 20,000 deep': ({ client }) => {
    const doc = new Y.Doc({ gc: false });
    let at: Y.XmlFragment | Y.XmlElement = doc.getXmlFragment(notesRoot);
    doc.transact(() => {
      for (let depth = 0; depth < 20_000; depth += 1) {
        const quote: Y.XmlElement = new Y.XmlElement('blockquote');
        at.insert(0, [quote]);
        at = quote;
      }
    });
    client.sync(syncKind.step2, Y.encodeStateAsUpdate(doc));
  },
  'inserts in the same place': ({ notes }) => {
    for (let n = 0; n < 4_000; n += 1) notes.insert(0, [new Y.XmlElement('paragraph')]);
  },
  'inserts in the same place under numbers without end': ({ client }) => {
    for (let n = 0; n < 2_000; n += 1) {
      const doc = new Y.Doc({ gc: false });
      doc.getXmlFragment(notesRoot).insert(0, [new Y.XmlElement('paragraph')]);
      client.update(Y.encodeStateAsUpdate(doc));
    }
  },
  'the largest frames as fast as the line takes them': ({ notes }) => {
    for (let n = 0; n < 90; n += 1) notes.push([paragraph('x'.repeat(60_000))]);
  },
  'a million ranges deleted': ({ client, notes, doc }) => {
    notes.push([paragraph('x'.repeat(4 * ranges))]);
    for (let n = 0; n < 1_000_000 / ranges; n += 1) {
      const encoder = encoding.createEncoder();
      for (const value of [0, 1, doc.clientID, ranges]) encoding.writeVarUint(encoder, value);
      for (let range = 0; range < ranges; range += 1) {
        encoding.writeVarUint(encoder, 4 * range + (n % 4));
        encoding.writeVarUint(encoder, 1);
      }
      client.update(encoding.toUint8Array(encoder));
    }
  },
  'words typed and taken out again': ({ notes }) => {
    for (let n = 0; n < 5_000; n += 1) {
      notes.insert(0, [paragraph('words')]);
      notes.delete(0, 1);
    }
  },
  'bold on and off': ({ notes, doc }) => {
    const text = new Y.XmlText('words to be bold');
    const element = new Y.XmlElement('paragraph');
    element.insert(0, [text]);
    notes.push([element]);
    for (let n = 0; n < 10_000; n += 1) doc.transact(() => text.format(0, 5, { bold: n % 2 === 0 ? {} : null }));
  },
};

/** Throws one, and waits until all of it has been read, or its sender is gone, or it has lasted long enough. */
async function throwBomb(house: HouseProcess, bomb: (by: Copy) => void): Promise<{ sentAway: boolean }> {
  const mallory = await house.person('Mallory');
  const by = await copyAt(house, await house.room(mallory), mallory);
  bomb(by);
  const heard = by.client.answers.length;
  by.client.sync(syncKind.step1, Uint8Array.of(0));
  const enough = performance.now() + bombLasts;
  const isOver = () => by.client.closed !== null || by.client.answers.length > heard;
  await until('the bomb to be over', () => isOver() || performance.now() > enough, aWhile);
  by.client.close();
  return { sentAway: by.client.closed !== null };
}

test('[R28] bombs of every kind while other rooms go on being acknowledged', () =>
  keep(`R28 rounds of ${Object.keys(bombs).length} kinds of bomb, ${database}`, 50, async (rounds) => {
    const house = await open();
    const { two } = await twoWhoTypeAt(house);
    const before = megabytes(await house.memory());
    const memory = watchMemory(house);
    let [done, sentAway] = [0, 0];
    for (; done < rounds; done += 1) {
      for (const bomb of Object.values(bombs)) if ((await throwBomb(house, bomb)).sentAway) sentAway += 1;
    }
    const { good, came } = await two.stop();
    return {
      done,
      came: `${came}; ${sentAway} of ${done * Object.keys(bombs).length} senders sent away, the others slowed; ${memory.most() - before} MB more at most`,
      good: good && house.isUp(),
    };
  }));

/** One kind after another, while two people type in the same room; whatever is left open afterwards is counted. */
async function malformed(kinds: readonly string[], count: number) {
  const house = await open({ forgives: true });
  const mallory = await house.person('Mallory');
  const { room, two } = await twoWhoTypeAt(house, mallory);
  let passed = 0;
  for (const name of kinds) {
    passed += await sendMalformed(name, count, { house, room, person: mallory, chance: new Chance(count) });
  }
  const { good, came } = await two.stop();
  // The two who typed are still in.
  await until('no other wire to be left', async () => (await house.wires()) === 2, aWhile);
  return { done: count, came: `${passed} let pass; ${came}; no wire left`, good: good && passed === 0 && house.isUp() };
}

const kinds = [...Object.keys(frames), ...Object.keys(requests)];
test('[R29] malformed frames and requests', () =>
  keep(`R29 malformed frames and requests, of each of ${kinds.length} kinds, ${database}`, 10_000, (count) =>
    malformed(kinds, count),
  ));
test('[R29] messages of chance bytes', () =>
  keep(`R29 messages of chance bytes, ${database}`, 1_000_000, (count) => malformed(['chance bytes'], count)));

/** Milliseconds in which a hundred people type 3 keys a second beside those who do not read. */
const typedFor = 20_000;

test('[R30] readers that read nothing or a kilobyte a second, beside a hundred who type', () =>
  keep(`R30 slow readers beside 100 who typed, ${database}`, 200, async (count) => {
    const house = await open();
    const people: Person[] = [];
    for (let n = 0; n < 38; n += 1) people.push(await house.person(`Person ${n}`));
    const room = await house.room(...people);
    const seats = people.flatMap((person) => Array.from({ length: limits.socketsPerPerson }, () => person));
    const editors: Copy[] = [];
    for (const person of seats.splice(0, Math.min(100, count))) editors.push(await copyAt(house, room, person));
    // Notes that no wire takes whole, once everybody has asked for them.
    const [first] = editors;
    for (let n = 0; n < 40; n += 1) first?.notes.push([paragraph('x'.repeat(60_000))]);
    await until('long notes to be stored', () => first?.client.durable === 40, aWhile);
    const paused: Client[] = [];
    const crawling: Socket[] = [];
    const before = megabytes(await house.memory());
    const memory = watchMemory(house);
    for (const [n, person] of seats.slice(0, count).entries()) {
      if (n % 2 === 0) {
        const reader = await Client.open(house, room, person);
        reader.ws.pause();
        reader.sync(syncKind.step1, Uint8Array.of(0));
        paused.push(reader);
      } else {
        const reader = await rawSocket(house, room, person);
        reader.pause();
        reader.write(frame(Uint8Array.of(kind.sync, syncKind.step1, 1, 0)));
        crawling.push(reader);
      }
    }
    closing.push(() => breakAll(crawling));
    const reading = setInterval(() => {
      for (const each of crawling) each.read(1_000);
    }, 1_000);
    closing.push(() => clearInterval(reading));
    const acknowledged: number[] = [];
    let typed = 40;
    const began = performance.now();
    while (performance.now() - began < typedFor) {
      const editor = editors[typed % editors.length] as Copy;
      const due = editor.notes.length + 1;
      const pressed = performance.now();
      editor.notes.push([paragraph(`words ${typed}`)]);
      typed += 1;
      void until('it to be saved', () => editor.client.durable >= due, aWhile).then(() =>
        acknowledged.push(performance.now() - pressed),
      );
      await new Promise((resolve) => setTimeout(resolve, 1000 / (3 * editors.length)));
    }
    await until('all to be saved', () => acknowledged.length === typed - 40, aWhile);
    const most = memory.most() - before;
    const resumed = performance.now();
    for (const { ws } of paused) ws.resume();
    // Asked for before they stopped reading; what they are sent of it ends with its last part.
    await until('all to have read', () => paused.every(({ closed, synced }) => closed !== null || synced), aWhile);
    // Whoever was sent away meanwhile comes back, as a browser does.
    const stayed = paused.filter(({ closed }) => !closed);
    const sentAway = paused.length - stayed.length;
    let wrong = 0;
    for (const reader of stayed) {
      const isRight = () => docOf(reader.updates).getXmlFragment(notesRoot).length === typed;
      await until('the reader to have it all', isRight, aWhile).catch(() => (wrong += 1));
    }
    // Looking whether they have it takes longer than having it.
    const took = Math.round(Math.max(...stayed.map(({ updatedAt }) => updatedAt)) - resumed);
    const lost = editors.filter(({ client }) => client.closed).length;
    return {
      done: paused.length + crawling.length,
      came: `${typed - 40} words saved after ${Math.round(quantile(acknowledged, 0.5))} ms in the middle, p99 ${Math.round(quantile(acknowledged, 0.99))}; ${most} MB more at most; ${wrong} who read again lacked words, ${took} ms after; ${sentAway} had been sent away to come back; ${lost} who typed lost their connection`,
      good: lost === 0 && wrong === 0 && house.isUp(),
    };
  }));

function breakAll(wires: readonly Socket[]): void {
  for (const wire of wires) wire.destroy();
}

/** Does something for each of many, so many at once. */
async function forEach<Each, Result>(all: readonly Each[], atOnce: number, act: (each: Each) => Promise<Result>) {
  const waiting = [...all];
  const results: Result[] = [];
  const next = async (): Promise<void> => {
    for (let each = waiting.pop(); each !== undefined; each = waiting.pop()) results.push(await act(each));
  };
  await Promise.all(Array.from({ length: atOnce }, next));
  return results;
}

test('[R31] people who only stand by, who all drop and come back', () =>
  keep(`R31 idle connections that dropped and came back, ${database}`, 5_000, async (count) => {
    const place = await placeOfOurs();
    const seats: { room: string; person: Person }[] = [];
    const setUp = await spawnHouse(place);
    while (seats.length < count) {
      const person = await setUp.person('Somebody');
      const room = await setUp.room(person);
      for (let n = 0; n < limits.socketsPerPerson && seats.length < count; n += 1) seats.push({ room, person });
    }
    // What making thousands of people has left free in a process would hide what their connections take.
    await setUp.close();
    const house = await openAt(place);
    const { two } = await twoWhoTypeAt(house);
    let turned = 0;
    /** Whoever is turned away comes back, as a browser does: their last connection may not be gone yet for the server. */
    const enter = () =>
      forEach(seats, 32, async ({ room, person }) => {
        for (;;) {
          const client = await Client.open(house, room, person, { ours: false }).catch(() => null);
          const isAnswered = () => client === null || client.step1 !== null || client.closed !== null;
          await until('an answer at the door', isAnswered, aWhile);
          if (client?.step1 && !client.closed) return client;
          turned += 1;
          await new Promise((resolve) => setTimeout(resolve, 1_000));
        }
      });
    const before = await house.memory();
    const first = await enter();
    const each = ((await house.memory()) - before) / count / 1000;
    const [worked, from] = [await house.worked(), performance.now()];
    await new Promise((resolve) => setTimeout(resolve, 30_000));
    const idle = Math.round((100 * ((await house.worked()) - worked)) / (performance.now() - from));
    for (const client of first) client.close();
    const dropped = performance.now();
    const again = await enter();
    closing.push(() => {
      for (const client of again) client.close();
    });
    const took = Math.round((performance.now() - dropped) / 100) / 10;
    const back = again.filter(({ closed }) => !closed).length;
    const { good, came } = await two.stop();
    return {
      done: back,
      came: `${each.toFixed(1)} kB each, of ${Math.ceil(count / limits.socketsPerPerson)} rooms; ${idle} % of a core while nothing happens but two who type; all back in ${took} s, ${turned} times turned away on the way; ${came}`,
      good: good && back === count && house.isUp(),
    };
  }));

/** Milliseconds for which people who are none try to sign in, a thousand a second. */
const triesFor = 30_000;
/** As many at once, each once in as many milliseconds. */
const guessers = 200;

test('[R31] requests that never end and people who guess passwords, beside two who type', () =>
  keep(`R31 half-open requests, beside 1,000 tries to sign in a second, ${database}`, 10_000, async (count) => {
    const place = await practicePlace(database);
    const service = await startService(place);
    closing.push(
      () => place.remove(),
      () => service.kill(),
    );
    const { address } = service;
    const cookies = [await signInAt(address, 'Amara Fenwick'), await signInAt(address, 'Priya Lark')] as const;
    const { room } = await liveCaseAt(address, cookies[0]);
    const two = twoWhoType(address, room, cookies);
    const { host } = new URL(address);
    const start = `POST /api/sign-in HTTP/1.1\r\nHost: ${host}\r\nX-Slow: `;
    const halves = await forEach(
      Array.from({ length: count }, (_, n) => n),
      32,
      async () => {
        const wire = await wireTo({ address });
        wire.resume();
        wire.write(start);
        return wire;
      },
    );
    // A letter now and then, so that none of them looks dead.
    const dribbling = setInterval(() => {
      for (const wire of halves) wire.write('x');
    }, 5_000);
    closing.push(
      () => clearInterval(dribbling),
      () => breakAll(halves),
    );
    const answers = await guess({ address, guessers, lasts: triesFor });
    const tries = Object.values(answers).reduce((sum, each) => sum + each, 0);
    await until('those that never end to be turned away', () => halves.every(({ destroyed }) => destroyed), aWhile);
    const { good, came } = await two.stop();
    const looked = answers[401] ?? 0;
    const told = answers[429] ?? 0;
    return {
      done: halves.length,
      came: `all turned away; ${tries} tries to sign in, ${looked} of them looked into, ${told} told to wait; ${came}`,
      good: good && looked + told === tries && (await fetch(`${address}/healthz`)).ok,
    };
  }));
