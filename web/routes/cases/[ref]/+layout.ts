/** A case is asked for by its code. Whoever is not admitted gets what they would get if it did not exist. */
import { error } from '@sveltejs/kit';
import { unlessSignedOut } from '#lib/load.ts';
import { api, ask, isRefused, isWrong } from '#lib/service.ts';
import type { LayoutLoad } from './$types';

export const load: LayoutLoad = async ({ params, url, untrack }) => {
  const answer = await ask(api.cases[':ref'].$get({ param: { ref: params.ref }, query: { since: '0' } }));
  // Not tracked: the case is opened once, and its room keeps it up to date on all its screens.
  const opened = untrack(() => unlessSignedOut(answer, url));
  if (isWrong(opened)) error(404);
  if (isRefused(opened)) error(opened.refused === 'NotFound' ? 404 : 503);
  return { opened };
};
