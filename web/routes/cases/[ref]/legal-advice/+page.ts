/** An agency's legal lane, which nobody outside it is told of. */
import { readSideRoom } from '#lib/beside/load.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ params, url }) => ({
  found: await readSideRoom(params.ref, url, ({ kind }) => kind === 'legal-lane'),
});
