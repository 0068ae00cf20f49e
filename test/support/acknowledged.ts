/** Whether each acknowledgement left the service after the disk had what it speaks of: as the operating system saw it. */
import * as Y from 'yjs';
import { notesRoot } from '#schema/notes.ts';
import { kind as message } from '#schema/protocol.ts';
import { freshPlace, type DatabaseKind } from './database.ts';
import { startPostgres } from './postgres-server.ts';
import { leaseAt, liveCaseAt, signInAt, startService } from './service.ts';
import { watch, type Call } from './trace.ts';
import { Client } from '../sync/support/client.ts';
import { until } from '../sync/support/until.ts';

export type Order = {
  /** Acknowledgements received. */
  acknowledged: number;
  /** Of those, how many left after the commit's log was on disk. */
  afterSync: number;
};

/** One person types so many changes, each when the last is acknowledged, while all processes are watched. */
export async function watchAcknowledgements(kind: DatabaseKind, count: number): Promise<Order> {
  const server = kind === 'postgres' ? await startPostgres() : null;
  if (kind === 'postgres' && !server) throw new Error('This run has no PostgreSQL');
  const place = await freshPlace('pglite');
  const service = await startService(server ? { ...place, databaseUrl: server.url } : place);
  const { address } = service;
  try {
    const cookie = await signInAt(address, 'Amara Fenwick');
    const { room } = await liveCaseAt(address, cookie);
    const doc = new Y.Doc({ gc: false });
    doc.clientID = await leaseAt(address, cookie, room);
    const client = await Client.open({ address }, room, { cookie });
    let sent = 0;
    doc.on('update', (update: Uint8Array, from: unknown) => {
      if (from === 'server') return;
      client.update(update);
      sent += 1;
    });
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(await client.doc()), 'server');
    const type = async (n: number) => {
      const element = new Y.XmlElement('paragraph');
      element.insert(0, [new Y.XmlText(wordsOf(n))]);
      doc.getXmlFragment(notesRoot).push([element]);
      await until('it to be saved', () => client.durable === sent, 120_000);
    };
    // The first has the database open what it keeps open from then on.
    await type(0);
    const watching = await watch([service.pid, ...(server?.pids() ?? [])]);
    for (let n = 1; n <= count; n += 1) await type(n);
    const calls = await watching.stop();
    client.close();
    const inOrder = kind === 'postgres' ? repliedAfterSync : syncedBetween;
    let afterSync = 0;
    for (let n = 1; n <= count; n += 1) if (inOrder(calls, service.pid, n)) afterSync += 1;
    return { acknowledged: count, afterSync };
  } finally {
    await service.kill();
    await server?.stop();
    await place.remove();
  }
}

const wordsOf = (n: number) => `change number ${String(n).padStart(5, '0')} of those that were watched`;

const isSync = ({ name, said }: Call) => /^f(data)?sync$/.test(name) && said.includes('pg_wal') && said.endsWith('= 0');
const isOut = ({ name }: Call) => name === 'write' || name === 'writev' || name === 'sendto';

/** The call by which the service says that the first `n + 1` changes are durable. */
function placeOfAcknowledgement(calls: readonly Call[], service: number, n: number): number {
  const frame = uintBytes(message.durable).concat(uintBytes(n + 1));
  const printed = [0x82, frame.length, ...frame];
  return calls.findIndex(
    (call) => call.pid === String(service) && isOut(call) && bytesIn(call.said).includes(printed.join(',')),
  );
}

/** PostgreSQL gets the words, syncs its log, answers; then the service acknowledges. */
function repliedAfterSync(calls: readonly Call[], service: number, n: number): boolean {
  const got = calls.findIndex(
    ({ pid, name, said }) => pid !== String(service) && /^(recvfrom|read)$/.test(name) && said.includes(wordsOf(n)),
  );
  const synced = calls.findIndex((call, at) => at > got && isSync(call));
  const replied = calls.findIndex((call, at) => at > synced && call.pid === calls[got]?.pid && call.name === 'sendto');
  const acknowledged = placeOfAcknowledgement(calls, service, n);
  return got !== -1 && synced !== -1 && replied !== -1 && acknowledged > replied;
}

/** The embedded database syncs its log in the service itself, after the words have come and before they are acknowledged. */
function syncedBetween(calls: readonly Call[], service: number, n: number): boolean {
  const before = n === 1 ? -1 : placeOfAcknowledgement(calls, service, n - 1);
  const acknowledged = placeOfAcknowledgement(calls, service, n);
  return acknowledged > before && calls.slice(before + 1, acknowledged).some(isSync);
}

function uintBytes(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) | 0x80, ...uintBytes(Math.floor(value / 128))];
}

/** The bytes of what strace prints between quotation marks, joined by commas. */
function bytesIn(said: string): string {
  const text = [...said.matchAll(/"((?:[^"\\]|\\.)*)"/gs)].map(([, each]) => each).join('');
  const bytes: number[] = [];
  const escaped = /\\(?:([0-7]{1,3})|x([0-9a-f]{2})|(.))|([^\\])/gs;
  const letters: Record<string, number> = { n: 10, r: 13, t: 9, v: 11, f: 12 };
  for (const [, octal, hex, letter, plain] of text.matchAll(escaped)) {
    if (octal !== undefined) bytes.push(Number.parseInt(octal, 8));
    else if (hex !== undefined) bytes.push(Number.parseInt(hex, 16));
    else if (letter !== undefined) bytes.push(letters[letter] ?? letter.charCodeAt(0));
    else bytes.push((plain as string).charCodeAt(0));
  }
  return bytes.join(',');
}
