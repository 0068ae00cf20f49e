/** A process of its own that opens a store and commits rows: to be watched, refused, traced or killed. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { pino } from 'pino';
import { partnership } from '#schema/tables/index.ts';
import { openStore } from '#server/store.ts';
import type { Place } from './database.ts';

type Where = Omit<Place, 'remove'>;

export type StoreProcess = {
  /** Lines printed so far: `open`, then `committed <n>` after each commit. */
  lines: readonly string[];
  /** Resolves when a line starts so. Rejects, with all that was printed, if the process ends first. */
  says: (start: string) => Promise<void>;
  /** SIGKILL: no time for anything. */
  kill: () => Promise<void>;
  /** Lets it close the store; resolves with the exit code. */
  finish: () => Promise<number | null>;
};

/** Starts it. `rows` are committed one by one; `under` is a command that runs it, as strace does. */
export function spawnStore(where: Where, options: { rows?: number; under?: readonly string[] } = {}): StoreProcess {
  const [command = process.execPath, ...args] = [...(options.under ?? []), process.execPath];
  const told = JSON.stringify({ databaseUrl: where.databaseUrl, folder: where.folder, rows: options.rows ?? 0 });
  const child = spawn(command, [...args, import.meta.filename, told], { stdio: ['pipe', 'pipe', 'pipe'] });
  const abandon = () => child.kill('SIGKILL');
  process.once('exit', abandon);
  const lines: string[] = [];
  const listeners = new Set<() => void>();
  let complaints = '';
  child.stderr.on('data', (chunk: Buffer) => {
    complaints += chunk.toString();
  });
  // A process that is killed takes its end of the pipe with it.
  child.stdin.on('error', () => undefined);
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line);
    for (const listen of listeners) listen();
  });
  const gone = new Promise<number | null>((resolve) => child.once('close', resolve));
  void gone.then(() => process.off('exit', abandon));

  return {
    lines,
    says: (start) =>
      new Promise((resolve, reject) => {
        const listen = () => {
          if (!lines.some((line) => line.startsWith(start))) return;
          listeners.delete(listen);
          resolve();
        };
        listeners.add(listen);
        listen();
        void gone.then(() =>
          reject(new Error(`It ended before saying "${start}":\n${lines.join('\n')}\n${complaints}`)),
        );
      }),
    async kill() {
      child.kill('SIGKILL');
      await gone;
    },
    finish() {
      child.stdin.end();
      return gone;
    },
  };
}

async function main(told: string): Promise<void> {
  const { rows, ...where } = JSON.parse(told) as Where & { rows: number };
  const store = await openStore({ ...where, log: pino({ level: 'warn' }) });
  console.log('open');
  for (let n = 1; n <= rows; n += 1) {
    const contact = { name: '', phone: '', email: '' };
    await store.db.insert(partnership).values({ id: `row ${n}`, name: 'x'.repeat(100), contact });
    console.log(`committed ${n}`);
  }
  for await (const _ of process.stdin);
  await store.close();
}

if (import.meta.main) {
  await main(process.argv[2] ?? '').catch((error: Error) => {
    console.error(error.message);
    process.exit(1);
  });
}
