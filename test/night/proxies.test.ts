/** The proxies of docs/, as they stand there, before two processes of the service. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, inject, test } from 'vitest';
import { documentLimits } from '#schema/document.ts';
import { newId } from '#schema/id.ts';
import { freshPlace } from '../support/database.ts';
import { aptInstall } from '../support/install.ts';
import { freePort } from '../support/port.ts';
import { leaseAt, liveCaseAt, signInAt, startService } from '../support/service.ts';
import { openWriter, paragraphsOf } from '../support/writer.ts';
import { until } from '../sync/support/until.ts';
import { keep } from './summary.ts';

const aWhile = 120_000;
const docs = join(import.meta.dirname, '..', '..', 'docs');

type Ports = { listen: number; first: number; second: number };
type Front = {
  name: string;
  package: string;
  command: string | undefined;
  config: string;
  /** The documented configuration, without TLS, at these ports. */
  adapted: (documented: string, ports: Ports) => string;
  args: (config: string, folder: string) => string[];
};

const find = (...paths: string[]) => paths.find(existsSync);
const at = (text: string, { first, second }: Ports) =>
  text.replaceAll('127.0.0.1:3001', `127.0.0.1:${first}`).replaceAll('127.0.0.1:3002', `127.0.0.1:${second}`);

const nginx: Front = {
  name: 'nginx',
  package: 'nginx-light',
  command: find('/usr/sbin/nginx', '/usr/local/sbin/nginx', '/usr/bin/nginx'),
  config: 'nginx.conf',
  adapted: (documented, ports) => `
    daemon off; pid nginx.pid; error_log stderr; worker_processes 1;
    events {}
    http {
      access_log off;
      client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path a; uwsgi_temp_path b; scgi_temp_path c;
      ${at(documented, ports)
        .replace(/listen 443[^;]*;/, `listen 127.0.0.1:${ports.listen};`)
        .replaceAll(/ssl_certificate\S* [^;]*;/g, '')
        .replace('server_name candour.example.org;', 'server_name localhost;')}
    }`,
  args: (config, folder) => ['-p', folder, '-c', config, '-e', 'stderr'],
};
const caddy: Front = {
  name: 'Caddy',
  package: 'caddy',
  command: find('/usr/bin/caddy', '/usr/local/bin/caddy'),
  config: 'Caddyfile',
  adapted: (documented, ports) => `
    { 
      admin off 
    }
    ${at(documented, ports).replace('candour.example.org {', `http://localhost:${ports.listen} {`)}`,
  args: (config) => ['run', '--config', config, '--adapter', 'caddyfile'],
};

async function commandOf(proxy: Front): Promise<string | undefined> {
  if (proxy.command || !(await aptInstall(proxy.package))) return proxy.command;
  return find(`/usr/sbin/${proxy.package.split('-')[0]}`, `/usr/bin/${proxy.package}`);
}

async function start(proxy: Front, command: string, ports: Ports): Promise<{ stop: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'candour-proxy-'));
  await chmod(folder, 0o777);
  const config = join(folder, proxy.config);
  await writeFile(config, proxy.adapted(await readFile(join(docs, proxy.config), 'utf8'), ports));
  let printed = '';
  const child = spawn(command, proxy.args(config, folder), {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder },
  });
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (printed += chunk));
  const abandon = () => child.kill('SIGKILL');
  process.once('exit', abandon);
  let ended = false;
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  void gone.then(() => {
    ended = true;
    process.off('exit', abandon);
  });
  await until(
    `${proxy.name} to answer`,
    async () => {
      if (ended) throw new Error(`${proxy.name} ended:\n${printed}`);
      return fetch(`http://localhost:${ports.listen}/healthz`).then(
        (reply) => reply.ok,
        () => false,
      );
    },
    aWhile,
  );
  return {
    async stop() {
      child.kill('SIGTERM');
      await gone;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

describe.skipIf(!inject('postgres')).each([nginx, caddy])('behind $name', (proxy) => {
  test(
    'people write together, and go on when one process of the two is stopped',
    { timeout: 3 * aWhile },
    async (context) => {
      const command = await commandOf(proxy);
      if (!command) {
        console.log(`Left out: the service behind ${proxy.name}, because it is not installed and could not be.`);
        return context.skip();
      }
      await keep(`Two processes behind ${proxy.name}, one of them stopped while people type`, 1, () =>
        writeTogether(proxy, command),
      );
    },
  );
});

/** Sends the longest document that a case may hold, and has it back. */
async function sendLongest(address: string, room: string, cookie: string, name: string): Promise<void> {
  const bytes = new Uint8Array(documentLimits.bytes);
  bytes.set(new TextEncoder().encode(`%PDF-1.7\n% ${name}\n`));
  const id = newId();
  const head = { id, size: bytes.length, said: { name, keep: 'case' } };
  const documents = `${address}/api/rooms/${room}/documents`;
  const sent = await fetch(documents, {
    method: 'POST',
    headers: { cookie, origin: address, 'content-type': 'application/octet-stream' },
    body: new Blob([`${JSON.stringify(head)}\n`, bytes]),
  });
  expect(sent.status, await sent.text()).toBe(201);
  const back = await fetch(`${documents}/${id}`, { headers: { cookie } });
  expect((await back.arrayBuffer()).byteLength).toBe(bytes.length);
}

async function writeTogether(proxy: Front, command: string) {
  const listen = await freePort();
  const address = `http://localhost:${listen}`;
  const place = await freshPlace('postgres');
  const first = await startService(place, { CANDOUR_ORIGIN: address });
  const second = await startService(place, { CANDOUR_ORIGIN: address });
  const port = (of: { address: string }) => Number(new URL(of.address).port);
  const running = await start(proxy, command, { listen, first: port(first), second: port(second) });
  try {
    const people = await Promise.all(
      ['Amara Fenwick', 'Priya Lark'].map(async (name) => {
        const cookie = await signInAt(address, name);
        const { room } = await liveCaseAt(address, cookie);
        await sendLongest(address, room, cookie, `A long scan, from ${name}`);
        return openWriter({ address, room, cookie, client: await leaseAt(address, cookie, room) });
      }),
    );
    const allHave = (words: string) =>
      until(`all to have "${words}"`, () => people.every(({ notes }) => paragraphsOf(notes).includes(words)), aWhile);
    await until('both to be in', () => people.every(({ provider }) => provider.synced), aWhile);
    for (const [n, each] of people.entries()) each.type(`from ${n}`);
    for (const n of people.keys()) await allHave(`from ${n}`);
    expect(await first.stop()).toBe(0);
    for (const [n, each] of people.entries()) {
      each.type(`after the stop, from ${n}`);
      await each.settled(aWhile);
    }
    for (const n of people.keys()) await allHave(`after the stop, from ${n}`);
    for (const each of people) each.close();
    return {
      done: 1,
      came: 'all that both typed was saved and came to the other, and a document of 25 MiB went through',
      good: true,
    };
  } finally {
    await running.stop();
    await first.kill();
    await second.kill();
    await place.remove();
  }
}
