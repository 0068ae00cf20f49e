/** PGlite in a folder, with what it leaves out put back: fsync, a lock, creation in one step, checkpoints, vacuum. */
import { existsSync, fsyncSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { PGlite, type PGliteOptions } from '@electric-sql/pglite';
import { NodeFS } from '@electric-sql/pglite/nodefs';
import { cannotWrite, lockFolder } from './folder-lock.ts';
import { syncFolder, syncPath } from './on-disk.ts';

/** How often fsync has reached the operating system: what the test reads that a commit is durable. */
export const syncs = { count: 0 };

/** Milliseconds between checkpoints: PGlite has no checkpointer, and its log grows without one. */
const checkpointEvery = 5 * 60_000;
/** Checkpoints between vacuums: nor has it autovacuum. Each stops the thread, so not more often than hourly. */
const checkpointsPerVacuum = 12;

type NodeStream = { nfd: number };
/** What is used here of Emscripten's file system over Node's: the reason why PGlite's version is pinned. */
type Module = {
  NODEFS: {
    stream_ops: { fsync?: (stream: NodeStream) => number };
    /** Runs `operation`, and turns Node's error into the one that the code inside understands. */
    tryFSOperation: (operation: () => void) => void;
  };
};

/**
 * The file system of a folder on which fsync is real. Emscripten's own has none, and answers the
 * database inside, which asks for one at each commit, that all is well.
 */
class DurableFS extends NodeFS {
  override async init(...[pg, options]: Parameters<NodeFS['init']>): ReturnType<NodeFS['init']> {
    const { emscriptenOpts } = await super.init(pg, options);
    const restoreFsync = ({ NODEFS }: Module): void => {
      NODEFS.stream_ops.fsync = ({ nfd }) => {
        NODEFS.tryFSOperation(() => fsyncSync(nfd));
        syncs.count += 1;
        return 0;
      };
    };
    const preRun = [emscriptenOpts.preRun ?? []].flat();
    return { emscriptenOpts: { ...emscriptenOpts, preRun: [...preRun, restoreFsync] as typeof preRun } };
  }
}

/** `-F` switches fsync off; fdatasync, the usual way of a commit, does nothing here. */
const startParams = [
  ...PGlite.defaultStartParams.filter((param) => param !== '-F'),
  ...['-c', 'wal_sync_method=fsync'],
  ...['-c', 'TimeZone=UTC'],
];

/** An open embedded database, alone in its folder until closed. */
export type Embedded = { client: PGlite; close: () => Promise<void> };

/**
 * Opens the database in `folder`, creating it first if there is none. `onTrouble` hears of a
 * checkpoint or vacuum that failed. Throws an Error whose message says what to do when the folder
 * is in use, not writable, or holds something else under the database's name.
 */
export async function openEmbedded(folder: string, onTrouble: (error: unknown) => void): Promise<Embedded> {
  const path = resolve(folder);
  makeFolder(path);
  const lock = lockFolder(path);
  try {
    const database = join(path, 'database');
    if (!existsSync(database)) await createAt(database);
    if (!existsSync(join(database, 'PG_VERSION'))) {
      throw new Error(`${database} is not a database. Move it away, or set CANDOUR_DATA to another folder.`);
    }
    const client = await PGlite.create(optionsFor(database));
    const timer = keepTidy(client, onTrouble);
    const opened = performance.now();
    let closed: Promise<void> | null = null;
    return {
      client,
      close() {
        clearInterval(timer);
        const wasUsed = performance.now() - opened >= checkpointEvery;
        closed ??= closeTidily(client, wasUsed).finally(lock.release);
        return closed;
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

function keepTidy(client: PGlite, onTrouble: (error: unknown) => void): NodeJS.Timeout {
  let checkpoints = 0;
  const tidy = async (): Promise<void> => {
    checkpoints += 1;
    if (checkpoints % checkpointsPerVacuum === 0) await client.exec('vacuum (analyze)');
    await client.exec('checkpoint');
  };
  return setInterval(() => void tidy().catch(onTrouble), checkpointEvery).unref();
}

/** A service that is restarted daily would otherwise never vacuum; one that was open for minutes has left little to clear. */
async function closeTidily(client: PGlite, wasUsed: boolean): Promise<void> {
  try {
    if (wasUsed) await client.exec('vacuum (analyze)');
    await client.exec('checkpoint');
  } finally {
    await client.close();
  }
}

/**
 * Creates the database beside its place and moves it there in one step, once it is whole and on
 * disk: a process killed halfway leaves nothing that opens as half a database.
 */
async function createAt(path: string): Promise<void> {
  const beside = `${path}.new`;
  rmSync(beside, { recursive: true, force: true });
  const client = await PGlite.create(optionsFor(beside));
  await client.exec('checkpoint');
  await client.close();
  syncTree(beside);
  renameSync(beside, path);
  syncFolder(dirname(path));
}

/** Makes a folder and those above it that are missing, and puts each new name on disk. */
function makeFolder(path: string): void {
  try {
    const first = mkdirSync(path, { recursive: true });
    for (let made = path; first && made.length >= first.length; made = dirname(made)) syncFolder(dirname(made));
  } catch (cause) {
    throw cannotWrite(path, cause);
  }
}

function syncTree(path: string): void {
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    const inside = join(path, entry.name);
    if (entry.isDirectory()) syncTree(inside);
    else syncPath(inside, 'r+');
  }
  syncFolder(path);
}
