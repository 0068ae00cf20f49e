/** Sign-in with a password: slow to guess, quiet about who exists, and nobody can lock another out. */
import { eq, sql } from 'drizzle-orm';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import type { PersonId } from '#schema/id.ts';
import { person } from '#schema/tables/index.ts';
import type { Database } from '../store.ts';
import { checkPassword } from './password.ts';

export type SignInAnswer =
  { person: PersonId } | { refused: 'WrongPassword' | 'TooManyTries' | 'Busy'; facts: Record<string, never> };

/**
 * Wrong tries within 15 minutes before the next must wait. Few for one account from one address;
 * many for the account from everywhere, because whoever could use those up from one place would
 * have a way to keep a colleague out while a clock runs (T22).
 */
const duration = 15 * 60;
const limits = { fromOneAddress: 50, atOneAccountFromOneAddress: 10, atOneAccount: 100 };

export function createSignIn(db: Database) {
  const counters = {
    fromOneAddress: new RateLimiterMemory({ points: limits.fromOneAddress, duration }),
    atOneAccountFromOneAddress: new RateLimiterMemory({ points: limits.atOneAccountFromOneAddress, duration }),
    atOneAccount: new RateLimiterMemory({ points: limits.atOneAccount, duration }),
  };
  const counting = (account: string, address: string) =>
    [
      [counters.fromOneAddress, address],
      [counters.atOneAccountFromOneAddress, `${account} ${address}`],
      [counters.atOneAccount, account],
    ] as const;

  /** Counts a try before it is checked, so that many at once count too. Whether it may be checked. */
  async function count(account: string, address: string): Promise<boolean> {
    for (const [counter, key] of counting(account, address)) {
      const { consumedPoints } = await counter.penalty(key);
      if (consumedPoints > counter.points) return false;
    }
    return true;
  }

  async function uncount(account: string, address: string): Promise<void> {
    for (const [counter, key] of counting(account, address)) await counter.reward(key);
  }

  async function find(account: string) {
    const [found] = await db
      .select({ id: person.id, hash: person.passwordHash, disabledAt: person.disabledAt })
      .from(person)
      .where(sql`lower(${person.email}) = ${account}`);
    return found ?? null;
  }

  /** Who this is, or why not. An address nobody has costs the same time as a wrong password. */
  async function check(email: string, password: string, address: string): Promise<SignInAnswer> {
    const account = email.trim().toLowerCase();
    if (!(await count(account, address))) return { refused: 'TooManyTries', facts: {} };
    const checked = await checkPassword(password, () => find(account)).catch(async (error: unknown) => {
      // What could not be checked was no wrong try: nobody waits because the database was away.
      await uncount(account, address);
      throw error;
    });
    if (checked !== 'wrong') await uncount(account, address);
    if (checked === 'busy') return { refused: 'Busy', facts: {} };
    if (checked === 'wrong' || checked.disabledAt) return { refused: 'WrongPassword', facts: {} };
    return { person: checked.id };
  }

  return {
    check,
    /** Why somebody who is signed in is not let on by this password; null where they are. It counts as a try to sign in. */
    async checkOf(
      of: PersonId,
      password: string,
      address: string,
    ): Promise<Exclude<SignInAnswer, { person: PersonId }> | null> {
      const [found] = await db.select({ email: person.email }).from(person).where(eq(person.id, of));
      const answer = await check(found?.email ?? '', password, address);
      return 'refused' in answer ? answer : null;
    },
  };
}
export type SignIn = ReturnType<typeof createSignIn>;
