/** Passwords: argon2id, slow on purpose, few at once so that a flood of sign-ins cannot stop the service. */
import { hash, verify, type Options } from '@node-rs/argon2';

/** 64 MiB, three passes: about a tenth of a second. OWASP's least is 19 MiB and two (security.md 4.5). */
const options: Options = { memoryCost: 64 * 1024, timeCost: 3, parallelism: 1 };

/** How many are worked out at once, and how many may wait for their turn. */
const atOnce = 2;
const mayWait = 16;

let working = 0;
const waiting: (() => void)[] = [];

/** A hash of no password anybody has: checked when the address is unknown, so that both take as long. */
const nobodys = hash('an address that nobody has', options);

export function hashPassword(password: string): Promise<string> {
  return hash(password, options);
}

/** Whether the password is right. `stored` is null for an address nobody has. `busy` when too many wait. */
export async function checkPassword(password: string, stored: string | null): Promise<'right' | 'wrong' | 'busy'> {
  if (working >= atOnce && waiting.length >= mayWait) return 'busy';
  if (working >= atOnce) await new Promise<void>((turn) => waiting.push(turn));
  else working += 1;
  try {
    const matches = await verify(stored ?? (await nobodys), password);
    return matches && stored !== null ? 'right' : 'wrong';
  } finally {
    const next = waiting.shift();
    if (next) next();
    else working -= 1;
  }
}
