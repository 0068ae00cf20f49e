/** Starts the service: the only place where its parts are built and joined. */
import { createAdaptorServer } from '@hono/node-server';
import { Hono } from 'hono';
import { createApp } from './app.ts';
import { createPasskeys } from './auth/passkeys.ts';
import { ensurePasswordsWork } from './auth/password.ts';
import { createSessions } from './auth/sessions.ts';
import { createSignIn } from './auth/sign-in.ts';
import { createBus } from './bus.ts';
import { createChairWatch } from './chair-watch.ts';
import { createCommands } from './command.ts';
import { readConfig, type Config } from './config.ts';
import { createFolds, databaseNow, type Time } from './ledger.ts';
import { createLog } from './log.ts';
import { tellOfClock } from './notice/alert.ts';
import { createNotifyCarrier } from './notice/notify.ts';
import { practiceCarrier, type Carrier } from './notice/carrier.ts';
import { createPost } from './notice/post.ts';
import { createSmtpCarrier } from './notice/smtp.ts';
import { createPages, readPages } from './pages.ts';
import { setUpPractice } from './practice/set-up.ts';
import { createRedisBus } from './redis-bus.ts';
import { isEmpty, serviceOf } from './set-up.ts';
import { createScanner } from './scanner.ts';
import { openStore } from './store.ts';
import { createRooms } from './sync/rooms.ts';
import { createVersions } from './sync/versions.ts';
import { seedNotes } from './sync/seed.ts';
import { createVault, readVaultKey } from './vault.ts';
import { registerSuccession } from './succession.ts';
import { createWorker } from './worker.ts';

/** A running service. `close` drains sockets, finishes what was begun and closes the database. */
export type Service = { address: string; close: () => Promise<void> };

/** Milliseconds in which a request must have said all but its body: whoever dribbles a letter a minute holds no wire for longer. */
const headersTimeout = 15_000;
/** Milliseconds between two looks at who has said too little: often, so that thousands who began together are not all turned away in one go. */
const connectionsCheckingInterval = 250;

export async function start(config: Config): Promise<Service> {
  const log = createLog(config.logLevel);
  const pages = await readPages();
  await ensurePasswordsWork();
  const store = await openStore({ databaseUrl: config.databaseUrl, folder: config.folder, log });
  const { db } = store;
  const vault = createVault(await readVaultKey(config));
  await vault.check(db);
  const bus = config.redisUrl ? createRedisBus(config.redisUrl, log) : createBus();
  const secure = config.origin?.startsWith('https:') ?? false;
  const sessions = createSessions(db, { secure, idle: config.idle });
  const folds = createFolds();
  const origins = new Set<string>(config.origin ? [config.origin] : []);
  const rooms = createRooms({ db, bus, sessions, log, origins, proxies: config.proxies });
  const versions = createVersions();
  const commandsAt = (time: Time = databaseNow) =>
    createCommands({ db, bus, folds, vault, notesOf: rooms.notesOf, seedNotes, origins, time });
  const commands = commandsAt();
  const worker = createWorker({ db, bus, commands, log });
  registerSuccession(worker, folds);
  worker.register('alert', tellOfClock);
  const chairWatch = createChairWatch({ db, bus, commands, rooms, log });
  const practice = config.mode === 'practice';
  const carrier = carrierFor(config);
  if (!carrier) log.warn('no mail is set up: people are told in the service only');
  if (practice && (await isEmpty(db))) {
    log.info('setting up the practice partnership');
    await setUpPractice({ db, rooms, commandsAt });
  }
  const scanner = config.scanner && createScanner(config.scanner);
  if (!scanner) log.warn('no virus scanner is set up: documents are taken unchecked, and marked so');
  const signIn = createSignIn(db);
  const { scriptHashes } = pages;
  const world = {
    db,
    bus,
    sessions,
    signIn,
    passkeys: createPasskeys({ db, folds }),
    commands,
    folds,
    rooms,
    versions,
    vault,
    chairWatch,
    scanner,
    proxies: config.proxies,
    log,
    practice,
    scriptHashes,
    secure,
    origins,
  };
  const app = new Hono().route('/', createApp(world)).route('/', createPages(pages));

  const server = createAdaptorServer({
    fetch: app.fetch,
    serverOptions: { headersTimeout, connectionsCheckingInterval },
  });
  server.on('upgrade', (request, socket, head) => rooms.handleUpgrade(request, socket, head));
  const address = await listen(server, config);
  if (!config.origin)
    for (const host of ['127.0.0.1', 'localhost']) origins.add(`http://${host}:${new URL(address).port}`);
  const post = carrier && createPost({ db, carrier, origin: () => config.origin ?? address, log });
  post?.start();
  worker.start();
  await chairWatch.start();
  if (!(await serviceOf(db)).setUp) {
    console.log(
      'Nobody is set up yet. Set up the partnership and its first administrator: npm run set-up -- partnership.json',
    );
  }
  return {
    address,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      // All at once: whoever is here is not kept by a mail that is on its way.
      await Promise.all([worker.close(), chairWatch.close(), post?.close(), versions.close(), rooms.close()]);
      if ('closeAllConnections' in server) server.closeAllConnections();
      await closed;
      await bus.close();
      await store.close();
    },
  };
}

/** How mail leaves: not at all in practice, where it is kept to be looked at; null where nobody set it up. */
function carrierFor({ mode, mail }: Config): Carrier | null {
  if (mode === 'practice') return practiceCarrier;
  if (!mail) return null;
  if (mail.by === 'smtp') return createSmtpCarrier(mail);
  const { apiKey, template, url } = mail;
  return createNotifyCarrier({ apiKey, template, ...(url ? { url } : {}) });
}

function listen(server: ReturnType<typeof createAdaptorServer>, { port, host }: Config): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE'
          ? new Error(`Port ${port} is in use. Stop what uses it, or set PORT to another.`)
          : error,
      ),
    );
    server.listen(port, host, () => {
      const bound = server.address();
      resolve(`http://${host === '0.0.0.0' ? 'localhost' : host}:${typeof bound === 'object' ? bound?.port : port}`);
    });
  });
}

async function main(): Promise<void> {
  const service = await start(readConfig(process.env));
  console.log(`Candour is at ${service.address}`);
  let closing = false;
  const stop = async (): Promise<void> => {
    if (closing) return;
    closing = true;
    await service.close();
    process.exit(0);
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

if (import.meta.main) {
  await main().catch((error: Error) => {
    console.error(error.message);
    process.exit(1);
  });
}
