/**
 * A sealed position on every way out of the service: routes with their exports and calendar files,
 * sockets, what it prints, mail, notices, hints, and every table beside the record. Words that
 * appear nowhere else are looked for everywhere.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { getTableName, is } from 'drizzle-orm';
import { PgTable } from 'drizzle-orm/pg-core';
import * as encoding from 'lib0/encoding';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '#schema/id.ts';
import { verify, type Entry } from '#schema/ledger.ts';
import { nothingNeeded, type PositionContent } from '#schema/position.ts';
import { kind as messageKind } from '#schema/protocol.ts';
import * as tables from '#schema/tables/index.ts';
import type { Hint } from '#server/bus.ts';
import { createPost } from '#server/notice/post.ts';
import { createSmtpCarrier } from '#server/notice/smtp.ts';
import type { Store } from '#server/store.ts';
import { databaseKinds, freshStore, practicePlace, type Place } from '../support/database.ts';
import { startSmtp } from '../support/mail.ts';
import { liveCaseAt, signInAt, startService, type RunningService } from '../support/service.ts';
import { createWorld, knownToday, openCase, positionOf, type World } from '../support/world.ts';
import { Client } from '../sync/support/client.ts';
import type { Person } from '../sync/support/house.ts';
import { until } from '../sync/support/until.ts';

/** In a reason, in what is needed, in who speaks, and in a draft. */
const canaries = ['kestrelwing', 'lapwingnest', 'dunlinshore', 'godwitmarsh'];

const log = pino({ level: 'silent' });

