/** Sign-in with a password: slow to guess, quiet about who exists. */
import { sql } from 'drizzle-orm';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import type { PersonId } from '#schema/id.ts';
import { person } from '#schema/tables/index.ts';
import type { Database } from '../store.ts';
import { checkPassword } from './password.ts';

export type SignInAnswer =
  { person: PersonId } | { refused: 'WrongPassword' | 'TooManyTries'; facts: Record<string, never> };

/** Wrong tries within 15 minutes before the next must wait: for one account, and from one address. */
const triesPerAccount = 10;
const triesPerAddress = 50;
const window = 15 * 60;

export function createSignIn(db: Database) {
  const byAccount = new RateLimiterMemory({ points: triesPerAccount, duration: window });
  const byAddress = new RateLimiterMemory({ points: triesPerAddress, duration: window });

  async function spent(account: string, address: string): Promise<boolean> {
    const [one, other] = await Promise.all([byAccount.get(account), byAddress.get(address)]);
    return (one?.consumedPoints ?? 0) >= triesPerAccount || (other?.consumedPoints ?? 0) >= triesPerAddress;
  }

  return {
    /** Who this is, or why not. An address nobody has costs the same time as a wrong password. */
    async check(email: string, password: string, address: string): Promise<SignInAnswer> {
      const account = email.trim().toLowerCase();
      if (await spent(account, address)) return { refused: 'TooManyTries', facts: {} };
      const [found] = await db
        .select({ id: person.id, hash: person.passwordHash, disabledAt: person.disabledAt })
        .from(person)
        .where(sql`lower(${person.email}) = ${account}`);
      const checked = await checkPassword(password, found?.hash ?? null);
      if (checked === 'busy') return { refused: 'TooManyTries', facts: {} };
      if (checked === 'right' && found && !found.disabledAt) return { person: found.id };
      await Promise.all([byAccount.penalty(account), byAddress.penalty(address)]);
      return { refused: 'WrongPassword', facts: {} };
    },
  };
}
export type SignIn = ReturnType<typeof createSignIn>;
