/** A process of its own that looks after the post once: to be killed while it does. */
import { spawn } from 'node:child_process';
import { pino } from 'pino';
import { createNotifyCarrier } from '#server/notice/notify.ts';
import { createPost } from '#server/notice/post.ts';
import { createSmtpCarrier } from '#server/notice/smtp.ts';
import { openStore } from '#server/store.ts';
import type { Place } from './database.ts';
import { notifyKey } from './mail.ts';

export type By = 'SMTP' | 'GOV.UK Notify';
type Told = Omit<Place, 'remove'> & { by: By; url: string; now: string };

export function carrierTo(by: By, url: string) {
  return by === 'SMTP'
    ? createSmtpCarrier({ url, from: 'Candour <candour@example.org>' })
    : createNotifyCarrier({ apiKey: notifyKey, template: 'a-template', url });
}

/** Starts it. `gone` resolves, with all that it complained of, when it has ended however it ended. */
export function spawnPost(told: Told): { kill: () => void; gone: Promise<string> } {
  const child = spawn(process.execPath, [import.meta.filename, JSON.stringify(told)], {
    stdio: ['ignore', 'inherit', 'pipe'],
  });
  const abandon = () => child.kill('SIGKILL');
  process.once('exit', abandon);
  let complaints = '';
  child.stderr.on('data', (chunk: Buffer) => {
    complaints += chunk.toString();
  });
  const gone = new Promise<string>((resolve) => child.once('close', () => resolve(complaints)));
  void gone.then(() => process.off('exit', abandon));
  return { kill: () => child.kill('SIGKILL'), gone };
}

async function main({ by, url, now, databaseUrl, folder }: Told): Promise<void> {
  const log = pino({ level: 'silent' });
  const store = await openStore({ databaseUrl, folder, log });
  const origin = () => 'https://candour.example.org';
  const post = createPost({ db: store.db, carrier: carrierTo(by, url), origin, log, time: async () => now });
  await post.lookNow();
  await post.close();
  await store.close();
}

if (import.meta.main) await main(JSON.parse(process.argv[2] ?? '') as Told);
