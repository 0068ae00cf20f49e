/** Starts a measured server as a process of its own, on a store of its own, and starts it anew on the same. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ask } from '../support/ask.ts';
import type { At } from './load/job.ts';
import type { Target } from './targets.ts';

export type Running = {
  at: () => At;
  /** Ends it as a service is ended, and starts it again on the same store and port. */
  restart: () => Promise<void>;
  stop: () => Promise<void>;
};

/** Milliseconds a server has to end by itself. */
const patience = 15_000;

/** `postgresUrl`: where a database may be made for it. */
export async function start(target: Target, postgresUrl: string | null): Promise<Running> {
  const folder = await mkdtemp(join(tmpdir(), 'candour-bench-'));
  const database = target.database === 'postgres' && postgresUrl ? await makeDatabase(postgresUrl) : null;
  const env = {
    ...target.env,
    ...(database ? { DATABASE_URL: database.url } : {}),
    CANDOUR_DATA: join(folder, 'data'),
    YPERSISTENCE: join(folder, 'level'),
  };
  let child = await begin(target, { ...env, PORT: '0' });
  const { port } = new URL(child.address);
  return {
    at: () => ({ target, address: child.address, pids: { server: child.pid, database: database?.pid ?? null } }),
    async restart() {
      await child.end();
      child = await begin(target, { ...env, PORT: port });
    },
    async stop() {
      await child.end();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

type Child = { address: string; pid: number; end: () => Promise<void> };

async function begin(target: Target, env: Record<string, string>): Promise<Child> {
  const child = spawn(process.execPath, ['--expose-gc', target.file], {
    env: { PATH: process.env['PATH'], NODE_ENV: 'production', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const abandon = () => child.kill('SIGKILL');
  process.once('exit', abandon);
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  void gone.then(() => process.off('exit', abandon));
  return {
    address: await addressFrom(child, target.name),
    pid: child.pid ?? 0,
    async end() {
      child.kill('SIGTERM');
      const late = setTimeout(abandon, patience);
      await gone;
      clearTimeout(late);
    },
  };
}

function addressFrom(child: ChildProcess, name: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let printed = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      printed = (printed + chunk.toString()).slice(-2000);
      const told = /Listening at (http\S+)\n/.exec(printed)?.[1];
      if (told) resolve(told);
    });
    child.once('exit', () => reject(new Error(`${name} ended before it was ready`)));
  });
}

/** A fresh database, and the process of the server it is in. */
async function makeDatabase(url: string): Promise<{ url: string; pid: number }> {
  const name = `bench_${Math.random().toString(36).slice(2)}`;
  await ask(url, `create database ${name} template template0`);
  const [row] = await ask<{ pid: number }>(
    url,
    "select split_part(pg_read_file('postmaster.pid'), chr(10), 1)::int as pid",
  );
  return { url: url.replace(/postgres$/, name), pid: row?.pid ?? 0 };
}
