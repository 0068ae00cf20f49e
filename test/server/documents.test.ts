/** Documents by their routes: told by their bytes, checked, kept whole or not at all, and given only as downloads to who is on the case. */
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { documentLimits } from '#schema/document.ts';
import { newId } from '#schema/id.ts';
import { kindOf } from '#server/file-kind.ts';
import { createScanner, scannerAddress, type Scan } from '#server/scanner.ts';
import type { Store } from '#server/store.ts';
import { eicar, startClamd } from '../support/clamd.ts';
import { databaseKinds, freshStore } from '../support/database.ts';
import { createWorld, openCase, type Caller, type World } from '../support/world.ts';

const bytesOf = (text: string) => new TextEncoder().encode(text);
const pdf = (said: string) => bytesOf(`%PDF-1.7\n% ${said}\n%%EOF\n`);
const said = { name: 'Second scan: réport', keep: 'case' };

describe.each(databaseKinds())('documents, on %s', (kind) => {
  let store: Store;
  let world: World;
  let health: Caller;
  let police: Caller;
  let outside: Caller;
  let room: string;
  let ref: string;
  /** What the scanner says next. */
  let scan: Scan = { result: 'clean' };

  type Given = { id?: string; in?: string; size?: number; said?: object; body?: ReadableStream };
  async function upload(by: Caller, bytes: Uint8Array<ArrayBuffer>, given: Given = {}) {
    const head = { id: given.id ?? newId(), size: given.size ?? bytes.length, said: given.said ?? said };
    const reply = await world.app.request(`http://localhost/api/rooms/${given.in ?? room}/documents`, {
      method: 'POST',
      headers: { origin: 'http://localhost', cookie: by.cookie, 'content-type': 'application/octet-stream' },
      body: given.body ?? new Blob([`${JSON.stringify(head)}\n`, bytes]),
      duplex: 'half',
    } as RequestInit);
    const text = await reply.text();
    return { status: reply.status, body: JSON.parse(text) as Record<string, unknown>, text };
  }
  async function download(by: Caller, document: string, at = room) {
    const reply = await world.app.request(`http://localhost/api/rooms/${at}/documents/${document}`, {
      headers: { cookie: by.cookie },
    });
    return { status: reply.status, headers: reply.headers, bytes: new Uint8Array(await reply.arrayBuffer()) };
  }
  const held = async () => {
    const rows = await store.db.execute(sql`select count(*)::int as n from document_piece`);
    const [row] = (Array.isArray(rows) ? rows : (rows as { rows: unknown[] }).rows) as { n: number }[];
    return row?.n ?? 0;
  };

  beforeAll(async () => {
    store = await freshStore(kind);
    world = await createWorld(store.db, { scanner: { scan: async () => scan } });
    health = await world.as('Amara Fenwick');
    police = await world.as('Priya Lark');
    outside = await world.as('Beth Quill');
    ({ room, ref } = await openCase(world, health));
  });
  afterAll(async () => {
    await world?.close();
    await store?.close();
  });

  test('[M15] one is added, and comes back byte for byte, as a download that runs nowhere', async () => {
    const id = newId();
    const bytes = new Uint8Array(3 * 1024 * 1024).map((_, index) => index % 251);
    bytes.set(pdf('whole'));
    const first = await upload(health, bytes, { id });
    expect(first.status, first.text).toBe(201);
    expect((await upload(health, bytes, { id })).body).toEqual(first.body);
    const back = await download(police, id);
    expect(back.status).toBe(200);
    expect(Buffer.from(back.bytes).equals(bytes)).toBe(true);
    expect(Object.fromEntries(back.headers)).toMatchObject({
      'content-type': 'application/octet-stream',
      'content-disposition': `attachment; filename="${ref} Second scan r_port.pdf"; filename*=UTF-8''${ref}%20Second%20scan%20r%C3%A9port.pdf`,
      'content-security-policy': "default-src 'none'; sandbox",
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    });
    expect((await upload(police, bytes)).body).toMatchObject({ refused: 'DocumentAlreadyAdded' });
  });

  test('[M15] whoever is not on the case is answered as if there were neither case nor document', async () => {
    const id = newId();
    expect((await upload(health, pdf('secret'), { id })).status).toBe(201);
    const [there, absent] = [await download(outside, id), await download(outside, newId(), newId())];
    expect([there.status, Buffer.from(there.bytes).toString()]).toEqual([404, Buffer.from(absent.bytes).toString()]);
    const put = await upload(outside, pdf('mine'));
    expect([put.status, put.text]).toEqual([404, (await upload(outside, pdf('mine'), { in: newId() })).text]);
    expect((await download(health, newId())).status).toBe(404);
  });

  test('[M15] what was cut short, is too long, empty, not allowed or not said is refused, and leaves nothing', async () => {
    const before = await held();
    const broken = new ReadableStream({
      start(controller) {
        controller.enqueue(bytesOf(`${JSON.stringify({ id: newId(), size: 900, said })}\n%PDF-1.7`));
        controller.error(new Error('The connection broke'));
      },
    });
    const refused = async (bytes: Uint8Array<ArrayBuffer>, given: Given = {}) =>
      (await upload(health, bytes, given)).body['refused'];
    expect(await refused(pdf('half'), { size: 900 })).toBe('DocumentCutShort');
    expect(await refused(pdf('half'), { body: broken })).toBe('DocumentCutShort');
    expect(await refused(new Uint8Array(documentLimits.bytes + 1))).toBe('DocumentTooLarge');
    expect(await refused(new Uint8Array())).toBe('DocumentIsEmpty');
    expect(await refused(bytesOf('<svg xmlns="http://www.w3.org/2000/svg"/>'))).toBe('DocumentKindNotAllowed');
    expect((await upload(health, pdf('unsaid'), { said: { name: '', keep: '' } })).body).toMatchObject({
      errors: { name: expect.any(String), keep: expect.any(String) },
    });
    expect(await held()).toBe(before);
  });

  test('[M15] a virus is refused by its name, and so is what could not be checked', async () => {
    const before = await held();
    scan = { result: 'virus', name: 'Eicar-Test-Signature' };
    expect((await upload(health, pdf('virus'))).body).toMatchObject({
      refused: 'VirusFound',
      facts: { virus: 'Eicar-Test-Signature' },
    });
    scan = { result: 'unchecked', why: 'away' };
    expect((await upload(health, pdf('virus'))).body).toMatchObject({ refused: 'ScannerAway' });
    scan = { result: 'clean' };
    expect(await held()).toBe(before);
  });

  test('[M15] when it is removed its bytes go; changed bytes are not given', async () => {
    const [removed, damaged] = [newId(), newId()];
    expect((await upload(health, pdf('removed'), { id: removed })).status).toBe(201);
    expect((await upload(health, pdf('damaged'), { id: damaged })).status).toBe(201);
    const before = await held();
    const reply = await health.act(room, {
      type: 'RemoveDocument',
      document: removed,
      because: 'wrong-case',
      why: 'It is another child’s.',
    });
    expect(reply.status, reply.text).toBe(201);
    expect([await held(), (await download(health, removed)).status]).toEqual([before - 1, 404]);
    await store.db.execute(sql`update document_piece set bytes = ${Buffer.from('x')} where document_id = ${damaged}`);
    expect((await download(health, damaged)).status).toBe(500);
  });
});

