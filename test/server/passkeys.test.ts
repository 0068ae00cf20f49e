/** Passkeys at the routes: adding one, and signing acts with it. */
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { isoCBOR } from '@simplewebauthn/server/helpers';
import { desc, eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RoomCommand } from '#schema/command.ts';
import { newId } from '#schema/id.ts';
import { verify, type Entry } from '#schema/ledger.ts';
import { submitPosition } from '#schema/position.ts';
import { requestResolution } from '#schema/resolution.ts';
import { limits } from '#schema/protocol.ts';
import type { Assertion } from '#schema/signature.ts';
import { fits, statementOf } from '#schema/signing.ts';
import { mail, passkey, person } from '#schema/tables/index.ts';
import type { Store } from '#server/store.ts';
import { practicePassword } from '#server/practice/northbeck.ts';
import { databaseKinds, freshStore } from '../support/database.ts';
import { Device } from '../support/device.ts';
import { createWorld, knownToday, openCase, positionOf, type Caller, type World } from '../support/world.ts';

const origin = 'http://localhost';

describe.each(databaseKinds())('[M24] passkeys on %s', (kind) => {
  let store: Store;
  let world: World;
  let priya: Caller;
  let amara: Caller;
  let beth: Caller;
  let room: string;

  beforeAll(async () => {
    store = await freshStore(kind);
    world = await createWorld(store.db);
    [priya, amara, beth] = [
      await world.as('Priya Lark'),
      await world.as('Amara Fenwick'),
      await world.as('Beth Quill'),
    ];
    ({ room } = await openCase(world, priya, { about: knownToday }));
  });
  afterAll(async () => {
    await world?.close();
    await store?.close();
  });

  const challengeFor = async (by: Caller) => String((await by.send('POST', '/passkeys/options', {})).body['challenge']);
  const add = (by: Caller, label: string, response: object, more: object = {}) =>
    by.send('POST', '/passkeys', { id: newId(), label, response, ...more });
  const remove = (by: Caller, device: Device, id = newId()) =>
    by.send('POST', '/passkeys/remove', { id, passkey: device.id });
  type Session = { signedIn: { passkeys: { passkey: string; label: string }[] } };
  const own = async (by: Caller) => ((await by.get('/session')).body as Session).signedIn.passkeys;
  const record = async (by: Caller) =>
    (await by.get(`/rooms/${room}/record`)).body as { entries: Entry[]; head: object };

  /** A device whose passkey was added, two days ago unless `today`. */
  async function enrolled(by: Caller, label: string, { today = false } = {}): Promise<Device> {
    const device = new Device();
    const made = await add(by, label, device.made(await challengeFor(by), origin));
    expect(made).toMatchObject({ status: 201 });
    const at = sql`${passkey.at} - interval '2 days'`;
    if (!today) await store.db.update(passkey).set({ at }).where(eq(passkey.id, device.id));
    return device;
  }

  const positionSaying = (word: string): RoomCommand =>
    submitPosition.parse({ type: 'SubmitPosition', content: positionOf(word), whatChanged: null });

  /** What Priya's browser makes of a command, having read all there is. */
  async function signedWith(device: Device, command: RoomCommand, id: string, how = {}): Promise<Assertion> {
    const { seq, hash } = (await record(priya)).entries.at(-1) as Entry;
    const of = { room, person: priya.actor.person, id, read: { seq, hash } };
    return device.sign(statementOf(command, of), origin, how);
  }

  const send = (by: Caller, id: string, command: object, signature: Assertion) =>
    by.send('POST', `/rooms/${room}/commands`, { id, command, signature });

  test('one is added once, stands in the partnership’s record, and its owner and the business unit are told', async () => {
    const device = new Device();
    const id = newId();
    const adding = { id, label: 'Work laptop', response: device.made(await challengeFor(priya), origin) };
    const first = await priya.send('POST', '/passkeys', adding);
    expect(first).toMatchObject({ status: 201 });
    expect((await priya.send('POST', '/passkeys', adding)).body).toEqual(first.body);
    expect(await own(priya)).toMatchObject([{ passkey: device.id, label: 'Work laptop' }]);
    expect(await own(amara)).toEqual([]);
    const { entries } = (await beth.get('/admin')).body as { entries: Entry[] };
    expect(entries.at(-1)).toMatchObject({
      actor: { name: 'Priya Lark' },
      body: { type: 'PasskeyAdded', passkey: device.id, label: 'Work laptop', key: device.key },
    });
    const mails = await store.db
      .select({ to: person.name, subject: mail.subject, state: mail.state })
      .from(mail)
      .innerJoin(person, eq(person.id, mail.person))
      .orderBy(desc(person.name));
    expect(mails).toEqual([
      { to: 'Priya Lark', subject: 'A passkey was added to your account', state: 'waiting' },
      { to: 'Beth Quill', subject: 'A passkey was added to Priya Lark’s account', state: 'waiting' },
    ]);
  });

  test('none is added that answers what was asked before, of another, or at another address, or was not made', async () => {
    const spent = await challengeFor(amara);
    expect(await add(amara, 'One', new Device().made(spent, origin))).toMatchObject({ status: 201 });
    const refused = { status: 409, body: { refused: 'PasskeyNotMade' } };
    expect(await add(amara, 'Two', new Device().made(spent, origin))).toMatchObject(refused);
    const hers = await challengeFor(amara);
    await challengeFor(priya);
    expect(await add(priya, 'Two', new Device().made(hers, origin))).toMatchObject(refused);
    const elsewhere = new Device().made(await challengeFor(amara), 'https://candour.example.com');
    expect(await add(amara, 'Two', elsewhere)).toMatchObject(refused);
    const { response, ...device } = new Device().made(await challengeFor(amara), origin);
    const broken = { ...device, response: { ...response, attestationObject: 'AAAA' } };
    expect(await add(amara, 'Two', broken)).toMatchObject(refused);
    expect(await add(amara, ' ', new Device().made(await challengeFor(amara), origin))).toMatchObject({ status: 400 });
    expect(await own(amara)).toHaveLength(1);
    expect(await world.request('POST', '/passkeys/options', {})).toMatchObject({ status: 401 });
  });

  test('none is added whose key nobody could check, or all could sign with, or that could not be removed again', async () => {
    const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey.export({ format: 'jwk' });
    const part = (of: string | undefined) => new Uint8Array(Buffer.from(of ?? '', 'base64url'));
    const keys = {
      'of another curve': [
        [1, 2],
        [3, -7],
        [-1, 2],
        [-2, part(p384.x)],
        [-3, part(p384.y)],
      ],
      'of another kind': [
        [1, 1],
        [3, -7],
        [-1, 7],
        [-2, new Uint8Array(57)],
      ],
      'of no kind': [
        [1, 5],
        [3, -7],
      ],
      'beyond what is kept': [
        [1, 3],
        [3, -257],
        [-1, new Uint8Array(4096).fill(255)],
        [-2, part('AQAB')],
      ],
      'that all can sign with': [
        [1, 3],
        [3, -257],
        [-1, new Uint8Array(256).fill(255)],
        [-2, part('AQ')],
      ],
    } as const;
    for (const [what, parts] of Object.entries(keys)) {
      const key = isoCBOR.encode(new Map<number, number | Uint8Array<ArrayBuffer>>(parts));
      const answer = await add(amara, what, new Device().made(await challengeFor(amara), origin, { key }));
      expect([what, answer]).toMatchObject([what, { status: 409, body: { refused: 'PasskeyNotMade' } }]);
    }
    for (const id of [Buffer.alloc(0), randomBytes(1100)]) {
      const made = new Device('ES256', id).made(await challengeFor(amara), origin);
      expect((await add(amara, 'Unnamed', made)).status).toBe(400);
      const called = { ...made, id: 'another', rawId: 'another' };
      expect(await add(amara, 'Unnamed', called)).toMatchObject({ body: { refused: 'PasskeyNotMade' } });
    }
    expect(await own(amara)).toHaveLength(1);
  });

  test('one is made for the service’s own address, whatever address the request says it came by', async () => {
    const init = { method: 'POST', headers: { cookie: amara.cookie, 'content-type': 'application/json' }, body: '{}' };
    const reply = await world.app.request('http://elsewhere.example/api/passkeys/options', init);
    expect(await reply.json()).toMatchObject({ rp: { id: '127.0.0.1' } });
  });

  test('outside practice only whoever knows the password adds one', async () => {
    const live = await createWorld(store.db, { practice: false, setUp: null });
    const tomas = await live.as('Tomas Birch');
    const device = new Device();
    const made = async () => device.made(await challengeFor(tomas), origin);
    expect(await add(tomas, 'Phone', await made())).toMatchObject({
      status: 400,
      body: { errors: { password: expect.any(String) } },
    });
    expect(await add(tomas, 'Phone', await made(), { password: 'a guess at it' })).toMatchObject({
      body: { errors: { password: 'Enter the password that you sign in with. This is not it' } },
    });
    expect(await own(tomas)).toEqual([]);
    expect(await add(tomas, 'Phone', await made(), { password: practicePassword })).toMatchObject({ status: 201 });
    await live.close();
  });

  test('it signs nothing on its first day', async () => {
    const device = await enrolled(priya, 'New phone', { today: true });
    const command = positionSaying('curlew');
    const id = newId();
    const from = expect.stringMatching(/^\d{4}-/);
    expect(await send(priya, id, command, await signedWith(device, command, id))).toMatchObject({
      status: 409,
      body: { refused: 'PasskeyTooNew', facts: { from } },
    });
    expect((await record(priya)).entries.map(({ type }) => type)).not.toContain('PositionSubmitted');
  });

  test('an act is refused that is not what was signed, and nothing of it is recorded', async () => {
    const device = await enrolled(priya, 'Key ring');
    const command = positionSaying('curlew');
    const { entries } = await record(priya);
    const tried = async (signature: Assertion, sent: object = command, by = priya, id = newId()) =>
      (await send(by, id, sent, signature)).body['refused'];
    const id = newId();
    const signature = await signedWith(device, command, id);
    expect(await tried(signature, positionSaying('plover'), priya, id)).toBe('NotWhatWasSigned');
    expect(await tried(signature)).toBe('NotWhatWasSigned');
    expect(await tried({ ...signature, read: { ...signature.read, hash: 'f'.repeat(64) } }, command, priya, id)).toBe(
      'NotWhatWasSigned',
    );
    expect(await tried(await signedWith(device, command, id, { proved: false }), command, priya, id)).toBe(
      'NotWhatWasSigned',
    );
    expect(await tried(await signedWith(device, command, id, { within: true }), command, priya, id)).toBe(
      'NotWhatWasSigned',
    );
    expect(await tried(signature, { type: 'NameVersion', name: 'Before the meeting' }, priya, id)).toBe(
      'NotWhatWasSigned',
    );
    expect(await tried(signature, command, amara, id)).toBe('NoSuchPasskey');
    expect((await record(priya)).entries).toHaveLength(entries.length);
  });

  test('[T12] [R24] a signed position bears its signature, sealed with it, and fits; sent twice it is recorded once', async () => {
    const device = await enrolled(priya, 'Desk');
    const command = positionSaying('curlew');
    const id = newId();
    const signature = await signedWith(device, command, id);
    const first = await send(priya, id, command, signature);
    expect(first).toMatchObject({ status: 201 });
    expect((await send(priya, id, command, signature)).body).toEqual(first.body);
    const mine = (await record(priya)).entries.filter(({ type }) => type === 'PositionSubmitted');
    expect(mine).toMatchObject([{ body: { signature: { label: 'Desk', key: device.key, passkey: device.id } } }]);
    expect(await Promise.all(mine.map(fits))).toEqual([true]);
    const theirs = await amara.get(`/rooms/${room}/record`);
    const sealed = theirs.body as { entries: Entry[] };
    expect(sealed.entries.find(({ type }) => type === 'PositionSubmitted')).toMatchObject({ body: null, salt: null });
    expect(theirs.text).not.toContain(signature.signature);
    expect(verify(sealed.entries)).toMatchObject({ whole: true });
    expect((await amara.act(room, positionSaying('dunlin'))).status).toBe(201);
  });

  test('one that was removed signs no more; what it signed still fits', async () => {
    const device = await enrolled(priya, 'Old phone');
    const id = newId();
    expect(await remove(amara, device)).toMatchObject({ status: 409, body: { refused: 'NoSuchPasskey' } });
    const first = await remove(priya, device, id);
    expect(first).toMatchObject({ status: 201 });
    expect((await remove(priya, device, id)).body).toEqual(first.body);
    expect((await own(priya)).map(({ label }) => label)).not.toContain('Old phone');
    const command = positionSaying('curlew');
    const act = newId();
    expect(await send(priya, act, command, await signedWith(device, command, act))).toMatchObject({
      body: { refused: 'NoSuchPasskey' },
    });
    const signed = (await record(priya)).entries.filter(({ body }) => body?.signature);
    expect(await Promise.all(signed.map(fits))).toEqual([true]);
  });

  test('an act that leaves to the service what it says is not signed: nobody puts words to a signature', async () => {
    const device = await enrolled(priya, 'Spare');
    const other = submitPosition.parse({
      type: 'SubmitPosition',
      content: positionOf('heron', 'not-met'),
      whatChanged: null,
    });
    expect((await (await world.as('Tomas Birch')).act(room, other)).status).toBe(201);
    const asked = { type: 'RequestResolution', question: 'Is it lasting?', tried: ['neither'] };
    const trying = async (more: object) => {
      const id = newId();
      const command = requestResolution.parse({ ...asked, ...more });
      return (await send(priya, id, command, await signedWith(device, command, id))).body;
    };
    expect(await trying({ stage: null })).toMatchObject({ refused: 'NotWhatWasSigned' });
    expect(await trying({ stage: 3, urgentReason: 'Nothing is urgent.' })).toMatchObject({
      refused: 'NotWhatWasSigned',
    });
    expect(await trying({ stage: 3 })).toMatchObject({ firstSeq: expect.any(Number) });
    const { entries } = await record(priya);
    const resolution = entries.find(({ type }) => type === 'ResolutionRequested') as Entry;
    const urgent = { ...resolution.body, urgentReason: 'A sibling goes home tomorrow.' } as Entry['body'];
    expect([await fits(resolution), await fits({ ...resolution, body: urgent })]).toEqual([true, false]);
  });

  test('[T22] whoever adds without end is told to wait, and nobody else is', async () => {
    const tries = Array.from({ length: limits.passkeysPerHour }, () => add(beth, ' ', {}));
    expect((await Promise.all(tries)).map(({ status }) => status)).not.toContain(429);
    expect(await add(beth, ' ', {})).toMatchObject({ status: 429, body: { refused: 'TooOften' } });
    expect((await add(amara, ' ', {})).status).toBe(400);
  });
});
