/** What the screens of the rooms beside a case load: the rooms that this person is let into. */
import { error } from '@sveltejs/kit';
import type { Capability } from '#schema/case.ts';
import type { RoomId } from '#schema/id.ts';
import type { SideRoomKind } from '#schema/side-room.ts';
import { unlessSignedOut } from '../load.ts';
import { api, ask, isRefused, isWrong } from '../service.ts';

export type SideRoom = { room: RoomId; kind: SideRoomKind; owner: string | null; capability: Capability };

/** Not found alike where there is no such case and where this person is not on it. */
export async function readSideRooms(ref: string, url: URL): Promise<SideRoom[]> {
  const answer = unlessSignedOut(await ask(api.cases[':ref'].rooms.$get({ param: { ref } })), url);
  if (isWrong(answer)) error(404);
  if (isRefused(answer)) error(answer.refused === 'NotFound' ? 404 : 503);
  return answer.rooms;
}

/** The room that is looked for. Not found alike where there is none and where this person is not let in. */
export async function readSideRoom(ref: string, url: URL, wanted: (room: SideRoom) => boolean): Promise<SideRoom> {
  const found = (await readSideRooms(ref, url)).find(wanted);
  if (!found) error(404);
  return found;
}