describe('what bytes are', () => {
  const compound = (...streams: string[]) => {
    const bytes = Buffer.alloc(2048);
    bytes.set([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]);
    bytes.set(Buffer.from(streams.join('\0'), 'utf16le'), 512);
    return bytes;
  };
  test.each([
    ['a PDF', pdf('one'), 'pdf'],
    ['plain text', bytesOf('Seen on the ward at 8:25am.\r\n'), 'txt'],
    ['an old Word document', compound('WordDocument'), 'doc'],
    ['an old Excel workbook', compound('Workbook'), 'xls'],
    ['an Outlook message', compound('__properties_version1.0'), 'msg'],
    ['an old Word document with macros', compound('WordDocument', '_VBA_PROJECT'), null],
    ['a web page', bytesOf(' <html><script>alert(1)</script>'), null],
    ['a program', bytesOf('MZ\u0000\u0001'), null],
    ['an archive', Buffer.from('504b0506000000000000000000000000000000000000', 'hex'), null],
  ])('%s', async (_, bytes, kind) => {
    expect(await kindOf(bytes)).toBe(kind);
  });
});

describe('the scanner', () => {
  test('streams every byte to clamd and reads its answer', async () => {
    const clamd = await startClamd();
    const address = scannerAddress(`tcp://127.0.0.1:${clamd.port}`);
    if (!address) throw new Error('The address was not read');
    const scanner = createScanner(address);
    expect(await scanner.scan(new Uint8Array(200_001))).toEqual({ result: 'clean' });
    expect(clamd.size()).toBe(200_001);
    expect(await scanner.scan(bytesOf(eicar))).toEqual({ result: 'virus', name: 'Eicar-Test-Signature' });
    await clamd.close();
    expect(await scanner.scan(bytesOf('text'))).toMatchObject({ result: 'unchecked' });
  });

  test('an address that is none is not taken for one', () => {
    expect(scannerAddress('unix:/run/clamd.ctl')).toEqual({ path: '/run/clamd.ctl' });
    for (const text of ['clamd', 'http://clamd:3310', 'unix:clamd', 'tcp://']) expect(scannerAddress(text)).toBeNull();
  });
});
