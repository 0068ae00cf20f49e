/** A process of its own that guesses passwords: beside whoever types, it must take none of their time but the service's. */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';

type Told = { address: string; guessers: number; lasts: number };
/** How many tries were answered so, by status. */
export type Answers = Record<number, number>;

/** So many people guess, each once in as many milliseconds, which is a thousand times a second; for `lasts` milliseconds. */
export function guess(told: Told): Promise<Answers> {
  const child = spawn(process.execPath, [import.meta.filename, JSON.stringify(told)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const abandon = () => child.kill('SIGKILL');
  process.once('exit', abandon);
  let printed = '';
  child.stdout.on('data', (chunk: Buffer) => {
    printed += chunk.toString();
  });
  return new Promise((resolve, reject) => {
    child.once('close', (code) => {
      process.off('exit', abandon);
      if (code === 0) resolve(JSON.parse(printed) as Answers);
      else reject(new Error(`Who guesses ended with ${code}`));
    });
  });
}

async function main({ address, guessers, lasts }: Told): Promise<Answers> {
  const answers: Answers = {};
  const began = performance.now();
  const guessOnce = async (): Promise<void> => {
    const body = JSON.stringify({ email: `${randomBytes(4).toString('hex')}@example.org`, password: 'a guess' });
    // Each from another address, as whoever has many machines.
    const from = [...randomBytes(4)].join('.');
    const headers = { origin: address, 'content-type': 'application/json', 'x-forwarded-for': from };
    const { status } = await fetch(`${address}/api/sign-in`, { method: 'POST', headers, body });
    answers[status] = (answers[status] ?? 0) + 1;
  };
  const guesser = async (): Promise<void> => {
    while (performance.now() - began < lasts) {
      const turn = new Promise((resolve) => setTimeout(resolve, guessers));
      await Promise.all([guessOnce(), turn]);
    }
  };
  await Promise.all(Array.from({ length: guessers }, guesser));
  return answers;
}

if (import.meta.main) {
  process.stdout.write(JSON.stringify(await main(JSON.parse(process.argv[2] ?? '') as Told)));
}
