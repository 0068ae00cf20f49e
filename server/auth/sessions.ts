/** Sessions, kept by lucia: the only file that knows of it, so that its successor needs only this one. */
import { createHash, randomBytes } from 'node:crypto';
import { DrizzlePostgreSQLAdapter } from '@lucia-auth/adapter-drizzle';
import { Lucia, TimeSpan } from 'lucia';
import type { PersonId } from '#schema/id.ts';
import { person, session } from '#schema/tables/index.ts';
import type { Database } from '../store.ts';

/** Hours from signing in until a person signs in again, however busy they are (security.md T32). */
const hours = 10;

/** 256 random bits in base64url: what a cookie of ours can hold and nothing else. */
const tokenPattern = /^[\w-]{43}$/;

/** lucia prolongs a session that is used; ours ends when it was going to. */
class FixedEndAdapter extends DrizzlePostgreSQLAdapter {
  override async updateSessionExpiration(): Promise<void> {}
}

/**
 * Sessions over the `session` table. The cookie holds a 256-bit random token; the table its
 * SHA-256, so that whoever reads the table cannot become anybody. `secure` is whether people come
 * by https: then the cookie is `__Host-` and Secure.
 */
export function createSessions(db: Database, { secure }: { secure: boolean }) {
  const cookieName = secure ? '__Host-candour' : 'candour';
  const lucia = new Lucia(new FixedEndAdapter(db, session, person), {
    sessionExpiresIn: new TimeSpan(hours, 'h'),
    sessionCookie: { name: cookieName, attributes: { secure, sameSite: 'strict', path: '/' } },
  });

  return {
    /** Begins a session, always with a new token, and forgets those whose time has passed. */
    async start(of: PersonId): Promise<{ session: string; token: string; cookie: string }> {
      await lucia.deleteExpiredSessions();
      const token = randomBytes(32).toString('base64url');
      const { id } = await lucia.createSession(of, {}, { sessionId: hash(token) });
      return { session: id, token, cookie: lucia.createSessionCookie(token).serialize() };
    },

    /** Whose session this cookie header belongs to; null when there is none, or it has ended. */
    async read(cookieHeader: string | undefined): Promise<{ session: string; person: PersonId } | null> {
      const token = cookieIn(cookieHeader ?? '', cookieName);
      if (!token || !tokenPattern.test(token)) return null;
      const found = await lucia.validateSession(hash(token));
      return found.session && { session: found.session.id, person: found.user.id };
    },

    end: (id: string): Promise<void> => lucia.invalidateSession(id),
    endAll: (of: PersonId): Promise<void> => lucia.invalidateUserSessions(of),
    /** Sent at sign-out: takes the cookie away. */
    blankCookie: lucia.createBlankSessionCookie().serialize(),
  };
}
export type Sessions = ReturnType<typeof createSessions>;

function hash(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** lucia's own reader throws at a cookie of somebody else's that is not well encoded. */
function cookieIn(header: string, name: string): string | undefined {
  const pairs = header.split(';').map((pair) => pair.trim());
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);
}
