/** The notes as they stood: a version by its number, a moment, or `now`. */
import { readMoment } from '#lib/versions/load.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ params, parent, url }) => ({
  past: await readMoment((await parent()).opened.room, params.moment, url),
});
