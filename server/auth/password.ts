/** Passwords: slow on purpose, so worked out one at a time in a thread that stands back: a flood of sign-ins delays nobody who types. */
import { createThread } from '../thread.ts';
import type { PasswordAnswer, PasswordQuestion } from './password-worker.ts';

/** How many may be on their way: one that is worked out, and sixteen that wait, about two seconds at most. */
const most = 17;

let underWay = 0;
const thread = createThread<PasswordQuestion, PasswordAnswer>(new URL('./password-worker.ts', import.meta.url));

/**
 * Throws an Error whose message says what to do where this machine lacks what works passwords out:
 * found at start, not at the first sign-in.
 */
export async function ensurePasswordsWork(): Promise<void> {
  await import('@node-rs/argon2').catch((cause: unknown) => {
    const machine = `${process.platform}-${process.arch}`;
    throw new Error(
      `Passwords cannot be worked out: @node-rs/argon2 has no part here for ${machine}, or it does not load. ` +
        'Run "npm ci" on this machine itself, optional packages included, then start again.',
      { cause },
    );
  });
}

/** What is kept of a new password. `busy` when too many wait. */
export function hashPassword(password: string): Promise<{ hash: string } | 'busy'> {
  return unlessTooMany(async () => {
    const answer = await thread.ask({ what: 'hash', password });
    if (answer.what !== 'hash') throw another();
    return { hash: answer.hash };
  });
}

/**
 * Whose password it is. `busy` when too many wait: then nobody is looked for, as a thousand tries a second
 * would keep the database from those who type.
 */
export function checkPassword<Account extends { hash: string }>(
  password: string,
  find: () => Promise<Account | null>,
): Promise<Account | 'wrong' | 'busy'> {
  return unlessTooMany(async () => {
    const found = await find();
    const answer = await thread.ask({ what: 'check', password, stored: found?.hash ?? null });
    if (answer.what !== 'check') throw another();
    return answer.isRight && found ? found : 'wrong';
  });
}

async function unlessTooMany<Done>(work: () => Promise<Done>): Promise<Done | 'busy'> {
  if (underWay >= most) return 'busy';
  underWay += 1;
  try {
    return await work();
  } finally {
    underWay -= 1;
  }
}

const another = () => new TypeError('The thread for passwords answered another question');
