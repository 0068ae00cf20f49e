/** What is said aloud of where a session stands, when that changes. Pure. */
import { sayMoment } from '#schema/calendar.ts';
import type { Session } from '#schema/session-evolve.ts';

export function sayPaused({ paused }: Session): string {
  return paused?.because === 'chair-lost' ? 'Paused. The Chair has lost connection.' : 'Paused by the Chair.';
}

/** Over everything else: it started, paused, goes on, is adjourned or has ended. */
export function sayStatus(session: Session, before: Session['status']): string {
  switch (session.status) {
    case 'paused':
      return sayPaused(session);
    case 'running':
      return before === 'called' ? 'The session has started.' : 'The session goes on.';
    case 'adjourned':
      return `The session is adjourned. It goes on ${sayMoment(session.adjournedUntil ?? session.plan.startsAt)}.`;
    case 'ended':
      return 'The session has ended. The minutes are on this page.';
    case 'called':
      return 'A session is called.';
  }
}
