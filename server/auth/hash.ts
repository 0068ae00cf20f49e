/** How a password is kept: argon2id, slow on purpose. Only the thread for passwords takes the time. */
import { hashSync, verifySync, type Options } from '@node-rs/argon2';

/** 64 MiB, three passes: about a tenth of a second. OWASP's least is 19 MiB and two (T22). */
const options: Options = { memoryCost: 64 * 1024, timeCost: 3, parallelism: 1 };

/** A hash of no password anybody has: checked when the address is unknown, so that both take as long. */
const nobodys = hashSync('an address that nobody has', options);

export function hashOf(password: string): string {
  return hashSync(password, options);
}

/** Whether the password is right. `stored` is null for an address nobody has: never, after the same work. */
export function isRight(password: string, stored: string | null): boolean {
  const matches = verifySync(stored ?? nobodys, password);
  return matches && stored !== null;
}
