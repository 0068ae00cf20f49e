/** PGlite in a folder, with what it leaves out put back: fsync, a lock, creation in one step, checkpoints. */
import { closeSync, existsSync, fsyncSync, openSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { PGlite, type PGliteOptions } from '@electric-sql/pglite';
import { NodeFS } from '@electric-sql/pglite/nodefs';
import { lockFolder } from './folder-lock.ts';

/** How often fsync reached the operating system: read by the test that a commit is durable. */
export const syncs = { count: 0 };

/** Milliseconds between checkpoints: PGlite has no checkpointer, and its log grows without one. */
const checkpointEvery = 5 * 60_000;

type NodeStream = { nfd?: number; node: unknown };
type Module = { NODEFS: { stream_ops: Record<string, unknown>; realPath(node: unknown): string } };

/**
 * The file system of a folder on which fsync is real. Emscripten's NODEFS has no fsync, and
 * PostgreSQL inside asks for one at each commit: without this it is told that all is well.
 */
class DurableFS extends NodeFS {
  override async init(...[pg, options]: Parameters<NodeFS['init']>): ReturnType<NodeFS['init']> {
    const { emscriptenOpts } = await super.init(pg, options);
    const syncStreams = ({ NODEFS }: Module): void => {
      NODEFS.stream_ops['fsync'] = (stream: NodeStream): number => {
        if (stream.nfd === undefined) syncPath(NODEFS.realPath(stream.node));
        else fsyncSync(stream.nfd);
        syncs.count += 1;
        return 0;
      };
    };
    const preRun = [emscriptenOpts.preRun ?? []].flat();
    return { emscriptenOpts: { ...emscriptenOpts, preRun: [...preRun, syncStreams] as typeof preRun } };
  }
}

/** `-F` switches fsync off; its fdatasync does nothing, so commits must use fsync. */
const startParams = [...PGlite.defaultStartParams.filter((param) => param !== '-F'), '-c', 'wal_sync_method=fsync'];

/** An open embedded database, alone in its folder until closed. */
export type Embedded = { client: PGlite; close: () => Promise<void> };

/**
 * Opens the database in `folder`, creating it first if there is none. Creation happens in a
 * sibling folder that takes its place in one step once it is whole and on disk, so that a process
 * killed halfway leaves nothing that opens as half a database.
 */
export async function openEmbedded(folder: string, onTrouble: (error: unknown) => void): Promise<Embedded> {
  const path = resolve(folder);
  const lock = lockFolder(path);
  try {
    if (!existsSync(path)) await createIn(path);
    const client = await PGlite.create(optionsFor(path));
    const timer = setInterval(() => void client.exec('checkpoint').catch(onTrouble), checkpointEvery);
    timer.unref();
    return {
      client,
      async close() {
        clearInterval(timer);
        await client.exec('vacuum');
        await client.exec('checkpoint');
        await client.close();
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

function optionsFor(path: string): PGliteOptions {
  return { fs: new DurableFS(path), startParams };
}

async function createIn(path: string): Promise<void> {
  const beside = `${path}.new`;
  rmSync(beside, { recursive: true, force: true });
  const client = await PGlite.create(optionsFor(beside));
  await client.exec('checkpoint');
  await client.close();
  syncTree(beside);
  renameSync(beside, path);
  syncPath(dirname(path));
}

function syncTree(path: string): void {
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    const inside = join(path, entry.name);
    if (entry.isDirectory()) syncTree(inside);
    else syncPath(inside);
  }
  syncPath(path);
}

function syncPath(path: string): void {
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
