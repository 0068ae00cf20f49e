/** The room of one private session, by the sequence of the entry that opened it. The room itself is found by the screen, which has the record. */
import { readSideRooms } from '#lib/beside/load.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ params, url }) => ({
  rooms: (await readSideRooms(params.ref, url)).filter(({ kind }) => kind === 'private-session'),
});
