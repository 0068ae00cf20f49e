/** The vault's key in the data folder: made once and whole, whatever happens at the first start. */
import { open, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { readVaultKey } from '#server/vault.ts';
import { emptyPlace, type Place } from '../support/database.ts';

let place: Place;
const read = (folder = place.folder) => readVaultKey({ vaultKey: null, folder });

beforeEach(async () => {
  place = await emptyPlace('pglite');
});
afterEach(() => place.remove());

test('many who start at once come to one key, which nobody else may read', async () => {
  const keys = await Promise.all(Array.from({ length: 10 }, () => read()));
  expect(new Set(keys.map((key) => key.toString('hex'))).size).toBe(1);
  expect(keys[0]).toHaveLength(32);
  expect(await readdir(place.folder)).toEqual(['vault.key']);
  if (process.platform !== 'win32') expect((await stat(join(place.folder, 'vault.key'))).mode & 0o777).toBe(0o600);
});

test('a first start that could not write it leaves no half a key: the next makes it', async () => {
  const handle = await open(import.meta.filename);
  const writing = vi.spyOn(Object.getPrototypeOf(handle) as typeof handle, 'writeFile');
  await handle.close();
  writing.mockRejectedValueOnce(new Error('No space left on device'));
  await expect(read()).rejects.toThrow(/cannot write in .*set CANDOUR_DATA/);
  writing.mockRestore();
  expect(await read()).toHaveLength(32);
});

test('where it cannot be kept at all it is said what to do; and so it is where it is no key', async () => {
  const file = join(place.folder, '..', 'a-file');
  await writeFile(file, 'no folder');
  await expect(read(join(file, 'data'))).rejects.toThrow(/cannot write in .*set CANDOUR_DATA/);
  await read();
  await writeFile(join(place.folder, 'vault.key'), 'short');
  await expect(read()).rejects.toThrow(/does not hold a key of 32 bytes/);
});
