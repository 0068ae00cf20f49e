/** A case is asked for by its code. Whoever is not admitted gets what they would get if it did not exist. */
import { error, redirect } from '@sveltejs/kit';
import { api } from '#lib/server.ts';
import type { LayoutLoad } from './$types';

export const load: LayoutLoad = async ({ params, parent, url, fetch }) => {
  const { signedIn } = await parent();
  const signIn = `/sign-in?to=${encodeURIComponent(url.pathname)}`;
  if (!signedIn) redirect(303, signIn);
  const answer = await api.cases[':ref'].$get({ param: { ref: params.ref } }, { fetch });
  if (answer.status === 401) redirect(303, signIn);
  if (answer.status !== 200) error(answer.status === 404 ? 404 : 500);
  return { opened: await answer.json() };
};
