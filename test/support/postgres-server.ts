/** A real PostgreSQL of the test run's own: its own cluster, started and removed with the run, fsync on. */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { chown, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { aptInstall } from './install.ts';
import { freePort } from './port.ts';

const run = promisify(execFile);

export type PostgresServer = {
  /** Its first database, as the superuser. */
  url: string;
  /** Its processes now; the first is the one that all others come from. */
  pids: () => number[];
  /** SIGKILL to every process of it at once, as when the machine dies. */
  kill: () => void;
  stop: () => Promise<void>;
};

type Options = {
  /** The folder its own folder is made in. */
  parent?: string;
  /** Starts it again whenever it ends by itself, as a service's keeper does. */
  again?: boolean;
  settings?: Record<string, string | number>;
};

/** Starts one, installing it first where that is possible. Null, with the reason printed, where there is none. */
export async function startPostgres({
  parent = tmpdir(),
  again = false,
  settings: given = {},
}: Options = {}): Promise<PostgresServer | null> {
  const bin = findBin() ?? ((await aptInstall('postgresql')) ? findBin() : null);
  if (!bin) {
    console.log('Left out: tests on PostgreSQL, because no PostgreSQL server is installed and none could be.');
    return null;
  }
  const as = await account();
  const folder = await mkdtemp(join(parent, 'candour-postgres-'));
  // Whoever reaches a superuser's database can act as its user: it has a password even on loopback.
  const password = randomBytes(16).toString('hex');
  const passwordFile = join(folder, 'password');
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (as) for (const path of [folder, passwordFile]) await chown(path, as.uid, as.gid);

  const data = join(folder, 'data');
  const cluster = ['-D', data, '-U', 'candour', '-A', 'scram-sha-256', '--pwfile', passwordFile];
  await run(join(bin, 'initdb'), [...cluster, '-E', 'UTF8', '--locale=C'], { ...as, cwd: folder });
  const port = await freePort();
  const settings = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    fsync: 'on',
    max_connections: 200,
    ...given,
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const keeper = spawn(
    'sh',
    ['-c', again ? keepingAlive : keeping, 'sh', folder, join(bin, 'postgres'), '-D', data, ...flags],
    {
      ...as,
      cwd: folder,
      // Its own process group: Ctrl-C reaches the test run only, which then lets go.
      detached: true,
      stdio: ['pipe', 'ignore', 'pipe'],
    },
  );
  const gone = new Promise<void>((resolve) => keeper.once('exit', () => resolve()));
  await answering(keeper);
  const pids = () => {
    const first = Number(readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')[0]);
    const others = readFileSync(`/proc/${first}/task/${first}/children`, 'utf8').split(' ').filter(Boolean);
    return [first, ...others.map(Number)];
  };
  return {
    url: `postgres://candour:${password}@127.0.0.1:${port}/postgres`,
    pids,
    kill() {
      for (const each of pids()) process.kill(each, 'SIGKILL');
    },
    async stop() {
      keeper.stdin.end();
      await gone;
    },
  };
}

/**
 * Keeps the server as long as the test run holds the other end of this shell's input, and then
 * removes its folder: even a run that is killed leaves nothing behind.
 */
const keeping = `
  folder=$1; shift
  exec 3<&0
  "$@" 3<&- &
  server=$!
  { cat <&3 > /dev/null; kill -INT $server; } 2> /dev/null &
  wait $server
  cd / && rm -rf "$folder"
`;

/** The same, and starts it again whenever it ends by itself. */
const keepingAlive = `
  folder=$1; shift
  exec 3<&0
  touch "$folder/wanted"
  { cat <&3 > /dev/null
    rm -f "$folder/wanted"
    while kill -INT "$(head -n 1 "$folder/data/postmaster.pid")"; do sleep 0.2; done
  } 2> /dev/null &
  while [ -e "$folder/wanted" ]; do
    "$@" 3<&- &
    wait $!
    sleep 0.2
  done
  cd / && rm -rf "$folder"
`;

/** The folder of `initdb` and `postgres`, the newest where there are several. */
function findBin(): string | null {
  const packaged = '/usr/lib/postgresql';
  const versions = existsSync(packaged) ? readdirSync(packaged).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [
    ...versions.map((version) => join(packaged, version, 'bin')),
    ...(process.env['PATH'] ?? '').split(delimiter),
  ];
  return folders.find((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres'))) ?? null;
}

/** PostgreSQL does not run as root: then it runs as the user that its package made. */
async function account(): Promise<{ uid: number; gid: number } | null> {
  if (process.getuid?.() !== 0) return null;
  const id = async (flag: string) => Number((await run('id', [flag, 'postgres'])).stdout);
  return { uid: await id('-u'), gid: await id('-g') };
}

/** Waits for the server's own word that it is ready. Throws, with what it printed, when it ends instead. */
function answering(server: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let printed = '';
    server.stderr?.on('data', (chunk: Buffer) => {
      printed = (printed + chunk.toString()).slice(-2000);
      if (printed.includes('ready to accept connections')) resolve();
    });
    server.once('exit', () => reject(new Error(`PostgreSQL ended before it was ready:\n${printed}`)));
  });
}
