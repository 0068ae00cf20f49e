/** Who may be rehearsed as, where this is a practice service; on, for whoever is signed in already. */
import { redirect } from '@sveltejs/kit';
import { pathAfterSignIn } from '#lib/way-in.ts';
import { isRefused, isWrong, practicePeople } from '#lib/service.ts';
import { session } from '#lib/session.svelte.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ parent, url }) => {
  await parent();
  // Asked anew: a session may have ended since this page was first opened.
  await session.load({ anew: true });
  const to = pathAfterSignIn(url.searchParams.get('to'), url.origin);
  if (session.signedIn) redirect(303, to);
  const found = session.service?.practice ? await practicePeople() : { people: [] };
  return { to, people: isRefused(found) || isWrong(found) ? [] : found.people };
};
