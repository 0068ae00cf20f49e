/** What changed from one version of the notes to another. */
import { readChanges } from '#lib/versions/load.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ parent, url }) => ({
  compared: await readChanges(
    (await parent()).opened.room,
    url.searchParams.get('from') ?? '',
    url.searchParams.get('to'),
    url,
  ),
});
