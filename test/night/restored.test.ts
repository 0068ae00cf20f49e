/** [R27] An older backup is put back: no copy from before is merged with it, and whoever typed keeps their words. */
import { execFile } from 'node:child_process';
import { cp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { close } from '#schema/protocol.ts';
import { practicePlace, type Place } from '../support/database.ts';
import { liveCaseAt, signInAt, startService } from '../support/service.ts';
import { openWriter, paragraphsOf } from '../support/writer.ts';
import { until } from '../sync/support/until.ts';

const aWhile = 120_000;
const top = join(import.meta.dirname, '..', '..');

/** What an operator does: the backup back in its place, and the word that it was. */
async function putBack({ folder }: Place, backup: string): Promise<string> {
  await rename(folder, `${folder}.broken`);
  await cp(backup, folder, { recursive: true });
  await rm(`${folder}.broken`, { recursive: true });
  const env = { ...process.env, CANDOUR_DATA: folder, DATABASE_URL: '' };
  return (await promisify(execFile)(process.execPath, ['server/restored.ts'], { cwd: top, env })).stdout;
}

test(
  '[R27] a copy from before the restore is turned away and keeps its words; its like is not merged',
  { timeout: 3 * aWhile },
  async () => {
    const place = await practicePlace('pglite');
    const backup = `${place.folder}.backup`;
    let service = await startService(place);
    const { port } = new URL(service.address);
    const cookie = await signInAt(service.address, 'Amara Fenwick');
    const { room } = await liveCaseAt(service.address, cookie);
    const enter = async () => {
      const { address } = service;
      const reply = await fetch(`${address}/api/rooms/${room}/lease`, {
        method: 'POST',
        headers: { cookie, origin: address, 'content-type': 'application/json' },
        body: '{}',
      });
      const { client, epoch } = (await reply.json()) as { client: number; epoch: number };
      const writer = openWriter({ address, room, cookie, client, epoch });
      await until('the notes to have come', () => writer.provider.synced, aWhile);
      return { writer, epoch };
    };
    const first = await enter();
    first.writer.type('in the backup');
    await first.writer.settled(aWhile);
    await service.stop();
    await cp(place.folder, backup, { recursive: true });
    service = await startService(place, { PORT: port });

    first.writer.type('saved after the backup');
    await first.writer.settled(aWhile);
    let turned = 0;
    first.writer.provider.on('closed', ({ code }) => {
      turned = code;
    });
    await service.stop();
    expect(await putBack(place, backup)).toMatch(/rooms begin anew/);
    service = await startService(place, { PORT: port });
    await until('the copy to be turned away', () => turned === close.rightsChanged, aWhile);
    expect(paragraphsOf(first.writer.notes)).toContain('saved after the backup');

    const second = await enter();
    const found = paragraphsOf(second.writer.notes);
    expect(found).toContain('in the backup');
    expect(found).not.toContain('saved after the backup');
    expect(second.epoch).toBeGreaterThan(first.epoch + 1);
    second.writer.type('and on it goes');
    await second.writer.settled(aWhile);

    for (const { writer } of [first, second]) writer.close();
    await service.stop();
    await place.remove();
  },
);
