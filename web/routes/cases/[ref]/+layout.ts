/** A case is asked for by its code. Whoever is not admitted gets what they would get if it did not exist. */
import { error, redirect } from '@sveltejs/kit';
import { api, ask, isRefused, isWrong } from '#lib/service.ts';
import type { LayoutLoad } from './$types';

export const load: LayoutLoad = async ({ params, parent, url }) => {
  await parent();
  const opened = await ask(api.cases[':ref'].$get({ param: { ref: params.ref } }));
  if (isWrong(opened)) error(404);
  if (!isRefused(opened)) return { opened };
  if (opened.refused === 'SignedOut') redirect(303, `/sign-in?to=${encodeURIComponent(url.pathname)}`);
  error(opened.refused === 'NotFound' ? 404 : 503);
};
