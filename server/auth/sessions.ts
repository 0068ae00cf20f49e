/** Sessions, kept by lucia: the only file that knows of it, so that its successor needs only this one. */
import { createHash, randomBytes } from 'node:crypto';
import { DrizzlePostgreSQLAdapter } from '@lucia-auth/adapter-drizzle';
import { and, eq, gt, inArray, lt, sql } from 'drizzle-orm';
import { Lucia, TimeSpan, type DatabaseSession, type DatabaseUser } from 'lucia';
import type { PersonId } from '#schema/id.ts';
import { person, session } from '#schema/tables/index.ts';
import { prepared } from '../prepared.ts';
import type { Database } from '../store.ts';

/** Hours from signing in until a person signs in again, however busy they are (T32). */
const hours = 10;
/** Minutes without anything done by a person until they sign in again (T32). */
const idleMinutes = 15;
/** An end is put off at most so often: seconds, and a share of the idle time where that is shorter. */
const putOffEvery = 60;
const putOffShare = 4;

/** Until when a session lasts if nothing is done, and at the latest, by the database's clock. */
export type Lasts = { until: Date; latest: Date };

/** 256 random bits in base64url: what a cookie of ours can hold and nothing else. */
const tokenPattern = /^[\w-]{43}$/;

/**
 * lucia prolongs a session that is used, by whatever asks. Ours has two ends: the one lucia gives it,
 * which stays; and one that comes sooner, which only what a person does puts off.
 */
class TwoEndsAdapter extends DrizzlePostgreSQLAdapter {
  readonly #db: Database;
  readonly #idle: number;

  constructor(db: Database, idle: number) {
    super(db, session, person);
    this.#db = db;
    this.#idle = idle;
  }

  override setSession(begun: DatabaseSession): Promise<void> {
    const soon = new Date(Math.min(begun.expiresAt.getTime(), Date.now() + this.#idle));
    return super.setSession({ ...begun, expiresAt: soon, attributes: { endsAt: begun.expiresAt } });
  }

  override async updateSessionExpiration(): Promise<void> {}

  /** Asked at every request: no more of the person is read than who they are. */
  override async getSessionAndUser(id: string): Promise<[DatabaseSession | null, DatabaseUser | null]> {
    const [found] = await sessionById(this.#db).execute({ id });
    if (!found) return [null, null];
    return [
      { ...found, attributes: {} },
      { id: found.userId, attributes: {} },
    ];
  }
}

const sessionById = prepared((db) =>
  db
    .select({ id: session.id, userId: session.userId, expiresAt: session.expiresAt })
    .from(session)
    .where(eq(session.id, sql.placeholder('id')))
    .prepare('session by id'),
);

/**
 * Sessions over the `session` table. The cookie holds a 256-bit random token; the table its
 * SHA-256, so that whoever reads the table cannot become anybody. `secure` is whether people come
 * by https: then the cookie is `__Host-` and Secure. `idle` is in milliseconds.
 */
export function createSessions(
  db: Database,
  { secure, idle = idleMinutes * 60_000 }: { secure: boolean; idle?: number },
) {
  const cookieName = secure ? '__Host-candour' : 'candour';
  const lucia = new Lucia(new TwoEndsAdapter(db, idle), {
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

    /**
     * These people are doing something: puts off when their sessions end, never past the latest. A
     * session that has ended stays so. Writes only where it was last put off a while ago.
     */
    async prolong(ids: readonly string[]): Promise<void> {
      if (ids.length === 0) return;
      const { expiresAt, endsAt, id } = session;
      const until = sql`least(${endsAt}, now() + ${idle} * interval '1 millisecond')`;
      const spared = Math.min(putOffEvery * 1000, idle / putOffShare);
      await db
        .update(session)
        .set({ expiresAt: until })
        .where(
          and(
            inArray(id, [...ids]),
            gt(expiresAt, sql`now()`),
            lt(expiresAt, sql`${until} - ${spared} * interval '1 millisecond'`),
          ),
        );
    },

    /** Until when it lasts; null when it has ended. */
    async lasts(id: string): Promise<Lasts | null> {
      const [found] = await db
        .select({ until: session.expiresAt, latest: session.endsAt })
        .from(session)
        .where(and(eq(session.id, id), gt(session.expiresAt, sql`now()`)));
      return found ?? null;
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
