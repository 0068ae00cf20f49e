/** A sealed position on every way out of the service: routes, sockets, hints and what it prints. Words that appear nowhere else are looked for everywhere. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as encoding from 'lib0/encoding';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '#schema/id.ts';
import { verify, type Entry } from '#schema/ledger.ts';
import { nothingNeeded } from '#schema/position.ts';
import { kind as messageKind } from '#schema/protocol.ts';
import { databaseKinds, practicePlace, type Place } from '../support/database.ts';
import { liveCaseAt, signInAt, startService, type RunningService } from '../support/service.ts';
import { positionOf } from '../support/world.ts';
import { Client } from '../sync/support/client.ts';
import type { Person } from '../sync/support/house.ts';
import { until } from '../sync/support/until.ts';

/** In a reason, in what is needed, in who speaks, and in a draft. */
const canaries = ['kestrelwing', 'lapwingnest', 'dunlinshore', 'godwitmarsh'];

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
      const filled = path.replace(':ref', ref).replace(':room', room).replace(/:\w+/g, '1');
      for (const name of others) {
        const text = await (await ask(name, 'GET', filled)).text();
        findsNone(text, `to ${name} at ${path}`);
      }
    }
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
