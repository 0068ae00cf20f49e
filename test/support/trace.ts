/** Watches from outside, by strace, in what order processes do what they do. */
import { execFile, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { aptInstall } from './install.ts';

/** Whether processes can be traced here; strace is fetched where it may be. Where not, one line says so. */
export async function findTracer(): Promise<boolean> {
  if (process.platform !== 'linux') return false;
  const traces = () =>
    promisify(execFile)('strace', ['-e', 'trace=none', 'true']).then(
      () => true,
      () => false,
    );
  const found = (await traces()) || ((await aptInstall('strace')) && (await traces()));
  if (!found) console.log('Left out: watching fsync from outside, because strace is not here or may not trace.');
  return found;
}

/** A call as it ended: by which process, what, and all that strace says of its arguments and answer. */
export type Call = { pid: string; name: string; said: string };

const calls = 'fsync,fdatasync,read,recvfrom,sendto,write,writev';

/** Watches processes and those that they start from now on, until told to stop; then gives their calls in the order in which they ended. */
export async function watch(pids: readonly number[]): Promise<{ stop: () => Promise<Call[]> }> {
  const folder = await mkdtemp(join(tmpdir(), 'candour-trace-'));
  const file = join(folder, 'calls');
  const which = pids.flatMap((pid) => ['-p', String(pid)]);
  const strace = spawn('strace', ['-f', '-y', '-s', '4096', '-e', `trace=${calls}`, '-o', file, ...which], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const abandon = () => strace.kill('SIGINT');
  process.once('exit', abandon);
  const gone = new Promise<void>((resolve) => strace.once('close', () => resolve()));
  let told = '';
  await new Promise<void>((resolve, reject) => {
    strace.stderr.on('data', (chunk: Buffer) => {
      told += chunk.toString();
      if (pids.every((pid) => new RegExp(`Process ${pid} attached`).test(told))) resolve();
    });
    void gone.then(() => reject(new Error(`strace ended:\n${told}`)));
  });
  return {
    async stop() {
      strace.kill('SIGINT');
      await gone;
      process.off('exit', abandon);
      const text = await readFile(file, 'latin1');
      await rm(folder, { recursive: true });
      return ended(text.split('\n'));
    },
  };
}

/** Joins what strace says in two lines, where another process was in between. */
function ended(lines: readonly string[]): Call[] {
  const begun = new Map<string, string>();
  const found: Call[] = [];
  for (const line of lines) {
    const [, pid, rest] = /^(\d+) +(.*)$/s.exec(line) ?? [];
    if (pid === undefined || rest === undefined) continue;
    if (rest.endsWith('<unfinished ...>')) {
      begun.set(pid, rest);
      continue;
    }
    const resumed = /^<\.\.\. \w+ resumed>/.exec(rest)?.[0];
    const said = resumed === undefined ? rest : (begun.get(pid) ?? '') + rest.slice(resumed.length);
    const name = /^\w+(?=\()/.exec(said)?.[0];
    if (name) found.push({ pid, name, said });
  }
  return found;
}
