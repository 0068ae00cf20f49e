/** Whether this person may call a session now: a courtesy to the screen; the rules decide. Pure. */
import { mayLead, type Actor } from '#schema/actor.ts';
import type { CaseRoom } from '#schema/room.ts';
import { currentSession } from '#schema/session-evolve.ts';

export function mayPrepare(state: CaseRoom, me: Actor): boolean {
  const resolution = state.resolutions.at(-1);
  if (!mayLead(me) || state.decision || !resolution || resolution.status === 'recorded') return false;
  const current = currentSession(state.sessions);
  return current?.resolution !== resolution.seq || current.status === 'called';
}
