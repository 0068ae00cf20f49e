/** PostgreSQL for a live service: pools of connections, and migrations that processes do not race for. */
import { setTimeout as pauseFor } from 'node:timers/promises';
import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import pg from 'pg';
import * as tables from '#schema/tables/index.ts';

/** Any number, the same in every process: who holds it migrates, the others wait and find it done. */
const migrationLock = 7_309_451;

/** Connections a process may have open. */
const poolSize = 10;
/** Milliseconds a connection is kept that nobody uses. */
const idleFor = 60_000;
/** Milliseconds in which a connection opens, or comes free, before whoever asked is told. */
const connectsWithin = 30_000;
/** Milliseconds that statements under way still have when the service stops. */
const answersLeft = 5_000;
/** Milliseconds of silence after which the network is asked whether the other side is still there. */
const silence = 10_000;

// Bytes as PGlite gives them, not as a Buffer; both kinds then hold and compare alike.
pg.types.setTypeParser(pg.types.builtins.BYTEA, (text) => new Uint8Array(Buffer.from(text.slice(2), 'hex')));

export type Pool = { db: NodePgDatabase<typeof tables>; close: () => Promise<void> };

type Asked = {
  max: number;
  /** PostgreSQL's own settings for each connection, without spaces in them. */
  settings?: Readonly<Record<string, string>>;
  /** Milliseconds in which a statement is answered; its connection is given up after that. */
  answersWithin?: number;
};

/** A pool that survives what happens to its connections: one that breaks is taken out, whoever holds it, and the next is opened. */
export class Connections extends pg.Pool {
  readonly #url: string;
  #closing: Promise<void> | null = null;

  constructor(url: string, { max, settings = {}, answersWithin }: Asked) {
    const set = Object.entries({ TimeZone: 'UTC', ...settings }).map(([name, value]) => `-c ${name}=${value}`);
    super({
      connectionString: url,
      max,
      application_name: 'candour',
      options: set.join(' '),
      idleTimeoutMillis: idleFor,
      connectionTimeoutMillis: connectsWithin,
      keepAlive: true,
      keepAliveInitialDelayMillis: silence,
      ...(answersWithin === undefined ? {} : { query_timeout: answersWithin }),
    });
    this.#url = url;
    // Unheard, an error of a connection that nobody is waiting for would end the process. Whoever waits for an answer is told.
    this.on('error', () => undefined);
    this.on('connect', (client) => client.on('error', () => undefined));
  }

  /** Ends them once each has its answer, or after a few seconds. May be called more than once. */
  close(): Promise<void> {
    this.#closing ??= Promise.race([this.end(), pauseFor(answersLeft, undefined, { ref: false })]);
    return this.#closing;
  }

  /** Others to the same database. */
  beside(asked: Asked): Connections {
    return new Connections(this.#url, asked);
  }

  override connect(): Promise<pg.PoolClient>;
  override connect(callback: Parameters<typeof pg.Pool.prototype.connect>[0]): void;
  override connect(callback?: Parameters<typeof pg.Pool.prototype.connect>[0]): Promise<pg.PoolClient> | undefined {
    if (!callback) return super.connect().then(givenBackWhenBroken);
    super.connect(callback);
    return undefined;
  }
}

/** drizzle never gives a connection back on which its `begin` has failed: ten of those, and the pool would be empty for ever. */
function givenBackWhenBroken(client: pg.PoolClient): pg.PoolClient {
  const giveBack = client.release;
  let isBack = false;
  function release(broken?: Error | boolean): void {
    if (isBack) return;
    isBack = true;
    client.off('end', onEnd);
    giveBack(broken);
  }
  const onEnd = () => release(true);
  client.once('end', onEnd);
  client.release = release;
  return client;
}

/** Migrates the database at `url` from the folder `migrations`, and opens a pool. Throws when it cannot be reached. */
export async function openPostgres(url: string, migrations: string): Promise<Pool> {
  const one = new Connections(url, { max: 1 });
  try {
    // drizzle's migrate takes no lock: of six processes starting at once, five would fail.
    const client = await one.connect();
    try {
      await client.query('select pg_advisory_lock($1)', [migrationLock]);
      await migrate(drizzle(client), { migrationsFolder: migrations });
    } finally {
      // Ended, not kept: with its connection the lock goes.
      client.release(true);
    }
  } finally {
    await one.close();
  }
  const pool = new Connections(url, { max: poolSize });
  return { db: drizzle(pool, { schema: tables }), close: () => pool.close() };
}
