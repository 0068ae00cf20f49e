/** Fills the disk under a running service and its database, and says what became of what people typed. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { expect } from 'vitest';
import { notesRoot } from '#schema/notes.ts';
import { diskFullWords } from '#server/log.ts';
import type { DatabaseKind, Place } from './database.ts';
import { startPostgres } from './postgres-server.ts';
import { leaseAt, liveCaseAt, signInAt, startService, type RunningService } from './service.ts';
import { smallDisk, type SmallDisk } from './small-disk.ts';
import { openWriter, paragraphsOf } from './writer.ts';
import { Client } from '../sync/support/client.ts';
import { until } from '../sync/support/until.ts';

/** Megabytes: a new PostgreSQL takes some 60, half of them log. */
const size: Record<DatabaseKind, number> = { pglite: 128, postgres: 160 };
/** Milliseconds a busy machine may take over any of it. */
const aWhile = 120_000;

type Databased = { place: Omit<Place, 'remove'>; stop: () => Promise<void> };

async function databaseOn(disk: SmallDisk, kind: DatabaseKind): Promise<Databased> {
  const folder = join(disk.folder, 'data');
  if (kind === 'pglite') return { place: { databaseUrl: null, folder }, stop: async () => undefined };
  // Its log may stop the whole server, which a keeper then starts again.
  const server = await startPostgres({ parent: disk.folder, again: true, settings: { max_wal_size: '64MB' } });
  if (!server) throw new Error('This run has no PostgreSQL');
  return { place: { databaseUrl: server.url, folder }, stop: server.stop };
}

const timesSaid = ({ printed }: RunningService) => printed().split(diskFullWords).length - 1;
/** Words that do not grow shorter on disk. */
const long = () => randomBytes(10_000).toString('hex');

/**
 * [R5] Nothing is shown as saved while there is no room, it is said why, what is there can be read, and
 * once there is room all that was shown as saved is there, once. Null where no small disk may be had.
 */
export async function surviveFullDisk(kind: DatabaseKind): Promise<{ saved: number } | null> {
  const disk = smallDisk(size[kind]);
  if (!disk) return null;
  const { place, stop } = await databaseOn(disk, kind);
  const service = await startService(place);
  const { address } = service;
  try {
    const cookie = await signInAt(address, 'Amara Fenwick');
    const { ref, room } = await liveCaseAt(address, cookie);
    const writer = openWriter({ address, room, cookie, client: await leaseAt(address, cookie, room) });
    writer.type('while there was room');
    await writer.settled(aWhile);

    const { giveBack } = await disk.fill();
    let typed = 0;
    await until(
      'the disk to be full',
      async () => {
        if (timesSaid(service) > 0) return true;
        const before = writer.saved().length;
        writer.type(`${typed++} ${long()}`);
        await until('it to be saved, or not', () => writer.saved().length > before || timesSaid(service) > 0, aWhile);
        return false;
      },
      aWhile,
    );
    const said = timesSaid(service);
    writer.type('while there was none');
    await until('it to be tried again, twice', () => timesSaid(service) >= said + 2, aWhile);
    expect(writer.saved()).not.toContain('while there was none');

    // Whoever sends a form is told, and not as a fault that is nobody's.
    const draft = async () => {
      const headers = { cookie, origin: address, 'content-type': 'application/json' };
      const body = JSON.stringify({ body: { reason: Array.from({ length: 6 }, long).join('') } });
      return fetch(`${address}/api/rooms/${room}/drafts/position`, { method: 'PUT', headers, body });
    };
    let answer = await draft();
    await until(
      'a form to be refused',
      async () => {
        if (answer.ok) answer = await draft();
        return !answer.ok;
      },
      aWhile,
    );
    // 500: the database itself went down over it.
    if (kind === 'pglite' || answer.status !== 500)
      expect([answer.status, await answer.json()]).toEqual([503, { refused: 'DiskFull', facts: {} }]);

    // What is there can be read.
    await until(
      'the case to be readable',
      async () => (await fetch(`${address}/api/cases/${ref}`, { headers: { cookie } })).ok,
      aWhile,
    );
    const reader = await Client.open({ address }, room, { cookie });
    expect(paragraphsOf((await reader.doc()).getXmlFragment(notesRoot))).toContain('while there was room');
    reader.close();

    const saved = [...writer.saved()];
    await giveBack();
    await writer.settled(aWhile);
    const newcomer = await Client.open({ address }, room, { cookie });
    const found = paragraphsOf((await newcomer.doc()).getXmlFragment(notesRoot));
    newcomer.close();
    expect(saved.filter((words) => !found.includes(words))).toEqual([]);
    const times = new Map(writer.saved().map((words) => [words, found.filter((each) => each === words).length]));
    expect([...times].filter(([, each]) => each !== 1)).toEqual([]);
    expect((await draft()).ok).toBe(true);
    writer.close();
    expect(await service.stop()).toBe(0);
    return { saved: saved.length };
  } finally {
    await service.kill();
    await stop();
    disk.remove();
  }
}
