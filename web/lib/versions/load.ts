/** What the screens of the notes' versions load. */
import { error } from '@sveltejs/kit';
import type { RoomId } from '#schema/id.ts';
import type { Comparison, PastNotes } from '#schema/version.ts';
import { unlessSignedOut } from '../load.ts';
import { api, ask, isRefused, isWrong, type Answer } from '../service.ts';
import { momentIn } from './address.ts';

export async function readMoment(room: RoomId, moment: string, url: URL): Promise<PastNotes> {
  return found(await ask(api.rooms[':room'].notes.moment.$get({ param: { room }, query: momentIn(moment) })), url);
}

export async function readChanges(room: RoomId, from: string, to: string | null, url: URL): Promise<Comparison> {
  const query = { from, ...(to === null ? {} : { to: Number(to) }) };
  return found(await ask(api.rooms[':room'].notes.changes.$get({ param: { room }, query })), url);
}

/** An address that names no version is one that leads nowhere. */
function found<Value extends object>(answered: Answer<Value>, url: URL) {
  const answer = unlessSignedOut(answered, url);
  if (isWrong(answer)) error(404);
  if (isRefused(answer)) error(answer.refused === 'NotFound' ? 404 : 503);
  return answer;
}
