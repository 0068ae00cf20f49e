/** An agency's own account of what happened: a room that it alone writes. */
import { readSideRoom } from '#lib/beside/load.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ params, url }) => ({
  found: await readSideRoom(params.ref, url, (room) => room.kind === 'agency-account' && room.owner === params.agency),
});
