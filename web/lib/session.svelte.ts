/** What every screen knows before anything else: the service, the day, and who is signed in. */
import { untrack } from 'svelte';
import type { Actor } from '#schema/actor.ts';
import type { Arrangements } from '#schema/arrangements.ts';
import { dayOf, holidaysByDay, type Day, type Holidays, type Instant } from '#schema/calendar.ts';
import type { RoomId } from '#schema/id.ts';
import { isRefused, isWrong, readSession } from './service.ts';

type Reply = Exclude<Awaited<ReturnType<typeof readSession>>, { refused: unknown } | { errors: unknown }>;
export type Service = Reply['service'];

class Session {
  #reply = $state.raw<Reply | null>(null);
  /** How far the database's clock is ahead of this machine's, in milliseconds. */
  #ahead = 0;
  /** Screens on which somebody takes part in a session that is running. */
  #attending = $state(0);
  #holidays: Holidays = $derived(holidaysByDay(this.#reply?.service.holidays ?? []));

  /** Null until the service has answered once. */
  get service(): Service | null {
    return this.#reply?.service ?? null;
  }

  get signedIn(): boolean {
    return Boolean(this.#reply?.signedIn);
  }

  /** Who is signed in. @throws where nobody is: only screens behind the sign-in ask. */
  get actor(): Actor {
    return this.#mustBeSignedIn().actor;
  }

  /** The person's own room. @throws where nobody is signed in. */
  get workRoom(): RoomId {
    return this.#mustBeSignedIn().workRoom;
  }

  /** The person's own passkeys; none where nobody is signed in. */
  get passkeys(): NonNullable<Reply['signedIn']>['passkeys'] {
    return this.#reply?.signedIn?.passkeys ?? [];
  }

  /** Those of them that sign by now. */
  get signing(): string[] {
    return this.passkeys.filter(({ signsFrom }) => signsFrom <= this.now).map(({ passkey }) => passkey);
  }

  /** What the partnership has agreed, as in force today. @throws where nobody is signed in. */
  get arrangements(): Arrangements {
    return this.#mustBeSignedIn().arrangements;
  }

  /** Until when the session lasts if nothing is done, and at the latest; null where nobody is signed in. */
  get lasts(): { until: Instant; latest: Instant } | null {
    const signedIn = this.#reply?.signedIn;
    return signedIn ? { until: signedIn.until, latest: signedIn.latest } : null;
  }

  get holidays(): Holidays {
    return this.#holidays;
  }

  /** The time by the database's clock. */
  get now(): Instant {
    return new Date(Date.now() + this.#ahead).toISOString();
  }

  /** The day it is in London by the database's clock. */
  get today(): Day {
    return dayOf(this.now);
  }

  /**
   * Asks the service, once unless `anew`. Whether it has ever answered. `unlessSignedOut`: that nobody
   * is signed in any more is not taken over, so that who was still stands on their own page.
   */
  async load({ anew = false, unlessSignedOut = false } = {}): Promise<boolean> {
    if (this.#reply && !anew) return true;
    const answer = await readSession();
    if (isRefused(answer) || isWrong(answer)) return this.#reply !== null;
    if (answer.signedIn || !unlessSignedOut) this.begin(answer);
    return true;
  }

  /** What the service answers to a sign-in, or to the question who is signed in. */
  begin(reply: Reply): void {
    this.#ahead = Date.parse(reply.service.now) - Date.now();
    this.#reply = reply;
  }

  /** It lasts until then now, as the service has just said. */
  goesOn({ until, latest, now }: { until: Instant; latest: Instant; now: Instant }): void {
    const reply = this.#reply;
    if (!reply?.signedIn) return;
    this.#ahead = Date.parse(now) - Date.now();
    this.#reply = { ...reply, signedIn: { ...reply.signedIn, until, latest } };
  }

  /** Taking part in a running session: its listener is here without touching the page. */
  get attending(): boolean {
    return this.#attending > 0;
  }

  /** From now on, until what it returns is called. */
  attend(): () => void {
    untrack(() => (this.#attending += 1));
    return () => (this.#attending -= 1);
  }

  /** Nobody is signed in any more, as the service has just said. */
  end(): void {
    if (this.#reply) this.#reply = { ...this.#reply, signedIn: null };
  }

  #mustBeSignedIn(): NonNullable<Reply['signedIn']> {
    const signedIn = this.#reply?.signedIn;
    if (!signedIn) throw new Error('Nobody is signed in');
    return signedIn;
  }
}

export const session = new Session();
