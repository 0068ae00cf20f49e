/** A real Redis of the test run's own, to be killed, paused and flushed. */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { until } from '../sync/support/until.ts';
import { aptInstall } from './install.ts';
import { freePort } from './port.ts';

export type RedisServer = {
  url: string;
  port: number;
  /** SIGKILL: it keeps nothing. */
  kill: () => Promise<void>;
  /** On the same port, after a kill. */
  startAgain: () => Promise<void>;
  /** It lives and answers nothing. */
  pause: () => void;
  goOn: () => void;
  /** Throws away all that it holds, and everyone who is connected. */
  flush: () => void;
  stop: () => Promise<void>;
};

/** Starts one, installing it first where that is possible. Null, with the reason printed, where there is none. */
export async function startRedis(): Promise<RedisServer | null> {
  const found = find() ?? ((await aptInstall('redis-server')) ? find() : null);
  if (!found) {
    console.log(
      'Left out: what several processes do when Redis fails, because no Redis is installed and none could be.',
    );
    return null;
  }
  const folder = await mkdtemp(join(tmpdir(), 'candour-redis-'));
  const port = await freePort();
  const start = async () => {
    const settings = [
      '--port',
      String(port),
      '--bind',
      '127.0.0.1',
      '--save',
      '',
      '--appendonly',
      'no',
      '--dir',
      folder,
    ];
    const child = spawn(found, settings, { stdio: 'ignore' });
    const abandon = () => child.kill('SIGKILL');
    process.once('exit', abandon);
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    void gone.then(() => process.off('exit', abandon));
    await until('Redis to answer', () => answers(port), 60_000);
    return { child, gone };
  };
  let running = await start();
  const kill = async () => {
    running.child.kill('SIGKILL');
    await running.gone;
  };
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    kill,
    async startAgain() {
      running = await start();
    },
    pause: () => void running.child.kill('SIGSTOP'),
    goOn: () => void running.child.kill('SIGCONT'),
    flush() {
      for (const command of [
        ['flushall'],
        ['client', 'kill', 'type', 'normal'],
        ['client', 'kill', 'type', 'pubsub'],
      ]) {
        execFileSync(join(found, '..', 'redis-cli'), ['-p', String(port), ...command], { stdio: 'ignore' });
      }
    },
    async stop() {
      await kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function find(): string | null {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/bin'];
  return folders.map((folder) => join(folder, 'redis-server')).find(existsSync) ?? null;
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const wire = connect(port, '127.0.0.1');
    const tell = (answer: boolean) => {
      wire.destroy();
      resolve(answer);
    };
    wire.once('error', () => tell(false));
    wire.once('data', () => tell(true));
    wire.write('PING\r\n');
  });
}
