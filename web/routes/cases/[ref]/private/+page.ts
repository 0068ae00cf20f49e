/** Private sessions of a case: everyone on it learns that one was held and why; who may go in is known by the rooms they are let into. */
import { readSideRooms } from '#lib/beside/load.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ params, url }) => ({
  rooms: (await readSideRooms(params.ref, url))
    .filter(({ kind }) => kind === 'private-session')
    .map(({ room }) => room),
});
