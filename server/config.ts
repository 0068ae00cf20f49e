/** The environment, read once. */
import type { NetConnectOpts } from 'node:net';
import { resolve } from 'node:path';
import { readProxies, type Proxies } from './auth/address.ts';
import { scannerAddress } from './scanner.ts';

export type Config = {
  port: number;
  host: string;
  /** Where people reach the service; sockets and forms from anywhere else are refused. */
  origin: string | null;
  /** Proxies that are believed about whom they speak for: those on this machine and those named. */
  proxies: Proxies;
  /** PostgreSQL for a live service; without it the embedded database in `folder` is used. */
  databaseUrl: string | null;
  folder: string;
  redisUrl: string | null;
  /** `practice` sets up an invented partnership at first start; `live` holds real cases. */
  mode: 'practice' | 'live';
  logLevel: string;
  /** Milliseconds in which somebody does nothing until they sign in again. */
  idle: number;
  /** Where clamd listens, to check documents for viruses; null where none is set up. */
  scanner: NetConnectOpts | null;
  /** The identity vault's key, 32 bytes in base64url; null to use the file in `folder`. */
  vaultKey: string | null;
  /** How mail leaves a live service; null where none is set up. A practice service sends none. */
  mail: MailConfig | null;
};

export type MailConfig =
  { by: 'smtp'; url: string; from: string } | { by: 'notify'; apiKey: string; template: string; url: string | null };

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
    proxies: proxiesOf(env['CANDOUR_PROXIES']),
    databaseUrl,
    folder: resolve(env['CANDOUR_DATA'] || 'data'),
    redisUrl: env['REDIS_URL'] || null,
    mode,
    logLevel: env['LOG_LEVEL'] || 'info',
    idle: idleOf(env['CANDOUR_IDLE_MINUTES']),
    scanner: scannerOf(env['CLAMAV']),
    vaultKey: vaultKeyOf(env['CANDOUR_VAULT_KEY']),
    mail: mode === 'live' ? mailOf(env) : null,
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

function proxiesOf(text: string | undefined): Proxies {
  const proxies = readProxies(text);
  if (!proxies)
    throw new Error('Set CANDOUR_PROXIES to addresses or ranges, apart by commas, like 10.0.0.5, 2001:db8:5::/64.');
  return proxies;
}

function idleOf(text: string | undefined): number {
  const minutes = Number(text || 15);
  if (!(minutes > 0 && minutes <= 600))
    throw new Error('Set CANDOUR_IDLE_MINUTES to minutes, more than 0 and at most 600.');
  return minutes * 60_000;
}

function scannerOf(text: string | undefined): NetConnectOpts | null {
  if (!text) return null;
  const address = scannerAddress(text);
  if (!address)
    throw new Error('Set CLAMAV to where clamd listens, like tcp://127.0.0.1:3310 or unix:/run/clamav/clamd.ctl.');
  return address;
}

function vaultKeyOf(text: string | undefined): string | null {
  if (!text) return null;
  if (/^[\w-]+$/.test(text) && Buffer.from(text, 'base64url').length === 32) return text;
  throw new Error(
    'Set CANDOUR_VAULT_KEY to 32 random bytes in base64url, like the output of: openssl rand 32 | basenc --base64url -w0 | tr -d =',
  );
}

function mailOf(env: NodeJS.ProcessEnv): MailConfig | null {
  const { SMTP_URL, MAIL_FROM, NOTIFY_API_KEY, NOTIFY_TEMPLATE_ID, NOTIFY_URL } = env;
  if (SMTP_URL && NOTIFY_API_KEY) throw new Error('Set SMTP_URL or NOTIFY_API_KEY, not both.');
  if (SMTP_URL) {
    if (!/^smtps?:/.test(SMTP_URL) || !URL.canParse(SMTP_URL))
      throw new Error('Set SMTP_URL like smtps://user:password@mail.example.org:465.');
    if (!MAIL_FROM?.includes('@'))
      throw new Error('Set MAIL_FROM to whom mail comes from, like Candour <candour@example.org>.');
    return { by: 'smtp', url: SMTP_URL, from: MAIL_FROM };
  }
  if (!NOTIFY_API_KEY) return null;
  if (!NOTIFY_TEMPLATE_ID)
    throw new Error('Set NOTIFY_TEMPLATE_ID to a template with ((subject)) as its subject and ((body)) as its body.');
  return { by: 'notify', apiKey: NOTIFY_API_KEY, template: NOTIFY_TEMPLATE_ID, url: NOTIFY_URL || null };
}
