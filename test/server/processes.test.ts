/** Two processes of the service on one PostgreSQL, with Redis between them: whatever Redis or the network does, nothing is lost (R4). */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { ask } from '../support/ask.ts';
import { freshPlace, type Place } from '../support/database.ts';
import { standBefore, type Wire } from '../support/wire.ts';
import { startRedis, type RedisServer } from '../support/redis-server.ts';
import { leaseAt, liveCaseAt, signInAt, startService, type RunningService } from '../support/service.ts';
import { openWriter, paragraphsOf, type Writer } from '../support/writer.ts';
import { Client } from '../sync/support/client.ts';
import { until } from '../sync/support/until.ts';

/** Milliseconds a busy machine may take. */
const aWhile = 120_000;
/** Milliseconds in which, as is promised, all processes hold the same once they reach each other again, and while Redis is away. */
const promised = 5_000;
const redis: RedisServer | null = inject('postgres') ? await startRedis() : null;

describe.skipIf(!redis)('two processes', { timeout: 2 * aWhile }, () => {
  const server = redis as RedisServer;
  let place: Place;
  /** The one reaches PostgreSQL and Redis itself, the other through wires that can be parted. */
  let one: RunningService;
  let other: RunningService;
  let wires: Wire[];
  let toRedis: Wire;
  let room: string;
  const closing: (() => void)[] = [];

  beforeAll(async () => {
    place = await freshPlace('postgres');
    const url = new URL(place.databaseUrl ?? '');
    const toPostgres = await standBefore(Number(url.port));
    toRedis = await standBefore(server.port);
    wires = [toPostgres, toRedis];
    one = await startService(place, { REDIS_URL: server.url });
    url.port = String(toPostgres.port);
    other = await startService({ ...place, databaseUrl: url.href }, { REDIS_URL: `redis://127.0.0.1:${toRedis.port}` });
    ({ room } = await liveCaseAt(one.address, await signInAt(one.address, 'Amara Fenwick')));
  }, aWhile);
  afterAll(async () => {
    for (const close of closing) close();
    await one?.kill();
    await other?.kill();
    for (const wire of wires ?? []) await wire.close();
    await place?.remove();
    await redis?.stop();
  }, aWhile);

  async function enter({ address }: RunningService, name: string): Promise<Writer & { cookie: string }> {
    const cookie = await signInAt(address, name);
    const writer = openWriter({ address, room, cookie, client: await leaseAt(address, cookie, room) });
    closing.push(() => writer.close());
    await until(`${name} to have the notes`, () => writer.provider.synced, aWhile);
    return { ...writer, cookie };
  }
  /** Both type, all of it is saved, and each has all that the other typed. */
  async function bothType(a: Writer, b: Writer, what: string): Promise<void> {
    const began = performance.now();
    const words = Array.from({ length: 10 }, (_, n) => [`${what}: here ${n}`, `${what}: there ${n}`] as const);
    for (const [here, there] of words) {
      a.type(here);
      b.type(there);
    }
    await a.settled(aWhile);
    await b.settled(aWhile);
    await converged(a, b, words.flat());
    within(promised, began, `Two processes, ${what}: all saved and the same on both`);
  }
  function within(most: number, began: number, what: string): void {
    const took = Math.round(performance.now() - began);
    console.log(`${what} after ${took} ms`);
    expect(took, what).toBeLessThan(most);
  }
  async function converged(a: Writer, b: Writer, words: readonly string[]): Promise<void> {
    await until('both to have all of it', () => [a, b].every(({ notes }) => hasAll(notes, words)), aWhile);
    const [mine, theirs] = [paragraphsOf(a.notes), paragraphsOf(b.notes)];
    expect(mine).toEqual(theirs);
    expect(words.filter((each) => mine.filter((found) => found === each).length !== 1)).toEqual([]);
  }
  const hasAll = (notes: Writer['notes'], words: readonly string[]) => {
    const found = new Set(paragraphsOf(notes));
    return words.every((each) => found.has(each));
  };
  /** Whom a copy is shown to be here, and where. */
  const shown = ({ provider }: Writer, name: string) =>
    [...provider.awareness.getStates().values()].find(({ user }) => user?.name === name)?.['cursor'];
  /** What only Redis carries comes through. */
  async function hintsComeThrough(from: Writer, name: string, to: Writer): Promise<void> {
    const place = randomUUID();
    from.provider.awareness.setLocalStateField('cursor', { place });
    await until('the cursor to be seen', () => shown(to, name)?.place === place, aWhile);
  }

  test('people and their cursors are seen on the other process, and are gone when they go', async () => {
    const amara = await enter(one, 'Amara Fenwick');
    const priya = await enter(other, 'Priya Lark');
    await hintsComeThrough(amara, 'Amara Fenwick', priya);
    await hintsComeThrough(priya, 'Priya Lark', amara);
    // Whoever comes later is told of those who were there before.
    const tomas = await enter(other, 'Tomas Birch');
    await until('the one before to be seen', () => shown(tomas, 'Amara Fenwick') !== undefined, aWhile);
    amara.provider.disconnect();
    await until('Amara to be gone', () => shown(priya, 'Amara Fenwick') === undefined, aWhile);
    amara.close();
    tomas.close();
    priya.close();
  });

  test('[R4] Redis killed, paused and flushed: nothing is lost, nothing differs, and hints come through again', async () => {
    const amara = await enter(one, 'Amara Fenwick');
    const priya = await enter(other, 'Priya Lark');
    await bothType(amara, priya, 'with Redis');

    await server.kill();
    await bothType(amara, priya, 'Redis killed');
    await server.startAgain();
    await hintsComeThrough(amara, 'Amara Fenwick', priya);

    server.pause();
    await bothType(amara, priya, 'Redis paused');
    server.goOn();
    await hintsComeThrough(amara, 'Amara Fenwick', priya);

    server.flush();
    await bothType(amara, priya, 'Redis flushed');
    await hintsComeThrough(priya, 'Priya Lark', amara);
    amara.close();
    priya.close();
  });

  test('[R4] a process parted from PostgreSQL and Redis shows nothing as saved; healed, both have the same', async () => {
    const amara = await enter(one, 'Amara Fenwick');
    const priya = await enter(other, 'Priya Lark');
    await bothType(amara, priya, 'before');
    for (const wire of wires) wire.part();
    amara.type('while parted: here');
    priya.type('while parted: there');
    await amara.settled(aWhile);
    expect(priya.saved()).not.toContain('while parted: there');
    expect(paragraphsOf(priya.notes)).not.toContain('while parted: here');
    const healed = performance.now();
    for (const wire of wires) wire.heal();
    await priya.settled(aWhile);
    await converged(amara, priya, ['while parted: here', 'while parted: there']);
    within(promised, healed, 'Two processes parted and healed: the same on both');
    await bothType(amara, priya, 'after');
    amara.close();
    priya.close();
  });

  describe.each(['there', 'paused'])('[R18] while Redis is %s', (state) => {
    beforeAll(() => state === 'paused' && server.pause());
    afterAll(() => state === 'paused' && server.goOn());

    /** Types on at the one process while something ends the right at the other; nothing typed after that may be kept. */
    async function noneAfter(
      what: string,
      end: (writer: Writer & { cookie: string }) => Promise<unknown>,
      codes: readonly number[],
    ): Promise<void> {
      const amara = await enter(other, 'Amara Fenwick');
      const silent = await Client.open({ address: other.address }, room, { cookie: amara.cookie });
      closing.push(() => silent.close());
      let ended: number | undefined;
      amara.provider.on('connection-close', (event) => (ended ??= event?.code));
      let typed = 0;
      const mark = randomUUID();
      const type = () => amara.type(`${mark} ${typed++}`);
      type();
      await amara.settled(aWhile);
      const typing = setInterval(type, 20);
      await end(amara);
      const after = typed;
      const began = performance.now();
      await until('the socket to be closed', () => ended !== undefined, aWhile);
      const closedAfter = Math.round(performance.now() - began);
      clearInterval(typing);
      expect(codes).toContain(ended);
      await until('the one that only reads to be closed too', () => silent.closed !== null, aWhile);
      const silentFor = Math.round(performance.now() - began);
      console.log(
        `${what}: the socket that types was closed after ${closedAfter} ms, the silent one after ${silentFor} ms`,
      );
      expect(codes).toContain(silent.closed?.code);
      amara.close();
      const priya = await enter(one, 'Priya Lark');
      const kept = paragraphsOf(priya.notes).filter((words) => words.startsWith(mark));
      expect(kept.length).toBeLessThanOrEqual(after);
      expect(kept.length).toBeGreaterThan(0);
      priya.close();
    }

    test('signing out at one process closes the socket on the other, and nothing typed later is kept', async () => {
      await noneAfter(
        `Signing out, Redis ${state}`,
        async ({ cookie }) => {
          const headers = { cookie, origin: one.address, 'content-type': 'application/json' };
          const reply = await fetch(`${one.address}/api/sign-out`, { method: 'POST', headers, body: '{}' });
          expect(reply.ok).toBe(true);
        },
        [4401, 4403],
      );
    });

    test('so does taking somebody’s right to write, of which no hint tells', async () => {
      const set = (capability: string) =>
        ask(
          place.databaseUrl ?? '',
          `update room_member set capability = $1
           where room_id = $2 and person_id = (select id from person where name = 'Amara Fenwick')`,
          [capability, room],
        );
      try {
        await noneAfter(`Taking a right, Redis ${state}`, () => set('read'), [4403]);
      } finally {
        await set('write');
      }
    });
  });
});
