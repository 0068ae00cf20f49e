/** The screening logs this person may read, read anew for each screen. For everyone else there is no such page. */
import { error } from '@sveltejs/kit';
import { unlessSignedOut } from '#lib/load.ts';
import { readScreening } from '#lib/screening.ts';
import { isRefused, isWrong } from '#lib/service.ts';
import type { LayoutLoad } from './$types';

export const load: LayoutLoad = async ({ depends, url, untrack }) => {
  depends('candour:screening');
  const answer = await readScreening();
  const read = untrack(() => unlessSignedOut(answer, url));
  if (isWrong(read)) error(404);
  if (isRefused(read)) error(read.refused === 'NotFound' ? 404 : 503);
  return { logs: read.logs };
};