describe.each(databaseKinds())('[M20] [T12] [R21] what Police say while positions are sealed, on %s', (kind) => {
  let place: Place;
  let service: RunningService;
  let room: string;
  let ref: string;
  let sent: string;
  const cookies = new Map<string, string>();
  const sockets: { name: string; client: Client; frames: string[] }[] = [];
  const others = ['Amara Fenwick', 'Tomas Birch', 'Denis Marsh', 'Joan Alder'];

  beforeAll(async () => {
    place = await practicePlace(kind);
    service = await startService(place, { LOG_LEVEL: 'trace' });
    for (const name of [...others, 'Priya Lark']) cookies.set(name, await signInAt(service.address, name));
    ({ ref, room } = await liveCaseAt(service.address, cookies.get('Priya Lark') ?? ''));
    for (const name of [...others, 'Priya Lark']) sockets.push(await listen(name));
    const content = {
      ...positionOf('kestrelwing', 'not-enough-information', 'cannot-say-yet'),
      needed: {
        ...nothingNeeded,
        'death-or-serious-harm': { what: 'lapwingnest', from: await agencyOf(), person: '', by: '2099-01-05' },
      },
      speaker: { who: 'other', name: 'dunlinshore', authority: 'The superintendent' },
    };
    const draft = await ask('Priya Lark', 'PUT', `/rooms/${room}/drafts/dissent`, { body: { words: 'godwitmarsh' } });
    expect(draft.status).toBe(200);
    const command = { type: 'SubmitPosition', content };
    const reply = await ask('Priya Lark', 'POST', `/rooms/${room}/commands`, { id: newId(), command });
    sent = await reply.text();
    expect(reply.status, sent).toBe(201);
    await until('the others to hear of it', () =>
      sockets.every(({ frames }) =>
        frames.some((frame) => frame.includes('PositionSubmitted') && frame.includes('Priya')),
      ),
    );
  }, 120_000);
  afterAll(async () => {
    for (const { client } of sockets) client.close();
    await service?.kill();
    await place?.remove();
  });

  function ask(name: string, method: string, path: string, body?: unknown): Promise<Response> {
    const headers = { cookie: cookies.get(name) ?? '', origin: service.address, 'content-type': 'application/json' };
    const init: RequestInit = { method, headers };
    if (body !== undefined) init.body = JSON.stringify(body);
    return fetch(`${service.address}/api${path}`, init);
  }
  async function agencyOf(): Promise<string> {
    const session = (await (await ask('Amara Fenwick', 'GET', '/session')).json()) as {
      signedIn: { actor: { agency: { id: string } } };
    };
    return session.signedIn.actor.agency.id;
  }
  async function listen(name: string) {
    const person = { cookie: cookies.get(name) } as Person;
    const client = await Client.open(service, room, person);
    const frames: string[] = [];
    client.ws.on('message', (data: Buffer) => frames.push(data.toString()));
    const encoder = encoding.createEncoder();
    encoding.writeVarUint(encoder, messageKind.entriesSince);
    encoding.writeVarUint(encoder, 0);
    client.send(encoding.toUint8Array(encoder));
    return { name, client, frames };
  }
  function findsNone(text: string, where: string): void {
    for (const canary of canaries) expect(text, `${canary} ${where}`).not.toContain(canary);
  }

  test('no route that can be read gives it to anybody else', async () => {
    const source = await readFile(join(import.meta.dirname, '..', '..', 'server', 'app.ts'), 'utf8');
    const paths = [...source.matchAll(/\.get\('(\/[^']*)'/g)].map(([, path = '']) => path);
    expect(paths).toEqual(
      expect.arrayContaining(['/work', '/register', '/rooms/:room/entries', '/rooms/:room/record']),
    );
    for (const path of paths) {
      const filled = path
        .replace(':ref', ref)
        .replace(':room', room)
        .replace(':file', 'notify.ics')
        .replace(/:\w+/g, '1');
      for (const name of others) {
        const text = await (await ask(name, 'GET', filled)).text();
        findsNone(text, `to ${name} at ${path}`);
      }
    }
  });

  test('the file for a calendar is there to be looked into', async () => {
    const file = await (await ask('Amara Fenwick', 'GET', `/rooms/${room}/calendar/notify.ics`)).text();
    expect(file).toContain('BEGIN:VCALENDAR');
    findsNone(file, 'in a calendar');
  });

  test('no frame of a socket does', () => {
    for (const { name, frames } of sockets) {
      if (name === 'Priya Lark') continue;
      expect(frames.join('')).toContain('PositionSubmitted');
      findsNone(frames.join('\n'), `to ${name} on the socket`);
    }
  });

  test('its own agency reads it on both', async () => {
    const own = sockets.find(({ name }) => name === 'Priya Lark');
    expect(own?.frames.join('')).toContain('kestrelwing');
    expect(await (await ask('Priya Lark', 'GET', `/rooms/${room}/record`)).text()).toContain('lapwingnest');
  });

  test('nothing that the service prints, at its most talkative, holds it; nor does the reply to sending it', () => {
    findsNone(service.printed(), 'in what was printed');
    findsNone(sent, 'in the reply');
  });

  test('nobody is asked for what it needs, and the record still verifies for those who may not read it', async () => {
    for (const name of others) {
      const work = await (await ask(name, 'GET', '/work')).text();
      expect(work, name).not.toContain("Police's question");
      const { entries } = (await (await ask(name, 'GET', `/rooms/${room}/record`)).json()) as { entries: Entry[] };
      expect(verify(entries).whole).toBe(true);
      expect(entries.some(({ type }) => type === 'QuestionAsked')).toBe(false);
    }
  });

  test('with the last position all of it opens, and what was needed is asked', async () => {
    const content = positionOf('plover');
    const last = await ask('Tomas Birch', 'POST', `/rooms/${room}/commands`, {
      id: newId(),
      command: { type: 'SubmitPosition', content },
    });
    expect(last.status).toBe(201);
    const record = await (await ask('Amara Fenwick', 'GET', `/rooms/${room}/record`)).text();
    expect(record).toContain('kestrelwing');
    expect(await (await ask('Amara Fenwick', 'GET', '/work')).text()).toContain("Answer Police's question");
  });
});

describe.each(databaseKinds())('[M20] [T12] [R21] [M48] what Police say while positions are sealed, on %s', (kind) => {
  let store: Store;
  let world: World;
  let smtp: Awaited<ReturnType<typeof startSmtp>>;
  const hints: Hint[] = [];

  beforeAll(async () => {
    store = await freshStore(kind);
    world = await createWorld(store.db, { time: async () => now });
    smtp = await startSmtp();
    world.bus.subscribe((hint) => hints.push(hint));
    const police = await world.as('Priya Lark');
    const { room } = await openCase(world, police, { about: knownToday });
    await police.send('PUT', `/rooms/${room}/drafts/dissent`, { body: { words: 'godwitmarsh' } });
    const needed = { what: 'lapwingnest', from: police.actor.agency.id, person: '', by: '2099-01-05' };
    const content: PositionContent = {
      ...positionOf('kestrelwing', 'not-enough-information', 'cannot-say-yet'),
      needed: { ...nothingNeeded, 'death-or-serious-harm': needed },
      speaker: { who: 'other', name: 'dunlinshore', authority: 'The superintendent' },
    };
    expect((await police.act(room, { type: 'SubmitPosition', content })).status).toBe(201);
  }, 120_000);
  afterAll(async () => {
    await world?.close();
    await smtp?.close();
    await store?.close();
  });

  // Later than any row that the database stamps itself.
  let now = new Date(Date.now() + 60_000).toISOString();
  const holds = (what: unknown) => canaries.some((canary) => JSON.stringify(what).includes(canary));

  test('is in no mail, reminder or alert of the ten days that follow, nor in a hint to other processes', async () => {
    const carrier = createSmtpCarrier({ url: smtp.url, from: 'Candour <candour@example.org>' });
    const post = createPost({
      db: store.db,
      carrier,
      origin: () => 'https://candour.example.org',
      log,
      time: async () => now,
    });
    const worker = world.newWorker();
    // While the first mails are gathered, and then four times a day until each clock has ended.
    for (const hours of [0.1, 0.25, 0.5, ...Array.from({ length: 40 }, (_, index) => 6 * (index + 1))]) {
      now = new Date(Date.now() + hours * 3_600_000).toISOString();
      await worker.lookNow();
      await post.lookNow();
    }
    await post.close();
    expect(new Set(smtp.received.map(({ to }) => to)).size).toBeGreaterThan(3);
    expect(smtp.received.filter(holds)).toEqual([]);
    expect(hints.length).toBeGreaterThan(0);
    expect(hints.filter(holds)).toEqual([]);
  });

  test('is in no table but the record and its writer’s draft: no notice, work, register or due moment was made of it', async () => {
    const found = await Promise.all(
      Object.values(tables)
        .filter((each) => is(each, PgTable))
        .map(async (table) => ({ name: getTableName(table), rows: await store.db.select().from(table) })),
    );
    expect(found.filter(({ rows }) => rows.length > 0).map(({ name }) => name)).toEqual(
      expect.arrayContaining(['notice', 'mail', 'work_item', 'due_moment', 'register', 'command']),
    );
    expect(
      found
        .filter(({ rows }) => holds(rows))
        .map(({ name }) => name)
        .sort(),
    ).toEqual(['draft', 'entry']);
  });
});
