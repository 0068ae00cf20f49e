/** The real service as a process of its own, to be used, stopped or killed. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Place } from './database.ts';
import { freePort } from './port.ts';

export type RunningService = {
  address: string;
  pid: number;
  /** All that it printed. */
  printed: () => string;
  /** SIGTERM: drains, then ends. Resolves with its exit code. */
  stop: () => Promise<number | null>;
  /** SIGKILL: no time for anything. */
  kill: () => Promise<void>;
};

const top = join(import.meta.dirname, '..', '..');

/**
 * Starts the service in practice mode on a database, and waits until it has printed its address.
 * Nothing of it comes from the environment of the test run, which may name a database of somebody's.
 */
export async function startService(
  place: Omit<Place, 'remove'>,
  env: Record<string, string> = {},
): Promise<RunningService> {
  const child = spawn(process.execPath, ['server/main.ts'], {
    cwd: top,
    env: {
      PATH: process.env['PATH'],
      PORT: String(await freePort()),
      CANDOUR_MODE: 'practice',
      CANDOUR_DATA: place.folder,
      LOG_LEVEL: 'warn',
      NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
      ...(place.databaseUrl ? { DATABASE_URL: place.databaseUrl } : {}),
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  // A test that fails before it stops the service leaves none behind.
  const abandon = () => child.kill('SIGKILL');
  process.once('exit', abandon);
  const gone = new Promise<number | null>((resolve) => child.once('exit', resolve));
  void gone.then(() => process.off('exit', abandon));

  let printed = '';
  const address = await new Promise<string>((resolve, reject) => {
    const hear = (chunk: Buffer) => {
      printed += chunk.toString();
      const told = /Candour is at (http\S+)\n/.exec(printed)?.[1];
      if (told) resolve(told);
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.once('close', () => reject(new Error(`The service ended before it was ready:\n${printed}`)));
  });
  return {
    address,
    pid: child.pid ?? 0,
    printed: () => printed,
    stop() {
      child.kill('SIGTERM');
      return gone;
    },
    async kill() {
      child.kill('SIGKILL');
      await gone;
    },
  };
}

export type PracticePerson = { person: string; name: string };

/** Signs a practice person in at the running service; answers with the cookie to send. */
export async function signInAt(address: string, name: string): Promise<string> {
  const headers = { origin: address, 'content-type': 'application/json' };
  const { people } = (await (await fetch(`${address}/api/practice/people`)).json()) as { people: PracticePerson[] };
  const person = people.find((each) => each.name === name)?.person;
  const reply = await fetch(`${address}/api/practice/sign-in`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ person }),
  });
  if (!reply.ok) throw new Error(`${name} could not sign in: ${reply.status}`);
  return (reply.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
}

/** The undecided practice case, as this person sees it. */
export async function liveCaseAt(address: string, cookie: string): Promise<{ ref: string; room: string }> {
  const work = (await (await fetch(`${address}/api/work`, { headers: { cookie } })).json()) as {
    cases: { ref: string; decidedAt: string | null }[];
  };
  const ref = work.cases.find(({ decidedAt }) => decidedAt === null)?.ref;
  return (await (await fetch(`${address}/api/cases/${ref}`, { headers: { cookie } })).json()) as {
    ref: string;
    room: string;
  };
}

/** Cookies of the practice people who may write in this case, each signed in. */
export async function writersAt(address: string, ref: string): Promise<string[]> {
  const { people } = (await (await fetch(`${address}/api/practice/people`)).json()) as { people: PracticePerson[] };
  const cookies = await Promise.all(people.map(({ name }) => signInAt(address, name)));
  const may = await Promise.all(
    cookies.map(async (cookie) => {
      const answer = await (await fetch(`${address}/api/cases/${ref}`, { headers: { cookie } })).json();
      return (answer as { capability?: string }).capability === 'write';
    }),
  );
  return cookies.filter((_, index) => may[index]);
}

export async function leaseAt(address: string, cookie: string, room: string): Promise<number> {
  const headers = { cookie, origin: address, 'content-type': 'application/json' };
  const reply = await fetch(`${address}/api/rooms/${room}/lease`, { method: 'POST', headers, body: '{}' });
  if (!reply.ok) throw new Error(`No clientID was leased: ${reply.status}`);
  return ((await reply.json()) as { client: number }).client;
}
