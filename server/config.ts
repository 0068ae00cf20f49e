/** The environment, read once. */
import { resolve } from 'node:path';

export type Config = {
  port: number;
  host: string;
  /** Where people reach the service; sockets and forms from anywhere else are refused. */
  origin: string | null;
  /** PostgreSQL for a live service; without it the embedded database in `folder` is used. */
  databaseUrl: string | null;
  folder: string;
  redisUrl: string | null;
  /** `practice` sets up an invented partnership at first start; `live` holds real cases. */
  mode: 'practice' | 'live';
  logLevel: string;
};

/** Reads the environment. Throws an Error whose message says which variable to mend and how. */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const databaseUrl = env['DATABASE_URL'] || null;
  const mode = env['CANDOUR_MODE'] || (databaseUrl ? 'live' : 'practice');
  if (mode !== 'practice' && mode !== 'live') throw new Error('Set CANDOUR_MODE to practice or live.');
  const port = Number(env['PORT'] || 3000);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error('Set PORT to a number from 0 to 65535.');
  return {
    port,
    host: env['HOST'] || '127.0.0.1',
    origin: originOf(env['CANDOUR_ORIGIN']),
    databaseUrl,
    folder: resolve(env['CANDOUR_DATA'] || 'data'),
    redisUrl: env['REDIS_URL'] || null,
    mode,
    logLevel: env['LOG_LEVEL'] || 'info',
  };
}

function originOf(text: string | undefined): string | null {
  if (!text) return null;
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url?.protocol.startsWith('http') || url.origin !== text) {
    throw new Error('Set CANDOUR_ORIGIN to the address people use, like https://candour.example.org, with no path.');
  }
  return url.origin;
}
